package provider

import (
	"cmp"
	"context"
	"sync"

	"github.com/hashicorp/terraform-plugin-log/tflog"
	"github.com/hashicorp/terraform-plugin-log/tfsdklog"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/snapshot"
)

// usage keeps what every Configure of this process made, to tell at the end what it
// has spent.
type usage struct {
	mu     sync.Mutex
	stores []*snapshot.Store
}

func withUsage(u *usage) Option {
	return func(p *ghlProvider) { p.usage = u }
}

func (u *usage) add(store *snapshot.Store) {
	if u == nil {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.stores = append(u.stores, store)
}

// log writes one line for each sub-account, and one for the agency. The server has
// ended, and its loggers with it, so there is one more, on the stderr that the process
// began with.
func (u *usage) log() {
	ctx := tfsdklog.NewRootProviderLogger(context.Background(),
		tfsdklog.WithStderrFromInit(), tfsdklog.WithLogName("ghl"), tflog.WithLevelFromEnv("TF_LOG_PROVIDER", "ghl"))
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, store := range u.stores {
		for _, spent := range store.Usage() {
			tflog.Debug(ctx, "HighLevel API usage", map[string]any{
				"location_id":     cmp.Or(spent.LocationID, "(agency)"),
				"requests":        spent.Requests,
				"shared_answers":  spent.SharedAnswers,
				"waits":           spent.Waits,
				"waited":          spent.Waited.String(),
				"rate_limited":    spent.RateLimited,
				"daily_remaining": spent.DailyRemaining,
			})
		}
	}
}

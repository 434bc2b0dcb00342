package provider

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-log/tflog"
	"github.com/hashicorp/terraform-plugin-log/tfsdklog"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/snapshot"
)

// mostUsages is of how many configurations the usage is kept. Under -debug one process
// serves many.
const mostUsages = 8

// usage keeps what the last Configures of this process made, to tell at the end what
// they have spent.
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
	if oldest := u.keep(store); oldest != nil {
		logUsage(oldest)
	}
}

// keep adds a store, and gives up the oldest one if there are too many.
func (u *usage) keep(store *snapshot.Store) (oldest *snapshot.Store) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.stores = append(u.stores, store)
	if len(u.stores) > mostUsages {
		oldest = u.stores[0]
		u.stores = slices.Delete(u.stores, 0, 1)
	}
	return oldest
}

// log tells the usage of all that are kept.
func (u *usage) log() {
	u.mu.Lock()
	stores := slices.Clone(u.stores)
	u.mu.Unlock()
	logUsage(stores...)
}

// logUsage writes one line for each sub-account, and one for the agency. At the end the
// server's loggers are gone, so there is one more, on the stderr that the process began
// with.
func logUsage(stores ...*snapshot.Store) {
	ctx := tfsdklog.NewRootProviderLogger(context.Background(),
		tfsdklog.WithStderrFromInit(), tfsdklog.WithLogName("ghl"), tflog.WithLevelFromEnv("TF_LOG_PROVIDER", "ghl"))
	for _, store := range stores {
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

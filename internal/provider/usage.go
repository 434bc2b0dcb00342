package provider

import (
	"cmp"
	"context"
	"sync"

	"github.com/hashicorp/terraform-plugin-log/tflog"
	"github.com/hashicorp/terraform-plugin-log/tfsdklog"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/snapshot"
)

// usage tells what a configuration has spent, once it is done: when the next one takes
// its place, which happens only under -debug, and when the process ends. Its zero value
// is ready.
type usage struct {
	mu    sync.Mutex
	store *snapshot.Store // of the last Configure
}

// of logs the usage of the store before, and keeps this one, or none.
func (u *usage) of(store *snapshot.Store) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.store != nil {
		logUsage(u.store)
	}
	u.store = store
}

// logUsage writes one line for each sub-account, and one for the agency. At the end the
// server's loggers are gone, so there is one more, on the stderr that the process began
// with.
func logUsage(store *snapshot.Store) {
	ctx := tfsdklog.NewRootProviderLogger(context.Background(),
		tfsdklog.WithStderrFromInit(), tfsdklog.WithLogName("ghl"), tflog.WithLevelFromEnv("TF_LOG_PROVIDER", "ghl"))
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

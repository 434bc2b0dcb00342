package provider

import (
	"cmp"
	"context"
	"log/slog"
	"sync"

	"github.com/hashicorp/terraform-plugin-log/tflog"
	"github.com/hashicorp/terraform-plugin-log/tfsdklog"
)

// logHandler writes the client's log to Terraform's log, at the matching level. The
// context contains Terraform's logger, which applies the level in TF_LOG. WithAttrs and
// WithGroup are not implemented, because the client never calls them.
type logHandler struct{ slog.Handler }

func (logHandler) Enabled(context.Context, slog.Level) bool { return true }

func (logHandler) Handle(ctx context.Context, record slog.Record) error {
	fields := make(map[string]any, record.NumAttrs())
	record.Attrs(func(attr slog.Attr) bool {
		if value := attr.Value.Resolve(); value.Kind() == slog.KindDuration {
			fields[attr.Key] = value.String() // Terraform's log would show bare nanoseconds
		} else {
			fields[attr.Key] = value.Any()
		}
		return true
	})
	switch {
	case record.Level < slog.LevelInfo:
		tflog.Debug(ctx, record.Message, fields)
	case record.Level < slog.LevelWarn:
		tflog.Info(ctx, record.Message, fields)
	default:
		tflog.Warn(ctx, record.Message, fields)
	}
	return nil
}

// usage logs the API usage of a configuration when the process ends, or when another
// configuration replaces it. A replacement happens only with -debug. The zero value of
// usage is ready to use.
type usage struct {
	mu   sync.Mutex
	data *providerData // of the last Configure
}

// of logs the usage of the previous configuration, and stores data, which may be nil.
func (u *usage) of(data *providerData) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.data != nil {
		u.data.logUsage()
	}
	u.data = data
}

// logUsage writes one line for each sub-account, and one for the agency. When the process
// ends, the server's loggers no longer exist, so logUsage makes its own logger, which
// writes to the original stderr of the process.
func (d *providerData) logUsage() {
	ctx := tfsdklog.NewRootProviderLogger(context.Background(),
		tfsdklog.WithStderrFromInit(), tfsdklog.WithLogName("ghl"), tflog.WithLevelFromEnv("TF_LOG_PROVIDER", "ghl"))
	for _, spent := range d.client.Usage() {
		tflog.Debug(ctx, "HighLevel API usage", map[string]any{
			"location_id":     cmp.Or(spent.LocationID, "(agency)"),
			"requests":        spent.Requests,
			"shared_answers":  d.store.SharedAnswers(spent.LocationID),
			"waits":           spent.Waits,
			"waited":          spent.Waited.String(),
			"rate_limited":    spent.RateLimited,
			"daily_remaining": spent.DailyRemaining,
		})
	}
}

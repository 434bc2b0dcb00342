package provider

import (
	"context"
	"log/slog"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// logHandler writes the client's log to Terraform's, at the matching level. The
// context carries Terraform's logger, and with it the level that TF_LOG asks for.
type logHandler struct{}

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

// WithAttrs and WithGroup are never called: the client's lines have all their attributes
// themselves.
func (h logHandler) WithAttrs([]slog.Attr) slog.Handler { return h }
func (h logHandler) WithGroup(string) slog.Handler      { return h }

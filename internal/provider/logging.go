package provider

import (
	"context"
	"log/slog"
	"maps"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// logHandler writes the client's log to Terraform's, at the matching level. The
// context carries Terraform's logger, and with it the level that TF_LOG asks for.
type logHandler struct {
	prefix string         // names of the open groups, each with a dot behind it
	fields map[string]any // attributes of the logger; never changed once set
}

func (logHandler) Enabled(context.Context, slog.Level) bool { return true }

func (h logHandler) Handle(ctx context.Context, record slog.Record) error {
	fields := make(map[string]any, len(h.fields)+record.NumAttrs())
	maps.Copy(fields, h.fields)
	record.Attrs(func(attr slog.Attr) bool {
		addField(fields, h.prefix, attr)
		return true
	})
	switch {
	case record.Level < slog.LevelDebug:
		tflog.Trace(ctx, record.Message, fields)
	case record.Level < slog.LevelInfo:
		tflog.Debug(ctx, record.Message, fields)
	case record.Level < slog.LevelWarn:
		tflog.Info(ctx, record.Message, fields)
	case record.Level < slog.LevelError:
		tflog.Warn(ctx, record.Message, fields)
	default:
		tflog.Error(ctx, record.Message, fields)
	}
	return nil
}

func (h logHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	fields := make(map[string]any, len(h.fields)+len(attrs))
	maps.Copy(fields, h.fields)
	for _, attr := range attrs {
		addField(fields, h.prefix, attr)
	}
	h.fields = fields
	return h
}

func (h logHandler) WithGroup(name string) slog.Handler {
	if name != "" {
		h.prefix += name + "."
	}
	return h
}

// addField flattens groups, which Terraform's log does not know.
func addField(fields map[string]any, prefix string, attr slog.Attr) {
	value := attr.Value.Resolve()
	switch {
	case value.Kind() == slog.KindGroup:
		if attr.Key != "" {
			prefix += attr.Key + "."
		}
		for _, member := range value.Group() {
			addField(fields, prefix, member)
		}
	case attr.Key == "":
	case value.Kind() == slog.KindDuration:
		fields[prefix+attr.Key] = value.String() // Terraform's log would show bare nanoseconds
	default:
		fields[prefix+attr.Key] = value.Any()
	}
}

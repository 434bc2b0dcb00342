package provider

import (
	"bytes"
	"errors"
	"log/slog"
	"reflect"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"
)

func TestLogReachesTerraformAtItsLevel(t *testing.T) {
	t.Parallel()
	var output bytes.Buffer
	ctx := tflogtest.RootLogger(t.Context(), &output)
	logger := slog.New(logHandler{}).With("client", "ghl").WithGroup("request").With(slog.Int("attempt", 2))

	logger.Log(ctx, slog.LevelDebug-4, "trace")
	logger.DebugContext(ctx, "debug", slog.Duration("wait", 1500*time.Millisecond))
	logger.InfoContext(ctx, "info", slog.Group("limit", slog.Int("remaining", 7)))
	logger.WarnContext(ctx, "warn", slog.Any("error", errors.New("refused")))
	logger.ErrorContext(ctx, "error")
	slog.New(logHandler{}).InfoContext(ctx, "bare")

	entries, err := tflogtest.MultilineJSONDecode(&output)
	if err != nil {
		t.Fatal(err)
	}
	type fields = map[string]any
	want := []fields{
		{"@level": "trace", "@message": "trace", "client": "ghl", "request.attempt": 2.0},
		{"@level": "debug", "@message": "debug", "client": "ghl", "request.attempt": 2.0, "request.wait": "1.5s"},
		{"@level": "info", "@message": "info", "client": "ghl", "request.attempt": 2.0, "request.limit.remaining": 7.0},
		{"@level": "warn", "@message": "warn", "client": "ghl", "request.attempt": 2.0, "request.error": "refused"},
		{"@level": "error", "@message": "error", "client": "ghl", "request.attempt": 2.0},
		{"@level": "info", "@message": "bare"},
	}
	for _, entry := range entries {
		delete(entry, "@module")
		delete(entry, "@timestamp")
		delete(entry, "@caller")
	}
	if !reflect.DeepEqual(entries, want) {
		t.Errorf("got  %v\nwant %v", entries, want)
	}
}

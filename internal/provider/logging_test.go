package provider

import (
	"bytes"
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
	logger := slog.New(logHandler{})

	logger.DebugContext(ctx, "debug", slog.String("operation", "list"), slog.Duration("wait", 1500*time.Millisecond))
	logger.InfoContext(ctx, "info", slog.Int("status", 200))
	logger.WarnContext(ctx, "bare")

	entries, err := tflogtest.MultilineJSONDecode(&output)
	if err != nil {
		t.Fatal(err)
	}
	type fields = map[string]any
	want := []fields{
		{"@level": "debug", "@message": "debug", "operation": "list", "wait": "1.5s"},
		{"@level": "info", "@message": "info", "status": 200.0},
		{"@level": "warn", "@message": "bare"},
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

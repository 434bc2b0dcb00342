package provider

import "testing"

func TestLogsWanted(t *testing.T) {
	t.Parallel()
	for setting, want := range map[string]bool{
		"TF_LOG=DEBUG":              true,
		"TF_LOG_PROVIDER=INFO":      true,
		"TF_LOG_PROVIDER_GHL=TRACE": true,
		"TF_LOG_SDK_PROTO=TRACE":    true,
		"TF_LOG=":                   false,
		"TF_LOG_PATH=trace.log":     false,
		"HOME=there":                false,
	} {
		if got := logsWanted([]string{"PATH=/bin", setting}); got != want {
			t.Errorf("%s: %t, want %t", setting, got, want)
		}
	}
}

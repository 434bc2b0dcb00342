package ghl

import (
	"strings"
	"testing"
)

// If net/http would ignore a proxy variable, the client returns an error. The error
// contains the name of the variable but not its value.
func TestProxySettings(t *testing.T) {
	t.Parallel()
	for setting, wants := range map[string]bool{ // true if the setting is an error
		"": false, "HTTPS_PROXY=": false,
		"HTTPS_PROXY=http://proxy.example.com:3128":           false,
		"HTTPS_PROXY=http://me:hunter2@proxy.example.com:312": false,
		"https_proxy=proxy.example.com:3128":                  false,
		"HTTPS_PROXY=10.0.0.1:3128":                           false,
		"HTTPS_PROXY=[::1]:3128":                              false,
		"HTTPS_PROXY=proxy":                                   false,
		"HTTPS_PROXY=socks5://proxy:1080":                     false,
		"HTTPS_PROXY=socks5h://proxy":                         false,
		"HTTP_PROXY=https://proxy/":                           false,
		"HTTPS_PROXY=http://me:hunter2@":                      true,
		"HTTPS_PROXY=http://me:hunter2@proxy:port":            true,
		"HTTPS_PROXY=http://me:hunter2%@proxy:3128":           true,
		"HTTPS_PROXY=http:/proxy:3128":                        true,
		"HTTPS_PROXY=http://":                                 true,
		"https_proxy=://hunter2":                              true,
		"HTTPS_PROXY= http://proxy:3128":                      true,
		"HTTPS_PROXY=ftp://hunter2@proxy:21":                  true,
		"HTTPS_PROXY=\"http://proxy:3128\"":                   true,
		"HTTP_PROXY=http://hunter2 proxy":                     true,
		"http_proxy=http://[hunter2":                          true,
		"NO_PROXY=*":                                          false,
		"NO_PROXY=localhost,127.0.0.1, .example.com ,*.example.org,10.0.0.0/8,[::1]:80,fd00::/8,::1,": false,
		"no_proxy=example.com:443":             false,
		"NO_PROXY=example.com,10.0.0.0/33":     true,
		"NO_PROXY=https://hunter2@example.com": true,
		"NO_PROXY=:8080":                       true,
		"no_proxy=example.com hunter2.com":     true,
	} {
		name, value, _ := strings.Cut(setting, "=")
		err := checkProxies(func(asked string) string {
			if asked == name {
				return value
			}
			return ""
		})
		if (err != nil) != wants {
			t.Errorf("%s: got %v", setting, err)
		}
		if err != nil && (!strings.HasPrefix(err.Error(), "invalid proxy setting: ") || !strings.Contains(err.Error(), name) || strings.Contains(err.Error(), "hunter2")) {
			t.Errorf("%s: the error must contain the variable without its value: %v", setting, err)
		}
	}
}

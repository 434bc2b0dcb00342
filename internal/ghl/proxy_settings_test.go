package ghl

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// A proxy variable that net/http would ignore is an error that names it, and repeats
// nothing of it.
func TestProxySettings(t *testing.T) {
	t.Parallel()
	for setting, wants := range map[string]bool{ // an error
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
			t.Errorf("%s: the error does not name the variable alone: %v", setting, err)
		}
	}
}

// The client of a process with such a variable is none.
func TestProxySettingsOfTheEnvironment(t *testing.T) {
	t.Parallel()
	if os.Getenv("GHL_TEST_CHILD") != "" {
		if _, err := New(Config{UserAgent: testUserAgent, AccessToken: testToken}); err != nil {
			t.Fatal(err)
		}
		return
	}
	for setting, words := range map[string]string{
		"HTTPS_PROXY=http://proxy.example.com:3128": "",
		"https_proxy=http://me:hunter2@proxy:port":  "the variable https_proxy is not the address of a proxy",
		"NO_PROXY=a,10.0.0.0/33":                    "entry 2 of the variable NO_PROXY",
	} {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
		child.Env = append(withoutProxy(os.Environ()), "GHL_TEST_CHILD=1", setting)
		said, err := child.CombinedOutput()
		if (err == nil) != (words == "") || !strings.Contains(string(said), words) || strings.Contains(string(said), "hunter2") {
			t.Errorf("%s: got %v\n%s", setting, err, said)
		}
	}
}

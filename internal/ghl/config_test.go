package ghl

import (
	"errors"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestBaseURL(t *testing.T) {
	t.Parallel()
	for base, want := range map[string]string{
		"":                                      "https://services.leadconnectorhq.com/associations/x",
		"https://services.leadconnectorhq.com":  "https://services.leadconnectorhq.com/associations/x",
		"https://services.leadconnectorhq.com/": "https://services.leadconnectorhq.com/associations/x",
		"https://rest.gohighlevel.com/v1":       "https://rest.gohighlevel.com/v1/associations/x",
		"https://rest.gohighlevel.com/v1/":      "https://rest.gohighlevel.com/v1/associations/x",
		"https://rest.gohighlevel.com/v1//":     "https://rest.gohighlevel.com/v1/associations/x",
		"https://gateway.example:8443/a/b%2Fc/": "https://gateway.example:8443/a/b%2Fc/associations/x",
		"HTTPS://gateway.example":               "https://gateway.example/associations/x",
		"https://[2001:db8::1]":                 "https://[2001:db8::1]/associations/x",
		"http://127.0.0.1:8787":                 "http://127.0.0.1:8787/associations/x",
		"http://127.8.9.10:8787/v1":             "http://127.8.9.10:8787/v1/associations/x",
		"http://[::1]:8787":                     "http://[::1]:8787/associations/x",
		"http://localhost:8787/":                "http://localhost:8787/associations/x",
		"https://localhost":                     "https://localhost/associations/x",
	} {
		t.Run(base, func(t *testing.T) {
			t.Parallel()
			server := answering(200, deletedJSON)
			client := newTestClient(t, server, func(c *Config) { c.BaseURL = base })
			if _, err := client.DeleteAssociation(t.Context(), location, "x"); err != nil {
				t.Fatal(err)
			}
			if got := server.sent()[0].URL; got != want {
				t.Errorf("asked for %s, want %s", got, want)
			}
		})
	}
}

// The list endpoint keeps its slash, and the query stands behind the prefix.
func TestBaseURLOfAList(t *testing.T) {
	t.Parallel()
	server := answering(200, `[]`)
	client := newTestClient(t, server, func(c *Config) { c.BaseURL = "https://rest.gohighlevel.com/v1/" })
	if _, err := client.WalkAssociations("l").NextOf(t.Context(), PageSize); err != nil {
		t.Fatal(err)
	}
	const want = "https://rest.gohighlevel.com/v1/associations/?limit=100&locationId=l&skip=0"
	if got := server.sent()[0].URL; got != want {
		t.Errorf("asked for %s, want %s", got, want)
	}
}

func TestBaseURLRefused(t *testing.T) {
	t.Parallel()
	for base, words := range map[string]string{
		"http://services.leadconnectorhq.com":      "plain http",
		"http://10.0.0.1:8787":                     "plain http",
		"http://128.0.0.1":                         "plain http",
		"http://0.0.0.0:8787":                      "plain http",
		"http://localhost.example.com":             "plain http",
		"http://127.0.0.1.example.com":             "plain http",
		"http://[::2]":                             "plain http",
		"services.leadconnectorhq.com":             "must look like https://services.leadconnectorhq.com",
		"127.0.0.1:8787":                           "not a URL",
		"/v1":                                      "must look like",
		"https://":                                 "must look like",
		"https:///v1":                              "must look like",
		"https://:8443":                            "must look like",
		"https:services.leadconnectorhq.com":       "must look like",
		"ftp://services.leadconnectorhq.com":       "must look like",
		"file:///etc/passwd":                       "must look like",
		" https://services.leadconnectorhq.com":    "not a URL",
		"https://services.leadconnectorhq.com\n":   "not a URL",
		"https://exa mple.com":                     "not a URL",
		"https://example.com/%zz":                  "not a URL",
		"https://user:hunter2@example.com":         "neither user information",
		"https://user@example.com":                 "neither user information",
		"https://@example.com":                     "neither user information",
		"https://example.com?apikey=hunter2":       "neither user information",
		"https://example.com/v1?":                  "neither user information",
		"https://example.com/#hunter2":             "neither user information",
		"https://example.com/v1#":                  "neither user information",
		"http://127.0.0.1:1@services.example.com/": "neither user information",
	} {
		t.Run(base, func(t *testing.T) {
			t.Parallel()
			client, err := New(Config{BaseURL: base, UserAgent: testUserAgent, AccessToken: testToken, Transport: answering(200, "")})
			if client != nil || !errors.Is(err, ErrBaseURL) || errors.Is(err, ErrAccessToken) || !strings.Contains(err.Error(), words) {
				t.Fatalf("got %v, want an ErrBaseURL with %q", err, words)
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("the error repeats a secret: %v", err)
			}
		})
	}
}

func TestAccessTokenRefused(t *testing.T) {
	t.Parallel()
	const secret = "pit-hunter2"
	for token, words := range map[string]string{
		"":                     "it is empty",
		" \t":                  "it is blank",
		" " + secret:           "white space, which no token has",
		"pit- hunter2":         "white space, which no token has",
		secret + "\t":          "white space, which no token has",
		secret + "\u00a0":      "white space, which no token has",
		secret + "\n":          "it contains a line break: copy",
		secret + "\r\nX-Y: z":  "it contains a line break: copy",
		"pit-hun\nter2":        "it contains a line break: copy",
		"Bearer " + secret:     `it begins with "Bearer": set the token alone`,
		"bearer " + secret:     `it begins with "Bearer": set the token alone`,
		`"` + secret + `"`:     "it is in quotes",
		`'` + secret + `'`:     "it is in quotes",
		"“" + secret + "”":     "it is in quotes",
		secret + "\x00":        "a character that no token has",
		secret + "\x7f":        "a character that no token has",
		secret + "é":           "a character that no token has",
		secret + "\u200b":      "a character that no token has",
		secret[:5] + "\xffter": "a character that no token has",
	} {
		t.Run(words, func(t *testing.T) {
			t.Parallel()
			client, err := New(Config{UserAgent: testUserAgent, AccessToken: token, Transport: answering(200, "")})
			if client != nil || !errors.Is(err, ErrAccessToken) || errors.Is(err, ErrBaseURL) || !strings.Contains(err.Error(), words) {
				t.Fatalf("got %v, want an ErrAccessToken with %q", err, words)
			}
			if strings.Contains(err.Error(), "pit-") || strings.Contains(err.Error(), "hunter2") || strings.ContainsAny(err.Error()[len(err.Error())-1:], ".?!") {
				t.Errorf("the error quotes the token, or ends a sentence of which it is a part: %v", err)
			}
		})
	}
}

func TestAPIVersion(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]string{"": "2021-07-28", "v3": "v3"} {
		server := answering(200, associationJSON)
		client := newTestClient(t, server, func(c *Config) { c.APIVersion = version })
		if err := readAssociation(t.Context(), client); err != nil {
			t.Fatal(err)
		}
		if got := server.sent()[0].Header["Version"]; !reflect.DeepEqual(got, []string{want}) {
			t.Errorf("%q: sent %q, want %q", version, got, want)
		}
	}
}

func TestDefaultRequestTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		failure := failureOf(t, readAssociation(t.Context(), newTestClient(t, &fakeTransport{answer: stalled})))
		if failure.Kind != Network || time.Since(begun) != 60*time.Second {
			t.Errorf("got %v after %s, want 60 s", failure, time.Since(begun))
		}
	})
}

// No call is repeated unless the configuration says so.
func TestDefaultMaxRetries(t *testing.T) {
	t.Parallel()
	server := answering(503, "")
	if err := readAssociation(t.Context(), newTestClient(t, server)); KindOf(err) != Unavailable || server.count() != 1 {
		t.Errorf("got %v after %d requests, want 1", err, server.count())
	}
}

func TestNewTransport(t *testing.T) {
	t.Parallel()
	transport := newTransport()
	if reflect.ValueOf(transport.Proxy).Pointer() != reflect.ValueOf(http.ProxyFromEnvironment).Pointer() {
		t.Error("proxies do not come from the environment")
	}
	if transport.TLSClientConfig != nil && transport.TLSClientConfig.InsecureSkipVerify {
		t.Error("certificates are not verified")
	}
	shared, ok := http.DefaultTransport.(*http.Transport)
	if !ok || transport == shared || shared.MaxIdleConnsPerHost != 0 {
		t.Error("the transport of the whole process was changed")
	}
}

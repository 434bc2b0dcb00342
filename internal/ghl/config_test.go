package ghl

import (
	"errors"
	"strings"
	"testing"
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
		server := answering(200, deletedJSON)
		client := newTestClient(t, server, func(c *Config) { c.BaseURL = base })
		if _, err := client.DeleteAssociation(t.Context(), location, "x"); err != nil {
			t.Fatal(err)
		}
		if got := server.sent()[0].URL; got != want {
			t.Errorf("%s: requested %s, want %s", base, got, want)
		}
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
		"https://user:hunter2@example.com":         "user information",
		"https://user@example.com":                 "user information",
		"https://@example.com":                     "user information",
		"https://example.com?apikey=hunter2":       "user information",
		"https://example.com/v1?":                  "user information",
		"https://example.com/#hunter2":             "user information",
		"https://example.com/v1#":                  "user information",
		"http://127.0.0.1:1@services.example.com/": "user information",
	} {
		client, err := New(Config{BaseURL: base, UserAgent: testUserAgent, AccessToken: testToken, Transport: answering(200, "")})
		if client != nil || !errors.Is(err, ErrBaseURL) || errors.Is(err, ErrAccessToken) || !strings.Contains(err.Error(), words) {
			t.Fatalf("%s: got %v, want an ErrBaseURL with %q", base, err, words)
		}
		if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: the error repeats a secret: %v", base, err)
		}
	}
}

func TestTokensRefused(t *testing.T) {
	t.Parallel()
	const secret = "pit-hunter2"
	common := func(token string) Config { return Config{AccessToken: token} }
	for _, test := range []struct {
		config     Config
		credential Credential
		words      string
	}{
		{common(" \t"), CommonToken, "it is blank"},
		{common(" " + secret), CommonToken, "white space, which no token has"},
		{common("pit- hunter2"), CommonToken, "white space, which no token has"},
		{common(secret + "\t"), CommonToken, "white space, which no token has"},
		{common(secret + "\u00a0"), CommonToken, "white space, which no token has"},
		{common(secret + "\n"), CommonToken, "it contains a line break: copy"},
		{common(secret + "\r\nX-Y: z"), CommonToken, "it contains a line break: copy"},
		{common("pit-hun\nter2"), CommonToken, "it contains a line break: copy"},
		{common("Bearer " + secret), CommonToken, `it begins with "Bearer": set the token without this word`},
		{common("bearer " + secret), CommonToken, `it begins with "Bearer": set the token without this word`},
		{common(`"` + secret + `"`), CommonToken, "it is in quotes"},
		{common(`'` + secret + `'`), CommonToken, "it is in quotes"},
		{common("“" + secret + "”"), CommonToken, "it is in quotes"},
		{common(secret + "\x00"), CommonToken, "a character that is not allowed in a token"},
		{common(secret + "\x7f"), CommonToken, "a character that is not allowed in a token"},
		{common(secret + "é"), CommonToken, "a character that is not allowed in a token"},
		{common(secret + "\u200b"), CommonToken, "a character that is not allowed in a token"},
		{common(secret[:5] + "\xffter"), CommonToken, "a character that is not allowed in a token"},
		{Config{}, CommonToken, "it is empty"},
		{Config{AgencyAccessToken: "x", CompanyID: "x", AccessToken: secret + " "}, CommonToken, "white space"},
		{Config{AgencyAccessToken: secret + " ", CompanyID: "x"}, AgencyToken, "white space"},
		{Config{AgencyAccessToken: "x", AccessToken: "x"}, AgencyToken, "must be set together"},
		{Config{CompanyID: "x", AccessToken: "x"}, AgencyToken, "must be set together"},
		{Config{LocationAccessTokens: map[string]string{"a": "pit-a", "b": ""}, AccessToken: "x"}, LocationToken, `of sub-account "b": it is empty`},
		{Config{LocationAccessTokens: map[string]string{"b": secret + "\n"}}, LocationToken, `of sub-account "b": it contains a line break`},
	} {
		client, err := New(test.config)
		refused, ok := errors.AsType[*TokenError](err)
		if client != nil || !ok || refused.Credential != test.credential || (refused.LocationID == "b") != (test.credential == LocationToken) {
			t.Errorf("%+v: got %v, want a TokenError", test.config, err)
		}
		if !errors.Is(err, ErrAccessToken) || errors.Is(err, ErrBaseURL) || !strings.Contains(err.Error(), test.words) {
			t.Errorf("%+v: got %v, want an ErrAccessToken with %q", test.config, err, test.words)
		}
		if text := err.Error(); strings.Contains(text, "pit-") || strings.Contains(text, "hunter2") || strings.ContainsAny(text[len(text)-1:], ".?!") {
			t.Errorf("the error quotes the token or ends with a full stop: %v", err)
		}
	}
}

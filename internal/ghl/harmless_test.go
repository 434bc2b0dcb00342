package ghl

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"strings"
	"testing"
	"unicode"
)

func TestHarmless(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "",
		"duplicate key \"學生 🎓 é\" [::1]:443": "duplicate key \"學生 🎓 é\" [::1]:443",
		"\x1b[2J\x1b]0;title\a\u009b31m":     "�[2J�]0;title��31m",
		"a\r\nb\u2028c\u2029d\u0085e\vf":     "a  b c d e f",
		"gpj\u202e.exe\u2066\u200e\u061c":    "gpj�.exe���",
		"a\u200bb\u200dc\ufeffd\u00ade":      "a�b�c�d�e",
		"tag \U000e0041, filler \u3164":      "tag �, filler �",
		"a\xff\xfeb":                         "a�b",
		"::warning::x":                       `\::warning::x`,
		"a\n::set-output name=x::y":          `a \::set-output name=x::y`,
		"a   :::error::y":                    `a   \:::error::y`,
		"a::b std::map":                      "a::b std::map",
		"##vso[task.setvariable]":            `#\#vso[task.setvariable]`,
		"x###[error]y":                       `x#\#\#[error]y`,
		"#1 # #":                             "#1 # #",
		"bad\nError: Unable to Sleep":        `bad \Error: Unable to Sleep`,
		"Warning: Error: both":               `\Warning: \Error: both`,
		"x509Error: kept":                    "x509Error: kept",
		"12345678901":                        "1234567890…",
	} {
		most := 1000
		if strings.HasPrefix(text, "123") {
			most = 10
		}
		if got := Harmless(text, most); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// hostile is text that an attacker may put into any part of an answer.
const hostile = "x\x1b[2J\u009b31m\u202e\u200b\r\n::warning::a\n##vso[task.complete]\nError: forged\n"

// An error may quote hostile text from a certificate, a proxy, or a server that does not speak
// HTTP. The quote must be short and harmless.
func TestHarmlessErrors(t *testing.T) {
	t.Parallel()
	long := hostile + strings.Repeat("long ", 20_000)
	names := &x509.Certificate{DNSNames: []string{long, hostile}}
	for name, err := range map[string]error{
		"certificate":      &tls.CertificateVerificationError{Err: x509.HostnameError{Certificate: names, Host: "services.leadconnectorhq.com"}},
		"proxy":            &proxyError{http.StatusProxyAuthRequired, "407 " + long},
		"proxy, transient": &proxyError{http.StatusBadGateway, "502 " + hostile},
		"no HTTP":          errors.New("malformed HTTP response " + long),
	} {
		client := newTestClient(t, &fakeTransport{answer: func(*http.Request) (*http.Response, error) { return nil, err }})
		failure := failureOf(t, readAssociation(t.Context(), client))
		text := failure.Error()
		if strings.ContainsFunc(text, unicode.IsControl) || strings.ContainsAny(text, "\u202e\u200b") || strings.Contains(text, "##") || strings.Contains(text, " ::") || strings.Contains(text, " Error:") {
			t.Errorf("%s: the error is harmful: %q", name, text)
		}
		if !strings.Contains(text, "x�[2J") || len(text) > 2000 {
			t.Errorf("%s: got %d bytes, want the beginning of the hostile text: %.200q", name, len(text), text)
		}
	}
}

package ghl

import (
	"cmp"
	"encoding/base64"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// masked stands where a secret stood.
const masked = "***"

var bearer = regexp.MustCompile(`(?i)\bbearer\s+[^\s"'<>,;]+`)

// mask hides tokens in a text that comes from the server, however they are written
// there: some servers quote the Authorization header in their errors.
type mask struct {
	mu       sync.Mutex
	forms    []string          // of all tokens, the longest first: one may begin with another
	replacer *strings.Replacer // of forms; nil until it is needed
}

func newMask(tokens ...string) *mask {
	m := &mask{}
	for _, token := range tokens {
		m.add(token)
	}
	return m
}

// add makes the mask hide one more token.
func (m *mask) add(token string) {
	if token == "" {
		return
	}
	forms := []string{token, url.QueryEscape(token), url.PathEscape(token)}
	for _, secret := range []string{token, "Bearer " + token} {
		for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding, base64.RawStdEncoding, base64.RawURLEncoding} {
			forms = append(forms, encoding.EncodeToString([]byte(secret)))
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.forms = append(m.forms, forms...)
	m.replacer = nil
}

func (m *mask) apply(text string) string {
	return bearer.ReplaceAllString(m.current().Replace(text), "Bearer "+masked)
}

func (m *mask) current() *strings.Replacer {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.replacer == nil {
		slices.SortStableFunc(m.forms, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
		pairs := make([]string, 0, 2*len(m.forms))
		for _, form := range m.forms {
			pairs = append(pairs, form, masked)
		}
		m.replacer = strings.NewReplacer(pairs...)
	}
	return m.replacer
}

// cause returns err, or, if its text holds a token or is too long to show, a copy without
// err's chain.
func (m *mask) cause(err error) error {
	if text, shown := err.Error(), shorten(m.apply(err.Error())); shown != text {
		return errors.New(shown)
	}
	return err
}

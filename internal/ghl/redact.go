package ghl

import (
	"encoding/base64"
	"errors"
	"regexp"
	"strings"
	"sync"
)

// redacted replaces a secret.
const redacted = "***"

var bearer = regexp.MustCompile(`(?i)\bbearer\s+[^\s"'<>,;]+`)

// redactor hides tokens in text from the server: some servers quote the Authorization
// header in their errors. It also hides a token whose beginning or end the server has cut
// off, and a token in base64 or in the escapes of URLs and JSON. Redact a text before
// shortening it. The running time is proportional to the length of the text.
type redactor struct {
	mu      sync.RWMutex
	plain   needles
	encoded needles  // the base64 of the tokens, in the standard alphabet
	short   []string // tokens that are too short for a needle
}

func newRedactor(tokens ...string) *redactor {
	r := &redactor{}
	for _, token := range tokens {
		r.add(token)
	}
	return r
}

// add makes the redactor hide one more token.
func (r *redactor) add(token string) {
	if token == "" {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	text := unescape(token).text
	if len(text) < shortest {
		r.short = append(r.short, token)
		return
	}
	r.plain.add(text)
	for before := range 3 {
		r.encoded.add(encode64(token, before))
	}
}

// encode64 returns the base64 of a token that is preceded by the given number of bytes. It
// leaves out the digits that also encode bits of neighbouring bytes.
func encode64(token string, before int) []byte {
	digits := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("\x00", before) + token))
	return []byte(digits[(before*8+5)/6 : (before+len(token))*8/6])
}

func (r *redactor) redact(text string) string {
	return bearer.ReplaceAllString(r.hide(text), "Bearer "+redacted)
}

// holdsToken reports whether the first MiB of an answer contains a token. No page of rows
// is longer. It checks the answer in overlapping parts, to save memory.
func (r *redactor) holdsToken(body []byte) bool {
	const part, overlap, most = 1 << 16, 1 << 12, 1 << 20
	for begin := 0; begin < min(len(body), most); begin += part - overlap {
		if text := string(body[begin:min(begin+part, len(body))]); r.hide(text) != text {
			return true
		}
	}
	return false
}

// hide replaces each token with "***".
func (r *redactor) hide(text string) string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, token := range r.short {
		text = strings.ReplaceAll(text, token, redacted)
	}
	seen := unescape(text)
	hidden := make([]bool, len(seen.text))
	hide := func(begin, end int) {
		for i := begin; i < end; i++ {
			hidden[i] = true
		}
	}
	r.plain.find(seen.text, hide)
	digits := []byte(standardDigits.Replace(string(seen.text)))
	r.encoded.find(digits, func(begin, end int) {
		if begin > 0 && isDigit64(digits[begin-1]) {
			begin-- // this digit also encodes bits of the token
		}
		if end < len(digits) && isDigit64(digits[end]) {
			end++ // likewise
		}
		for end < len(digits) && digits[end] == '=' {
			end++
		}
		hide(begin, end)
	})
	return seen.without(hidden)
}

// standardDigits converts base64 from the URL alphabet to the standard one.
var standardDigits = strings.NewReplacer("-", "+", "_", "/")

func isDigit64(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '+' || c == '/'
}

// cause returns err. If err's text contains a token, is too long or is unsafe to show,
// cause returns an error with a safe version of the text that does not wrap err.
func (r *redactor) cause(err error) error {
	text := err.Error()
	if shown := shorten(r.redact(text)); shown != text {
		return errors.New(shown)
	}
	return err
}

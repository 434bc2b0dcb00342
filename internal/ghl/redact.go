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
// off, and a token in base64 or in the escapes of URLs and JSON. It must see a text before
// anything else cuts it. Its running time is proportional to the length of the text.
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

// encode64 is the base64 of a token that follows that many other bytes, without the digits
// that also hold bits of neighbouring bytes.
func encode64(token string, before int) []byte {
	digits := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("\x00", before) + token))
	return []byte(digits[(before*8+5)/6 : (before+len(token))*8/6])
}

func (r *redactor) redact(text string) string {
	return bearer.ReplaceAllString(r.hide(text), "Bearer "+redacted)
}

// holdsToken reports whether an answer holds a token in its first MiB; no page of rows is
// longer. It looks at overlapping parts, so a huge answer costs no memory.
func (r *redactor) holdsToken(body []byte) bool {
	const part, overlap, most = 1 << 16, 1 << 12, 1 << 20
	for begin := 0; begin < min(len(body), most); begin += part - overlap {
		if text := string(body[begin:min(begin+part, len(body))]); r.hide(text) != text {
			return true
		}
	}
	return false
}

// hide replaces each token with redacted.
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
			begin-- // this digit holds bits of the token too
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

// cause returns err. If err's text holds a token, is too long or would do harm when shown,
// cause returns a safe copy of the text without err's chain.
func (r *redactor) cause(err error) error {
	text := err.Error()
	if shown := shorten(r.redact(text)); shown != text {
		return errors.New(shown)
	}
	return err
}

package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// The maximum numbers of characters that the page shows of a request.
const (
	viewedText   = 500   // of a field
	viewedAnswer = 3_000 // of an answer
)

// seenExchange contains what the page shows of a request besides its entry in the log.
type seenExchange struct {
	number int
	entry  *Request
	route  *route
	answer []byte
	ended  time.Time // zero until the request ends
}

// see stores a request for the page. Only the last requests are stored with their answers, regardless of the length of the log.
func (s *Sandbox) see(x *exchange) {
	x.seen = &seenExchange{number: s.lastTrace, entry: x.entry, route: x.route}
	if len(s.seen) >= viewedRequests {
		s.seen = slices.Delete(s.seen, 0, len(s.seen)-viewedRequests+1)
	}
	s.seen = append(s.seen, x.seen)
}

// end stores the time at which a request ended.
func (s *Sandbox) end(x *exchange) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x.seen.ended = s.now()
}

// requestView is a request as the page shows it, without headers and without values that may contain a token.
type requestView struct {
	Number                           int
	Time                             time.Time
	Method, Path, LocationID, Status string
	Kind                             string // the CSS class of the status: "s" and its first digit
	Fault                            string
	Took                             string
	Query, Body                      []viewedField
	Answer                           string
	Size                             int // of the answer, in bytes
}

// viewedField is one field of a query, body or record.
type viewedField struct{ Name, Value string }

func (e *seenExchange) look(m *mask) requestView {
	r := e.entry
	v := requestView{
		Number: e.number, Time: r.Time, Method: r.Method, Path: m.text(r.Path), LocationID: m.text(r.LocationID), Fault: r.Fault,
		Query: e.lookAtQuery(m), Body: e.lookAtBody(m),
	}
	if e.ended.IsZero() {
		v.Status = "not answered yet"
		return v
	}
	v.Status, v.Size = "no answer", len(e.answer)
	v.Took = fmt.Sprintf("%.1f ms", float64(e.ended.Sub(r.Time))/float64(time.Millisecond))
	if e.route != nil { // without a route, the answer repeats the whole query
		v.Answer = m.answer(e.answer)
	}
	if r.Status > 0 {
		v.Status = fmt.Sprintf("%d %s", r.Status, statusText(r.Status))
		v.Kind = fmt.Sprintf("s%d", r.Status/100)
	}
	return v
}

// lookAtQuery returns the parameters of the query. It masks the values of parameters that the route does not have, because they
// may contain anything.
func (e *seenExchange) lookAtQuery(m *mask) []viewedField {
	query, _ := url.ParseQuery(e.entry.RawQuery) // the page shows the part that can be parsed
	var fields []viewedField
	for _, name := range sortedKeys(query) {
		taken := e.route != nil && slices.Contains(e.route.query, strings.TrimSuffix(name, "[]"))
		fields = append(fields, m.field(name, strings.Join(query[name], ", "), taken))
	}
	return fields
}

// lookAtBody returns the fields of the body. It masks the values of fields that the route does not have.
func (e *seenExchange) lookAtBody(m *mask) []viewedField {
	if e.entry.Body == "" || e.route == nil {
		return nil
	}
	body, err := e.route.decode([]byte(e.entry.Body))
	if err != nil {
		return []viewedField{{Name: "unreadable", Value: fmt.Sprintf("%d bytes", len(e.entry.Body))}}
	}
	var fields []viewedField
	for _, name := range sortedKeys(body) {
		value := string(body[name])
		var text string
		if json.Unmarshal(body[name], &text) == nil {
			value = text
		}
		fields = append(fields, m.field(name, value, hasField(e.route.body, name)))
	}
	return fields
}

const masked = "•••"

// secretWords matches the end of the names of fields that contain a secret.
const secretWords = `(?:token|secret|password|authorization|api[-_]?key)`

var (
	secretName = regexp.MustCompile(`(?i)` + secretWords + `$`)
	// secretField matches a secret field in a JSON text, which may be truncated, or in a JSON text inside a string.
	secretField = regexp.MustCompile(`(?i)("[^"\\]*` + secretWords + `\\*"\s*:\s*\\*")(?:[^"\\]|\\.)*`)
	// secretText matches texts that look like a token: a Private Integration Token, a JWT, or the text after "Bearer".
	secretText = regexp.MustCompile(`\bpit-[\w-]{6,}|\beyJ[\w-]+\.[\w.-]+|(?i)\bbearer +[^\s"]+`)
)

// mask hides the tokens that the sandbox stores, texts that look like a token, and fields whose name ends with a secret word.
type mask struct{ known *strings.Replacer }

// shortToken is the minimum length of a token that is masked. A shorter token may be part of any text.
const shortToken = 6

func (s *Sandbox) mask() *mask {
	var tokens []string
	for _, account := range s.accounts {
		tokens = append(tokens, account.token)
		tokens = slices.AppendSeq(tokens, maps.Keys(account.exchanged))
	}
	for _, a := range s.agencies {
		tokens = append(tokens, a.Token)
	}
	slices.SortFunc(tokens, func(a, b string) int { return len(b) - len(a) }) // a token may be the beginning of a longer one
	var pairs []string
	for _, token := range tokens {
		if len(token) >= shortToken {
			pairs = append(pairs, token, masked)
		}
	}
	return &mask{strings.NewReplacer(pairs...)}
}

func (m *mask) text(text string) string {
	return secretText.ReplaceAllString(m.known.Replace(text), masked)
}

func (m *mask) field(name, value string, taken bool) viewedField {
	if !taken || secretName.MatchString(name) {
		return viewedField{m.text(name), masked}
	}
	return viewedField{name, head(viewedText, m.json(value))}
}

func (m *mask) json(text string) string {
	return m.text(secretField.ReplaceAllString(text, "${1}"+masked))
}

// answer returns the beginning of an answer. Tokens are masked before the text is truncated, because a part of a token is not
// recognized.
func (m *mask) answer(body []byte) string {
	if len(body) > 4*viewedAnswer {
		return head(viewedAnswer, m.json(string(body[:4*viewedAnswer])))
	}
	var indented bytes.Buffer
	if json.Indent(&indented, body, "", "  ") != nil {
		return head(viewedAnswer, m.json(string(body)))
	}
	return head(viewedAnswer, m.json(indented.String()))
}

// head returns the beginning of a text.
func head(most int, text string) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

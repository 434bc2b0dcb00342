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

// What the page shows of a request at most, in characters.
const (
	viewedText   = 500   // of a field
	viewedAnswer = 3_000 // of an answer
)

// seenExchange is what the page needs of a request beside its entry in the log.
type seenExchange struct {
	number int
	entry  *Request
	route  *route
	answer []byte
	ended  time.Time // zero until then
}

// see notes a request for the page. Only the last ones keep their answers, however long the log is.
func (s *Sandbox) see(x *exchange) {
	x.seen = &seenExchange{number: s.lastTrace, entry: x.entry, route: x.route}
	if len(s.seen) >= viewedRequests {
		s.seen = slices.Delete(s.seen, 0, len(s.seen)-viewedRequests+1)
	}
	s.seen = append(s.seen, x.seen)
}

// end notes when a request was over.
func (s *Sandbox) end(x *exchange) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x.seen.ended = s.now()
}

// requestView leaves out the headers, and what may hold a token.
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

// viewedField is one field of a query, of a body or of a record.
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
	if e.route != nil { // otherwise the answer repeats the whole query
		v.Answer = m.answer(e.answer)
	}
	if r.Status > 0 {
		v.Status = fmt.Sprintf("%d %s", r.Status, statusText(r.Status))
		v.Kind = fmt.Sprintf("s%d", r.Status/100)
	}
	return v
}

// lookAtQuery shows the parameters that the route takes. Of others it shows the names: their values can be anything.
func (e *seenExchange) lookAtQuery(m *mask) []viewedField {
	query, _ := url.ParseQuery(e.entry.RawQuery) // the page shows what can be read of it
	var fields []viewedField
	for _, name := range sortedKeys(query) {
		taken := e.route != nil && slices.Contains(e.route.query, strings.TrimSuffix(name, "[]"))
		fields = append(fields, m.field(name, strings.Join(query[name], ", "), taken))
	}
	return fields
}

// lookAtBody shows the fields that the route takes, and the names of the others.
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

// secretWords end the names of fields that hold a secret.
const secretWords = `(?:token|secret|password|authorization|api[-_]?key)`

var (
	secretName = regexp.MustCompile(`(?i)` + secretWords + `$`)
	// secretField is a field of a JSON text, which may have been cut, or of one inside a string.
	secretField = regexp.MustCompile(`(?i)("[^"\\]*` + secretWords + `\\*"\s*:\s*\\*")(?:[^"\\]|\\.)*`)
	// secretText is a token by its looks: one of a Private Integration, a JWT, or what follows "Bearer".
	secretText = regexp.MustCompile(`\bpit-[\w-]{6,}|\beyJ[\w-]+\.[\w.-]+|(?i)\bbearer +[^\s"]+`)
)

// mask hides tokens: those that the sandbox knows, those that look like one, and the fields that are named after one.
type mask struct{ known *strings.Replacer }

// shortToken is too short to be searched for: it may be a part of any text.
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
	slices.SortFunc(tokens, func(a, b string) int { return len(b) - len(a) }) // one may begin like another
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

// answer shows the beginning of an answer. Tokens are masked before the text is cut to length, as a part of one is not recognized.
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

// head is the beginning of a text.
func head(most int, text string) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

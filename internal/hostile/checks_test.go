package hostile_test

import (
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// violation describes a rule that the provider broke for an entry, and how the provider broke it.
type violation struct{ rule, what string }

// These rules apply to every entry.
const (
	noPanic      = "no panic"
	noToken      = "no token in a text"
	noControl    = "no control character"
	noLine       = "no line with a command"
	noFlood      = "no excessive text"
	noForeignRow = "no foreign row in the state"
	noDrop       = "no existing object is removed from the state"
	noForeign    = "no request about another sub-account"
	noHost       = "no request to another address"
	noWrite      = "no unrequested write"
	noRequest    = "no request at all"
	noCredential = "no credential in a wrong request"
	noBelief     = "an answer that does not match is refused"
)

// violations returns all rules that a run broke.
func (r *run) violations(w *world, e entry, v verb, base string) []violation {
	found := r.wrongTexts(e.isAnswer())
	add := func(rule, format string, args ...any) {
		found = append(found, violation{rule, fmt.Sprintf(format, args...)})
	}
	if r.panicked != "" {
		add(noPanic, "%s", r.panicked)
	}
	if r.dropped && (v == readAssociation || v == readRelation) {
		add(noDrop, "the refresh returned null")
	}
	if isLeft := v == removeAssociation && w.holdsMentor() || v == removeRelation && len(w.sandbox.Relations(home)) > 0; isLeft && !r.failed() {
		add(noDrop, "the deletion succeeded, but deleted nothing")
	}
	for _, value := range slices.Concat(r.results, r.identities) {
		for path, text := range texts(value) {
			for _, stranger := range w.strangers {
				if strings.Contains(text, stranger) && e.isAnswer() { // a setting can request foreign rows
					add(noForeignRow, "%s is %.80q", path, text)
				}
			}
		}
	}
	if e.refused && !r.failed() {
		add(noBelief, "no error was returned")
	}
	return append(found, r.wrongRequests(e, v, base)...)
}

// wrongTexts checks the texts that the provider shows, logs or stores, and returns the rules that they break.
func (r *run) wrongTexts(isAnswer bool) []violation {
	var found []violation
	add := func(rule, format string, args ...any) {
		found = append(found, violation{rule, fmt.Sprintf(format, args...)})
	}
	shown := map[string]string{"the log": r.log.String(), "names and private state": strings.Join(r.others, "\n")}
	for i, d := range r.diagnostics {
		shown[fmt.Sprint("summary ", i)], shown[fmt.Sprint("detail ", i)] = d.Summary, d.Detail
	}
	for i, name := range r.others {
		shown[fmt.Sprint("name ", i)] = name
	}
	for what, text := range shown {
		isShown := strings.HasPrefix(what, "summary") || strings.HasPrefix(what, "detail")
		if at := indexOfControl(text); at >= 0 && what != "the log" && what != "names and private state" {
			add(noControl, "%s: …%.60q", what, text[max(0, at-20):])
		}
		if line := commandingLine(text); isShown && line != "" {
			add(noLine, "%s: %.80q", what, line)
		}
		if isShown && isAnswer && len(text) > mostShown {
			add(noFlood, "%s has %d bytes", what, len(text))
		}
	}
	for path, text := range r.kept() {
		shown["state "+path] = text
		if at := indexOfControl(text); at >= 0 && isID(path) {
			add(noControl, "%s is %.60q", path, text)
		}
	}
	for _, token := range tokens {
		for what, text := range shown {
			if form := formOf(token, text); form != "" {
				add(noToken, "%s contains %q of %.5s…", what, form, token)
			}
		}
	}
	return found
}

// mostShown is the maximum size of a diagnostic's summary or detail, in bytes.
const mostShown = 16_000

// kept returns the texts that are stored in a state.
func (r *run) kept() map[string]string {
	all := map[string]string{}
	for i, value := range slices.Concat(r.results, r.identities, r.accounts) {
		for path, text := range texts(value) {
			all[fmt.Sprint(i, " ", path)] = text
		}
	}
	return all
}

// isID reports whether the value at path must not contain control characters, because it is an id or a type. Users
// choose keys, object keys and labels, and the provider does not change them.
func isID(path string) bool {
	return strings.Contains(path, `id"`) || strings.Contains(path, "association_type")
}

func indexOfControl(text string) int {
	if !utf8.ValidString(text) {
		return 0
	}
	return strings.IndexFunc(text, func(r rune) bool {
		return unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029'
	})
}

// commandingLine returns a line that a CI system would run as a command, or that a reader would mistake for another
// error. Engines break lines that do not begin with a space at 77 characters. GitHub ignores spaces before "::", so
// indentation does not help. GitHub recognizes its older prefix "##[" anywhere in a line.
func commandingLine(text string) string {
	for _, line := range laidOut(text) {
		trimmed := strings.TrimSpace(line)
		if strings.HasPrefix(trimmed, "::") || strings.Contains(line, "##[") || strings.Contains(line, "##vso[") || strings.HasPrefix(line, "Error:") {
			return line
		}
	}
	return ""
}

// laidOut returns the lines of a text as an engine prints them without a terminal.
func laidOut(text string) []string {
	const width = 77
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, " ") {
			lines = append(lines, line)
			continue
		}
		current := ""
		for word := range strings.FieldsSeq(line) {
			if current != "" && utf8.RuneCountInString(current)+1+utf8.RuneCountInString(word) > width {
				lines = append(lines, current)
				current = ""
			}
			if current != "" {
				current += " "
			}
			current += word
		}
		lines = append(lines, current)
	}
	return lines
}

// wrongRequests returns the rules that the sent requests break.
func (r *run) wrongRequests(e entry, v verb, base string) []violation {
	var found []violation
	for _, s := range r.wire.sent() {
		what := s.path()
		add := func(rule string) { found = append(found, violation{rule, what}) }
		if e.silent {
			add(noRequest)
		}
		if !s.isTo(base) {
			what = s.url.String()
			add(noHost)
		}
		if s.token == agencyToken && !strings.HasPrefix(s.url.Path, "/oauth/") || e.refused && s.token == mintedToken {
			add(noCredential)
		}
		if named := s.url.Query().Get("locationId"); named != home && named != "" && e.isAnswer() {
			add(noForeign)
		}
		text := s.url.RawQuery + " " + s.body
		if strings.Contains(text, elsewhere) || strings.Contains(s.url.Path, foreign) || s.token == elsewhereToken {
			add(noForeign)
		}
		if s.method != "GET" && !slices.ContainsFunc(writes[v], func(prefix string) bool { return strings.HasPrefix(what, prefix) }) && !exchange.MatchString(what) {
			add(noWrite)
		}
	}
	return found
}

// writes are the requests other than GET that each verb may send.
var writes = map[verb][]string{
	makeAssociation:   {"POST /associations/", "PUT /associations/"}, // the PUT corrects labels that were stored on the wrong sides
	makeRelation:      {"POST /associations/relations"},
	changeAssociation: {"PUT /associations/"},
	removeAssociation: {"DELETE /associations/"},
	removeRelation:    {"DELETE /associations/relations/"},
	dataRecord:        {"POST /objects/custom_objects.property/records/search"}, // a read
}

// isTo reports whether a request went to the configured address, either encrypted or to the local machine.
func (s sent) isTo(base string) bool {
	wanted, err := url.Parse(base)
	if err != nil {
		return false
	}
	host := s.url.Hostname()
	address := net.ParseIP(host)
	isLocal := host == "localhost" || address != nil && address.IsLoopback()
	return strings.EqualFold(s.url.Host, wanted.Host) && s.url.User == nil && (s.url.Scheme == "https" || s.url.Scheme == "http" && isLocal)
}

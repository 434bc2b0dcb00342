package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

var (
	identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,60}$`)
	digits     = regexp.MustCompile(`^[0-9]{1,12}$`)

	// shapes matches ids, tokens, e-mail addresses and phone numbers.
	shapes = regexp.MustCompile(`(?i)\b(pit-[\w-]+|eyJ[\w.-]+|[0-9a-f]{24}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z0-9]{20,}|[0-9]{8,})\b` +
		`|[^\s"'<>` + "`" + `]+@[^\s"'<>` + "`" + `]+|\+[0-9][0-9 ()-]{6,}`)
	mediaType    = regexp.MustCompile(`^[a-z]+/[a-z.+-]+(; ?charset=[A-Za-z0-9-]+)?$`)
	hexID        = regexp.MustCompile(`^[0-9a-f]{24}$`)
	platformText = regexp.MustCompile(`^([A-Z]+_)+ASSOCIATION$`)
)

// vocabulary contains words of the API and of the probe. They are not personal data.
var vocabulary = strings.Fields(`contact contacts opportunity opportunities business company companies record records name
	USER_DEFINED SYSTEM_DEFINED ONE_TO_ONE ONE_TO_MANY MANY_TO_ONE MANY_TO_MANY TEXT NUMERICAL SINGLE_OPTIONS FILE_UPLOAD Bearer
	Location association associations relation relations object objects field fields folder key keys value values label labels
	Alpha Beta Gamma Delta Epsilon Zeta Eta One Two`)

// shortSecret is the length from which a text is also hidden inside a word. HighLevel's ids are longer.
const shortSecret = 6

// openNumbers are the fields whose numbers are not hidden, because they describe the API.
var openNumbers = append(strings.Fields("total count statusCode skip limit expires_in expiresIn page pageLimit maxFileLimit __v"), limitFields...)

// tokenFields are the fields in which a token exchange returns the token.
var tokenFields = []string{"access_token", "accessToken"}

// redactor hides tokens, ids, names and all other texts of answers that are neither the API's nor the probe's own.
type redactor struct {
	own     *regexp.Regexp    // the beginning of the probe's keys and names, in any stored spelling
	secrets map[string]string // texts that must appear nowhere, and their replacements
	learned map[string]string // texts of answers, and their pseudonyms in recordings
}

func newRedactor(prefix string, secrets map[string]string) *redactor {
	words := strings.Split(strings.Trim(prefix, "_"), "_")
	own := regexp.MustCompile(`(?i)` + strings.Join(words, `[^a-z0-9]?`) + `[^a-z0-9]?`)
	return &redactor{own: own, secrets: secrets, learned: map[string]string{}}
}

// learn collects the texts of an answer. From then on, the redactor hides them.
func (r *redactor) learn(body []byte) {
	var whole any
	if json.Unmarshal(body, &whole) == nil {
		r.learnFrom("", whole)
	}
}

func (r *redactor) learnFrom(name string, value any) {
	switch value := value.(type) {
	case map[string]any:
		for name, inner := range value {
			r.learnFrom(name, inner)
		}
	case []any:
		for _, inner := range value {
			r.learnFrom(name, inner)
		}
	case string:
		if slices.Contains(tokenFields, name) {
			r.secrets[value] = "<token>"
		} else if !isMessage(name) && !r.isHarmless(value) {
			r.pseudonym(value)
		}
	}
}

func isMessage(name string) bool { return name == "message" || name == "error" || name == "errors" }

// isHarmless reports whether a text comes from the API's vocabulary or from the probe itself.
func (r *redactor) isHarmless(text string) bool {
	return text == "" || r.isOwn(text) || platformText.MatchString(text) ||
		slices.ContainsFunc(vocabulary, func(word string) bool { return strings.EqualFold(word, text) })
}

func (r *redactor) isOwn(text string) bool { return r.own.MatchString(text) }

// pseudonym returns the replacement for a text in all recordings of a run.
func (r *redactor) pseudonym(text string) string {
	if known := r.learned[text]; known != "" {
		return known
	}
	form := "text_%d"
	if hexID.MatchString(text) {
		form = "%024x"
	}
	r.learned[text] = fmt.Sprintf(form, len(r.learned)+1)
	return r.learned[text]
}

// text returns a message without personal data.
func (r *redactor) text(message string) string {
	message = r.own.ReplaceAllLiteralString(message, "tfacc_…")
	longestFirst := func(one, other string) int {
		return cmp.Or(cmp.Compare(len(other), len(one)), strings.Compare(one, other))
	}
	for _, secret := range slices.SortedFunc(maps.Keys(r.secrets), longestFirst) {
		message = replaceWord(message, secret, r.secrets[secret])
	}
	for _, known := range slices.SortedFunc(maps.Keys(r.learned), longestFirst) {
		if len(known) >= 4 && !hexID.MatchString(known) {
			message = strings.ReplaceAll(message, known, "<text>")
		}
	}
	return shapes.ReplaceAllStringFunc(strings.ReplaceAll(message, "\n", " "), func(match string) string {
		if !strings.ContainsAny(match, "0123456789@-.") { // a long word, such as the name of a field
			return match
		}
		return "<id>"
	})
}

// replaceWord replaces a text in a message. It replaces a short text only as a separate word, because other words may contain
// that text.
func replaceWord(message, text, by string) string {
	if len(text) >= shortSecret {
		return strings.ReplaceAll(message, text, by)
	}
	return regexp.MustCompile(`\b`+regexp.QuoteMeta(text)+`\b`).ReplaceAllLiteralString(message, by)
}

// value returns a part of a body or a query for a recording: in the same form, but with texts and numbers replaced.
func (r *redactor) value(name string, value any) any {
	switch value := value.(type) {
	case map[string]any:
		if name == "properties" { // properties of a record: even the names of its fields may be personal data
			return map[string]any{}
		}
		hidden := map[string]any{}
		for name, inner := range value {
			shown := name
			if !identifier.MatchString(name) || r.secrets[name] != "" {
				shown = r.pseudonym(name)
			}
			hidden[shown] = r.value(name, inner)
		}
		return hidden
	case []any:
		hidden := make([]any, len(value))
		for i, inner := range value {
			hidden[i] = r.value(name, inner)
		}
		return hidden
	case string:
		return r.hidden(name, value)
	case float64:
		if slices.Contains(openNumbers, name) {
			return value
		}
		return 0
	default:
		return value
	}
}

func (r *redactor) hidden(name, text string) string {
	switch {
	case isMessage(name):
		return r.text(text)
	case slices.Contains(tokenFields, name):
		return "<token>"
	case r.isOwn(text):
		return r.own.ReplaceAllLiteralString(text, "tfacc_run_")
	case r.isHarmless(text):
		return text
	default:
		return r.pseudonym(text)
	}
}

// leak returns an error if a text that is about to be written contains a secret.
func (r *redactor) leak(text string) error {
	for secret := range r.secrets {
		if len(secret) >= shortSecret && strings.Contains(text, secret) {
			return fmt.Errorf("nothing was written, because the text contains a secret that should have been replaced by %s: please report this bug", r.secrets[secret])
		}
	}
	return nil
}

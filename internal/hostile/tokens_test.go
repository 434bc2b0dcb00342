package hostile_test

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
)

// piece is the length, in characters, of the parts of a token that must not appear in any text.
const piece = 12

// forms are the encodings of a token's parts that must not appear in any text. plain contains the parts themselves, and
// the token in base64 at each of the three alignments. low contains percent and \u escapes in lower case.
type forms struct{ plain, low []string }

var formsOf = sync.OnceValue(func() map[string]forms {
	all := map[string]forms{}
	for _, token := range tokens {
		f := forms{
			plain: []string{token[:piece], token[len(token)-piece:]},
			low:   []string{strings.ToLower(percentEncoded(token[:piece])), escaped(token[:piece])},
		}
		for at := range 3 {
			whole := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", at) + token))
			f.plain = append(f.plain, whole[4*((at+2)/3):len(whole)-4])
		}
		all[token] = f
	}
	return all
})

// formOf returns the part of a token that a text contains, as encoded there, or "" if the text contains none.
func formOf(token, text string) string {
	f := formsOf()[token]
	for _, form := range f.plain {
		if strings.Contains(text, form) {
			return form
		}
	}
	if !strings.ContainsAny(text, `%\`) {
		return ""
	}
	low := strings.ToLower(text)
	for _, form := range f.low {
		if strings.Contains(low, form) {
			return form
		}
	}
	return ""
}

// The token check finds a token in every encoding.
func TestChecks_tokens(t *testing.T) {
	t.Parallel()
	const token = homeToken
	for name, text := range map[string]string{
		"as it is":        "a " + token + " b",
		"its beginning":   "a " + token[:12],
		"its end":         token[len(token)-12:] + " b",
		"percent":         "%51%68%6F%6D%65%30%30%30%30%2D%6E%6F%74",
		"escapes":         `\u0051\u0068\u006f\u006d\u0065\u0030\u0030\u0030\u0030\u002d\u006e\u006f\u0074`,
		"base64":          base64.StdEncoding.EncodeToString([]byte(token)),
		"base64, shifted": base64.RawURLEncoding.EncodeToString([]byte("Bearer " + token)),
		"base64, again":   base64.StdEncoding.EncodeToString([]byte("ab" + token + "c")),
	} {
		if formOf(token, text) == "" {
			t.Errorf("%s: the check does not find the token in %q", name, text)
		}
	}
	if form := formOf(token, "Bearer *** Qhome0000-n "+elsewhereToken); form != "" {
		t.Errorf("the check finds %q in a text without the token", form)
	}
}

func TestChecks_texts(t *testing.T) {
	t.Parallel()
	words := strings.Repeat("word ", 15)
	for text, commands := range map[string]bool{
		"HighLevel answered 400: a::b":   false,
		"one\n::warning::two":            true,
		"one\n  ::warning::two":          true,
		words + "::warning::two":         true,
		"  " + words + "::warning::two":  false,
		"one ##vso[task.x]":              true,
		"one ##[error]two":               true,
		"one\nError: two":                true,
		"one\n  Error: two":              false,
		words + "12 Error: two":          true,
		"one\n\ntwo: an Error: not one.": false,
	} {
		if got := commandingLine(text); (got != "") != commands {
			t.Errorf("%q: %q", text, got)
		}
	}
	for _, text := range []string{"a\x1bb", "a\u202eb", "a\u200bb", "a\u2028b", "a\rb", "a\ufeffb", "a\xffb"} {
		if indexOfControl(text) < 0 {
			t.Errorf("the check finds no control character in %q", text)
		}
	}
	if indexOfControl("學生 🎓\nä") >= 0 {
		t.Error("the check finds a control character in a text without one")
	}
}

func percentEncoded(token string) string {
	b := &strings.Builder{}
	for _, c := range []byte(token) {
		fmt.Fprintf(b, "%%%02X", c)
	}
	return b.String()
}

func escaped(token string) string {
	b := &strings.Builder{}
	for _, c := range []byte(token) {
		fmt.Fprintf(b, `\u%04x`, c)
	}
	return b.String()
}

// inBase64 returns a token in base64, after the given number of other bytes.
func inBase64(at int, token string) string {
	return base64.StdEncoding.EncodeToString([]byte("xxx"[:at] + token + "yyy"))
}

func TestChecks_requests(t *testing.T) {
	t.Parallel()
	for request, rules := range map[string][]string{
		"GET https://api.invalid/associations/?locationId=" + home:         nil,
		"GET https://api.invalid/associations/?locationId=" + elsewhere:    {noForeign, noForeign},
		"GET https://collector.invalid/associations/":                      {noHost},
		"GET http://api.invalid/associations/":                             {noHost},
		"POST https://api.invalid/oauth/locationToken":                     nil,
		"POST https://api.invalid/associations/":                           {noWrite},
		"DELETE https://api.invalid/associations/a":                        {noWrite},
		"PUT https://api.invalid/associations/" + foreign + "?locationId=": {noForeign, noWrite},
	} {
		method, address, _ := strings.Cut(request, " ")
		to, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		r := &run{wire: &wire{log: []sent{{method: method, url: to, token: homeToken}}}}
		var got []string
		for _, v := range r.wrongRequests(entry{status: 200}, readAssociation, "https://api.invalid") {
			got = append(got, v.rule)
		}
		if !slices.Equal(got, rules) {
			t.Errorf("%s: %q, want %q", request, got, rules)
		}
	}
	r := newRun(t.Context(), newWorld(), entry{})
	if r.do("no verb", entry{}, nil); r.panicked == "" {
		t.Error("the panic is not recorded")
	}
}

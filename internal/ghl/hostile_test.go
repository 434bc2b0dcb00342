package ghl

import (
	"strings"
	"testing"
)

// For every hostile answer, the client returns the right row or a clear error.
func TestHostileAnswers(t *testing.T) {
	t.Parallel()
	labelled := func(label string) string { return strings.Replace(associationJSON, "Student", label, 1) }
	within := func(field string) string { return `{"filler":` + field + `,` + associationJSON[1:] }
	nested := func(depth int) string { return strings.Repeat("[", depth) + strings.Repeat("]", depth) }
	for name, test := range map[string]struct {
		body  string
		label string // the row's first label; "" if the read must fail
		words string
	}{
		"10 MB in an unknown field":          {within(`"` + strings.Repeat("x", 10<<20) + `"`), "Student", ""},
		"10 MB of white space":               {strings.Repeat(" ", 10<<20) + associationJSON, "Student", ""},
		"only 10 MB of white space":          {strings.Repeat(" ", 10<<20), "", "an empty body"},
		"10 MB of brackets":                  {strings.Repeat("[", 10<<20), "", "exceeded max depth"},
		"10 MB of a text":                    {strings.Repeat("x", 10<<20), "", "invalid character 'x'"},
		"deep, in an unknown field":          {within(nested(5000)), "Student", ""},
		"too deep, in an unknown field":      {within(nested(20000)), "", "exceeded max depth"},
		"deep objects":                       {strings.Repeat(`{"data":`, 5000) + associationJSON + strings.Repeat("}", 5000), "", "wrapped too deeply"},
		"a label of one character":           {labelled("x"), "x", ""},
		"a label of 10,000 characters":       {labelled(strings.Repeat("學", 10_000)), strings.Repeat("學", 10_000), ""},
		"NUL and bidi in a label":            {labelled(`a\u0000b\u202ec\u2066d`), "a\x00b\u202ec\u2066d", ""},
		"invalid UTF-8 in a label":           {labelled("a\xffb"), "a�b", ""},
		"half a surrogate pair in a label":   {labelled(`a\ud800b`), "a�b", ""},
		"a raw control character in a label": {labelled("a\x00b"), "", "invalid character"},
		"a byte order mark first":            {"\ufeff" + associationJSON, "", "invalid character"},
		"UTF-16":                             {"{\x00\"\x00i\x00d\x00\"\x00}\x00", "", "invalid character"},
		"a field twice":                      {strings.Replace(associationJSON, `"firstObjectLabel"`, `"firstObjectLabel":"Other","firstObjectLabel"`, 1), "Student", ""},
		"a field in another case":            {strings.Replace(associationJSON, `"firstObjectLabel"`, `"FIRSTOBJECTLABEL"`, 1), "Student", ""},
		"a number that is too large":         {within("1e99999"), "Student", ""},
		"an id that is a number":             {strings.Replace(associationJSON, `"67ade73dc119de53cac4dc3f"`, "1e99999", 1), "", "cannot unmarshal number"},
	} {
		got, err := newTestClient(t, answering(200, test.body)).Association(t.Context(), location, association.ID)
		if test.label != "" {
			if err != nil || got.FirstObjectLabel != test.label {
				t.Errorf("%s: got %.100q, %v; want %.100q", name, got.FirstObjectLabel, err, test.label)
			}
			continue
		}
		if KindOf(err) != Malformed || !strings.Contains(err.Error(), test.words) {
			t.Errorf("%s: got %v, want %s with %q", name, err, Malformed, test.words)
		}
		if n := len(err.Error()); n > 600 {
			t.Errorf("%s: the error is %d bytes long", name, n)
		}
	}
}

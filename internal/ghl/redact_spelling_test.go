package ghl

import (
	"strings"
	"testing"
)

// Each row contains a token, a text with the token in an encoded form, and the expected
// text. The encoded forms were made with other tools.
func TestRedactSpellings(t *testing.T) {
	t.Parallel()
	const (
		percent = "%70%69%74%2d%32%66%31%63%37%61%39%30%2d%30%62%35%65%2d%34%64%37%65%2d%39%61%36%37%2d%63%30%66%66%65%65%30%30%64%31%63%65"
		unicode = `\u0070\u0069\u0074\u002D\u0032\u0066\u0031\u0063\u0037\u0061\u0039\u0030\u002D\u0030\u0062\u0035\u0065\u002D\u0034\u0064\u0037\u0065` +
			`\u002D\u0039\u0061\u0036\u0037\u002D\u0063\u0030\u0066\u0066\u0065\u0065\u0030\u0030\u0064\u0031\u0063\u0065`
		odd = "pit-a/b+c=~>>d?>?>~~"
	)
	for name, test := range map[string]struct{ token, text, want string }{
		"plain":                           {testToken, "Invalid token " + testToken + ".", "Invalid token ***."},
		"twice":                           {testToken, testToken + testToken, "***"},
		"a header":                        {testToken, "Authorization: Bearer " + testToken, "Authorization: Bearer ***"},
		"another's token":                 {testToken, `got "bearer  eyJhbGciOi.x.y" here`, `got "Bearer ***" here`},
		"nothing to hide":                 {testToken, "Association not found, no bearer", "Association not found, no bearer"},
		"base64":                          {testToken, "sent " + testTokenBase64 + "!", "sent ***!"},
		"base64, no padding":              {testToken, "sent " + strings.TrimRight(testTokenBase64, "=") + "!", "sent ***!"},
		"odd, in a query":                 {oddToken, "?t=pit-a%2Fb%2Bc%3D~%3E%3Ed%3F", "?t=***"},
		"odd, in a path":                  {oddToken, "/pit-a%2Fb+c=~%3E%3Ed%3F/", "/***/"},
		"odd, header, base64":             {oddToken, "QmVhcmVyIHBpdC1hL2IrYz1+Pj5kPw==", "QmVhcmVyI***"},
		"odd, header, base64 for URLs":    {oddToken, "QmVhcmVyIHBpdC1hL2IrYz1-Pj5kPw", "QmVhcmVyI***"},
		"a beginning of 12":               {testToken, "(pit-2f1c7a90)", "(***)"},
		"a beginning of 11":               {testToken, "(pit-2f1c7a9)", "(pit-2f1c7a9)"},
		"a beginning and other text":      {testToken, "pit-2f1c7a90-0b5e-xxxx", "***xxxx"},
		"an end of 12":                    {testToken, "(c0ffee00d1ce)", "(***)"},
		"an end of 11":                    {testToken, "(0ffee00d1ce)", "(0ffee00d1ce)"},
		"an end after other text":         {testToken, "xxxx-9a67-c0ffee00d1ce", "xxxx***"},
		"a beginning and an end":          {testToken, "pit-2f1c7a90…c0ffee00d1ce", "***…***"},
		"percent":                         {testToken, "a" + percent + "b", "a***b"},
		"percent, upper case":             {testToken, strings.ToUpper(percent), "***"},
		"percent, twice":                  {testToken, strings.ReplaceAll(percent, "%", "%25"), "***"},
		"percent, three times":            {testToken, strings.ReplaceAll(percent, "%", "%2525"), "***"},
		"percent, cut":                    {testToken, percent[:3*13], "***"},
		"unicode":                         {testToken, `a` + unicode + `b`, "a***b"},
		"unicode, lower case":             {testToken, strings.ToLower(unicode), "***"},
		"unicode, twice":                  {testToken, strings.ReplaceAll(unicode, `\`, `\\`), "***"},
		"unicode, four times":             {testToken, strings.ReplaceAll(unicode, `\`, `\\\\`), "***"},
		"unicode, its end":                {testToken, unicode[len(unicode)-6*12:], "***"},
		"percent and unicode":             {testToken, `pit%2D2f1c7a90%2d0b5e-4d7e\u002D9a67-c0ffee00d1ce`, "***"},
		"base64 before other text":        {testToken, "cGl0LTJmMWM3YTkwLTBiNWUtNGQ3ZS05YTY3LWMwZmZlZTAwZDFjZSE/", "***E/"},
		"base64 between other text, 1":    {testToken, "eHBpdC0yZjFjN2E5MC0wYjVlLTRkN2UtOWE2Ny1jMGZmZWUwMGQxY2UhPw==", "e***hPw=="},
		"base64 between other text, 2":    {testToken, "eHlwaXQtMmYxYzdhOTAtMGI1ZS00ZDdlLTlhNjctYzBmZmVlMDBkMWNlIT8=", "eH***T8="},
		"base64 of a beginning":           {testToken, "cGl0LTJmMWM3YTkw.", "***."},
		"base64 of a beginning, 2":        {testToken, "eHlwaXQtMmYxYzdhOTA=.", "eH***."},
		"base64 of an end":                {testToken, "YzBmZmVlMDBkMWNl.", "***."},
		"base64 of an end, 1":             {testToken, "eGMwZmZlZTAwZDFjZQ==.", "e***."},
		"base64 for URLs":                 {odd, "cGl0LWEvYitjPX4-PmQ_Pj8-fn4=", "***"},
		"base64, shifted":                 {odd, "eHBpdC1hL2IrYz1+Pj5kPz4/Pn5+", "e***"},
		"base64 for URLs, shifted":        {odd, "eHBpdC1hL2IrYz1-Pj5kPz4_Pn5-", "e***"},
		"base64 for URLs, shifted, 2":     {odd, "eHlwaXQtYS9iK2M9fj4-ZD8-Pz5-fg==", "eH***"},
		"base64 in an address":            {odd, "?t=eHlwaXQtYS9iK2M9fj4%2BZD8%2BPz5%2Bfg%3D%3D&x", "?t=eH***&x"},
		"a slash of JSON":                 {odd, `"pit-a\/b+c=~>>d?>?>~~"`, `"***"`},
		"nothing to hide, odd characters": {testToken, `100% of "C:\users\unknown" – %zz \u12 é %`, `100% of "C:\users\unknown" – %zz \u12 é %`},
		"escapes without a token":         {testToken, `%41%2d \u0041 \\ \/ %25`, `%41%2d \u0041 \\ \/ %25`},
		"invalid UTF-8":                   {testToken, "\xff" + testToken + "\xfe", "\xff***\xfe"},
		"a token with escapes":            {"abc%2Fdefghijklmnop", "<abc%2Fdefghijklmnop> <abc/defghijklmnop>", "<***> <***>"},
		"a token of escapes only":         {"%41%42%43%44%45", "<%41%42%43%44%45>", "<***>"},
	} {
		if got := newRedactor("another-token-of-nobody", test.token, "pit-2f1c-and-so-on").redact(test.text); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

// Several tokens may have the same beginning, like JWTs. The longest beginning that matches
// a token is hidden.
func TestRedactTokensThatBeginAlike(t *testing.T) {
	t.Parallel()
	const head = "eyJhbGciOiJIUzI1NiJ9."
	m := newRedactor(head+"aaaa.1111", head+"bbbb.2222", head+"cccc.3333")
	for text, want := range map[string]string{
		head + "bbbb.2222 ":  "*** ",
		head + "bbbb.2 ":     "*** ",
		head + "bbbb.1111 ":  "***1111 ",
		head + "dddd.2222 ":  "***dddd.2222 ",
		"{" + head + "cccc}": "{***}",
	} {
		if got := m.redact(text); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

// Redacting 1 MB of text is fast, even if all of it looks like tokens. An algorithm with
// quadratic running time would take hours.
func TestRedactLongTexts(t *testing.T) {
	t.Parallel()
	m := newRedactor(testToken, "pit-2f1c7a90-another-that-begins-alike", oddToken)
	for _, part := range []string{
		"x", testToken, testToken[:len(testToken)-1], testToken[:12], testToken[1:], "cGl0LTJmMWM3YTkw", testTokenBase64,
		"%", "%25", "%2525", "%70", `\`, `\u`, `\u0070`, `\u00`, "bearer ", "Bearer", " ", "=", "\xff",
	} {
		got := m.redact(strings.Repeat(part, 1<<20/len(part)) + testToken)
		if strings.Contains(got, "pit-2f1c7a90") || strings.Contains(got, "c0ffee00d1ce") {
			t.Errorf("%q: the token is not hidden", part)
		}
	}
}

// If a text is too long to be redacted completely, no part of a token remains at the cut.
func TestRedactBeforeTheCut(t *testing.T) {
	t.Parallel()
	for cut := range len(testToken) {
		before := 1<<16 - cut
		for name, body := range map[string]string{
			"tokens": strings.Repeat(testToken, before/len(testToken)) + strings.Repeat(" ", before%len(testToken)),
			"spaces": strings.Repeat(" ", before),
			"tags":   strings.Repeat("<p>", before/3) + strings.Repeat(" ", before%3),
		} {
			for _, status := range []int{200, 500} {
				err := readAssociation(t.Context(), newTestClient(t, answering(status, body+testToken+strings.Repeat("!", 1000))))
				if err == nil || strings.Contains(err.Error(), "pit-") {
					t.Errorf("%d, %s, cut after %d: got %v", status, name, cut, err)
				}
			}
		}
	}
}

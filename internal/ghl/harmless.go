package ghl

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Harmless returns foreign text in a form that is safe to show in a terminal or in a
// pipeline's log: one line of at most that many characters. The result has no characters
// that move the cursor, change the direction of text or are invisible. No word in it looks
// like a command to the pipeline or like the start of an engine's message. A label, an id,
// an error, a certificate or a proxy's status may contain such words, because others can
// write these texts.
//
// Removing line breaks is not enough: engines wrap lines at spaces, so any word may begin a
// line.
func Harmless(text string, most int) string {
	var b strings.Builder
	shown, before := 0, ' '
	for _, r := range strings.ToValidUTF8(text, string(utf8.RuneError)) {
		if shown++; shown > most {
			b.WriteString("…")
			break
		}
		switch {
		case unicode.IsSpace(r):
			r = ' '
		case IsInvisible(r):
			r = utf8.RuneError
		case r == '#' && before == '#': // "##[" and "##vso[" are commands anywhere in a line
			b.WriteByte('\\')
		}
		b.WriteRune(r)
		before = r
	}
	return lineBegins.ReplaceAllString(b.String(), `$1\$2`)
}

// IsInvisible reports whether a character controls a terminal, changes the direction of
// text, or is shown as a blank or not at all.
func IsInvisible(r rune) bool { return unicode.IsControl(r) || unicode.In(r, invisible...) }

var invisible = []*unicode.RangeTable{unicode.Cf, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point}

// lineBegins matches words that have a special meaning at the start of a line.
var lineBegins = regexp.MustCompile(`(^| )(::|(?:Error|Warning):)`)

package ghl

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Harmless is foreign text as it may be shown in a terminal or in the log of a pipeline:
// one line of at most so many characters, in which nothing moves the cursor, turns the
// direction or is invisible, and no word can be read as a command of the pipeline or as
// the begin of an engine's message. Anybody may have put that into a label, an id, an
// error, a certificate or a proxy's status.
//
// To take out the line breaks is not enough: engines break lines at blanks, so that any
// word may come to begin one.
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
		case r == '#' && before == '#': // "##[" and "##vso[" are commands wherever they are in a line
			b.WriteByte('\\')
		}
		b.WriteRune(r)
		before = r
	}
	return lineBegins.ReplaceAllString(b.String(), `$1\$2`)
}

// IsInvisible tells a character that shows nothing of itself, but acts: those that
// control a terminal, turn the direction, or look like a blank or like nothing.
func IsInvisible(r rune) bool { return unicode.IsControl(r) || unicode.In(r, invisible...) }

var invisible = []*unicode.RangeTable{unicode.Cf, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point}

// lineBegins are words that mean something at the begin of a line.
var lineBegins = regexp.MustCompile(`(^| )(::|(?:Error|Warning):)`)

package sandbox

import (
	"html"
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// separators matches the characters that an underscore replaces in a slug.
var separators = regexp.MustCompile(`[\s\p{P}\p{S}]+`)

// storedKey returns the stored form of an association's key.
func (q Quirks) storedKey(sent string) string {
	key := strings.ToLower(sent)
	switch q.StoredKeys {
	case KeysTrimmed:
		return strings.TrimSpace(key)
	case KeysSlugged:
		return slugOf(sent)
	default:
		return key
	}
}

// slugOf converts a text to a key, or to a part of a key.
func slugOf(text string) string {
	return separators.ReplaceAllString(strings.TrimSpace(strings.ToLower(text)), "_")
}

// storedLabel returns the stored form of a label.
func (q Quirks) storedLabel(sent string) string {
	label := sent
	switch q.StoredLabels {
	case LabelsTrimmed:
		label = strings.TrimSpace(label)
	case LabelsEscaped:
		label = html.EscapeString(label)
	case LabelsNFD:
		label = norm.NFD.String(label)
	}
	if runes := []rune(label); q.LabelLength > 0 && len(runes) > q.LabelLength {
		return string(runes[:q.LabelLength])
	}
	return label
}

// storedObjectKey returns the form in which an association stores an object key.
func (q Quirks) storedObjectKey(sent string) string {
	switch q.StoredObjectKeys {
	case ObjectKeysLower:
		return strings.ToLower(sent)
	case ObjectKeysUpper:
		return strings.ToUpper(sent)
	default:
		return sent
	}
}

package sandbox

import (
	"html"
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// separators are the characters that an underscore replaces in a slugged key.
var separators = regexp.MustCompile(`[\s\p{P}\p{S}]+`)

// storedKey is the key of an association as it is stored.
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

// slugOf makes a key, or a part of one, from a text.
func slugOf(text string) string {
	return separators.ReplaceAllString(strings.TrimSpace(strings.ToLower(text)), "_")
}

// storedLabel is a label as it is stored.
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

// storedObjectKey is an object key as an association stores it.
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

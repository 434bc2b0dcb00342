package sandbox

import (
	"regexp"
	"strings"
)

// numbered is the form of record ids that name their object: contact-7 is a contact, student-3 a custom_objects.student.
var numbered = regexp.MustCompile(`^([a-z][a-z0-9_]*)-[0-9]+$`)

// objectOf is the object key of a record: as it was added, or from its id, or "" for any.
func (l *subAccount) objectOf(recordID string) string {
	if object := l.records[recordID].objectKey; object != "" {
		return object
	}
	match := numbered.FindStringSubmatch(recordID)
	if match == nil {
		return ""
	}
	switch match[1] {
	case "contact", "opportunity", "business":
		return match[1]
	default:
		return "custom_objects." + match[1]
	}
}

// fits reports whether a record fits a side that belongs to an object.
func (l *subAccount) fits(recordID, objectKey string) bool {
	if l.records[recordID].deleted {
		return false
	}
	object := l.objectOf(recordID)
	return object == "" || strings.EqualFold(object, objectKey) // an association may store it in another case, by a quirk
}

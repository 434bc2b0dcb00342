package sandbox

import (
	"regexp"
	"strings"
)

// numbered matches the record ids that contain their object: contact-7 is a contact, and student-3 is a custom_objects.student.
var numbered = regexp.MustCompile(`^([a-z][a-z0-9_]*)-[0-9]+$`)

// objectOf returns the object key with which a record was added, or the key in its id. If there is neither, it returns "", and
// the record fits every object.
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

// fits reports whether a record can be on a side with the given object.
func (l *subAccount) fits(recordID, objectKey string) bool {
	if l.records[recordID].deleted {
		return false
	}
	object := l.objectOf(recordID)
	return object == "" || strings.EqualFold(object, objectKey) // with a quirk, an association stores the key in another case
}

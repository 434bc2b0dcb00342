package sandbox

import (
	"regexp"
	"strings"
)

// numbered is the form of record ids that tell their object: contact-7 is a contact, student-3 a custom_objects.student.
var numbered = regexp.MustCompile(`^([a-z][a-z0-9_]*)-[0-9]+$`)

// objectOf tells what object a record belongs to: as it was added, else from its id, else "" for any.
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

// fits tells whether a record can stand on a side that belongs to an object.
func (l *subAccount) fits(recordID, objectKey string) bool {
	if l.records[recordID].deleted {
		return false
	}
	object := l.objectOf(recordID)
	return object == "" || strings.EqualFold(object, objectKey) // the case in which an association stores it is a quirk
}

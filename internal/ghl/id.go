package ghl

import (
	"errors"
	"strings"
	"unicode"
)

// CheckID says what no id of HighLevel has and what would do harm in one: to a terminal
// that shows it, or in the path of a request. An id is opaque otherwise.
func CheckID(id string) error {
	switch {
	case strings.ContainsFunc(id, unicode.IsControl):
		return errors.New("must not contain line breaks or other control characters")
	case strings.ContainsFunc(id, IsInvisible):
		return errors.New("must not contain invisible characters, or those that turn the direction of a text")
	case strings.Contains(id, "/"):
		return errors.New("must not contain a slash")
	case id == "." || id == "..":
		return errors.New("must not be a dot or two")
	default:
		return nil
	}
}

// checkIDs is CheckID for a row of an answer.
func checkIDs(ids ...string) error {
	for _, id := range ids {
		if CheckID(id) != nil {
			return errors.New("an id holds a character that no id has")
		}
	}
	return nil
}

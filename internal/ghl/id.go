package ghl

import (
	"errors"
	"strings"
	"unicode"
)

// CheckID returns an error about anything that no HighLevel id contains and that would do
// harm in one: in a terminal that shows it, or in the path of a request. Otherwise, ids are
// opaque.
func CheckID(id string) error {
	switch {
	case strings.ContainsFunc(id, unicode.IsControl):
		return errors.New("must not contain line breaks or other control characters")
	case strings.ContainsFunc(id, IsInvisible):
		return errors.New("must not contain invisible characters, or characters that change the direction of text")
	case strings.Contains(id, "/"):
		return errors.New("must not contain a slash")
	case id == "." || id == "..":
		return errors.New(`must not be "." or ".."`)
	default:
		return nil
	}
}

// checkIDs is CheckID for a row of an answer.
func checkIDs(ids ...string) error {
	for _, id := range ids {
		if CheckID(id) != nil {
			return errors.New("an id contains a character that is not allowed in an id")
		}
	}
	return nil
}

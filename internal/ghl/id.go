package ghl

import (
	"errors"
	"strings"
	"unicode"
)

// CheckID returns an error if an id contains a character that no HighLevel id has and that
// would be unsafe in a terminal or in the path of a request. It does not check the form of
// ids in any other way.
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

// checkIDs applies CheckID to the ids in a row of an answer.
func checkIDs(ids ...string) error {
	for _, id := range ids {
		if CheckID(id) != nil {
			return errors.New("an id contains a character that is not allowed in an id")
		}
	}
	return nil
}

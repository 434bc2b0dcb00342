package ghl

import (
	"strings"
	"testing"
)

// The client rejects an id that is unsafe on a terminal or in a path, because the id could
// control the terminal or change the path of a later request.
func TestIDsOfAnswers(t *testing.T) {
	t.Parallel()
	for id, fits := range map[string]bool{
		"67ade73dc119de53cac4dc3f": true, "TASK_CUSTOM_OBJECTS.X": true, "a b%?#é": true, "...": true,
		`a\u001b[2J`: false, `a\nb`: false, `a\u009bb`: false, "a/b": false, "/": false, ".": false, "..": false,
	} {
		row := strings.Replace(associationJSON, association.ID, id, 1)
		if _, err := one(anyOf[Association])([]byte(row)); (err == nil) != fits {
			t.Errorf("association %q: %v", id, err)
		}
		for _, of := range []string{relation.ID, relation.AssociationID, relation.FirstRecordID, relation.SecondRecordID, relation.LocationID} {
			if _, err := one(anyOf[Relation])([]byte(strings.Replace(relationJSON, of, id, 1))); (err == nil) != fits {
				t.Errorf("relation with %q for %s: %v", id, of, err)
			}
		}
		page, err := decodeLocations([]byte(`{"locations":[{"_id":"` + id + `"}],"count":1}`))
		if err != nil || (len(page.malformed) == 0) != fits {
			t.Errorf("sub-account %q: %v, %v", id, page, err)
		}
	}
}

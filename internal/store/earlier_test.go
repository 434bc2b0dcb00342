package store_test

import (
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// If the answer to a create is a row that this process has seen before, the create made
// nothing, even if the row has the right pair of records. A lookup then shows that the
// relation already exists.
func TestCreateRelationAnsweredWithAnEarlierRow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newSchool(t, sandbox.Quirks{})
		earlier := f.addRelation(enrolled(class(1), student(1)))
		f.addRelation(enrolled(class(1), student(2)))
		ok(t, f.readRelation(enrolled(class(1), student(2)))) // the listing shows both relations
		f.sb.AddFault(sandbox.Fault{Route: post, Effect: sandbox.Answer(201, fmt.Sprintf(
			`{"id":%q,"locationId":%q,"associationId":%q,"firstObjectKey":"custom_objects.class","firstRecordId":"class-1","secondObjectKey":"custom_objects.student","secondRecordId":"student-1"}`,
			earlier.ID, school, enrol))})
		_, err := f.relate(background)
		wantExists(t, err, earlier.ID)
		f.wantCount(post, 1)
	})
}

// If the answer to a create is an association that another client made earlier, the create
// made nothing, even if the association has the right key. Here, a listing has shown the
// association, but lookups of its key do not find it.
func TestCreateAssociationAnsweredWithAnEarlierRow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		f.addAssociations(3)
		for _, id := range []string{"kind-0", "kind-1"} { // the second read requests the listing
			_, err := f.association(id)
			ok(t, err)
		}
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteAssociationByKey, Count: 2, Effect: sandbox.StatusMessage(404, "Association not found")})
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteCreateAssociation, Effect: sandbox.Answer(201, fmt.Sprintf(
			`{"id":"kind-2","locationId":%q,"key":"key_2","firstObjectKey":%q,"firstObjectLabel":%q,"secondObjectKey":%q,"secondObjectLabel":%q,"associationType":"USER_DEFINED"}`,
			school, kind(2).FirstObjectKey, kind(2).FirstObjectLabel, kind(2).SecondObjectKey, kind(2).SecondObjectLabel))})
		want := wire(kind(2))
		want.ID = ""
		_, err := f.CreateAssociation(background, want)
		wantExists(t, err, "kind-2")
		if rows := f.sb.Associations(school); len(rows) != 3 {
			t.Errorf("stored are %+v", rows)
		}
	})
}

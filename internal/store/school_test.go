package store_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// The school has two associations: enrol links two objects, and mentor links an object with
// itself, so that the order defines the roles.
const (
	enrol  = "68d2c5f0a1b2c3d4e5f60001"
	mentor = "68d2c5f0a1b2c3d4e5f60002"
)

func class(i int) string   { return fmt.Sprintf("class-%d", i) }
func student(i int) string { return fmt.Sprintf("student-%d", i) }

func newSchool(tb testing.TB, quirks sandbox.Quirks) *fixture {
	tb.Helper()
	f := newFixture(tb, quirks)
	f.sb.AddAssociation(sandbox.Association{
		LocationID: school, ID: enrol, Key: "enrol",
		FirstObjectKey: "custom_objects.class", FirstObjectLabel: "Class", SecondObjectKey: "custom_objects.student", SecondObjectLabel: "Student",
	})
	f.sb.AddAssociation(sandbox.Association{
		LocationID: school, ID: mentor, Key: "mentor",
		FirstObjectKey: "custom_objects.student", FirstObjectLabel: "Mentor", SecondObjectKey: "custom_objects.student", SecondObjectLabel: "Pupil",
	})
	return f
}

// enrolled returns a reference to the relation of a class and a student.
func enrolled(first, second string) store.RelationRef {
	return store.RelationRef{LocationID: school, AssociationID: enrol, FirstRecordID: first, SecondRecordID: second}
}

func mentored(first, second string) store.RelationRef {
	return store.RelationRef{LocationID: school, AssociationID: mentor, FirstRecordID: first, SecondRecordID: second}
}

func (f *fixture) addRelation(ref store.RelationRef) sandbox.Relation {
	return f.sb.AddRelation(sandbox.Relation{
		LocationID: ref.LocationID, AssociationID: ref.AssociationID, FirstRecordID: ref.FirstRecordID, SecondRecordID: ref.SecondRecordID,
	})
}

func (f *fixture) relation(ref store.RelationRef) (ghl.Relation, error) {
	return f.Relation(background, ref, time.Time{})
}

// readRelation reads a relation, and returns an error if it gets another row.
func (f *fixture) readRelation(ref store.RelationRef) error {
	row, err := f.relation(ref)
	if err != nil {
		return err
	}
	if row.AssociationID != ref.AssociationID || row.FirstRecordID != ref.FirstRecordID || row.SecondRecordID != ref.SecondRecordID {
		return fmt.Errorf("read %+v, got %+v", ref, row)
	}
	return nil
}

// newHub returns a school whose class-0 has 150 students, 0 to 149: two pages.
func newHub(t *testing.T, quirks sandbox.Quirks) *fixture {
	t.Helper()
	f := newSchool(t, quirks)
	for i := range 150 {
		f.addRelation(enrolled(class(0), student(i)))
	}
	return f
}

var (
	seventh = enrolled(class(0), student(7))
	absent  = enrolled(class(0), student(500))
)

// remove removes a relation behind the API's back.
func (f *fixture) remove(ref store.RelationRef) {
	for _, r := range f.sb.Relations(school) {
		if r.AssociationID == ref.AssociationID && r.FirstRecordID == ref.FirstRecordID && r.SecondRecordID == ref.SecondRecordID {
			f.sb.RemoveRelation(school, r.ID)
		}
	}
}

// complete links each of n records with each of n others.
func complete(n int) (refs []store.RelationRef) {
	for i := range n {
		for j := range n {
			refs = append(refs, enrolled(class(i), student(j)))
		}
	}
	return refs
}

// hub links one record to the others from…to; the hub comes first or second.
func hub(first bool, from, to int) (refs []store.RelationRef) {
	for i := from; i < to; i++ {
		if first {
			refs = append(refs, enrolled(class(0), student(i)))
		} else {
			refs = append(refs, enrolled(class(i), student(0)))
		}
	}
	return refs
}

func (f *fixture) readShuffled(refs []store.RelationRef, seed uint64) []error {
	order := rand.New(rand.NewPCG(seed, seed)).Perm(len(refs))
	return parallelErrors(len(refs), func(i int) error { return f.readRelation(refs[order[i]]) })
}

package sandbox_test

import (
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

func TestRowsAreStoredAsGiven(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	odd := sandbox.Association{
		LocationID: school, ID: "MY.ID", Key: "MixedCase", AssociationType: "USER_DEFINED",
		FirstObjectKey: "opportunity", FirstObjectLabel: "\"\n", SecondObjectKey: "contact",
	}
	if got := c.s.AddAssociation(odd); got != odd {
		t.Errorf("%+v", got)
	}
	c.want("GET", "/associations/MY.ID", "", 200, `"key":"MixedCase","firstObjectKey":"opportunity","firstObjectLabel":"\"\n","secondObjectKey":"contact"`)
	plain := c.s.AddAssociation(sandbox.Association{LocationID: school, Key: "k"})
	if plain.ID == "" || plain.AssociationType != "USER_DEFINED" {
		t.Errorf("%+v", plain)
	}
	relation := c.s.AddRelation(sandbox.Relation{LocationID: school, AssociationID: "MY.ID", FirstRecordID: "contact-1", SecondRecordID: "contact-1"})
	if relation.ID == "" || relation.FirstObjectKey != "opportunity" || relation.SecondObjectKey != "contact" {
		t.Errorf("%+v", relation)
	}
	if got := c.s.Associations(school); len(got) != 2 || got[0] != odd || got[1] != plain {
		t.Errorf("%+v", got)
	}
	if got := c.s.Relations(school); len(got) != 1 || got[0] != relation {
		t.Errorf("%+v", got)
	}
}

func TestUpdateAssociation(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	id := c.studentTeacher()
	last := c.create("last", "contact", "A", "contact", "B")
	c.s.UpdateAssociation(school, id, func(a *sandbox.Association) {
		a.ID, a.LocationID = "other", office
		a.Key, a.FirstObjectLabel = "renamed", "Changed"
	})
	c.want("GET", "/associations/"+id, "", 200, `"firstObjectLabel":"Changed"`)
	c.want("GET", "/associations/key/renamed?locationId=school", "", 200, id)
	c.want("GET", "/associations/key/student_teacher?locationId=school", "", 400, "")
	same(t, column(t, c.do("GET", page100, "").body, "associations", "id"), []string{id, last})
	c.create("student_teacher", "contact", "C", "contact", "D")
	c.s.UpdateAssociation(school, last, func(a *sandbox.Association) { a.AssociationType = "SYSTEM_DEFINED" })
	same(t, column(t, c.do("GET", page100, "").body, "associations", "id"), []string{id, c.s.Associations(school)[1].ID, last})
	c.s.UpdateAssociation(school, "nope", func(*sandbox.Association) { t.Error("called for a row that does not exist") })
}

func TestRemovals(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	id := c.studentTeacher()
	one := c.relate(id, "student-1", "teacher-1")
	c.relate(id, "student-2", "teacher-1")
	c.s.RemoveRelation(school, one)
	c.s.RemoveRelation(school, one)
	c.want("GET", list("teacher-1"), "", 200, `"total":1`)
	c.relate(id, "student-1", "teacher-1")
	c.s.RemoveAssociation(school, id)
	c.s.RemoveAssociation(school, id)
	c.want("GET", list("teacher-1"), "", 200, `{"relations":[],"total":0}`)
	if len(c.s.Associations(school)) != 0 || len(c.s.Relations(school)) != 0 {
		t.Error("something is left")
	}
}

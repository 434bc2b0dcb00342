package provider_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// recordRelationsByKey is recordRelations with association_key instead of association_id. The argument key is an expression of
// the configuration.
func recordRelationsByKey(name, key, record string, related []string, lines ...string) string {
	return strings.Replace(recordRelations(name, key, record, related, lines...), "association_id    ", "association_key   ", 1)
}

// taughtKey is the key of the association that taught adds.
const taughtKey = "taught_by"

// The configuration can give the key of the association, in upper or lower case. The state and the identity contain the
// association's id.
func TestAccRecordRelationsKey_lifecycle(t *testing.T) {
	a := newSandboxAccount(t)
	id := a.taught()
	byKey := func(ids ...string) string { return recordRelationsByKey("of_teacher", `"Taught_By"`, "teacher-1", ids) }
	e := a.localEngine(byKey("student-1", "student-2"))
	a.forget()
	output := e.apply()
	says(t, output, `+ association_id = (known after apply) + association_key = "Taught_By"`, "1 added, 0 changed, 0 destroyed")
	doesNotSay(t, output, "Warning")
	a.wantRequests(sandbox.RouteAssociationByKey, 2*2) // the plan and the apply look up two spellings each
	a.wantStudents("teacher-1", "student-1", "student-2")
	e.hasAttributes(ofTeacher, map[string]any{"association_id": exampleAssociation, "association_key": "Taught_By", "id": exampleAssociation + "/teacher-1"})
	e.instances(func(_ string, instance map[string]any) {
		if identity, ok := instance["identity"].(map[string]any); engineHasIdentity() && (!ok || identity["association_id"] != exampleAssociation) {
			t.Errorf("the identity is %v, want the association's id in it", identity)
		}
	})
	e.plansNothing()
	e.write("main.tf", byKey("student-2", "student-3"))
	says(t, e.apply(), "0 added, 1 changed, 0 destroyed")
	a.wantStudents("teacher-1", "student-2", "student-3")

	a.forget()
	e.write("main.tf", recordRelations("of_teacher", id, "teacher-1", []string{"student-2", "student-3"}))
	e.plansNothing() // the key remains in the state
	e.write("main.tf", recordRelationsByKey("of_teacher", quoted(taughtKey), "teacher-1", []string{"student-2", "student-3"}))
	says(t, e.apply(), "0 added, 1 changed, 0 destroyed")
	e.plansNothing()
	a.mustHaveWritten()
	e.write("main.tf", strings.Replace(byKey("student-2"), "record_id ", "association_id = "+id+"\n  record_id ", 1))
	says(t, e.fails("plan", "-no-color"), "Exactly one of these attributes must be configured: [association_id,association_key]")
	e.write("main.tf", byKey("student-2"))
	e.destroy()
	a.wantStudents("teacher-1")
}

// If association_key replaces association_id in the configuration of a set, nothing is written to HighLevel.
func TestAccRecordRelationsKey_fromID(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.localEngine(recordRelations("of_teacher", a.taught(), "teacher-1", numberedStudents(1, 4)))
	e.apply()
	a.forget()
	e.write("main.tf", recordRelationsByKey("of_teacher", quoted(taughtKey), "teacher-1", numberedStudents(1, 4)))
	says(t, e.apply(), `+ association_key = "taught_by"`, "0 added, 1 changed, 0 destroyed")
	e.plansNothing()
	a.mustHaveWritten()
	a.wantRequests(sandbox.RouteAssociationByKey, 2) // one for each plan with a refresh
}

// The set is replaced if the key changes, or if somebody deleted the association and created it again. If the association was
// created again, a warning says how to keep the set.
func TestAccRecordRelationsKey_replaces(t *testing.T) {
	a := newSandboxAccount(t)
	mentor, friend := a.addAssociation(a.key("mentor"), "Mentor", "Mentee"), a.addAssociation(a.key("friend"), "Friend", "Befriended")
	a.kept = []string{mentor.Key, friend.Key}
	set := func(key string) string {
		return recordRelationsByKey("of_contact", quoted(key), "contact-1", []string{"contact-2", "contact-3"}, `side = "first"`)
	}
	e := a.localEngine(set(mentor.Key))
	e.apply()
	e.write("main.tf", set(friend.Key))
	output := e.apply()
	says(t, output, "association_id = "+quoted(mentor.ID), "-> (known after apply) # forces replacement", "1 added, 0 changed, 1 destroyed",
		"Replacing the set of relations of the record \"contact-1\" under the association "+quoted(mentor.ID)+" on its first side", "deletes 2 relations")
	const warning = "Another Association Has the Key"
	doesNotSay(t, output, warning)
	e.plansNothing()

	again := a.madeAgain(friend)
	output = e.apply()
	says(t, output, "1 added, 0 changed, 1 destroyed", warning, fmt.Sprintf("The key %q belongs to the association with the id %q", friend.Key, again.ID),
		`under the association `+quoted(friend.ID)+" on its first side, set association_id = "+quoted(friend.ID)+" in place of association_key")
	e.hasAttributes("ghl_record_relations.of_contact", map[string]any{"association_id": again.ID, "id": again.ID + "/contact-1/first"})
	if rows := a.sandbox.Relations(a.locationID); len(rows) != 2 || rows[0].AssociationID != again.ID || rows[1].AssociationID != again.ID {
		t.Errorf("the relations are %+v, want two under %s", rows, again.ID)
	}
	e.plansNothing()
}

// If no association has the key, the plan of a new set shows a warning, and its apply fails with an error that says what to
// do. A set in the state is not changed, and an error says how to keep it.
func TestAccRecordRelationsKey_missing(t *testing.T) {
	a := newSandboxAccount(t)
	a.taught()
	missing := a.key("nowhere")
	set := func(key string) string {
		return recordRelationsByKey("of_teacher", quoted(key), "teacher-1", []string{"student-1"})
	}
	wrong := fmt.Sprintf("No association has the key %q in sub-account %q. Correct association_key", missing, a.locationID)
	e := a.localEngine(set(missing))
	a.forget()
	says(t, e.fails(applyCommand...), "Warning: No Association Has the Key", wrong, "Error: Unable to Create Record Relations",
		fmt.Sprintf(`The set of relations of the record "teacher-1" under the association with the key %q was not created.`, missing), "on main.tf line")
	e.write("main.tf", set(taughtKey))
	e.apply()
	a.forget()
	e.write("main.tf", set(missing))
	says(t, e.fails("plan", "-no-color"), "Error: Unable to Plan Record Relations", wrong, "Nothing has been changed.",
		`To keep the set of relations of the record "teacher-1" under the association `+quoted(exampleAssociation)+", set association_id = "+quoted(exampleAssociation))
	e.write("main.tf", set(taughtKey))
	a.strikes(sandbox.Fault{Effect: sandbox.StatusMessage(401, "The token is not authorized for this scope.")},
		sandbox.RouteGetAssociation, sandbox.RouteListAssociations, sandbox.RouteAssociationByKey)
	e.plansNothing()
	e.write("main.tf", recordRelationsByKey("of_teacher", quoted(a.key("other")), "teacher-1", []string{"student-1"}))
	says(t, e.fails("plan", "-no-color"), "Unable to Plan Record Relations", "lacks the scope")
	a.faultsEnd(e)
	a.mustHaveWritten()
	a.wantStudents("teacher-1", "student-1")
}

// The association of a set can be created or replaced in the same apply.
func TestAccRecordRelationsKey_sameApply(t *testing.T) {
	a := newSandboxAccount(t)
	config := func(other side, record string) string {
		return association("taught", a.key("Taught"), side{"custom_objects.teacher", "Teacher"}, other) +
			recordRelationsByKey("of_teacher", "ghl_association.taught.key", "teacher-1", []string{record + "-1", record + "-2"})
	}
	e := a.localEngine(config(side{"custom_objects.student", "Student"}, "student"))
	output := e.apply()
	says(t, output, "2 added, 0 changed, 0 destroyed")
	doesNotSay(t, output, "Warning")
	e.plansNothing()
	e.write("main.tf", config(side{"business", "Company"}, "business"))
	says(t, e.apply(), "2 added, 0 changed, 2 destroyed")
	e.plansNothing()
	e.succeeds("taint", "ghl_association.taught")
	says(t, e.apply(), "2 added, 0 changed, 2 destroyed")
	e.plansNothing()
	e.destroy()
	a.holds(e, 0, 0)
}

// A set can be imported by the key of its association, with special characters percent-encoded. The configuration may contain
// the association's key or id.
func TestAccRecordRelationsKey_import(t *testing.T) {
	a := newSandboxAccount(t)
	const odd = "50% of/this + that"
	row := a.sandbox.AddAssociation(sandbox.Association{
		LocationID: a.locationID, Key: a.key(odd), FirstObjectKey: "contact", FirstObjectLabel: "A", SecondObjectKey: "contact", SecondObjectLabel: "B",
	})
	a.kept = []string{row.Key}
	a.addRelation(row.ID, "contact-1", "contact-2")
	a.forget()
	const address = "ghl_record_relations.of_contact"
	id := "key:" + a.prefix + "50%25 of%2Fthis + that/contact-1/first"
	related := []string{"contact-2"}
	byKey := recordRelationsByKey("of_contact", quoted(row.Key), "contact-1", related, `side = "first"`)
	e := a.localEngine(byKey)
	for name, config := range map[string]string{"by key": byKey, "by id": recordRelations("of_contact", quoted(row.ID), "contact-1", related, `side = "first"`)} {
		e.write("main.tf", config)
		e.succeeds("import", "-no-color", address, id)
		e.plansNothing()
		e.hasAttributes(address, map[string]any{"association_id": row.ID, "association_key": row.Key, "id": row.ID + "/contact-1/first"})
		e.succeeds("state", "rm", address)
		e.write("main.tf", config+importBlock(address, a.locationID+"/"+strings.ReplaceAll(id, " ", "%20")))
		if output := e.apply(); !strings.Contains(output, "1 imported, 0 added, 0 changed, 0 destroyed") {
			t.Errorf("%s: %s", name, output)
		}
		e.plansNothing()
		e.succeeds("state", "rm", address)
	}
	e.write("main.tf", byKey)
	says(t, e.fails("import", "-no-color", address, "key:"+a.key("nowhere")+"/contact-1/first"), "Unable to Read Record Relations",
		"No association has the key "+quoted(a.key("nowhere")), "was not imported")
	says(t, e.fails("import", "-no-color", address, strings.TrimSuffix(id, "/first")), `an import id ends in "/first" or "/second"`)
	says(t, e.fails("import", "-no-color", address, "taught_by/contact-1/first"), "must be written as key:taught_by")
	a.mustHaveWritten()
}

// The plan points out relations that two resources manage, even if one contains the association's id and the other its key.
func TestAccRecordRelationsKey_twice(t *testing.T) {
	key := quoted(taughtKey)
	students := numberedStudents(1, 3)
	for name, test := range map[string]struct {
		before, after func(id string) string
		says          []string
		fails         bool
	}{
		"two new sets": {
			nil, func(id string) string {
				return recordRelations("of_teacher", id, "teacher-1", students) + recordRelationsByKey("again", key, "teacher-1", students)
			}, []string{"Two Resources Want the Same Record Relations"}, false,
		},
		"beside a single relation": {
			nil, func(id string) string {
				return relation("one", id, "student-1", "teacher-1") + recordRelationsByKey("of_teacher", key, "teacher-1", students)
			}, []string{"Relations Managed Twice", "deletes every relation that it does not include"}, false,
		},
		"beside a single relation by key": {
			nil, func(string) string {
				return relationByKey("one", key, "student-1", "teacher-1") + recordRelationsByKey("of_teacher", key, "teacher-1", students)
			}, []string{"Relations Managed Twice", "deletes every relation that it does not include"}, false,
		},
		"of both ends": {
			nil, func(id string) string {
				return recordRelations("of_teacher", id, "teacher-1", students) + recordRelationsByKey("of_student", key, "student-1", []string{"teacher-1"})
			}, []string{"A ghl_record_relations of the other record also contains 1 relation"}, false,
		},
		"renamed": {
			func(id string) string { return recordRelations("of_teacher", id, "teacher-1", students) },
			func(string) string { return recordRelationsByKey("renamed", key, "teacher-1", students) },
			[]string{"Unable to Plan Record Relations", "If the resource was renamed, add a moved block so that nothing is destroyed"}, true,
		},
		"removed from the set for a single relation": {
			func(string) string { return recordRelationsByKey("of_teacher", key, "teacher-1", students) },
			func(id string) string {
				return recordRelationsByKey("of_teacher", key, "teacher-1", students[1:]) + relation("one", id, "student-1", "teacher-1") +
					importBlock("ghl_relation.one", exampleAssociation+"/student-1/teacher-1")
			}, []string{"Nothing has been changed. Manage each relation once."}, true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := newSandboxAccount(t)
			id := a.taught()
			e := a.localEngine("")
			if test.before != nil {
				e.write("main.tf", test.before(id))
				e.apply()
			}
			e.write("main.tf", test.after(id))
			if test.fails {
				says(t, e.fails("plan", "-no-color"), test.says...)
			} else {
				says(t, e.succeeds("plan", "-no-color"), test.says...)
			}
		})
	}
}

// If a set takes over relations in an apply, no other resource deletes them in the same apply, even if the plan knew only the
// key of the association.
func TestAccRecordRelationsKey_takenOver(t *testing.T) {
	set := func(name, key string, lines ...string) string {
		return recordRelationsByKey(name, key, "teacher-1", []string{"student-1", "student-2"}, lines...)
	}
	const later = "resource \"terraform_data\" \"later\" {\n  input = \"taught_by\"\n}\n"
	for name, test := range map[string]struct {
		before, after string
		args          []string
	}{
		"by the replaced instance": {
			set("of_teacher", quoted(taughtKey), "lifecycle {", "  create_before_destroy = true", "}"), "", []string{"-replace=" + ofTeacher},
		},
		"by a set with an unknown key": {set("of_teacher", quoted(taughtKey)), later + set("renamed", "terraform_data.later.output"), nil},
	} {
		t.Run(name, func(t *testing.T) {
			a := newSandboxAccount(t)
			a.taught()
			e := a.localEngine(test.before)
			e.apply()
			if test.after != "" {
				e.write("main.tf", test.after)
			}
			a.sandbox.AddFault(sandbox.Fault{Route: sandbox.RouteDeleteRelation, Count: 2, Effect: sandbox.Stall(500 * time.Millisecond)}) // until the create has listed the relations
			// If the destroy runs before the create, the create fails and says to apply again, and the next apply succeeds.
			if output, code := e.run(slices.Concat(applyCommand, test.args)...); code != 0 {
				says(t, output, "pply again")
				e.apply()
			}
			a.wantStudents("teacher-1", "student-1", "student-2")
			e.plansNothing()
		})
	}
}

// If somebody deleted an association in the configuration, one apply creates the association again and replaces its set.
func TestAccRecordRelationsKey_associationMadeAgain(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.localEngine(association("taught", taughtKey, side{"custom_objects.student", "Student"}, side{"custom_objects.teacher", "Teacher"}) +
		recordRelationsByKey("of_teacher", "ghl_association.taught.key", "teacher-1", []string{"student-1", "student-2"}))
	e.apply()
	for _, row := range a.sandbox.Associations(a.locationID) {
		if row.Key == taughtKey {
			a.sandbox.RemoveAssociation(a.locationID, row.ID)
		}
	}
	a.wantStudents("teacher-1")
	says(t, e.apply(), "2 added, 0 changed, 1 destroyed")
	a.wantStudents("teacher-1", "student-1", "student-2")
	e.plansNothing()
}

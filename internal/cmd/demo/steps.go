package main

import (
	"context"
	"errors"
	"slices"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// steps are the demo's steps in order. Each continues from the previous one.
var steps = []struct {
	title string
	run   func(*demo, context.Context) error
}{
	{"Build the provider", (*demo).build},
	{"Create three associations, and relate records under them (school.tf)", (*demo).create},
	{"Plan again: no changes", (*demo).planIsEmpty},
	{"Change a label: updated in place, so that no relation is lost", (*demo).changeLabel},
	{"Import an association and a relation that were created in the browser (imports.tf)", (*demo).adopt},
	{"Destroy everything", (*demo).destroy},
	{"Create an object with its fields, an association on it, and a custom value (model.tf)", (*demo).createModel},
	{"Restore a label and the value that somebody changed by hand", (*demo).driftModel},
	{"Destroy everything in one run", (*demo).destroyModel},
	{"Give three schools of an agency the same associations, with one provider block (agency.tf)", (*demo).manageAgency},
	{"A fourth school joins the agency: a check warns, and nothing changes", (*demo).schoolJoins},
	{"Add the fourth school to the list", (*demo).manageSchool},
}

func (d *demo) create(ctx context.Context) error {
	if err := d.write("school.tf"); err != nil {
		return err
	}
	if err := d.terraform(ctx, "Apply complete! Resources: 11 added, 0 changed, 0 destroyed.", "apply", "-auto-approve"); err != nil {
		return err
	}
	if err := d.wrote("each object was created once", map[string]int{
		sandbox.RouteCreateAssociation: 3,
		sandbox.RouteCreateRelation:    8,
	}); err != nil {
		return err
	}
	if err := d.holds("HighLevel has the associations", []string{
		"lives_at: contact (Resident), custom_objects.property (Home)",
		"parent_of: contact (Parent), contact (Child)",
		"taught_by: custom_objects.student (Student), custom_objects.teacher (Teacher)",
	}, d.associations()); err != nil {
		return err
	}
	return d.holds("HighLevel has the relations", []string{
		"contact-1 lives_at property-1",
		"contact-1 parent_of contact-3",
		"contact-2 lives_at property-1",
		"contact-2 parent_of contact-3",
		"student-1 taught_by teacher-1",
		"student-2 taught_by teacher-1",
		"student-3 taught_by teacher-1",
		"student-3 taught_by teacher-2",
	}, d.relations())
}

func (d *demo) changeLabel(ctx context.Context) error {
	if err := d.edit("school.tf", `second_object_label = "Teacher"`, `second_object_label = "Tutor"`); err != nil {
		return err
	}
	before := d.ids()
	if err := d.terraform(ctx, "Apply complete! Resources: 0 added, 1 changed, 0 destroyed.", "apply", "-auto-approve"); err != nil {
		return err
	}
	if err := d.wrote("one PUT was enough", map[string]int{sandbox.RouteUpdateAssociation: 1}); err != nil {
		return err
	}
	if err := d.holds("HighLevel shows the new label", []string{
		"lives_at: contact (Resident), custom_objects.property (Home)",
		"parent_of: contact (Parent), contact (Child)",
		"taught_by: custom_objects.student (Student), custom_objects.teacher (Tutor)",
	}, d.associations()); err != nil {
		return err
	}
	if !slices.Equal(before, d.ids()) {
		return errors.New("something was replaced: the ids in the sandbox have changed")
	}
	d.proven("every association and relation kept its id")
	return d.planIsEmpty(ctx)
}

func (d *demo) adopt(ctx context.Context) error {
	made := d.api.AddAssociation(sandbox.Association{
		LocationID: locationID, Key: "emergency_contact_of",
		FirstObjectKey: "contact", FirstObjectLabel: "Emergency contact",
		SecondObjectKey: "custom_objects.student", SecondObjectLabel: "Student",
	})
	d.api.AddRelation(sandbox.Relation{
		LocationID: locationID, AssociationID: made.ID, FirstRecordID: "contact-1", SecondRecordID: "student-1",
	})
	if err := d.write("imports.tf"); err != nil {
		return err
	}
	d.engine = d.engine.With("TF_VAR_emergency_contact_of_id=" + made.ID)

	if err := d.terraform(ctx, "Plan: 2 to import, 0 to add, 0 to change, 0 to destroy.", "plan"); err != nil {
		return err
	}
	if err := d.terraform(ctx, "Apply complete! Resources: 2 imported, 0 added, 0 changed, 0 destroyed.", "apply", "-auto-approve"); err != nil {
		return err
	}
	if err := d.wrote("the import wrote nothing to HighLevel", nil); err != nil {
		return err
	}
	return d.planIsEmpty(ctx)
}

func (d *demo) destroy(ctx context.Context) error {
	if err := d.terraform(ctx, "Destroy complete! Resources: 13 destroyed.", "destroy", "-auto-approve"); err != nil {
		return err
	}
	if err := d.wrote("each object was deleted with one DELETE, relations before their association", map[string]int{
		sandbox.RouteDeleteRelation:    9,
		sandbox.RouteDeleteAssociation: 4,
	}); err != nil {
		return err
	}
	return d.holds("nothing is left in HighLevel", nil, d.ids())
}

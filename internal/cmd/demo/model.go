package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// The model has its own sub-account, and so its own rate limit.
const (
	modelID    = "demo-music-school"
	modelToken = "pit-demo-music"
)

// createModel starts over in a new folder and a new sub-account.
func (d *demo) createModel(ctx context.Context) error {
	d.folder = filepath.Join(filepath.Dir(d.folder), "model")
	if err := os.Mkdir(d.folder, 0o700); err != nil {
		return err
	}
	d.api.AddLocation(sandbox.Location{ID: modelID, Token: modelToken})
	d.engine = d.engine.With("GHL_ACCESS_TOKEN="+modelToken, "GHL_LOCATION_ID="+modelID)
	if err := d.write("model.tf"); err != nil {
		return err
	}
	if err := d.terraform(ctx, "Apply complete! Resources: 7 added, 0 changed, 0 destroyed.", "apply", "-auto-approve"); err != nil {
		return err
	}
	if err := d.wrote("each object was created once, after the objects it depends on", map[string]int{
		sandbox.RouteCreateObject:      1,
		sandbox.RouteCreateFieldFolder: 1,
		sandbox.RouteCreateCustomField: 2,
		sandbox.RouteUpdateObject:      1,
		sandbox.RouteCreateAssociation: 1,
		sandbox.RouteCreateCustomValue: 1,
	}); err != nil {
		return err
	}
	if err := d.holds("HighLevel has the object with its fields, the association and the custom value", []string{
		"object custom_objects.course (Course, Courses)",
		"field custom_objects.course.title (created with the object)",
		"field custom_objects.course.starts_on, DATE",
		"field custom_objects.course.seats, NUMERICAL",
		"value Front Desk: {{ custom_values.front_desk }} = +1 555 0100",
		"association attended_by: contact (Participant), custom_objects.course (Attended course)",
	}, d.model()); err != nil {
		return err
	}
	return d.planIsEmpty(ctx)
}

// driftModel changes a value and a label by hand, as a user of HighLevel would.
func (d *demo) driftModel(ctx context.Context) error {
	d.api.Objects().Update(modelID, "custom_objects.course", func(o *sandbox.Object) { o.Labels.Singular = "Class" })
	for _, value := range d.api.CustomValues().All(modelID) {
		d.api.CustomValues().Update(modelID, value.ID, func(v *sandbox.CustomValue) { v.Value = "" })
	}
	if err := d.terraform(ctx, "Apply complete! Resources: 0 added, 2 changed, 0 destroyed.", "apply", "-auto-approve"); err != nil {
		return err
	}
	return d.wrote("the label and the value were restored in place", map[string]int{sandbox.RouteUpdateObject: 1, sandbox.RouteUpdateCustomValue: 1})
}

func (d *demo) destroyModel(ctx context.Context) error {
	if err := d.terraform(ctx, "Destroy complete! Resources: 7 destroyed.", "destroy", "-auto-approve"); err != nil {
		return err
	}
	return d.holds("nothing is left in HighLevel", nil, d.model())
}

// model lists the objects, fields, values and associations of the sub-account modelID in the sandbox, one line each.
func (d *demo) model() []string {
	var rows []string
	for _, o := range d.api.Objects().All(modelID) {
		rows = append(rows, fmt.Sprintf("object %s (%s, %s)", o.Key, o.Labels.Singular, o.Labels.Plural))
		for _, f := range d.api.CustomFields().All(modelID) {
			row := fmt.Sprintf("field %s, %s", f.FieldKey, f.DataType)
			if f.FieldKey == o.PrimaryDisplayProperty {
				row = fmt.Sprintf("field %s (created with the object)", f.FieldKey)
			}
			rows = append(rows, row)
		}
	}
	for _, v := range d.api.CustomValues().All(modelID) {
		rows = append(rows, fmt.Sprintf("value %s: %s = %s", v.Name, v.FieldKey, v.Value))
	}
	for _, a := range d.associationsOf(modelID) {
		rows = append(rows, "association "+a)
	}
	return rows
}

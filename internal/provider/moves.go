package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// movable is the end of the description of every resource that has a MoveState.
const movable = " A `moved` block takes over objects that the providers restapi and restful manage."

// MoveState takes over the resources of generic providers. It runs before the
// provider is configured, and makes no call: Read fills in the rest.
func (r *associationResource) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{{StateMover: r.move}}
}

func (r *associationResource) move(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
	const thing = "Association"
	foreign := foreignStateOf(thing, req, resp)
	if foreign == nil {
		return
	}
	if foreign.field("associationId") != "" {
		resp.Diagnostics.Append(foreign.refused(thing, "holds a relation, which must be moved to a ghl_relation"))
		return
	}
	values := map[string]string{
		"id":                foreign.id,
		"location_id":       foreign.locationID(),
		"key":               foreign.field("key"),
		"first_object_key":  foreign.field("firstObjectKey"),
		"second_object_key": foreign.field("secondObjectKey"),
	}
	if missing := lacking(values); missing != "" {
		resp.Diagnostics.Append(foreign.refused(thing, "lacks what an association needs: "+missing))
		return
	}
	resp.Diagnostics.Append(r.begin(ctx, &resp.TargetState, values)...)
	resp.Diagnostics.Append(setIdentity(ctx, resp.TargetIdentity, objectRef{LocationID: values["location_id"], ID: values["id"]}.identity())...)
}

// MoveState takes over the resources of generic providers. It runs before the provider is
// configured, and makes no call: Read fills in the rest. Read also sets the identity, in
// which the records are in the order that HighLevel stores.
func (r *relationResource) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{{StateMover: moveRelation}}
}

func moveRelation(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
	const thing = "Relation"
	foreign := foreignStateOf(thing, req, resp)
	if foreign == nil {
		return
	}
	values := map[string]string{
		"location_id":      foreign.locationID(),
		"association_id":   foreign.field("associationId"),
		"first_record_id":  foreign.field("firstRecordId"),
		"second_record_id": foreign.field("secondRecordId"),
	}
	if missing := lacking(values); missing != "" {
		resp.Diagnostics.Append(foreign.refused(thing, "lacks what a relation needs: "+missing))
		return
	}
	if foreign.id != "" { // the id is optional: the two records identify the relation
		values["id"] = foreign.id
	}
	resp.Diagnostics.Append(setAttributes(ctx, &resp.TargetState, values)...)
}

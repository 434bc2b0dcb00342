package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

var _ resource.ResourceWithMoveState = (*associationResource)(nil)

// MoveState takes over the resources of generic providers. It runs before the
// provider is configured, and makes no call: what it leaves out, Read fills in.
func (r *associationResource) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{{StateMover: moveAssociation}}
}

func moveAssociation(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
	const thing = "Association"
	foreign, err := readForeignState(req)
	if err != nil {
		resp.Diagnostics.AddError("Unable to Move "+thing, err.Error())
	}
	if foreign == nil {
		return
	}
	if foreign.field("associationId") != "" {
		resp.Diagnostics.Append(foreign.refused(thing, "holds a relation, which is moved to a ghl_relation"))
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
		resp.Diagnostics.Append(foreign.refused(thing, fmt.Sprintf("lacks what an association needs: %s", missing)))
		return
	}
	for name, value := range values {
		resp.Diagnostics.Append(resp.TargetState.SetAttribute(ctx, path.Root(name), value)...)
	}
	resp.Diagnostics.Append(resp.TargetState.SetAttribute(ctx, path.Root("deletion_protection"), false)...)
	identity := associationRef{LocationID: values["location_id"], ID: values["id"]}.identity()
	resp.Diagnostics.Append(setIdentity(ctx, resp.TargetIdentity, identity)...)
}

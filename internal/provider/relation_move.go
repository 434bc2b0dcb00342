package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
)

var _ resource.ResourceWithMoveState = (*relationResource)(nil)

// MoveState takes over the resources of generic providers. It runs before the
// provider is configured, and makes no call: what it leaves out, Read fills in, the
// identity too, which holds the stored order.
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
	if foreign.id != "" { // the pair names it all the same
		values["id"] = foreign.id
	}
	resp.Diagnostics.Append(setAttributes(ctx, &resp.TargetState, values)...)
}

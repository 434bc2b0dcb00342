package provider

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// This file defines the attributes that several schemas share.

// locationAttribute is the location_id of every data source.
func locationAttribute() datasource.Attribute {
	return sought(anID, "Id of the sub-account (location) to read. Default: the provider's `location_id`, or `GHL_LOCATION_ID`.")
}

// unchanging is an attribute whose value HighLevel sets once.
func unchanging(description string) schema.Attribute {
	return schema.StringAttribute{
		MarkdownDescription: description, Computed: true,
		PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
	}
}

// required is a required string attribute of a resource.
func required(validators []validator.String, description string) schema.Attribute {
	return schema.StringAttribute{MarkdownDescription: description, Required: true, Validators: validators}
}

// managedLocation is the location_id of every resource.
func managedLocation(noun string) schema.Attribute {
	return schema.StringAttribute{
		MarkdownDescription: "Id of the sub-account (location). Default: the provider's `location_id`, or `GHL_LOCATION_ID`. " +
			"Setting a different id replaces the " + noun + ". If only the default changes, the plan fails instead.",
		Optional: true, Computed: true, Validators: anID,
	}
}

// protectionAttribute is the deletion_protection of a resource.
func protectionAttribute(noun string) schema.Attribute {
	return schema.BoolAttribute{
		MarkdownDescription: "While this is `true` in the state, a plan that would destroy or replace the " + noun + " fails. To lift the protection, first apply `false` alone. Default: `false`. Updated in place, without a call to HighLevel. " +
			"A plan cannot detect the protection of a tainted instance if it runs with `-refresh=false`, or if the key changes too.",
		Optional: true, Computed: true, Default: booldefault.StaticBool(false),
	}
}

// sought is an attribute of a data source that is a search criterion if it is set.
// Otherwise, the data source returns its value.
func sought(validators []validator.String, description string) datasource.Attribute {
	return datasource.StringAttribute{MarkdownDescription: description, Optional: true, Computed: true, Validators: validators}
}

// filtering is an attribute that narrows what a data source reads.
func filtering(validators []validator.String, description string) datasource.Attribute {
	return datasource.StringAttribute{MarkdownDescription: description, Optional: true, Validators: validators}
}

// computedText is a string attribute of an item that a data source lists.
func computedText(description string) datasource.Attribute {
	return datasource.StringAttribute{MarkdownDescription: description, Computed: true}
}

// itemsAttribute is the list of items that a data source returns.
func itemsAttribute(description string, attributes map[string]datasource.Attribute) datasource.Attribute {
	return datasource.ListNestedAttribute{
		MarkdownDescription: description, Computed: true,
		NestedObject: datasource.NestedAttributeObject{Attributes: attributes},
	}
}

// timeoutsAttribute returns the attribute timeouts. It is not a block, because only an
// attribute can be null or computed.
func timeoutsAttribute(ctx context.Context) schema.Attribute {
	const form = ", as a [duration](https://pkg.go.dev/time#ParseDuration) such as `90s` or `20m`. Default: `10m`."
	const inState = " A changed value takes effect only after the next apply."
	attribute := timeouts.Attributes(ctx, timeouts.Opts{
		Create: true, CreateDescription: "How long creating may take" + form,
		Read: true, ReadDescription: "How long reading may take" + form + inState,
		Update: true, UpdateDescription: "How long changing may take" + form,
		Delete: true, DeleteDescription: "How long deleting may take" + form + inState,
	})
	if nested, ok := attribute.(schema.SingleNestedAttribute); ok {
		nested.MarkdownDescription = "How long each operation may take, including waits for the rate limit. Default: 10 minutes for each. Updated in place, without a call to HighLevel."
		for name, duration := range nested.Attributes {
			if text, ok := duration.(schema.StringAttribute); ok {
				text.Validators = aDuration
				nested.Attributes[name] = text
			}
		}
		return nested
	}
	return attribute
}

// noTimeouts is the null value of the attribute timeouts. A null value needs a type too.
func noTimeouts() timed {
	return timed{timeouts.Value{Object: types.ObjectNull(map[string]attr.Type{
		"create": types.StringType, "read": types.StringType, "update": types.StringType, "delete": types.StringType,
	})}}
}

// given returns value, or null if it is empty because HighLevel omitted it.
func given(value string) types.String {
	if value == "" {
		return types.StringNull()
	}
	return types.StringValue(value)
}

func anyUnknown(values ...types.String) bool {
	return slices.ContainsFunc(values, types.String.IsUnknown)
}

// compared is an attribute with its planned and its prior value.
type compared struct {
	name           string
	planned, prior types.String
}

// differing lists the attributes whose planned and prior values are not the same.
func differing(same func(planned, prior types.String) bool, attributes ...compared) (paths path.Paths) {
	for _, a := range attributes {
		if !same(a.planned, a.prior) {
			paths.Append(path.Root(a.name))
		}
	}
	return paths
}

func equalText(a, b types.String) bool { return a.Equal(b) }

package provider

import (
	"fmt"
	"os"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

const allowedLocationIDsName = "allowed_location_ids"

func allowedLocationIDsAttribute() schema.Attribute {
	return schema.SetAttribute{
		MarkdownDescription: "Ids of the only sub-accounts (locations) that the provider sends anything about, whatever a resource, a data source, a list or an import names. " +
			"An empty set allows none. The data source `ghl_locations`, which asks about the agency, is not limited. Default: all. " +
			"Environment variable: `GHL_ALLOWED_LOCATION_IDS`, separated by commas. If both are set, a sub-account has to be in both: a configuration can narrow what the environment allows, and never widen it.",
		ElementType: types.StringType, Optional: true,
		Validators: []validator.Set{setvalidator.ValueStringsAre(anID...)},
	}
}

// allowedWithEnvironment is what both the configuration and the environment allow. The
// set is null if neither limits anything.
func allowedWithEnvironment(configured types.Set) (types.Set, diag.Diagnostics) {
	env := os.Getenv(variable(allowedLocationIDsName))
	if env == "" || !isWhollyKnown(configured) {
		return configured, nil
	}
	var diags diag.Diagnostics
	allowed := []attr.Value{}
	for _, id := range commaSeparated(env) {
		element := types.StringValue(id)
		if problem := idProblem(element); problem != "" {
			diags.AddAttributeError(path.Root(allowedLocationIDsName), "Unable to Configure Provider", fmt.Sprintf("An id in %s %s.", variable(allowedLocationIDsName), problem))
		}
		if configured.IsNull() || slices.ContainsFunc(configured.Elements(), element.Equal) {
			allowed = append(allowed, element)
		}
	}
	set, problems := types.SetValue(types.StringType, allowed)
	return set, append(diags, problems...)
}

// allowedLocationIDs are nil if all sub-accounts are allowed.
func (m providerModel) allowedLocationIDs() []string {
	if m.AllowedLocationIDs.IsNull() {
		return nil
	}
	ids := []string{}
	for _, element := range m.AllowedLocationIDs.Elements() {
		if id, ok := element.(types.String); ok {
			ids = append(ids, id.ValueString())
		}
	}
	return ids
}

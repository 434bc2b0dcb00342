package provider

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
)

// importForm describes how an import identifies an object.
type importForm struct {
	thing     string
	identity  identityschema.Schema
	partEmpty string // the error for an identity in which a required part is empty
	syntax    string // of the import id
	parse     func(id string) (map[string]string, error)
}

func (m *managed) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = m.form.identity
}

// ImportState writes the parts of an import id or an import identity into the state and
// the identity. It makes no call: Read fills in the rest.
func (m *managed) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	named, diags := m.form.named(ctx, req)
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	if named["location_id"] == "" {
		location, diags := m.data.importLocation(m.form.syntax)
		if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
			return
		}
		named["location_id"] = location
	}
	maps.DeleteFunc(named, func(_, part string) bool { return part == "" }) // an omitted optional part must be null
	resp.Diagnostics.Append(m.begin(ctx, &resp.State, named)...)
	for attribute := range m.form.identity.Attributes {
		if named[attribute] == "" || resp.Identity == nil {
			return // imported by key or without an optional part, or by an engine without identities
		}
	}
	for attribute := range m.form.identity.Attributes {
		resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root(attribute), named[attribute])...)
	}
}

// named returns the parts of an import id or an import identity, by attribute.
func (form importForm) named(ctx context.Context, req resource.ImportStateRequest) (map[string]string, diag.Diagnostics) {
	var diags diag.Diagnostics
	summary := "Unable to Import " + form.thing
	if req.ID != "" || !hasIdentity(req.Identity) {
		named, err := form.parse(req.ID)
		if err != nil {
			diags.AddError(summary, fmt.Sprintf("The import id %q is invalid: %s.", req.ID, err))
		}
		return named, diags
	}
	named := map[string]string{}
	for _, attribute := range slices.Sorted(maps.Keys(form.identity.Attributes)) {
		var part types.String
		diags.Append(req.Identity.GetAttribute(ctx, path.Root(attribute), &part)...)
		named[attribute] = part.ValueString()
		if named[attribute] == "" && form.identity.Attributes[attribute].IsRequiredForImport() {
			diags.AddAttributeError(path.Root(attribute), summary, form.partEmpty)
		}
		if problem := idProblem(part); problem != "" {
			diags.AddError(summary, fmt.Sprintf("The part %q of the identity %s.", named[attribute], problem))
		}
	}
	return named, diags
}

// importLocation returns the provider's default sub-account, for an import that does not
// specify one.
func (d *providerData) importLocation(syntax string) (location string, diags diag.Diagnostics) {
	const summary = "Unable to Import"
	if d == nil {
		return "", diag.Diagnostics{diag.NewErrorDiagnostic(summary, "The provider has not been configured.")}
	}
	location, problem := chosenLocation(types.StringNull(), d.locationID)
	if problem != "" {
		diags.AddError(summary, problem+"\n\nAn import id, "+syntax+", or an import identity can also specify the sub-account.")
	}
	return location, diags
}

// setAttributes sets string attributes of a state.
func setAttributes(ctx context.Context, state *tfsdk.State, values map[string]string) (diags diag.Diagnostics) {
	for name, value := range values {
		diags.Append(state.SetAttribute(ctx, path.Root(name), value)...)
	}
	return diags
}

// decodeIDParts decodes and checks parts of an import id. Even with an error, it returns
// as many parts as it was given.
func decodeIDParts(syntax string, encoded ...string) ([]string, error) {
	var noID error
	parts := make([]string, len(encoded))
	for i, part := range encoded {
		decoded, err := decodeIDPart(syntax, part)
		if err != nil {
			return parts, err
		}
		parts[i] = decoded
		if err := ghl.CheckID(decoded); err != nil && noID == nil {
			noID = fmt.Errorf("its part %q %w; the format is %s", part, err, syntax)
		}
	}
	return parts, cmp.Or(wholeParts(syntax, encoded...), noID)
}

func decodeIDPart(syntax, part string) (string, error) {
	decoded, err := url.PathUnescape(part)
	if err != nil || !utf8.ValidString(decoded) {
		return "", fmt.Errorf("its part %q has invalid percent-encoding; the format is %s, and a percent sign inside an id or a key is written as %%25", part, syntax)
	}
	return decoded, nil
}

// wholeParts refuses empty parts, and parts with leading or trailing blanks, which are
// typing mistakes.
func wholeParts(syntax string, parts ...string) error {
	for _, part := range parts {
		switch {
		case part == "":
			return fmt.Errorf("one of its parts is empty; the format is %s", syntax)
		case part != strings.TrimSpace(part):
			return fmt.Errorf("its part %q begins or ends with a blank; the format is %s", part, syntax)
		}
	}
	return nil
}

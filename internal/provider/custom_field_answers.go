package provider

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// fieldObjectOf returns the key of the object that a field or folder belongs to. If the
// answer omits that key, fieldObjectOf returns the part of the field's key before the last
// dot.
func fieldObjectOf(row ghl.CustomField) string {
	return cmp.Or(row.ObjectKey, row.FieldKey[:max(strings.LastIndex(row.FieldKey, "."), 0)])
}

// keptObject returns the known object unless the answer contains a different one.
func keptObject(written types.String, row ghl.CustomField) types.String {
	return keptUnless(written, cmp.Or(fieldObjectOf(row), written.ValueString()), ghl.SameKey)
}

// fieldOrFolder reads a field or folder that an import specifies only by its id.
func fieldOrFolder(ctx context.Context, s *store.Store, ref objectRef, folder bool) (ghl.CustomField, error) {
	row, err := s.CustomField(ctx, ref.LocationID, ref.ID)
	if err == nil && row.IsFolder != folder {
		err = &otherKindError{ref.ID, map[bool]string{false: "ghl_custom_field", true: "ghl_custom_field_folder"}[row.IsFolder]}
	}
	return row, err
}

// otherKindError is the error for importing a folder as a field, or a field as a folder.
type otherKindError struct{ id, resourceType string }

func (e *otherKindError) Error() string {
	return fmt.Sprintf("the id %q belongs to a %s", e.id, e.resourceType)
}

// keptOrNull is keptUnless for an optional string. An empty string counts as null.
func keptOrNull(written types.String, stored string, same func(a, b string) bool) types.String {
	if same(written.ValueString(), stored) {
		return written
	}
	return given(stored)
}

func numberOrNull(n int) types.Int64 {
	if n == 0 {
		return types.Int64Null()
	}
	return types.Int64Value(int64(n))
}

// formatSet returns the file formats of a field. Some answers contain the formats as one
// string, separated by commas.
func formatSet(stored []string) types.Set {
	var formats []attr.Value
	for _, text := range stored {
		for format := range strings.SplitSeq(text, ",") {
			formats = append(formats, types.StringValue(strings.TrimSpace(format)))
		}
	}
	if len(formats) == 0 {
		return types.SetNull(types.StringType)
	}
	set, _ := types.SetValue(types.StringType, formats)
	return set
}

// anObjectWithFields validates keys of objects whose fields the API covers.
var anObjectWithFields = append([]validator.String{
	check{"Unsupported Object", "must be neither contact nor opportunity", func(value types.String) string {
		if key := strings.ToLower(value.ValueString()); key == "contact" || key == "opportunity" {
			return "must be a custom object or business: HighLevel's API for custom fields does not cover contact and opportunity. Manage their fields in HighLevel"
		}
		return ""
	}},
}, notEmpty...)

// aDataType validates data types. HighLevel adds types over time, so the provider does not
// list them.
var aDataType = []validator.String{
	stringvalidator.LengthAtLeast(1),
	check{"Invalid Data Type", "must be in upper case, such as TEXT", func(value types.String) string {
		if text := value.ValueString(); strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != "" {
			return "must be in upper case, such as TEXT or SINGLE_OPTIONS"
		}
		return ""
	}},
}

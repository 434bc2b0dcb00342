package provider

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// The API cannot remove an option from a field. The state contains the options of the
// configuration, in the same order. After an import, it contains all options. Options
// that somebody adds by hand later are not in the state, but updates include them.

// fieldOption is one of the options of a field.
type fieldOption struct {
	Key   types.String `tfsdk:"key"`
	Label types.String `tfsdk:"label"`
	URL   types.String `tfsdk:"url"`
}

var fieldOptionType = types.ObjectType{AttrTypes: map[string]attr.Type{"key": types.StringType, "label": types.StringType, "url": types.StringType}}

func fieldOptionsAttribute() schema.Attribute {
	return schema.ListNestedAttribute{
		MarkdownDescription: fieldOptionsOf + " Default: none. Updated in place: options are added and relabelled. HighLevel cannot remove an option, so a plan that would remove one fails. Options that were added by hand stay, and no plan shows a change for them.",
		Optional:            true,
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"key": schema.StringAttribute{
				MarkdownDescription: "Key of the option, which cannot change. Default: the key that HighLevel derives from the label. To change a label, set the key as the state shows it: otherwise the change looks like one option removed and another added.",
				Optional:            true, Computed: true, Validators: anyKey,
			},
			"label": required(anyText, "Label of the option."),
			"url":   schema.StringAttribute{MarkdownDescription: "URL of an image, for a `RADIO`. Default: none.", Optional: true},
		}},
	}
}

func (o fieldOption) row() ghl.FieldOption {
	return ghl.FieldOption{Key: o.Key.ValueString(), Label: o.Label.ValueString(), URL: o.URL.ValueString()}
}

func (o fieldOption) is(row ghl.FieldOption) bool { return store.SameOption(o.row(), row) }

// optionsIn returns the options of a configuration, a plan or a state, or nil while they
// are unknown.
func optionsIn(list types.List) []fieldOption {
	var options []fieldOption
	if !list.IsUnknown() {
		list.ElementsAs(context.Background(), &options, false) // the schema guarantees the type
	}
	return options
}

func optionList(options []fieldOption) types.List {
	list, _ := types.ListValueFrom(context.Background(), fieldOptionType, options)
	return list
}

// optionRows returns the options as rows, or nil if there are none.
func optionRows(list types.List) (rows []ghl.FieldOption) {
	for _, option := range optionsIn(list) {
		rows = append(rows, option.row())
	}
	return rows
}

// keyAmong returns the key of the row with the option's label. If no row has that label,
// keyAmong returns its second argument.
func (o fieldOption) keyAmong(rows []ghl.FieldOption, otherwise types.String) types.String {
	o.Key = types.StringNull() // by its label
	if at := slices.IndexFunc(rows, o.is); at >= 0 && !o.Label.IsUnknown() {
		return given(rows[at].Key)
	}
	return otherwise
}

// planKeys sets the keys of planned options from the state, if the configuration sets
// none. planKeys matches options by label. The engine matches options by position, which
// may have changed.
func planKeys(plan, config, state types.List) types.List {
	planned, configured := optionsIn(plan), optionsIn(config)
	if len(planned) == 0 || len(planned) != len(configured) {
		return plan // ignore_changes
	}
	for i := range planned {
		if configured[i].Key.IsNull() && configured[i].Label.Equal(planned[i].Label) {
			planned[i].Key = planned[i].keyAmong(optionRows(state), types.StringUnknown())
		}
	}
	return optionList(planned)
}

// createdKeys sets the unknown keys of planned options to the keys that HighLevel made.
func createdKeys(plan types.List, rows []ghl.FieldOption) types.List {
	options := optionsIn(plan)
	if len(options) == 0 {
		return plan
	}
	for i, option := range options {
		if option.Key.IsUnknown() {
			options[i].Key = option.keyAmong(rows, types.StringNull())
		}
	}
	return optionList(options)
}

// refreshedOptions returns the options of a state that still exist. refreshedOptions
// matches options by key, or else by label.
func refreshedOptions(state types.List, rows []ghl.FieldOption) types.List {
	var there []fieldOption
	for _, option := range optionsIn(state) {
		at := slices.IndexFunc(rows, func(row ghl.FieldOption) bool { return row.Key != "" && ghl.SameKey(row.Key, option.Key.ValueString()) })
		if at < 0 {
			at = slices.IndexFunc(rows, func(row ghl.FieldOption) bool { return ghl.SameLabel(row.Label, option.Label.ValueString()) })
		}
		if at >= 0 {
			there = append(there, fieldOption{
				Key:   keptOrNull(option.Key, cmp.Or(rows[at].Key, option.Key.ValueString()), ghl.SameKey),
				Label: keptUnless(option.Label, rows[at].Label, ghl.SameLabel),
				URL:   keptOrNull(option.URL, rows[at].URL, ghl.SameLabel),
			})
		}
	}
	if len(there) == 0 && len(state.Elements()) == 0 {
		return state // null, or an empty list
	}
	return optionList(there)
}

// storedOptions returns all stored options of a field.
func storedOptions(rows []ghl.FieldOption) types.List {
	if len(rows) == 0 {
		return types.ListNull(fieldOptionType)
	}
	options := make([]fieldOption, len(rows))
	for i, row := range rows {
		options[i] = fieldOption{Key: given(row.Key), Label: types.StringValue(row.Label), URL: given(row.URL)}
	}
	return optionList(options)
}

// optionsMissing returns the labels and keys of the stored options that are not planned.
func optionsMissing(planned types.List, rows []ghl.FieldOption) (labels []string) {
	options := optionsIn(planned)
	for _, row := range rows {
		if !slices.ContainsFunc(options, func(o fieldOption) bool { return o.is(row) }) {
			labels = append(labels, fmt.Sprintf("%q (key %q)", harmless(row.Label), harmless(row.Key)))
		}
	}
	return labels
}

// anyOpen reports whether any options of a configuration are still unknown.
func anyOpen(config types.List) bool {
	return config.IsUnknown() || slices.ContainsFunc(optionsIn(config), func(o fieldOption) bool {
		return o.Key.IsUnknown() || o.Key.IsNull() && o.Label.IsUnknown()
	})
}

// optionsTakenAway is the error for options that were removed from a configuration.
func optionsTakenAway(state customFieldModel, labels []string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("options"), "Unable to Plan Custom Field", fmt.Sprintf(
		"HighLevel's API cannot remove an option from a field, but the configuration of the %s no longer has %s. Nothing has been changed.\n\n"+
			"If you renamed an option, set its key, as the state shows it, next to the new label. Otherwise restore the option, or delete it by hand in HighLevel and plan again: "+
			"the configuration does not need an option that no longer exists. An option's key cannot be changed either.",
		state.inWords(), strings.Join(labels, ", ")))
}

// optionsKept is the warning about options that exist in HighLevel but not in the
// configuration.
func optionsKept(state customFieldModel, labels []string) diag.Diagnostic {
	return diag.NewWarningDiagnostic("Options of a Custom Field Are Not in the Configuration", fmt.Sprintf(
		"In HighLevel, the %s has options that the configuration lacks: %s. These options stay unchanged. To manage these options, add them to the attribute options.", state.inWords(), strings.Join(labels, ", ")))
}

package provider

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

var (
	_ datasource.DataSourceWithConfigure        = (*recordDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*recordDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig   = (*recordDataSource)(nil)
)

type recordDataSource struct{ shown }

func newRecordDataSource() datasource.DataSource {
	return &recordDataSource{shown{noun: "record"}}
}

// recordLookup is the data source ghl_record: what to look for, and the id that was
// found. No other data of the record is stored in the state.
type recordLookup struct {
	ID         types.String `tfsdk:"id"`
	LocationID types.String `tfsdk:"location_id"`
	ObjectKey  types.String `tfsdk:"object_key"`
	Email      types.String `tfsdk:"email"`
	Phone      types.String `tfsdk:"phone"`
	Property   types.String `tfsdk:"property"`
	Value      types.String `tfsdk:"value"`
	WaitFor    types.String `tfsdk:"wait_for"`
	Optional   types.Bool   `tfsdk:"optional"`
}

func (d *recordDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	withProperty := append(slices.Clone(notEmpty), stringvalidator.AlsoRequires(path.MatchRoot("value")))
	withValue := append(slices.Clone(anyText), stringvalidator.AlsoRequires(path.MatchRoot("property")))
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds the id of a record: a contact by its e-mail address or phone number, any other record by the value of one of its properties. Only the id is stored in the state. Reads that look for the same record share one call. The guide [Relations from a CSV file](../guides/relations.md) shows an example.",
		Attributes: map[string]schema.Attribute{
			"id":          computedText("Id of the record; null if there is none and `optional` is set."),
			"location_id": locationAttribute(),
			"object_key": schema.StringAttribute{
				MarkdownDescription: "Key of the record's object, in upper or lower case: `contact`, `business` (the company object), or the key of a custom object, either full (`custom_objects.property`) or short (`property`). Write the key as a literal: if it refers to a resource with a pending change, the engine looks for the record only during the apply, and replaces the relations that use its id.",
				Required:            true, Validators: notEmpty,
			},
			"email":    filtering(notEmpty, "E-mail address of a contact, in upper or lower case. If the sub-account allows several contacts with the same address, HighLevel returns one of them. Set this, or `phone`, or `property` with `value`."),
			"phone":    filtering(aPhoneNumber, "Phone number of a contact, with its country code, as in `+15550100`. Blanks, hyphens, dots, slashes and parentheses make no difference. Set this, or `email`, or `property` with `value`."),
			"property": filtering(withProperty, "Key of a property (field) of any other object, either short (`number`) or full (`custom_objects.property.number`). Set this, or `email`, or `phone`."),
			"value":    filtering(withValue, "Value of the property, compared exactly, case included. Write a number as HighLevel stores it. Set this, or `email`, or `phone`."),
			"wait_for": filtering(aDuration, "How long to keep looking if no record is found, as a [duration](https://pkg.go.dev/time#ParseDuration) such as `15s`: HighLevel may take up to 12 seconds to find a new record. Default: no retry."),
			"optional": schema.BoolAttribute{
				MarkdownDescription: "Whether `id` is null if no record is found. Several matching records are still an error. Default: `false`, which makes a missing record an error.",
				Optional:            true,
			},
		},
	}
}

// aPhoneNumber validates phone numbers as people write them.
var aPhoneNumber = append(slices.Clone(notEmpty), check{"Invalid Phone Number", `must be a phone number such as "+15550100"`, phoneProblem})

func phoneProblem(value types.String) string {
	text := value.ValueString()
	if value.IsNull() || value.IsUnknown() || len(ghl.PhoneNumber(text)) > 4 && strings.Trim(text, "+0123456789 -./()\u00a0\u2010\u2011") == "" {
		return ""
	}
	return fmt.Sprintf(`must be a phone number with its country code, such as "+15550100". It is %q`, text)
}

func (d *recordDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("email"), path.MatchRoot("phone"), path.MatchRoot("property")),
	}
}

// ValidateConfig refuses search attributes that do not fit the object.
func (d *recordDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	lookup, ok := read[recordLookup](ctx, req.Config, &resp.Diagnostics)
	if !ok || lookup.ObjectKey.IsUnknown() {
		return
	}
	if lookup.isOfContact() && !lookup.Property.IsNull() {
		resp.Diagnostics.AddAttributeError(path.Root("property"), "Invalid Search", "A contact can only be found by email or phone. Set one of these instead of property and value.")
	}
	for name, value := range map[string]types.String{"email": lookup.Email, "phone": lookup.Phone} {
		if !lookup.isOfContact() && !value.IsNull() {
			resp.Diagnostics.AddAttributeError(path.Root(name), "Invalid Search", fmt.Sprintf("Only a contact can be found by %s. Set property and value, or set object_key to \"contact\".", name))
		}
	}
}

func (l recordLookup) isOfContact() bool { return ghl.SameKey(l.ObjectKey.ValueString(), "contact") }

func (d *recordDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	lookup, ok := read[recordLookup](ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	at, record, _ := lookup.by()
	o := operation{verb: "Read", thing: "Record", subject: record}
	d.data.carryOutIn(ctx, o, lookup.LocationID, &resp.Diagnostics, func(ctx context.Context, location string) error {
		lag, _ := time.ParseDuration(lookup.WaitFor.ValueString()) // validation refuses invalid durations
		id, err := d.data.store.Record(ctx, lookup.query(location), lag)
		problem := lookup.problem(location, err)
		switch {
		case errors.Is(err, store.ErrNotFound) && lookup.Optional.ValueBool():
		case problem != "":
			resp.Diagnostics.AddAttributeError(at, o.summary(), problem)
			return nil
		case err != nil:
			return err
		}
		lookup.LocationID, lookup.ID = types.StringValue(location), given(id)
		resp.Diagnostics.Append(resp.State.Set(ctx, lookup)...)
		return nil
	})
}

func (l recordLookup) query(location string) store.RecordQuery {
	q := store.RecordQuery{LocationID: location, Email: l.Email.ValueString(), Phone: l.Phone.ValueString()}
	if !l.isOfContact() {
		q.ObjectKey, q.Value = store.ObjectKey(l.ObjectKey.ValueString()), l.Value.ValueString()
		q.Property = l.Property.ValueString()
		if prefix := q.ObjectKey + "."; len(q.Property) > len(prefix) && ghl.SameKey(q.Property[:len(prefix)], prefix) {
			q.Property = q.Property[len(prefix):]
		}
	}
	return q
}

// by returns the attribute that identifies the record, the record in words, and what to
// correct if no record is found.
func (l recordLookup) by() (at path.Path, record, correct string) {
	switch {
	case !l.Email.IsNull():
		return path.Root("email"), fmt.Sprintf("contact with the e-mail address %q", l.Email.ValueString()), "Correct the address"
	case !l.Phone.IsNull():
		return path.Root("phone"), fmt.Sprintf("contact with the phone number %q", l.Phone.ValueString()), "Correct the number, which needs its country code"
	default:
		return path.Root("value"), fmt.Sprintf("record of %q with the value %q of the property %q", l.ObjectKey.ValueString(), l.Value.ValueString(), l.Property.ValueString()),
			"Correct the value, which is compared exactly, case included"
	}
}

// problem says what to do if a lookup does not find exactly one record. It returns "" for
// any other error.
func (l recordLookup) problem(location string, err error) string {
	_, record, correct := l.by()
	several, isSeveral := errors.AsType[*store.SeveralRecordsError](err)
	switch {
	case isSeveral:
		count := fmt.Sprint(several.Count)
		if several.AtLeast {
			count += " or more"
		}
		return fmt.Sprintf("There is more than one %s in sub-account %q: %s. Use a property with unique values, correct the value of the other records in HighLevel, or write the id of the right record instead of this data source.",
			record, location, count)
	case errors.Is(err, store.ErrInexactSearch):
		return fmt.Sprintf("HighLevel's search for the %s in sub-account %q finds too many records with similar values. Use a property whose values differ more, or write the id of the record instead of this data source.", record, location)
	case errors.Is(err, store.ErrNotFound):
		problem := fmt.Sprintf("There is no %s in sub-account %q. %s, or create the record in HighLevel.", record, location, correct)
		if l.WaitFor.IsNull() {
			problem += ` If the record is new, set wait_for = "15s": HighLevel may take up to 12 seconds to find it.`
		}
		return problem + " With optional = true, the id is null instead of this error; a relation that exists only for rows with an id is then destroyed."
	default:
		return ""
	}
}

package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"

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
	_ datasource.DataSourceWithConfigure        = (*associationDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*associationDataSource)(nil)
)

type associationDataSource struct{ shown }

func newAssociationDataSource() datasource.DataSource {
	return &associationDataSource{shown{noun: "association"}}
}

// associationLookup is the model of the data source ghl_association: the search
// criteria, and the association that they match.
type associationLookup struct {
	ObjectKey      types.String `tfsdk:"object_key"`
	OtherObjectKey types.String `tfsdk:"other_object_key"`
	associationItem
}

func (d *associationDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	withObjectKey := append(slices.Clone(notEmpty), stringvalidator.AlsoRequires(path.MatchRoot("object_key")))
	attributes := associationItemAttributes()
	attributes["id"] = sought(anID, "Id of the association. Set this, or `key`, or `object_key`.")
	attributes["location_id"] = locationAttribute()
	attributes["key"] = sought(anyKey, "Key of the association, in upper or lower case. Set this, or `id`, or `object_key`.")
	attributes["object_key"] = filtering(notEmpty, "Object on either side of the association, such as `contact` or `custom_objects.property`. Set this, or `id`, or `key`. If several associations match, the read fails and lists them.")
	attributes["other_object_key"] = filtering(withObjectKey, "Object on the other side, to narrow a search by `object_key`. Default: any.")
	attributes["association_type"] = sought(withObjectKey, "Who made the association: `USER_DEFINED` or `SYSTEM_DEFINED`. Set it to narrow a search by `object_key`. Default: either.")
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads one association, user-defined or system-defined, found by its id, its key, or the objects that it links.",
		Attributes:          attributes,
	}
}

func (d *associationDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("key"), path.MatchRoot("object_key")),
	}
}

func (d *associationDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	lookup, ok := read[associationLookup](ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	o := operation{verb: "Read", thing: "Association", subject: lookup.inWords()}
	d.data.carryOutIn(ctx, o, lookup.LocationID, &resp.Diagnostics, func(ctx context.Context, location string) error {
		rows, err := lookup.rows(ctx, d.data.store, location)
		if err != nil {
			return err
		}
		if len(rows) > 1 {
			resp.Diagnostics.AddAttributeError(path.Root("object_key"), o.summary(),
				fmt.Sprintf("%d associations in sub-account %q match. Narrow the search with other_object_key or association_type, or select one by id or key:\n\n%s", len(rows), location, listed(rows)))
			return nil
		}
		lookup.associationItem = lookup.found(location, rows[0])
		resp.Diagnostics.Append(resp.State.Set(ctx, lookup)...)
		return nil
	})
}

// rows returns the associations that match the lookup, or an error if there are none.
func (l associationLookup) rows(ctx context.Context, s *store.Store, location string) ([]ghl.Association, error) {
	if !l.ID.IsNull() {
		row, err := s.Association(ctx, location, l.ID.ValueString())
		return []ghl.Association{row}, err
	}
	if !l.Key.IsNull() {
		row, err := s.AssociationByKey(ctx, location, l.Key.ValueString())
		return []ghl.Association{row}, err
	}
	rows, err := s.AssociationsByObjectKey(ctx, location, l.ObjectKey.ValueString())
	if err != nil {
		return nil, err
	}
	rows = fitting(rows, l.ObjectKey, l.OtherObjectKey, l.AssociationType)
	if len(rows) == 0 {
		return nil, store.ErrNotFound
	}
	return rows, nil
}

// found returns row as the result of a lookup. If the lookup has a key, the result keeps
// the spelling of that key.
func (l associationLookup) found(location string, row ghl.Association) associationItem {
	item := newAssociationItem(location, row)
	if strings.EqualFold(l.Key.ValueString(), row.Key) {
		item.Key = l.Key
	}
	return item
}

func (l associationLookup) inWords() string {
	var by []string
	for _, part := range []struct {
		name  string
		value types.String
	}{{"id", l.ID}, {"key", l.Key}, {"object key", l.ObjectKey}, {"other object key", l.OtherObjectKey}, {"type", l.AssociationType}} {
		if !part.value.IsNull() {
			by = append(by, fmt.Sprintf("the %s %q", part.name, part.value.ValueString()))
		}
	}
	return "association with " + strings.Join(by, " and ")
}

// fitting returns the associations of a type that link objectKey to otherObjectKey, in
// either order. A null argument matches anything.
func fitting(rows []ghl.Association, objectKey, otherObjectKey, associationType types.String) []ghl.Association {
	links := func(row ghl.Association, one, other types.String) bool {
		return (one.IsNull() || ghl.SameKey(row.FirstObjectKey, one.ValueString())) &&
			(other.IsNull() || ghl.SameKey(row.SecondObjectKey, other.ValueString()))
	}
	return slices.DeleteFunc(slices.Clone(rows), func(row ghl.Association) bool {
		return !links(row, objectKey, otherObjectKey) && !links(row, otherObjectKey, objectKey) ||
			!associationType.IsNull() && row.AssociationType != associationType.ValueString()
	})
}

// mostListed is the maximum number of associations that an error lists.
const mostListed = 20

// listed formats associations, one per line.
func listed(rows []ghl.Association) string {
	var lines strings.Builder
	for i, row := range byKey(rows) {
		if i == mostListed {
			fmt.Fprintf(&lines, "  and %d more\n", len(rows)-mostListed)
			break
		}
		fmt.Fprintf(&lines, "  %s: key %q, %s (%q) and %s (%q), %s\n", harmless(row.ID), row.Key,
			harmless(row.FirstObjectKey), row.FirstObjectLabel, harmless(row.SecondObjectKey), row.SecondObjectLabel, harmless(row.AssociationType))
	}
	return lines.String()
}

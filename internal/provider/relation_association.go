package provider

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/resourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// A configuration specifies the association of a relation by id or by key. The state
// contains the id in either case. If the lookup of a key is inconclusive, the relation
// stays under the association in the state, so that nothing is deleted.

// relationAssociation identifies an association by id, by key or by both.
type relationAssociation struct{ location, id, key types.String }

// underAssociation is a model that has an association: a relation, or the relations of a
// record.
type underAssociation[M any] interface {
	managedObject
	association() relationAssociation
	under(id, key types.String) M
}

// relationAssociationAttributes returns the attributes for the id and the key of a
// resource's association. In the descriptions, noun stands for the resource, and nouns is
// its plural.
func relationAssociationAttributes(noun, nouns string) (id, key schema.Attribute) {
	return schema.StringAttribute{
			MarkdownDescription: "Id of the association, which may be system-defined. Set this, or `association_key`. Changing this attribute replaces the " + noun + ".",
			Optional:            true, Computed: true, Validators: anID,
		}, schema.StringAttribute{
			MarkdownDescription: fmt.Sprintf("Key of the association, as HighLevel stores it, in upper or lower case. Use the key for an association that HighLevel defines itself, or that another configuration manages. Set this, or `association_id`. For an association of the same configuration, set `association_id`: replacing the association then replaces the %[1]s. "+
				"Each refresh looks the key up, once for all %[2]s that use it. If a new key belongs to the same association, the attribute is updated in place, and nothing changes in HighLevel. A key of another association replaces the %[1]s. "+
				"The key is null until a configuration or an import by key sets it.", noun, nouns),
			Optional: true, Computed: true, Validators: anyKey,
		}
}

// oneAssociation requires the id or the key of an association.
func oneAssociation() []resource.ConfigValidator {
	return []resource.ConfigValidator{resourcevalidator.ExactlyOneOf(path.MatchRoot("association_id"), path.MatchRoot("association_key"))}
}

// completeAssociation plans association_id for a configuration that sets association_key.
// If the configuration sets association_id, association_key keeps its value in the state.
func completeAssociation[M underAssociation[M]](ctx context.Context, d *providerData, plan, state M, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) (M, bool) {
	var key types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("association_key"), &key)...)
	if resp.Diagnostics.HasError() {
		return plan, false
	}
	var diags diag.Diagnostics
	id := plan.association().id
	written := id
	switch {
	case key.IsNull():
		key = state.association().key
		diags = stays(d, plan, state)
	case plan.association().location.Equal(state.association().location):
		id, diags = keptAssociation(ctx, d, plan.under(id, key), state)
		written = id
		diags.Append(stays(d, plan.under(id, key), state)...)
	default:
		id, diags = newAssociation(ctx, d, plan.under(id, key))
		written = types.StringUnknown() // another association may have the key when the plan is applied
	}
	resp.Diagnostics.Append(diags...)
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("association_id"), written)...)
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("association_key"), key)...)
	return plan.under(id, key), !resp.Diagnostics.HasError()
}

// newAssociation returns the id of the association of a resource to create. If the same
// apply creates the association, the id is unknown, and the create looks it up.
func newAssociation[M underAssociation[M]](ctx context.Context, d *providerData, plan M) (types.String, diag.Diagnostics) {
	unknown, name := types.StringUnknown(), plan.association()
	if name.key.IsUnknown() || name.location.IsUnknown() || d.store == nil {
		return unknown, nil
	}
	found, err := lookUpAssociation(ctx, d, plan)
	planned := d.objects.of(name.withKey())
	switch {
	case err == nil && (planned.creates == 0 || d.keepsAssociation(name, found)):
		return types.StringValue(found), nil
	case err == nil, planned.creates > 0 && errors.Is(err, store.ErrNotFound):
		return unknown, nil
	case errors.Is(err, store.ErrNotFound):
		return unknown, noAssociationWarning(d, plan)
	default:
		return unknown, diag.Diagnostics{lookUpFailed(d, plan, err)}
	}
}

// keptAssociation returns the id of the association of a resource in the state. Right
// before an update, the engine plans the update again, in a process that has read
// nothing, and must get the same result. If another association has the key by then,
// keptAssociation ignores the change, and the next plan shows it.
func keptAssociation[M underAssociation[M]](ctx context.Context, d *providerData, plan, state M) (types.String, diag.Diagnostics) {
	name, prior := plan.association(), state.association()
	isSame := sameKey(name.key, prior.key)
	if name.key.IsUnknown() || (isSame || prior.key.IsNull()) && !d.hasRead.Load() {
		return prior.id, nil
	}
	if diags := d.ready(on("Plan", plan).summary()); diags.HasError() {
		return prior.id, diags
	}
	found, err := lookUpAssociation(ctx, d, plan)
	planned := d.objects.of(name.withKey())
	switch {
	case err == nil && planned.creates > 0 && (planned.isRead || planned.isDestroyed) && !d.keepsAssociation(name, found):
		return types.StringUnknown(), nil // the association's resource is tainted or renamed, so HighLevel deletes the relation with the association
	case err == nil && found != prior.id.ValueString() && (isSame || prior.key.IsNull()):
		return types.StringValue(found), diag.Diagnostics{otherAssociationWarning(plan, state, found)}
	case err == nil:
		return types.StringValue(found), nil
	case isSame && planned.creates > 0 && isEmptySet(state):
		return types.StringUnknown(), nil // HighLevel deleted the relations with their association, which the same apply creates again
	case isSame: // the refresh decides whether the relation still exists
		return prior.id, nil
	case planned.creates > 0 && errors.Is(err, store.ErrNotFound):
		return types.StringUnknown(), nil
	case errors.Is(err, store.ErrNotFound):
		return prior.id, diag.Diagnostics{associationKeyError(plan, state)}
	default:
		return prior.id, diag.Diagnostics{lookUpFailed(d, plan, err)}
	}
}

// stays notes that the relations in a state stay under their association, which the
// configuration specifies by key or by a literal id. It returns an error if the same plan
// destroys or replaces the association: HighLevel would delete the relations too,
// although the plan keeps them.
func stays[M underAssociation[M]](d *providerData, plan, state M) diag.Diagnostics {
	name := plan.association()
	if !name.id.Equal(state.association().id) || !name.location.Equal(state.association().location) || isEmptySet(state) {
		return nil
	}
	before := d.objects.note(associationWithID(plan.location(), name.id.ValueString()), func(f *fate) { f.staysUnder = plan.inWords() })
	if !name.key.IsNull() {
		name.id = types.StringNull() // the message must contain the key, which the user wrote
	}
	if before.isRecreated || before.isDestroyed && !before.isKept {
		return diag.Diagnostics{goesWithAssociation(plan, plan.inWords(), name.inWords())}
	}
	return nil
}

// isEmptySet reports whether m is a ghl_record_relations without relations, whose
// replacement deletes nothing.
func isEmptySet(m any) bool {
	set, ok := m.(recordRelationsModel)
	return ok && len(set.RelatedRecordIDs.Elements()) == 0
}

func lookUpAssociation[M underAssociation[M]](ctx context.Context, d *providerData, m M) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, m.timeout(ctx, "Read"))
	defer cancel()
	return d.store.AssociationID(ctx, m.location(), m.association().key.ValueString())
}

// underItsAssociation returns m with the id of its association. It looks the id up if m
// has only the key.
func underItsAssociation[M underAssociation[M]](ctx context.Context, s *store.Store, m M) (M, error) {
	name := m.association()
	if !name.isByKey() {
		return m, nil
	}
	id, err := s.AssociationID(ctx, m.location(), name.key.ValueString())
	if errors.Is(err, store.ErrNotFound) { // the association may exist by now
		row, now := s.AssociationByKey(ctx, m.location(), name.key.ValueString())
		id, err = row.ID, now
	}
	if err != nil {
		return m, err
	}
	return m.under(types.StringValue(id), name.key), nil
}

// isByKey reports whether only the key of the association is known.
func (n relationAssociation) isByKey() bool {
	return n.id.ValueString() == "" && n.key.ValueString() != ""
}

func (n relationAssociation) inWords() string {
	if n.isByKey() {
		return fmt.Sprintf("association with the key %q", n.key.ValueString())
	}
	return fmt.Sprintf("association %q", n.id.ValueString())
}

func (n relationAssociation) withKey() objectName {
	return associationWithKey(n.location.ValueString(), n.key.ValueString())
}

// keepsAssociation reports whether a resource manages an association and keeps it, or has
// just created it.
func (d *providerData) keepsAssociation(n relationAssociation, id string) bool {
	return d.objects.of(associationWithID(n.location.ValueString(), id)).isKept
}

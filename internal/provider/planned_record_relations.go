package provider

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// A relation can be managed by a ghl_relation, or by the ghl_record_relations of either
// of its records. The engine plans one resource at a time, so this file detects conflicts
// between resources.

// relationsOfRecord returns the objectName of a record's relations on one side, or on
// both sides if side is "". by is the type of the resources that manage the relations.
func relationsOfRecord(by, locationID, associationID, recordID string, side store.Side) objectName {
	return objectName{by, locationID, strings.Join([]string{associationID, recordID, string(side)}, "\x00")}
}

const (
	bySet = "relations of a record"       // by a ghl_record_relations
	byOne = "single relation of a record" // by a ghl_relation
)

// relationInSet returns the objectName of a relation in a ghl_record_relations. The order
// of the records is known only if the set has a side.
func relationInSet(ref store.RelationRef, isOrdered bool) objectName {
	if isOrdered {
		return objectName{"relation in a set, in order", ref.LocationID, strings.Join([]string{ref.AssociationID, ref.FirstRecordID, ref.SecondRecordID}, "\x00")}
	}
	name := relationOf(ref)
	name.kind = "relation in a set"
	return name
}

// noteRecordRelations notes what a plan does with the relations of m, a plan or a state.
// change applies to the relations in wanted. The relations in removed are deleted. The
// diagnostics are about other resources that manage the same relations.
func (p *plannedObjects) noteRecordRelations(m recordRelationsModel, wanted, removed []string, change func(*fate)) (diags diag.Diagnostics) {
	ref, after := m.ref(), does(change)
	before := p.note(relationsOfRecord(bySet, ref.LocationID, ref.AssociationID, ref.RecordID, ref.Side), change)
	switch {
	case after.isDestroyed && before.isKept, after.isKept && before.isDestroyed:
		return diag.Diagnostics{managedTwice(m)}
	case after.isDestroyed && before.creates > 0, after.creates > 0 && before.isDestroyed:
		// The create would take over relations that the other resource then deletes.
		return diag.Diagnostics{diag.NewErrorDiagnostic("Unable to Plan Record Relations", destroyedAndCreated(m))}
	case !after.isDestroyed && before.isWanted():
		diags.Append(wantedTwice(m))
	}
	var shared, conflicts []string
	for _, id := range wanted {
		if set, single := p.noteInSet(m, id, change); set.isDestroyed || single.isDestroyed {
			conflicts = append(conflicts, id)
		} else if set.isWanted() {
			shared = append(shared, id)
		}
	}
	for _, id := range removed {
		if set, single := p.noteInSet(m, id, destroy); set.isWanted() || single.isWanted() {
			conflicts = append(conflicts, id)
		}
	}
	if len(shared) > 0 {
		diags.AddWarning(managedTwiceSummary, fmt.Sprintf("A ghl_record_relations of the other record also contains %s of the %s in sub-account %q (to %s). A relation that one of the two resources removes is deleted for both. ",
			relations(len(shared)), m.inWords(), m.location(), shortList(shared))+manageOnce)
	}
	if len(conflicts) > 0 {
		diags.AddError("Unable to Plan Record Relations", fmt.Sprintf("The plan keeps or creates %s of the %s in sub-account %q for one resource and deletes them for another (to %s). Nothing has been changed. ",
			relations(len(conflicts)), m.inWords(), m.location(), shortList(conflicts))+manageOnce)
	}
	if !after.isDestroyed && p.areSingle(ref) {
		diags.Append(managedBoth(m.inWords(), m.location()))
	}
	return diags
}

// noteInSet notes a relation of m. It returns two previous entries: of the relation in
// other sets, and of the relation as a ghl_relation.
func (p *plannedObjects) noteInSet(m recordRelationsModel, id string, change func(*fate)) (set, single fate) {
	ref, isOrdered := m.ref().To(id), !m.Side.IsNull()
	holder := m.importID()
	set = p.note(relationInSet(ref, isOrdered), func(f *fate) {
		change(f)
		f.holder = holder
	})
	if set.holder == holder { // the plan of a replacement has two steps, which note the same resource
		set = fate{}
	}
	single = p.of(relationOf(ref))
	if isOrdered && single.relation != ref {
		single = fate{}
	}
	return set, single
}

// areSingle reports whether a ghl_relation also manages a relation of the record.
func (p *plannedObjects) areSingle(ref store.RecordRef) bool {
	sides := []store.Side{ref.Side}
	if ref.Side == "" {
		sides = []store.Side{store.FirstSide, store.SecondSide}
	}
	for _, side := range sides {
		if f := p.of(relationsOfRecord(byOne, ref.LocationID, ref.AssociationID, ref.RecordID, side)); f.isWanted() {
			return true
		}
	}
	return false
}

// noteSingle notes a ghl_relation that a plan keeps, creates or deletes. The diagnostics
// are about a ghl_record_relations of either of its records.
func (p *plannedObjects) noteSingle(m relationModel, change func(*fate)) (diags diag.Diagnostics) {
	ref := m.ref()
	inOrder, inAny := p.of(relationInSet(ref, true)), p.of(relationInSet(ref, false))
	if does(change).isDestroyed {
		if inOrder.isWanted() || inAny.isWanted() {
			diags.Append(splitFate(m))
		}
		return diags
	}
	if inOrder.isDestroyed || inAny.isDestroyed {
		return diag.Diagnostics{splitFate(m)}
	}
	for side, record := range map[store.Side]string{store.FirstSide: ref.FirstRecordID, store.SecondSide: ref.SecondRecordID} {
		p.note(relationsOfRecord(byOne, ref.LocationID, ref.AssociationID, record, side), change)
		for _, of := range []store.Side{side, ""} {
			set := p.of(relationsOfRecord(bySet, ref.LocationID, ref.AssociationID, record, of))
			if set.isWanted() && len(diags) == 0 {
				diags.Append(managedBoth(m.inWords(), m.location()))
			}
		}
	}
	return diags
}

// splitFate is the error for a plan that keeps a relation in a ghl_record_relations and
// deletes it as a ghl_relation, or the other way round.
func splitFate(m relationModel) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Unable to Plan Relation", fmt.Sprintf("A ghl_relation and a ghl_record_relations manage the %s in sub-account %q, and this plan keeps the relation for one and deletes it for the other. Nothing has been changed. ",
		m.inWords(), m.location())+manageOnce)
}

// heldInSet is the error for a relation that is in a ghl_record_relations and that a
// ghl_relation creates, if creates take over identical objects. It is an error because
// the apply cannot detect the ghl_record_relations.
func heldInSet(thing, inWords, location string) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Unable to Plan "+thing, fmt.Sprintf("A ghl_record_relations in this state contains a relation that this plan creates as a ghl_relation: see the %s in sub-account %q. "+
		"While existing_objects is %q, the create would take over that relation. Nothing has been changed. ", inWords, location, adoptIdentical)+manageOnce)
}

// isInKeptSet reports whether a ghl_record_relations keeps a relation.
func (p *plannedObjects) isInKeptSet(ref store.RelationRef) bool {
	return p.of(relationInSet(ref, true)).isKept || p.of(relationInSet(ref, false)).isKept
}

// isToBeSingle reports whether the plan creates a ghl_relation for any of these relations
// of a record.
func (p *plannedObjects) isToBeSingle(ref store.RecordRef, related []string) bool {
	return slices.ContainsFunc(related, func(id string) bool { return p.of(relationOf(ref.To(id))).creates > 0 })
}

// managedBoth is the warning for a record whose relations both types of resources manage.
func managedBoth(inWords, location string) diag.Diagnostic {
	return diag.NewWarningDiagnostic(managedTwiceSummary, fmt.Sprintf("Both a ghl_relation and a ghl_record_relations of this configuration manage relations of one record under one association: see the %s in sub-account %q. "+
		"The ghl_record_relations deletes every relation that it does not include. ", inWords, location)+manageOnce)
}

// manageOnce is advice that deletes no relation: removing a resource from the state
// leaves its relations in HighLevel.
const manageOnce = "Manage each relation once. To manage a relation with the ghl_record_relations, add the other record to related_record_ids. Then remove the block of the ghl_relation, or its key from for_each, " +
	"and remove the ghl_relation from the state with the engine's state rm command before the next apply. " +
	"To manage the relations with other resources, remove the ghl_record_relations from the state the same way, and remove its block, or its key from for_each."

const managedTwiceSummary = "Relations Managed Twice"

// isWanted reports whether a resource keeps the object, or a plan creates it.
func (f fate) isWanted() bool { return f.isKept || f.creates > 0 }

// does returns the entry that results if change is applied to an empty entry.
func does(change func(*fate)) (f fate) {
	change(&f)
	return f
}

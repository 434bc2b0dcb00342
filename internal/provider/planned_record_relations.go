package provider

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// A relation can be managed by a ghl_relation, or by the ghl_record_relations of either of
// its records. The engine plans one resource at a time, so this file compares them.

// relationsOfRecord names the relations of a record that resources of one type manage, on
// one side, or on either if side is "".
func relationsOfRecord(by, locationID, associationID, recordID string, side store.Side) objectName {
	return objectName{by, locationID, strings.Join([]string{associationID, recordID, string(side)}, "\x00")}
}

const (
	bySet = "relations of a record"       // by a ghl_record_relations
	byOne = "single relation of a record" // by a ghl_relation
)

// relationInSet names a relation that a ghl_record_relations holds. Only a set with a side
// knows the order of the records.
func relationInSet(ref store.RelationRef, isOrdered bool) objectName {
	if isOrdered {
		return objectName{"relation in a set, in order", ref.LocationID, strings.Join([]string{ref.AssociationID, ref.FirstRecordID, ref.SecondRecordID}, "\x00")}
	}
	name := relationOf(ref)
	name.kind = "relation in a set"
	return name
}

// noteRecordRelations notes what a plan does with the relations of m, a plan or a state:
// those in wanted stay or are created, as change says; those in removed are deleted. The
// diagnostics are about other resources that manage the same relations.
func (p *plannedObjects) noteRecordRelations(m recordRelationsModel, wanted, removed []string, change func(*fate)) (diags diag.Diagnostics) {
	ref, after := m.ref(), does(change)
	before := p.note(relationsOfRecord(bySet, ref.LocationID, ref.AssociationID, ref.RecordID, ref.Side), change)
	switch {
	case after.isDestroyed && before.isKept, after.isKept && before.isDestroyed:
		return diag.Diagnostics{managedTwice(m)}
	case after.isDestroyed && before.creates > 0, after.creates > 0 && before.isDestroyed:
		// The create would take over what the other resource then deletes.
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
		diags.AddWarning(managedTwiceSummary, fmt.Sprintf("A ghl_record_relations of the other record also holds %s of the %s in sub-account %q (to %s). A relation that one of the two gives up is deleted for both. ",
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

// noteInSet notes a relation of m, and returns what was known about it: from other sets,
// and from a ghl_relation.
func (p *plannedObjects) noteInSet(m recordRelationsModel, id string, change func(*fate)) (set, single fate) {
	ref, isOrdered := m.ref().To(id), !m.Side.IsNull()
	holder := m.importID()
	set = p.note(relationInSet(ref, isOrdered), func(f *fate) {
		change(f)
		f.holder = holder
	})
	if set.holder == holder { // a replacement is planned in two steps
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

// noteSingle notes a ghl_relation that stays, is to be created or is deleted. The
// diagnostics are about a ghl_record_relations of either of its records.
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

// splitFate is the error for a relation that a ghl_record_relations keeps and a ghl_relation
// gives up, or the other way round.
func splitFate(m relationModel) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Unable to Plan Relation", fmt.Sprintf("A ghl_relation and a ghl_record_relations manage the %s in sub-account %q, and this plan keeps it for one and deletes it for the other. Nothing has been changed. ",
		m.inWords(), m.location())+manageOnce)
}

// heldInSet is the error for a relation that a ghl_record_relations holds and that a
// ghl_relation is to create, if creates take over identical objects: the apply would not
// know about the ghl_record_relations.
func heldInSet(thing, inWords, location string) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Unable to Plan "+thing, fmt.Sprintf("A ghl_record_relations in this state holds a relation that a ghl_relation is to create: see the %s in sub-account %q. "+
		"While existing_objects is %q, the create would take over that relation. Nothing has been changed. ", inWords, location, adoptIdentical)+manageOnce)
}

// isInKeptSet reports whether a ghl_record_relations keeps a relation.
func (p *plannedObjects) isInKeptSet(ref store.RelationRef) bool {
	return p.of(relationInSet(ref, true)).isKept || p.of(relationInSet(ref, false)).isKept
}

// isToBeSingle reports whether a ghl_relation is to be created for any relation of a
// record.
func (p *plannedObjects) isToBeSingle(ref store.RecordRef, related []string) bool {
	return slices.ContainsFunc(related, func(id string) bool { return p.of(relationOf(ref.To(id))).creates > 0 })
}

// managedBoth is the warning for a record whose relations are managed in two ways.
func managedBoth(inWords, location string) diag.Diagnostic {
	return diag.NewWarningDiagnostic(managedTwiceSummary, fmt.Sprintf("Both a ghl_relation and a ghl_record_relations of this configuration manage relations of one record under one association: see the %s in sub-account %q. "+
		"The ghl_record_relations deletes every relation that it does not include. ", inWords, location)+manageOnce)
}

// manageOnce is advice that deletes nothing: a relation that leaves the state this way
// stays in HighLevel.
const manageOnce = "Manage each relation once. To manage it with the ghl_record_relations, add the other record to related_record_ids, remove the block of the ghl_relation, or its key from for_each, " +
	"and remove the ghl_relation from the state with the engine's state rm command before the next apply. " +
	"To manage it elsewhere, remove the ghl_record_relations from the state the same way, and remove its block, or its key from for_each."

const managedTwiceSummary = "Relations Managed Twice"

// isWanted reports whether a resource keeps the object, or a plan creates it.
func (f fate) isWanted() bool { return f.isKept || f.creates > 0 }

// does is the fate that a change gives to an unknown object.
func does(change func(*fate)) (f fate) {
	change(&f)
	return f
}

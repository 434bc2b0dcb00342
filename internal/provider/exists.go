package provider

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/snapshot"
)

// aheadTime bounds what a plan may take to look ahead at what its creates will meet.
const aheadTime = time.Minute

// existsWarning warns that a planned create will meet an association with its key, or
// reach nothing. It is a courtesy: where the key is unknown yet, or nobody can tell
// whether it is taken, there is no warning, and no error either.
func (r *associationResource) existsWarning(ctx context.Context, plan associationModel) diag.Diagnostics {
	if r.data.store == nil || plan.LocationID.IsUnknown() {
		return nil
	}
	if plan.Key.IsUnknown() {
		return r.data.reachWarning(ctx, plan.LocationID)
	}
	lookUp, cancel := context.WithTimeout(ctx, aheadTime)
	defer cancel()
	holder := r.data.store.Holder(lookUp, plan.LocationID.ValueString(), plan.Key.ValueString())
	if holder == nil {
		return r.data.reachWarning(ctx, plan.LocationID)
	}
	switch known := r.data.objects.of(associationWithID(plan.LocationID.ValueString(), holder.ID)); {
	case known.isKept:
		return diag.Diagnostics{diag.NewWarningDiagnostic("Two Resources Want the Same Association", wantedTwice(plan.inWords(), plan.LocationID.ValueString()))}
	case known.isDestroyed, known.isRead:
		return diag.Diagnostics{diag.NewWarningDiagnostic("Association Already Exists", isManaged(plan, *holder))}
	default:
		return diag.Diagnostics{diag.NewWarningDiagnostic("Association Already Exists", willMeet(plan, *holder))}
	}
}

// isManaged is about an association that another resource of the state holds, as this
// process has seen.
func isManaged(plan associationModel, have ghl.Association) string {
	return fmt.Sprintf("The association %q exists already in sub-account %q, with the id %q, and a resource of this state manages it. "+
		"If that one was renamed to this one, add a moved block, and nothing is destroyed:\n\n%s", have.Key, plan.LocationID.ValueString(), have.ID, movedAdvice("ghl_association"))
}

// willMeet says in a few lines what a planned create will meet: the engine plans it once
// more in the apply, and shows this again. The error of the create says it in full.
func willMeet(plan associationModel, have ghl.Association) string {
	o := associationOperation("Create", plan)
	if have.IsSystemDefined() {
		return o.keyIsSystemDefined(have)
	}
	text := fmt.Sprintf("The association %q exists already in sub-account %q, with the id %q. ", have.Key, o.locationID, have.ID)
	if plan.isKnown() {
		text += o.comparedWith(have)
	}
	return text + "If this block was renamed, or another resource of this state manages it, add a moved block (from = ghl_association.old, to = ghl_association.new). " +
		"If no state manages it, add an import block with the id " + hclString(associationRef{LocationID: o.locationID, ID: have.ID}.importID()) + ". If the state still holds this resource, run apply -refresh-only first."
}

// existsInShort says what a create met where another resource of this configuration
// manages it, which must not be imported, and where an earlier error has said how to take
// it over. It is empty where the whole text is needed.
func (d *providerData) existsInShort(o operation, e *snapshot.ExistsError) string {
	name, id := o.met(e)
	known := d.objects.of(name)
	if e.Association != nil {
		known.isKept = d.objects.of(associationWithID(o.locationID, e.Association.ID)).isKept
	}
	switch {
	case e.Association != nil && e.Association.IsSystemDefined():
		return ""
	case e.BesideDeletions:
		return fmt.Sprintf("The %s exists already in sub-account %q, and this apply deletes objects there: it may delete this one, too, as if a block was renamed or two records changed places. "+
			"If another resource of this state manages the object, add a moved block with the two addresses. Then apply again.", o.subject, o.locationID)
	case known.isKept || known.creates > 1:
		return fmt.Sprintf("The %s exists already in sub-account %q: another resource of this configuration made or manages it. HighLevel allows it once. Remove the block that the state does not hold yet. To keep that one instead, add a moved block from the other one to it, and remove the other.", o.subject, o.locationID)
	case !e.Turned && !e.Unseen && !d.told.first("exists: "+o.thing):
		return fmt.Sprintf("The %s exists already, as the first error of this kind explains. If no state manages it, import it with the id %s.", o.subject, hclString(id))
	default:
		return ""
	}
}

// met names the object that a create met, and its import id.
func (o operation) met(e *snapshot.ExistsError) (name objectName, importID string) {
	if o.thing == "Relation" {
		return relationOf(o.relation), relationImportID(o.relation)
	}
	ref := associationRef{LocationID: o.locationID, Key: o.association.Key}
	if e.Association != nil {
		ref.ID = e.Association.ID
	}
	return associationWithKey(o.locationID, o.association.Key), ref.importID()
}

func (o operation) adoptMany() string {
	return fmt.Sprintf("To take over many %[1]ss at once, use import blocks with for_each over the data source ghl_%[1]ss, as the guide \"Adopt an existing account\" shows.", strings.ToLower(o.thing))
}

// exists tells how to take over what a create met.
func (o operation) exists(e *snapshot.ExistsError) string {
	switch {
	case e.Unseen:
		return fmt.Sprintf("HighLevel refuses the %s in sub-account %q as a duplicate, and shows nothing that it could duplicate. Apply again. "+
			"If that does not help, look in HighLevel for what has its key or links its records.", o.subject, o.locationID)
	case e.Association != nil:
		return o.associationExists(*e.Association)
	case e.Turned:
		return o.turnedRelationExists(*e.Relation)
	case o.thing == "Relation":
		which := ""
		if e.Relation != nil {
			which = fmt.Sprintf(", with the id %q", e.Relation.ID)
		}
		return fmt.Sprintf("The %s exists already in sub-account %q%s.\n\n", o.subject, o.locationID, which) +
			o.takeOver() + "\n\n" + relationBeforeDestroy
	default:
		return fmt.Sprintf("The %s exists already in sub-account %q, and could not be read.\n\n", o.subject, o.locationID) +
			o.takeOver() + "\n\n" + createBeforeDestroy
	}
}

// takeOver puts the moved block before the import block.
func (o operation) takeOver() string {
	return renamed("ghl_"+strings.ToLower(o.thing)) + "\n\n" + o.importAdvice()
}

// relationBeforeDestroy is createBeforeDestroy for relations.
const relationBeforeDestroy = "Under create_before_destroy a pair of records cannot be linked twice: remove that setting from the relation."

// turnedRelationExists is about a relation of an object with itself, where the order of
// the records tells their roles.
func (o operation) turnedRelationExists(have ghl.Relation) string {
	return fmt.Sprintf("The %s exists already in sub-account %q, with the two the other way round and the id %q. "+
		"HighLevel links a pair once, whichever comes first.\n\n%s\n\n", o.subject, o.locationID, have.ID, renamed("ghl_relation")) +
		importAdvice("ghl_relation", relationImportID(o.relation.Turned())) +
		"\n\nTo keep it, write its records in that order. In the order that they have now, the next apply replaces it.\n\n" + relationBeforeDestroy
}

func (o operation) associationExists(have ghl.Association) string {
	if have.IsSystemDefined() {
		return o.keyIsSystemDefined(have)
	}
	return fmt.Sprintf("The association %q exists already in sub-account %q, with the id %q. ", have.Key, o.locationID, have.ID) +
		o.comparedWith(have) + "\n\n" + renamed("ghl_association") + "\n\n" + o.associationImport(have) + "\n\n" + createBeforeDestroy
}

func (o operation) keyIsSystemDefined(have ghl.Association) string {
	return fmt.Sprintf("The key %q belongs to an association that HighLevel defines itself in sub-account %q. It cannot be managed: read it with the data source ghl_association, or choose another key.", have.Key, o.locationID)
}

func (o operation) comparedWith(have ghl.Association) string {
	if differences := associationDifferences(o.association, have); len(differences) > 0 {
		return "It differs from what the resource wants: " + strings.Join(differences, "; ") + ". "
	}
	return "It is as the resource wants it. "
}

func (o operation) associationImport(have ghl.Association) string {
	return importAdvice("ghl_association", associationRef{LocationID: o.locationID, ID: have.ID}.importID())
}

// mayExist tells how to go on after a create whose outcome nobody knows.
func (o operation) mayExist() string {
	return fmt.Sprintf("Whether the %s was created in sub-account %q is not known: the answer did not tell, nor did looking it up. "+
		"Look in HighLevel. If it is not there, apply again.\n\n", o.subject, o.locationID) + o.takeOver()
}

// importAdvice names what a create was to make by its natural key, since no id is known.
func (o operation) importAdvice() string {
	if o.thing == "Relation" {
		return importAdvice("ghl_relation", relationImportID(o.relation))
	}
	return importAdvice("ghl_association", associationRef{LocationID: o.locationID, Key: o.association.Key}.importID())
}

// associationDifferences tells how have, an association that exists, differs from
// what is wanted, sides and the key's case aside.
func associationDifferences(wanted, have ghl.Association) []string {
	sides, ok := have.Oriented(wanted.FirstObjectKey, wanted.SecondObjectKey)
	if !ok {
		return []string{fmt.Sprintf("it links %q and %q, not %q and %q", have.FirstObjectKey, have.SecondObjectKey, wanted.FirstObjectKey, wanted.SecondObjectKey)}
	}
	var differences []string
	if sides.FirstObjectLabel != wanted.FirstObjectLabel {
		differences = append(differences, fmt.Sprintf("the label of %q is %q, not %q", sides.FirstObjectKey, harmless(sides.FirstObjectLabel), wanted.FirstObjectLabel))
	}
	if sides.SecondObjectLabel != wanted.SecondObjectLabel {
		differences = append(differences, fmt.Sprintf("the label of %q is %q, not %q", sides.SecondObjectKey, harmless(sides.SecondObjectLabel), wanted.SecondObjectLabel))
	}
	return differences
}

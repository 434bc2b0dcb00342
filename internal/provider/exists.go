package provider

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/snapshot"
)

// aheadTime bounds what a plan may take to look ahead at what its creates will meet.
const aheadTime = time.Minute

// existsWarning warns that a planned create will meet an association with its key.
// It is a courtesy: where the key is unknown yet, or nobody can tell whether it is
// taken, there is no warning, and no error either.
func (r *associationResource) existsWarning(ctx context.Context, plan associationModel) diag.Diagnostics {
	if r.data.store == nil || plan.LocationID.IsUnknown() || plan.Key.IsUnknown() {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, aheadTime)
	defer cancel()
	holder := r.data.store.Holder(ctx, plan.LocationID.ValueString(), plan.Key.ValueString())
	if holder == nil {
		return nil
	}
	return diag.Diagnostics{diag.NewWarningDiagnostic("Association Already Exists", willMeet(plan, *holder))}
}

// willMeet says how to take over what a planned create will meet.
func willMeet(plan associationModel, have ghl.Association) string {
	o := associationOperation("Create", plan)
	if have.IsSystemDefined() {
		return o.keyIsSystemDefined(have)
	}
	text := fmt.Sprintf("The association %q exists already in sub-account %q, with the id %q, so that creating it will fail. ", have.Key, o.locationID, have.ID)
	if plan.isKnown() {
		text += o.comparedWith(have)
	}
	return text + o.associationImport(have) + "\n\n" +
		"Where the state holds the resource still, since its association was deleted and made again by hand, run apply -refresh-only first: the engine ignores the block until then. " +
		"Where this plan replaces that very association, nothing is to be done."
}

// exists tells how to take over what a create met.
func (o operation) exists(e *snapshot.ExistsError) string {
	switch {
	case e.Association != nil:
		return o.associationExists(*e.Association)
	case e.Relation == nil && ghl.KindOf(e.Err) == "":
		// Nothing on the server: two resources of this configuration want the same.
		return "One of the two has to go from the configuration."
	case e.Turned:
		return o.turnedRelationExists(*e.Relation)
	case o.thing == "Relation":
		which := ""
		if e.Relation != nil {
			which = fmt.Sprintf(", with the id %q", e.Relation.ID)
		}
		return fmt.Sprintf("The %s exists already in sub-account %q%s, and was not made by this resource. ", o.subject, o.locationID, which) +
			o.importAdvice() + "\n\n" + relationBeforeDestroy
	default:
		return fmt.Sprintf("The %s exists already in sub-account %q, and could not be read. ", o.subject, o.locationID) +
			o.importAdvice() + "\n\n" + createBeforeDestroy
	}
}

// relationBeforeDestroy is createBeforeDestroy for relations.
const relationBeforeDestroy = "Under create_before_destroy a pair of records cannot be linked twice: remove that setting from the relation."

// turnedRelationExists is about a relation of an object with itself, where the order of
// the records tells their roles.
func (o operation) turnedRelationExists(have ghl.Relation) string {
	return fmt.Sprintf("The %s exists already in sub-account %q, with the two the other way round and the id %q, and was not made by this resource. "+
		"HighLevel links a pair once, whichever comes first. ", o.subject, o.locationID, have.ID) +
		importAdvice("ghl_relation", relationImportID(o.relation.Turned())) +
		"\n\nTo keep it, write its records in that order. In the order that they have now, the next apply replaces it.\n\n" + relationBeforeDestroy
}

func (o operation) associationExists(have ghl.Association) string {
	if have.IsSystemDefined() {
		return o.keyIsSystemDefined(have)
	}
	return fmt.Sprintf("The association %q exists already in sub-account %q, with the id %q, and was not made by this resource. ", have.Key, o.locationID, have.ID) +
		o.comparedWith(have) + o.associationImport(have) + "\n\n" + createBeforeDestroy
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
		"Look in HighLevel. If it is not there, apply again. If it is there: ", o.subject, o.locationID) + o.importAdvice()
}

// importAdvice names what a create was to make by its natural key, since no id is known.
func (o operation) importAdvice() string {
	if o.thing == "Relation" {
		return importAdvice("ghl_relation", relationImportID(o.relation))
	}
	return importAdvice("ghl_association", associationRef{LocationID: o.locationID, Key: o.association.Key}.importID())
}

// importAdvice gives an import block to paste. Its address is a stand-in: only the
// engine knows the true one.
func importAdvice(resourceType, id string) string {
	return fmt.Sprintf("To manage it, add this block, with the resource's address, which is shown with this message, in place of %[1]s.example:\n\n"+
		"import {\n  to = %[1]s.example\n  id = %[2]s\n}", resourceType, hclString(id))
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
		differences = append(differences, fmt.Sprintf("the label of %q is %q, not %q", sides.FirstObjectKey, sides.FirstObjectLabel, wanted.FirstObjectLabel))
	}
	if sides.SecondObjectLabel != wanted.SecondObjectLabel {
		differences = append(differences, fmt.Sprintf("the label of %q is %q, not %q", sides.SecondObjectKey, sides.SecondObjectLabel, wanted.SecondObjectLabel))
	}
	return differences
}

// hclString writes text as a string of the configuration language.
func hclString(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	runes := []rune(text)
	for i, r := range runes {
		switch {
		case r == '"' || r == '\\':
			b.WriteRune('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case (r == '$' || r == '%') && i+1 < len(runes) && runes[i+1] == '{':
			b.WriteRune(r)
			b.WriteRune(r)
		case !unicode.IsPrint(r) && r > 0xFFFF:
			fmt.Fprintf(&b, `\U%08x`, r)
		case !unicode.IsPrint(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

package provider

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// existsFailure is the error of a create whose object already exists. The full text appears
// only once. If another resource of this configuration manages the object, the text is
// short and does not advise an import.
func (d *providerData) existsFailure(o operation, e *store.ExistsError) diag.Diagnostic {
	text := d.existsInShort(o, e)
	switch {
	case text != "":
	case e.Unseen, isSystemDefined(e):
		return o.failed(e)
	default:
		text = o.failed(e).Detail() + "\n\n" + d.adoptMany(o.object)
	}
	return diag.NewErrorDiagnostic(o.summary(), text)
}

// existsInShort returns the short text, or an empty string if the full text is needed.
func (d *providerData) existsInShort(o operation, e *store.ExistsError) string {
	known, id := met(o.object, &d.objects, e)
	switch {
	case isSystemDefined(e):
		return ""
	case e.BesideDeletions:
		return fmt.Sprintf("The %s already exists in sub-account %q, and this apply deletes objects there. The apply may delete this object too, for example if a block was renamed or two records were swapped. "+
			"If another resource in this state manages the object, add a moved block with the two addresses. Then apply again.", o.subject, o.locationID)
	case known.isRenamed:
		return fmt.Sprintf("The %s already exists in sub-account %q: another resource of this configuration manages it, and this apply renames it. Apply again.", o.subject, o.locationID)
	case known.isKept || known.creates > 1:
		return fmt.Sprintf("The %s already exists in sub-account %q: another resource of this configuration created or manages it. Only one resource can manage the object. ", o.subject, o.locationID) + removeOne
	case !e.Turned && !e.Unseen && !d.first("exists: "+o.thing):
		return fmt.Sprintf("The %s already exists in sub-account %q, as the first error of this kind explains. If no state manages the object, import it with the id %s.", o.subject, o.locationID, hclString(id))
	default:
		return ""
	}
}

func isSystemDefined(e *store.ExistsError) bool {
	return e.Association != nil && e.Association.IsSystemDefined()
}

func (d *providerData) adoptMany(o object) string {
	text := fmt.Sprintf("To take over many %ss at once, use import blocks with for_each over the data source %s, as the guide \"Adopt an existing account\" shows.", strings.ToLower(o.thing()), cmp.Or(listedBy[resourceType(o)], resourceType(o)+"s"))
	if d.adoptsIdentical {
		return text + " " + adoptsOnly
	}
	return text
}

// listedBy maps a resource type to the data source that lists its objects, if the name of
// the data source is not simply the plural.
var listedBy = map[string]string{"ghl_custom_object": "ghl_objects", "ghl_custom_field_folder": "ghl_custom_fields"}

// exists says how to take over the existing object that a create found.
func (o operation) exists(e *store.ExistsError) string {
	if e.Unseen {
		return fmt.Sprintf("HighLevel refuses the %s in sub-account %q as a duplicate, but the existing object was not found. Apply again. "+
			"If the error persists, look in HighLevel for an object with the same key, or for a relation of the same records.", o.subject, o.locationID)
	}
	switch m := o.object.(type) {
	case existing:
		return m.exists(e)
	case named:
		return existsNamed(m, e)
	default:
		return e.Error()
	}
}

func met(o object, objects *plannedObjects, e *store.ExistsError) (known fate, importID string) {
	switch m := o.(type) {
	case existing:
		return m.met(objects, e)
	case named:
		return metNamed(m, objects, e)
	default:
		return fate{}, o.importID()
	}
}

// mayExist says how to continue after a create whose outcome is unknown.
func (o operation) mayExist() string {
	return fmt.Sprintf("Whether the %s was created in sub-account %q is unknown: neither HighLevel's answer nor a lookup showed it. "+
		"Look in HighLevel. If the object does not exist, apply again.\n\n", o.subject, o.locationID) + takeOver(o.object, o.object.importID())
}

// severalExist says how to continue if several objects have the requested name. Two
// simultaneous applies may each have created an object with that name.
func (o operation) severalExist(e *store.SeveralError, isUnknown bool) string {
	unknown := ""
	if isUnknown {
		unknown = "Which of these objects this create made, if any, is unknown: HighLevel's answer did not show it. "
	}
	m, ok := o.object.(named)
	if !ok {
		return unknown
	}
	if len(e.Suffixed) > 0 {
		return o.suffixed(m, e)
	}
	ref := m.ref()
	ref.ID = e.IDs[0]
	return fmt.Sprintf("The %s already exists in sub-account %q, more than once, with the ids %s. %s"+
		"If a state manages each of them, choose another name. Otherwise, import one that no state manages. The import block uses the first id. %s",
		o.subject, o.locationID, strings.Join(e.IDs, ", "), unknown, importAdvice(o.object, ref.importID()))
}

// suffixed says how to continue if the answer of a create was lost, and HighLevel may have
// added a suffix to the key. HighLevel adds a suffix if somebody else takes the key at the
// same moment.
func (o operation) suffixed(m named, e *store.SeveralError) string {
	text := fmt.Sprintf("Which object this create made, if any, is unknown: HighLevel's answer did not show it. HighLevel adds a suffix to a key that is taken. "+
		"An object with the content of the %s and a suffixed key has appeared in sub-account %q, with the id %s. "+
		"If none of your resources has that key, this create made the object, and no state manages it: delete it in HighLevel.",
		o.subject, o.locationID, strings.Join(e.Suffixed, ", "))
	if len(e.IDs) == 0 {
		return text + " Then apply again."
	}
	ref := m.ref()
	ref.ID = e.IDs[0]
	return text + " The object with the exact key may belong to somebody else.\n\n" + takeOver(o.object, ref.importID())
}

// reachWarning warns, once per cause, that creates in a sub-account will fail. It is not an
// error, since a plan may run with fewer rights than its apply.
func (d *providerData) reachWarning(ctx context.Context, location types.String) diag.Diagnostics {
	if d.store == nil || location.IsUnknown() {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, aheadTime)
	defer cancel()
	err := d.store.Reach(ctx, location.ValueString())
	topic, _ := refusal(err)
	if topic == "" && unreached[ghl.KindOf(err)] {
		topic = string(ghl.KindOf(err))
	}
	if topic == "" || !d.first("reach: "+topic) {
		return nil
	}
	o := operation{verb: "Reach", thing: "Sub-account", subject: "sub-account", locationID: location.ValueString()}
	return diag.Diagnostics{diag.NewWarningDiagnostic("Unable to Reach Sub-account",
		fmt.Sprintf("The apply will fail: it creates objects in sub-account %q, which the plan could not reach. ", location.ValueString())+o.failed(err).Detail())}
}

// unreached lists the permanent failures for which reachWarning warns although they do
// not concern a credential.
var unreached = map[ghl.Kind]bool{
	ghl.Network: true, ghl.Untrusted: true, ghl.ProxyRefused: true, ghl.WrongVersion: true, ghl.UnknownRoute: true, ghl.EdgeRefused: true, ghl.Redirected: true, ghl.NotFound: true, ghl.Refused: true,
}

// keyChanged says which object HighLevel created instead of the requested one, and how to
// continue.
func keyChanged(o operation, e *store.KeyChangedError) string {
	text := fmt.Sprintf("HighLevel created the %s under the key %q. HighLevel changes a key that is taken, or that contains characters that are not allowed in keys. ", o.subject, e.Made)
	switch {
	case errors.Is(e.Err, store.ErrOtherKey):
		text = fmt.Sprintf("HighLevel answered the create of the %s with an object that has another key, %q (id %q). That object may belong to somebody else, so the provider left it alone. "+
			"Look in HighLevel, in sub-account %q. If this create made that object, delete the object, and choose another key. Otherwise, apply again.", o.subject, e.Made, e.ID, o.locationID)
	case e.Err != nil:
		text += fmt.Sprintf("The object has the id %q. The provider could not delete it, and no state manages it. Delete it in HighLevel, in sub-account %q, and choose another key. "+
			"Or keep the object: write its key in the configuration, and import it with the id %s.", e.ID, o.locationID, hclString(objectRef{LocationID: o.locationID, ID: e.ID}.importID()))
	case e.Resent:
		text += "The provider deleted that object."
	default:
		text += "The provider deleted that object. Choose another key, or import the object that already has this key."
	}
	if e.Resent {
		byKey := objectRef{LocationID: o.locationID, By: "key", Name: e.Asked}
		text += fmt.Sprintf("\n\nThe provider sent the create twice, since the first answer was lost. The first create may have left an object under the key %q that no state manages. "+
			"Look in HighLevel, in sub-account %q. If that object exists, import it with the id %s.", e.Asked, o.locationID, hclString(byKey.importID()))
	}
	return text
}

package provider

import (
	"strings"
	"sync"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// objectName names an object of HighLevel. An association has two: its id and its key.
type objectName struct{ kind, locationID, id string }

func associationWithID(locationID, id string) objectName {
	return objectName{"association id", locationID, id}
}

func associationWithKey(locationID, key string) objectName {
	return objectName{"association key", locationID, strings.ToLower(key)}
}

// relationOf names the relation of a pair of records, whichever comes first.
func relationOf(ref store.RelationRef) objectName {
	first, second := min(ref.FirstRecordID, ref.SecondRecordID), max(ref.FirstRecordID, ref.SecondRecordID)
	return objectName{"relation", ref.LocationID, strings.Join([]string{ref.AssociationID, first, second}, "\x00")}
}

// fate is what this process has read of an object, and has planned for it.
type fate struct {
	isRead      bool // a refresh found it
	isProtected bool // and the state protects it
	isKept      bool // a resource manages it and keeps it
	isRenamed   bool // and renames it; of a name: a resource gives it up
	isDestroyed bool // a resource that manages it gives it up
	creates     int  // planned creates that want it
	takesAlong  bool // destroying it deletes what depends on it
	isAdopted   bool // a create of this process has taken it over
	isDeleted   bool // this process has begun to delete it

	relation       store.RelationRef // in the order of whoever noted it last
	relationID     string            // likewise
	linksOneObject bool              // so that order determines the roles of the records
	holder         string            // import id of the ghl_record_relations that noted it last
	id             string            // of a key: the association that has it
	staysUnder     string            // of an association: relations of a state that stay under it
	isRecreated    bool              // of an association: a resource holds it, and a planned create wants its key
}

// isOf reports whether the relation that was noted last is the one in m, a state: some
// servers keep two relations of a pair of records of one object, one in each order.
func (f fate) isOf(m relationModel) bool {
	return f.relation == m.ref() || f.relationID == m.ID.ValueString()
}

// plannedObjects remembers the fate of each object, since a plan shows the provider one
// resource at a time. Only here can it detect two resources that manage one object, or a
// renamed resource, in whichever order the engine plans them. Its zero value is ready.
type plannedObjects struct {
	mu    sync.Mutex
	fates map[objectName]fate

	protected map[objectName]map[string]bool // the protected dependants of each object, in words
}

// note changes the fate of an object and returns what it was before.
func (p *plannedObjects) note(name objectName, change func(*fate)) (before fate) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fates == nil {
		p.fates = map[objectName]fate{}
	}
	before = p.fates[name]
	after := before
	change(&after)
	p.fates[name] = after
	return before
}

// of returns the fate of an object so far.
func (p *plannedObjects) of(name objectName) fate {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.fates[name]
}

// noteAssociation changes the fate of the association in m, a state, under both its
// names, and returns what it was before.
func (p *plannedObjects) noteAssociation(m associationModel, change func(*fate)) (byID, byKey fate) {
	byID = p.note(associationWithID(m.location(), m.ID.ValueString()), change)
	byKey = p.note(associationWithKey(m.location(), m.Key.ValueString()), func(f *fate) {
		change(f)
		f.id = m.ID.ValueString()
	})
	return byID, byKey
}

// noteRead notes an association that a refresh has found.
func (p *plannedObjects) noteRead(m associationModel) {
	p.noteAssociation(m, func(f *fate) { f.isRead, f.isProtected = true, m.isProtected() })
	p.noteDependant(m, m.isProtected())
}

// forgetRead withdraws noteRead: the association is gone, or no longer protected.
func (p *plannedObjects) forgetRead(m associationModel) {
	p.noteAssociation(m, func(f *fate) { f.isRead, f.isProtected = false, false })
	p.noteDependant(m, false)
}

// notePlanned notes a planned create, unless its key is not known yet.
func (p *plannedObjects) notePlanned(plan associationModel) (before fate) {
	if plan.LocationID.IsUnknown() || plan.Key.IsUnknown() {
		return fate{}
	}
	return p.note(associationWithKey(plan.LocationID.ValueString(), plan.Key.ValueString()), create)
}

// noteRecreated notes that a planned create wants the key of an association that this process
// has read, as the second half of a replacement does. It returns what stays under that
// association.
func (p *plannedObjects) noteRecreated(locationID string, byKey fate) (staysUnder string) {
	if !byKey.isRead && !byKey.isKept {
		return ""
	}
	return p.note(associationWithID(locationID, byKey.id), func(f *fate) { f.isRecreated = true }).staysUnder
}

// noteRelation changes the fate of the relation in m, a state or a plan, and returns what
// it was before.
func (p *plannedObjects) noteRelation(m relationModel, change func(*fate)) (before fate) {
	return p.note(relationOf(m.ref()), func(f *fate) {
		wasAdopted := f.isAdopted
		change(f)
		if !wasAdopted { // otherwise the fate keeps the adopted relation, from which a deletion must distinguish its own
			f.relation, f.relationID, f.linksOneObject = m.ref(), m.ID.ValueString(), m.linksOneObject()
		}
	})
}

func refresh(f *fate) { f.isRead = true }
func keep(f *fate)    { f.isKept = true }
func destroy(f *fate) { f.isDestroyed = true }
func create(f *fate)  { f.creates++ }
func rename(f *fate)  { f.isRenamed = true }
func remove(f *fate)  { f.isDeleted = true }

// adopt takes an object over, unless a resource of this process manages it or gives it up.
func adopt(f *fate) {
	if f.isFree() {
		f.isKept, f.isAdopted = true, true
	}
}

func (f fate) isFree() bool { return !f.isKept && !f.isRead && !f.isDeleted }

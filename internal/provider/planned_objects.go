package provider

import (
	"strings"
	"sync"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// objectName identifies an object of HighLevel. An association has two objectNames, one
// for its id and one for its key.
type objectName struct{ kind, locationID, id string }

func associationWithID(locationID, id string) objectName {
	return objectName{"association id", locationID, id}
}

func associationWithKey(locationID, key string) objectName {
	return objectName{"association key", locationID, strings.ToLower(key)}
}

// relationOf returns the objectName of the relation of two records, whatever their order.
func relationOf(ref store.RelationRef) objectName {
	first, second := min(ref.FirstRecordID, ref.SecondRecordID), max(ref.FirstRecordID, ref.SecondRecordID)
	return objectName{"relation", ref.LocationID, strings.Join([]string{ref.AssociationID, first, second}, "\x00")}
}

// fate is the entry of one object: what this process has read about the object and
// planned for it.
type fate struct {
	isRead      bool // a refresh found the object
	isProtected bool // the refresh found that the state protects the object
	isKept      bool // a resource manages the object, and the plan keeps it
	isRenamed   bool // in an entry by id: the plan keeps and renames the object; in an entry by name: a resource no longer uses the name
	isDestroyed bool // a resource manages the object, and the plan destroys it
	creates     int  // number of planned creates of the object
	takesAlong  bool // destroying the object also deletes what depends on it
	isAdopted   bool // a create of this process has taken the object over
	isDeleted   bool // this process has begun to delete the object

	relation       store.RelationRef // the relation that was noted last, with the records in that order
	relationID     string            // id of the relation that was noted last
	linksOneObject bool              // the records belong to one object, so their order determines their roles
	holder         string            // import id of the ghl_record_relations that noted the relation last
	id             string            // in an entry by key: the id of the association that has the key
	staysUnder     string            // for an association, by id: the relations in a state that stay under the association, in words
	isRecreated    bool              // for an association, by id: a resource manages the association, and a planned create uses its key
}

// isOf reports whether the relation that was noted last is the relation in m, a state.
// Some servers store two relations for two records of one object, one in each order.
func (f fate) isOf(m relationModel) bool {
	return f.relation == m.ref() || f.relationID == m.ID.ValueString()
}

// plannedObjects stores an entry (a fate) for each object, because the engine plans one
// resource at a time. Whatever the order in which the engine plans the resources, the
// stored entries show whether two resources manage the same object and whether a resource
// was renamed. The zero value is ready to use.
type plannedObjects struct {
	mu    sync.Mutex
	fates map[objectName]fate

	protected map[objectName]map[string]bool // the protected dependants of each object, in words
}

// note changes the entry of an object and returns the previous entry.
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

// of returns the current entry of an object.
func (p *plannedObjects) of(name objectName) fate {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.fates[name]
}

// noteAssociation changes both entries of the association m, the entry under its id and the entry
// under its key, and returns the previous entries.
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

// forgetRead undoes noteRead. Call it when the association no longer exists or is no
// longer protected.
func (p *plannedObjects) forgetRead(m associationModel) {
	p.noteAssociation(m, func(f *fate) { f.isRead, f.isProtected = false, false })
	p.noteDependant(m, false)
}

// notePlanned notes a planned create if its key is known.
func (p *plannedObjects) notePlanned(plan associationModel) (before fate) {
	if plan.LocationID.IsUnknown() || plan.Key.IsUnknown() {
		return fate{}
	}
	return p.note(associationWithKey(plan.LocationID.ValueString(), plan.Key.ValueString()), create)
}

// noteRecreated notes that a planned create uses the key of an association that this
// process has read, for example because it replaces the association. It returns the
// relations that stay under that association, in words.
func (p *plannedObjects) noteRecreated(locationID string, byKey fate) (staysUnder string) {
	if !byKey.isRead && !byKey.isKept {
		return ""
	}
	return p.note(associationWithID(locationID, byKey.id), func(f *fate) { f.isRecreated = true }).staysUnder
}

// noteRelation changes the entry of the relation in m, a state or a plan, and returns the
// previous entry.
func (p *plannedObjects) noteRelation(m relationModel, change func(*fate)) (before fate) {
	return p.note(relationOf(m.ref()), func(f *fate) {
		wasAdopted := f.isAdopted
		change(f)
		if !wasAdopted { // keep the adopted relation: a deletion compares its own relation with it
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

// adopt notes that a create takes an object over, unless this process has already read,
// kept or deleted the object.
func adopt(f *fate) {
	if f.isFree() {
		f.isKept, f.isAdopted = true, true
	}
}

func (f fate) isFree() bool { return !f.isKept && !f.isRead && !f.isDeleted }

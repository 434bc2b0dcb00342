package faults_test

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// meddlingKind is a change that somebody else makes, in the browser or with another client.
type meddlingKind int

const (
	changeObject meddlingKind = iota
	deleteObject
	takeKeyOtherwise // create an object with a key that the configuration uses, but with other texts
	remakeRelation   // delete a relation and create it again by hand, with a new id
	addObject        // create an object that nobody manages
	addRelationTo    // create a relation that nobody manages
	takeKey          // create an object with a free key that the configuration uses
	meddlingKinds    // number of kinds
)

// lastDuringRun is the last kind that can happen in the middle of a run.
const lastDuringRun = takeKeyOtherwise

var meddlingNames = [meddlingKinds]string{
	"change", "delete", "take key with other texts", "remake relation", "add", "add relation", "take key",
}

// meddling is one change that somebody else makes. Pick chooses the object.
type meddling struct {
	Kind meddlingKind
	Pick int
}

func (m meddling) String() string { return fmt.Sprintf("%s/%d", meddlingNames[m.Kind], m.Pick) }

// meddle makes the change, or does nothing if no object fits.
func (w *world) meddle(m meddling) {
	location := w.locations[m.Pick%len(w.locations)]
	switch m.Kind {
	case addObject:
		w.addForeign(pickKind(m.Pick, func(k *kind) bool { return isKeyed(k) && k != customFields }), location, m.Pick)
	case addRelationTo:
		w.addForeignRelation(location, m.Pick)
	case takeKey, takeKeyOtherwise:
		w.takeKey(m)
	case changeObject:
		if i := w.managed(m.Pick, func(k *kind) bool { return k != relations }); i != nil && i.kind.kind == sets {
			w.relate(setIn(i.location, i.value), m.Pick)
		} else if i != nil {
			i.kind.change(w.sandbox, i.location, attribute(i.value, "id"))
		}
	case deleteObject:
		if i := w.managed(m.Pick, func(*kind) bool { return true }); i != nil {
			w.deleteByHand(i)
		}
	default:
		if i := w.managed(m.Pick, linksRecords); i != nil {
			w.remake(i)
		}
	}
}

func isKeyed(k *kind) bool { return !linksRecords(k) }

func linksRecords(k *kind) bool { return k == relations || k == sets }

// pickKind chooses one of the kinds that fit.
func pickKind(n int, fits func(*kind) bool) *kind {
	all := slices.DeleteFunc(slices.Clone(kinds), func(k *kind) bool { return !fits(k) })
	return all[n%len(all)]
}

// managed picks an instance in the state whose kind fits.
func (w *world) managed(n int, fits func(*kind) bool) *instance {
	var all []*instance
	for _, address := range w.state.addresses() {
		if i := w.state.get(address); fits(i.kind.kind) {
			all = append(all, i)
		}
	}
	if len(all) == 0 {
		return nil
	}
	return all[n%len(all)]
}

// deleteByHand deletes the object of an instance, or one relation of a set. It returns the id, or "" if the object did not
// exist.
func (w *world) deleteByHand(i *instance) (id string) {
	if i.kind.kind == sets {
		s := setIn(i.location, i.value)
		rows := w.rows(s)
		for _, related := range s.related {
			id = cmp.Or(id, rows[related].ID)
		}
		w.sandbox.RemoveRelation(i.location, id)
		return id
	}
	held := i.object()
	for _, o := range i.kind.there(w.sandbox, i.location) {
		if held.isSame(o) {
			i.kind.remove(w.sandbox, i.location, o.id)
			return o.id
		}
	}
	return ""
}

func (w *world) remake(i *instance) {
	before := w.sandbox.Relations(i.location)
	id := w.deleteByHand(i)
	for _, r := range before {
		if r.ID == id {
			r.ID = ""
			w.sandbox.AddRelation(r)
			time.Sleep(w.schedule.Quirks.ListingLag) // until the relation is listed, it looks missing to every client
		}
	}
}

// addForeign creates an object that nobody manages.
func (w *world) addForeign(k *kind, location string, n int) {
	b := &block{kind: k, location: location, key: fmt.Sprintf("foreign_%d_%d", n, len(w.foreign)), pair: n % len(pairs), texts: [2]int{1, 2}}
	w.foreign[k.add(w.sandbox, location, b.value(w.config, w.idOf), false)] = true
}

// addForeignRelation links a record that the configuration uses with a record that it never uses, under any existing
// association.
func (w *world) addForeignRelation(location string, n int) {
	all := w.sandbox.Associations(location)
	if len(all) == 0 {
		return
	}
	a := all[n%len(all)]
	r := w.sandbox.AddRelation(sandbox.Relation{
		LocationID: location, AssociationID: a.ID,
		FirstRecordID: record(a.FirstObjectKey, 1), SecondRecordID: record(a.SecondObjectKey, 100+len(w.foreign)),
	})
	w.foreign[r.ID] = true
}

// isFree reports whether an object can be created as a block describes it: its key is free, and a field has a folder.
func (w *world) isFree(b *block) bool {
	var folder string
	if b.kind == customFields {
		must(w.idOf(b.under).As(&folder))
	}
	return w.there(w.described(b)).id == "" && (b.kind != customFields || folder != "")
}

// takeKey creates an object with a key that the configuration is about to create. The provider must not touch this object.
// (Exception: if the object appears during the create and is identical to the object to create, no client can distinguish
// them.)
func (w *world) takeKey(m meddling) {
	var free []string
	for _, address := range w.config.of(sets, "") { // for a set, relate creates a relation that the set contains
		if w.state.get(address) == nil && w.setOf(w.config[address]).association != "" {
			free = append(free, address)
		}
	}
	for _, address := range w.config.keyed() {
		if w.isFree(w.config[address]) && w.state.get(address) == nil {
			free = append(free, address)
		}
	}
	address := pick(free, m.Pick)
	if address == "" {
		return
	}
	b := w.config[address]
	if b.kind == sets {
		w.relate(w.setOf(b), m.Pick)
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.foreign[b.kind.add(w.sandbox, b.location, b.value(w.config, w.idOf), m.Kind == takeKeyOtherwise)] = true
	w.conflicts[w.described(b).key] = "somebody else created it"
}

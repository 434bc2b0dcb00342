package faults_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// meddlingKind is a thing that somebody else does, in the browser or with a client of
// their own.
type meddlingKind int

const (
	relabelAssociation meddlingKind = iota
	deleteAssociation
	deleteRelation
	takeKeyOtherwise // an association with a key that the configuration wants, and with other labels
	remakeRelation   // deleted, and made again by hand: the same relation with a new id
	addAssociationTo // one that nobody manages
	addRelationTo    // likewise
	takeKey          // an association with a key that the configuration wants and that is free
	meddlingKinds    // how many there are
)

// lastDuringRun is the last kind that can happen in the middle of a run.
const lastDuringRun = takeKeyOtherwise

var meddlingNames = [meddlingKinds]string{
	"relabel association", "delete association", "delete relation", "take key otherwise", "remake relation", "add association", "add relation", "take key",
}

// meddling is one such thing. pick chooses what it is done to.
type meddling struct {
	Kind meddlingKind
	Pick int
}

func (m meddling) String() string { return fmt.Sprintf("%s/%d", meddlingNames[m.Kind], m.Pick) }

// meddle does it, or nothing where there is nothing to do it to.
func (w *world) meddle(m meddling) {
	location := w.locations[m.Pick%len(w.locations)]
	switch m.Kind {
	case addAssociationTo:
		w.addForeignAssociation(location, m.Pick)
	case addRelationTo:
		w.addForeignRelation(location, m.Pick)
	case takeKey, takeKeyOtherwise:
		w.takeKey(m)
	case relabelAssociation, deleteAssociation:
		if i := w.managed(associationType, m.Pick); i != nil {
			w.meddleWithAssociation(m, i)
		}
	default:
		if i := w.managed(relationType, m.Pick); i != nil {
			w.meddleWithRelation(m, i)
		}
	}
}

// managed picks an instance of a type in the state.
func (w *world) managed(typeName string, n int) *instance {
	var all []*instance
	for _, address := range w.state.addresses() {
		if i := w.state.get(address); i.kind.name == typeName {
			all = append(all, i)
		}
	}
	if len(all) == 0 {
		return nil
	}
	return all[n%len(all)]
}

func (w *world) meddleWithAssociation(m meddling, i *instance) {
	id := attribute(i.value, "id")
	if m.Kind == deleteAssociation {
		w.sandbox.RemoveAssociation(i.location, id)
		return
	}
	w.sandbox.UpdateAssociation(i.location, id, func(a *sandbox.Association) { a.FirstObjectLabel = "Somebody's" })
}

func (w *world) meddleWithRelation(m meddling, i *instance) {
	for _, r := range w.sandbox.Relations(i.location) {
		if !i.isRelation(r) {
			continue
		}
		w.sandbox.RemoveRelation(i.location, r.ID)
		if m.Kind == remakeRelation {
			r.ID = ""
			w.sandbox.AddRelation(r)
			time.Sleep(w.schedule.Quirks.ListingLag) // until it is listed, it cannot be told from one that is gone
		}
		return
	}
}

func (w *world) addForeignAssociation(location string, n int) {
	pair := pairs[n%len(pairs)]
	a := w.sandbox.AddAssociation(sandbox.Association{
		LocationID: location, Key: fmt.Sprintf("foreign_%d_%d", n, len(w.foreign)),
		FirstObjectKey: min(pair[0], pair[1]), FirstObjectLabel: "Foreign", SecondObjectKey: max(pair[0], pair[1]), SecondObjectLabel: "Stranger",
	})
	w.foreign[a.ID] = true
}

// addForeignRelation links a record that the configuration uses too, under whichever
// association is there, with one that it never uses.
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

// takeKey makes an association with a key that the configuration is about to create:
// whatever it holds, nobody but its maker may touch it. (One that holds just what is
// to be created, and was made while that is under way, nobody can tell apart.)
func (w *world) takeKey(m meddling) {
	var free []string
	for _, address := range w.config.associations("") {
		if _, there := w.remoteAssociation(w.config[address]); !there && w.state.get(address) == nil {
			free = append(free, address)
		}
	}
	address := pick(free, m.Pick)
	if address == "" {
		return
	}
	b := w.config[address]
	objects := pairs[b.pair]
	taking := sandbox.Association{
		LocationID: b.location, Key: strings.ToLower(b.key),
		FirstObjectKey: objects[0], FirstObjectLabel: b.label(0), SecondObjectKey: objects[1], SecondObjectLabel: b.label(1),
	}
	if m.Kind == takeKeyOtherwise {
		taking.FirstObjectLabel = "Somebody's"
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	a := w.sandbox.AddAssociation(taking)
	w.foreign[a.ID] = true
	w.conflicts[associationKey(b.location, b.key)] = "somebody made it"
}

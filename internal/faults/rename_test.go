package faults_test

import (
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// naturalKey is that of an instance's object.
func (i *instance) naturalKey() string {
	return (&call{kind: i.kind, where: i.location, value: i.value}).naturalKey()
}

// noteMoves notes the objects that one of the plans destroys at one address and creates at another: a renamed block, or two
// records that have changed places. The create may come first, and is refused then.
func (w *world) noteMoves(plans ...*plan) {
	w.moves = map[string]bool{}
	for _, planned := range plans {
		w.addMoves(planned)
	}
}

func (w *world) addMoves(planned *plan) {
	gone := map[string]bool{}
	for _, c := range planned.changes {
		if c.prior != nil && (c.action == destroy || c.action == replace) {
			gone[c.prior.naturalKey()] = true
		}
	}
	for _, c := range planned.changes {
		if c.action != create && c.action != replace {
			continue
		}
		key := (&instance{kind: c.block.kind(), location: c.block.location, value: c.planned.value}).naturalKey()
		w.moves[key] = w.moves[key] || gone[key]
	}
}

// adviceCostsNothing: whoever pastes an import block for an object that another address of the state holds loses the object
// with the next apply, which destroys the old address. So the moved block comes first.
func (w *world) adviceCostsNothing(calls []*call) {
	for _, c := range calls {
		for _, d := range append(append([]*tfprotov6.Diagnostic(nil), c.failure...), c.warnings...) {
			pasted := strings.Index(d.Detail, "import {")
			if pasted < 0 || c.value.IsNull() || w.holder(c) == "" {
				continue
			}
			if moved := strings.Index(d.Detail, "moved"); moved < 0 || moved > pasted {
				w.violated("advice costs nothing", "%s is told to import what %s holds: %s\n%s", c, w.holder(c), d.Summary, d.Detail)
			}
		}
	}
}

// holder is the other address of the state that holds the object of a call.
func (w *world) holder(c *call) string {
	for _, address := range w.state.addresses() {
		i := w.state.get(address)
		if address != c.address && i.kind == c.kind && i.naturalKey() == c.naturalKey() && w.isLive(i) {
			return address
		}
	}
	return ""
}

// isHeldTwice tells whether another address of the state holds the object of an address.
func (w *world) isHeldTwice(address string) bool {
	return slices.ContainsFunc(w.state.addresses(), func(other string) bool {
		return other != address && w.state.get(other).naturalKey() == w.state.get(address).naturalKey()
	})
}

// renamedOnceAndThere is checked after an apply in which all went well: each object of the configuration is held by its own
// address and by no other. That it is there once, and at all, other invariants say.
func (w *world) renamedOnceAndThere() {
	held := map[string]string{}
	for _, address := range w.state.addresses() {
		key := w.state.get(address).naturalKey()
		if other := held[key]; other != "" {
			w.violated("renamed, once and there", "%s and %s hold the same object", other, address)
		}
		held[key] = address
		if w.config[address] == nil {
			w.violated("renamed, once and there", "%s is in the state, and no block is there for it", address)
		}
	}
}

// nothingOfAnotherIsStored compares the ids in the state with what the sandbox holds under the natural key.
func (w *world) nothingOfAnotherIsStored() {
	for _, address := range w.state.addresses() {
		i := w.state.get(address)
		id := attribute(i.value, "id")
		if i.kind.name == associationType {
			for _, a := range w.sandbox.Associations(i.location) {
				if a.ID == id && !strings.EqualFold(a.Key, attribute(i.value, "key")) {
					w.violated("nothing of another is stored", "%s is %q and holds the id of %q", address, attribute(i.value, "key"), a.Key)
				}
			}
			continue
		}
		for _, r := range w.sandbox.Relations(i.location) {
			if r.ID == id && !i.isRelation(r) {
				w.violated("nothing of another is stored", "%s holds the id of the relation of %s and %s", address, r.FirstRecordID, r.SecondRecordID)
			}
		}
		if id == madeUpID {
			w.violated("nothing of another is stored", "%s holds a made-up id", address)
		}
	}
}

// madeUpID is what the sandbox makes up if it has no other row to show.
const madeUpID = "000000000000000000000000"

// whatIsTakenForDeletedIsGone is checked after each deletion that succeeded.
func (w *world) whatIsTakenForDeletedIsGone(c *call, live bool) {
	if live {
		w.violated("what is taken for deleted is gone", "%s", c)
	}
}

package faults_test

import (
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

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
			gone[c.prior.object().key] = true
		}
	}
	for _, c := range planned.changes {
		if c.action != create && c.action != replace {
			continue
		}
		key := c.block.kind.of(c.block.location, w.underItsAssociation(c.block.location, c.planned.value)).key
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
		if address != c.address && i.kind == c.kind && i.object().key == c.naturalKey() && w.isLive(i) {
			return address
		}
	}
	return ""
}

// isHeldTwice tells whether another address of the state holds the object of an address.
func (w *world) isHeldTwice(address string) bool {
	return slices.ContainsFunc(w.state.addresses(), func(other string) bool {
		return other != address && w.state.get(other).object().key == w.state.get(address).object().key
	})
}

// renamedOnceAndThere is checked after an apply in which all went well: each object of the configuration is held by its own
// address and by no other. That it is there once, and at all, other invariants say.
func (w *world) renamedOnceAndThere() {
	held := map[string]string{}
	for _, address := range w.state.addresses() {
		key := w.state.get(address).object().key
		if other := held[key]; other != "" {
			w.violated("renamed, once and there", "%s and %s hold the same object", other, address)
		}
		held[key] = address
		if w.config[address] == nil {
			w.violated("renamed, once and there", "%s is in the state, and no block is there for it", address)
		}
	}
}

// nothingOfAnotherIsStored compares the ids in the state with what the sandbox holds.
func (w *world) nothingOfAnotherIsStored() {
	there := w.objects()
	for _, address := range w.state.addresses() {
		held := w.state.get(address).object()
		for _, o := range there {
			if o.id == held.id && o.fixed != held.fixed {
				w.violated("nothing of another is stored", "%s is %q and holds the id of %q", address, held.fixed, o.fixed)
			}
		}
		if held.id == madeUpID {
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

// avoidTaken gives an object that is to be renamed another name, if somebody else's has it: servers differ in what they make of
// that, and none of it is the provider's affair.
func (w *world) avoidTaken() {
	for _, address := range w.config.keyed() {
		i := w.state.get(address)
		if i == nil || !i.kind.renames {
			continue
		}
		for {
			other := w.there(w.described(w.config[address]))
			if other.id == "" || other.id == i.object().id {
				break
			}
			w.config.change(address, func(b *block) { b.key += "_new" })
		}
	}
}

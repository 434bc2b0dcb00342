package faults_test

import (
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// noteMoves notes the objects that one of the plans destroys at one address and creates at another: a renamed block, or two
// swapped records. If the create comes first, it is refused.
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

// adviceLosesNothing checks that errors name the moved block first: if a user pastes an import block for an object that another
// address of the state holds, the next apply destroys the old address, and the object with it.
func (w *world) adviceLosesNothing(calls []*call) {
	for _, c := range calls {
		for _, d := range append(append([]*tfprotov6.Diagnostic(nil), c.failure...), c.warnings...) {
			pasted := strings.Index(d.Detail, "import {")
			if pasted < 0 || c.value.IsNull() || w.holder(c) == "" {
				continue
			}
			if moved := strings.Index(d.Detail, "moved"); moved < 0 || moved > pasted {
				w.violated("advice loses nothing", "%s says to import the object that %s holds: %s\n%s", c, w.holder(c), d.Summary, d.Detail)
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

// isHeldTwice reports whether another address of the state holds the object of an address.
func (w *world) isHeldTwice(address string) bool {
	return slices.ContainsFunc(w.state.addresses(), func(other string) bool {
		return other != address && w.state.get(other).object().key == w.state.get(address).object().key
	})
}

// renamedObjectIsHeldOnce is checked after an apply without errors: only its own address holds each object of the configuration.
// Other invariants check that the object exists, and only once.
func (w *world) renamedObjectIsHeldOnce() {
	held := map[string]string{}
	for _, address := range w.state.addresses() {
		key := w.state.get(address).object().key
		if other := held[key]; other != "" {
			w.violated("a renamed object is held once", "%s and %s hold the same object", other, address)
		}
		held[key] = address
		if w.config[address] == nil {
			w.violated("a renamed object is held once", "%s is in the state but has no block", address)
		}
	}
}

// noOtherObjectIsStored compares the ids in the state with the sandbox's objects.
func (w *world) noOtherObjectIsStored() {
	there := w.objects()
	for _, address := range w.state.addresses() {
		held := w.state.get(address).object()
		for _, o := range there {
			if o.id == held.id && o.fixed != held.fixed {
				w.violated("no other object is stored", "%s is %q but has the id of %q", address, held.fixed, o.fixed)
			}
		}
		if held.id == madeUpID {
			w.violated("no other object is stored", "%s has a made-up id", address)
		}
	}
}

// madeUpID is the id that the sandbox makes up if it has no other row.
const madeUpID = "000000000000000000000000"

// whatIsReportedDeletedIsGone is checked after each deletion that succeeded.
func (w *world) whatIsReportedDeletedIsGone(c *call, live bool) {
	if live {
		w.violated("what is reported deleted is gone", "%s", c)
	}
}

// avoidTaken chooses another new name for an object if somebody else's object has it: servers react differently to that, and the
// provider cannot do anything about it.
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

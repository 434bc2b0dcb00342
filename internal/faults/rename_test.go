package faults_test

import (
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// noteMoves records the objects that one of the plans destroys at one address and creates at another address, because a block
// was renamed or two records were swapped. If the create runs first, the API refuses it.
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

// adviceLosesNothing checks that errors suggest a moved block first. If a user pastes an import block for an object that is in
// the state at another address, the next apply destroys the resource at the old address, and with it the object.
func (w *world) adviceLosesNothing(calls []*call) {
	for _, c := range calls {
		for _, d := range append(append([]*tfprotov6.Diagnostic(nil), c.failure...), c.warnings...) {
			pasted := strings.Index(d.Detail, "import {")
			if pasted < 0 || c.value.IsNull() || w.holder(c) == "" {
				continue
			}
			if moved := strings.Index(d.Detail, "moved"); moved < 0 || moved > pasted {
				w.violated("advice loses nothing", "%s suggests importing the object that is in the state at %s: %s\n%s", c, w.holder(c), d.Summary, d.Detail)
			}
		}
	}
}

// holder returns the other address at which the state contains the object of a call, or "".
func (w *world) holder(c *call) string {
	for _, address := range w.state.addresses() {
		i := w.state.get(address)
		if address != c.address && i.kind == c.kind && i.object().key == c.naturalKey() && w.isLive(i) {
			return address
		}
	}
	return ""
}

// isHeldTwice reports whether the state contains the object of an address at another address too.
func (w *world) isHeldTwice(address string) bool {
	return slices.ContainsFunc(w.state.addresses(), func(other string) bool {
		return other != address && w.state.get(other).object().key == w.state.get(address).object().key
	})
}

// renamedObjectIsHeldOnce is checked after an apply without errors. The state must contain each object of the configuration
// only at the object's own address. Other invariants check that the object exists only once.
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
				w.violated("no other object is stored", "%s is %q, but has the id of %q", address, held.fixed, o.fixed)
			}
		}
		if held.id == madeUpID {
			w.violated("no other object is stored", "%s has a made-up id", address)
		}
	}
}

// madeUpID is the id that the sandbox invents if a fault needs another row and there is none.
const madeUpID = "000000000000000000000000"

// whatIsReportedDeletedIsGone is checked after each deletion that succeeded.
func (w *world) whatIsReportedDeletedIsGone(c *call, live bool) {
	if live {
		w.violated("what is reported deleted is gone", "%s", c)
	}
}

// avoidTaken chooses another new name for an object if somebody else's object already has the name. Servers differ in how they
// handle a rename to a name that is in use, and the provider cannot change that.
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

package faults_test

import (
	"maps"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// result is the result of a schedule.
type result struct {
	violations []string
	operations int
	failures   int            // calls that failed
	cut        int            // refusals whose answer was incomplete
	unknown    int            // creates whose outcome stayed unknown
	took       time.Duration  // in virtual time
	hits       map[string]int // number of requests that each fault affected
}

// carryOut runs a schedule in its own bubble of virtual time.
func carryOut(t *testing.T, s schedule) (r result) {
	t.Helper()
	schemas() // outside of the bubble, because bubbles must not share anything
	synctest.Test(t, func(*testing.T) {
		w := newWorld(s)
		defer func() {
			if p := recover(); p != nil {
				w.violated("nothing panics", "%v\n%s", p, debug.Stack())
			}
			r.violations, r.operations, r.failures, r.cut, r.unknown, r.hits = w.violations, w.operations, w.failed, w.cut, w.unknown, w.hits
		}()
		begin := time.Now()
		for i := 0; i < len(s.Steps) || time.Since(begin) < s.Lasts; i++ {
			w.step(s.Steps[i%len(s.Steps)])
		}
		w.recover()
		r.took = time.Since(begin)
	})
	return r
}

// carryOutAll runs n schedules, as many at once as there are processors, until take returns false for a result.
func carryOutAll(t *testing.T, n int, get func(i int) schedule, take func(i int, r result) (goOn bool)) {
	t.Helper()
	var next, done, operations, unknown, virtual atomic.Int64
	var over atomic.Bool
	t.Run("all", func(t *testing.T) {
		for range runtime.GOMAXPROCS(0) {
			t.Run("", func(t *testing.T) {
				t.Parallel()
				for i := next.Add(stride) - stride; i < int64(n) && !over.Load(); i = next.Add(stride) - stride {
					r := carryOut(t, get(int(i)))
					done.Add(1)
					operations.Add(int64(r.operations))
					unknown.Add(int64(r.unknown))
					virtual.Add(int64(r.took))
					if !take(int(i), r) {
						over.Store(true)
					}
				}
			})
		}
	})
	t.Logf("%d schedules, %d operations, %s of virtual time, %d creates whose outcome stayed unknown",
		done.Load(), operations.Load(), time.Duration(virtual.Load()).Round(time.Minute), unknown.Load())
}

// step runs one step.
func (w *world) step(s step) {
	for _, e := range s.Edits {
		e.apply(w.config, w.locations)
	}
	w.avoidTaken()
	for _, m := range s.Before {
		w.meddle(m)
	}
	switch s.Run {
	case runTaint:
		w.taint(s.Pick)
	case runDeleteRecord:
		defer w.deleteRecord(s.Pick)()
	}
	w.setMeddled(false)
	w.misplaced = s.Misplaced && len(w.locations) > 1
	w.backward = w.schedule.Storm > 0 || slices.ContainsFunc(s.Faults, func(o order) bool {
		return catalogue[o.Fault].name == answerBefore || o.Then != nil && catalogue[o.Then.Fault].name == answerBefore
	})
	w.fooled = w.schedule.hidesRowsIn(s)
	w.fooledLate = w.fooled && s.faultCount() > 1
	w.readsBack = s.readsBack() && w.schedule.Storm == 0
	for i, m := range s.During {
		w.sandbox.AddFault(sandbox.Fault{Name: "meddling", After: m.Pick + i, Count: 1, Effect: sandbox.Do(func() {
			w.setMeddled(true)
			w.meddle(m)
		})})
	}
	for _, o := range s.Faults {
		for _, f := range o.faults(w.locations) {
			w.sandbox.AddFault(f)
		}
	}
	w.orderStorm()
	switch s.Run {
	case runImport:
		w.forgetAndImport(s.Pick)
	case runWait:
		time.Sleep(time.Duration(s.Pick) * time.Second)
	default:
		w.run(s)
	}
	w.misplaced = false
	w.sandbox.ClearFaults()
	w.checkRun()
	w.fooled, w.fooledLate = false, false
}

// orderStorm injects faults so that every request fails with the same probability, and each fault is equally likely.
func (w *world) orderStorm() {
	for i := range catalogue {
		for _, f := range (order{Fault: i}).faults(w.locations) {
			if f.Probability = w.schedule.Storm / float64(len(catalogue)); w.schedule.Storm > 0 {
				w.sandbox.AddFault(f)
			}
		}
	}
}

// run plans, and applies the plan unless the run only refreshes.
func (w *world) run(s step) {
	p := w.newProcess()
	planned := w.plan(p, s.Run == runDestroy)
	p.stop()
	if planned.isEmpty() && !w.isMeddled() && s.Run != runDestroy {
		w.emptyPlanHidesNothing()
	}
	if !planned.complete {
		return
	}
	if s.Run == runRefresh {
		w.state = planned.refreshed
		return
	}
	for _, m := range s.Between {
		if s.Run == runDeleteRecord && m.Kind == remakeRelation {
			continue // no client can link a deleted record
		}
		w.meddle(m)
	}
	if s.Twice {
		w.applyTwice(planned, s.Run == runDestroy, s.Pick%2 == 1)
		return
	}
	p = w.newProcess()
	s.Stop.order(w, p)
	defer after(s.Interrupt, p.interrupt)()
	defer after(s.Kill, p.kill)()
	ok := w.apply(p, planned)
	p.stop()
	if ok && !w.isMeddled() && len(s.Between) == 0 {
		w.noGhostInState()
		w.successLeavesNoDifference(s)
		if s.Run != runDestroy {
			w.renamedObjectIsHeldOnce()
		}
	}
}

// after calls do after a duration, unless the duration is 0.
func after(d time.Duration, do func()) (stop func()) {
	if d <= 0 {
		return func() {}
	}
	timer := time.AfterFunc(d, do)
	return func() { timer.Stop() }
}

// taint taints an instance, unless the state contains its object at another address too. An engine requests the plan for a
// tainted instance as if the instance were new, so the provider cannot warn that the object will be destroyed.
func (w *world) taint(n int) {
	if address := pick(w.state.addresses(), n); address != "" && !w.isHeldTwice(address) {
		tainted := *w.state.get(address)
		tainted.tainted = true
		w.state.set(address, &tainted)
	}
}

// deleteRecord deletes a record of a relation in the state, and removes the references to that record from the configuration.
// The returned function restores the record.
func (w *world) deleteRecord(n int) (restore func()) {
	i := w.managed(n/2, linksRecords)
	if i == nil {
		return func() {}
	}
	if w.schedule.Quirks.OneSided && attribute(i.value, "association_id") == builtInID {
		return func() {} // without its contact, the relation is in no listing
	}
	gone := attribute(i.value, []string{"first_record_id", "second_record_id"}[n%2])
	if i.kind.kind == sets {
		gone = pick(append(setIn(i.location, i.value).related, attribute(i.value, "record_id")), n)
	}
	w.config.forget(i.location, gone)
	for _, address := range w.config.of(relations, i.location) {
		b := w.config[address]
		if records := b.records(w.config); records[0] == gone || records[1] == gone {
			w.config.remove(address)
		}
	}
	w.sandbox.DeleteRecord(i.location, gone)
	w.goneRecord = gone
	return func() {
		w.sandbox.AddRecord(i.location, gone, "")
		w.goneRecord = ""
	}
}

// forgetAndImport removes an instance from the state and imports it again, in one of the possible ways. If a fault makes the
// import fail, it repeats the import without faults.
func (w *world) forgetAndImport(n int) {
	address := pick(w.state.addresses(), n)
	if address == "" || w.config[address] == nil || !w.isLive(w.state.get(address)) {
		return
	}
	before := w.state.get(address)
	id, identity := w.importID(before, n)
	w.state.set(address, nil)
	time.Sleep(w.schedule.Quirks.ListingLag) // an import has no creation time, so it treats an unlisted object as missing
	for range 2 {
		p := w.newProcess()
		i, ok := p.importInstance(address, before.kind, before.location, id, identity)
		p.stop()
		if ok {
			w.state.set(address, i.dependingOn(before.under))
			if i.kind.kind == customObjects { // an import protects the object from being destroyed until an apply removes the protection
				w.sandbox.ClearFaults()
				w.run(step{})
			}
			return
		}
		w.misplaced = false
		w.sandbox.ClearFaults()
	}
	if w.isLive(before) {
		w.violated("one ordinary apply converges", "%s cannot be imported as %q", address, id)
	}
}

// prefix returns the sub-account part of an import id, or "" for home.
func (i *instance) prefix() string {
	if i.location == home {
		return ""
	}
	return i.location + "/"
}

// importID returns one of the forms of an instance's import id, or the instance's identity.
func (w *world) importID(i *instance, n int) (string, *tfprotov6.ResourceIdentityData) {
	if linksRecords(i.kind.kind) {
		association := attribute(i.value, "association_id")
		if key := attribute(i.value, "association_key"); key != "" {
			association = "key:" + key
		}
		id := strings.Join([]string{association, attribute(i.value, "first_record_id"), attribute(i.value, "second_record_id")}, "/")
		if i.kind.kind == sets {
			id = strings.TrimSuffix(association+"/"+attribute(i.value, "record_id")+"/"+attribute(i.value, "side"), "/")
		}
		switch {
		case n%3 == 0 && i.identity != nil:
			return "", i.identity
		case n%3 == 1 || i.location != home:
			return i.location + "/" + id, nil
		default:
			return id, nil
		}
	}
	switch {
	case n%4 == 0 && i.identity != nil:
		return "", i.identity
	case n%4 == 2 && w.isAlone(i.object()):
		var name []string
		for _, part := range i.kind.named {
			name = append(name, attribute(i.value, part))
		}
		return i.prefix() + i.kind.by + ":" + strings.Join(name, "/"), nil
	case n%4 == 1 || i.location != home:
		return i.location + "/" + attribute(i.value, "id"), nil
	default:
		return attribute(i.value, "id"), nil
	}
}

// isAlone reports whether the object that a state describes exists, and no other object has its key.
func (w *world) isAlone(held object) bool {
	var ids []string
	for _, o := range w.objects() {
		if o.key == held.key {
			ids = append(ids, o.id)
		}
	}
	return slices.Equal(ids, []string{held.id})
}

// recover checks, after the faults, that one ordinary apply converges.
func (w *world) recover() {
	w.emptyFolders()
	w.unlinkTurned()
	w.setMeddled(false)
	for range 6 { // after one conflict is resolved, a dependent create may cause the next conflict
		refused := w.applyOnce()
		again := w.isMoveRefused(refused) || w.lacksCascaded() || len(w.others) > 0
		if !w.importConflicts(refused) && !again {
			break
		}
	}
	p := w.newProcess()
	planned := w.plan(p, false)
	p.stop()
	if !planned.isEmpty() {
		w.violated("one ordinary apply converges", "complete %t, still planned:%s", planned.complete, planned)
	}
	w.emptyPlanHidesNothing()
	w.noGhostInState()
	w.checkRun()
	w.destroyLeavesNothing()
}

// applyOnce applies without faults. Only calls with a known conflict may fail. applyOnce returns these calls.
func (w *world) applyOnce() (refused []*call) {
	planned := w.planOnce()
	for try := 0; try < 3 && !planned.complete && (w.removeSurplus() || w.moveFields() || w.liftProtection() || w.stopAdopting()); try++ { // one error may hide another
		w.newCalls()
		planned = w.planOnce()
	}
	if !planned.complete {
		w.violated("one ordinary apply converges", "the plan fails: %s", w.failures())
		return nil
	}
	p := w.newProcess()
	w.apply(p, planned)
	p.stop()
	for _, c := range w.calls {
		switch {
		case len(c.failure) == 0:
		case c.isConflict(), c.isMoveRefused():
			refused = append(refused, c)
		default:
			w.violated("one ordinary apply converges", "%s: %s", c, c.explanation())
		}
	}
	w.checkRun()
	return refused
}

func (w *world) planOnce() *plan {
	p := w.newProcess()
	defer p.stop()
	return w.plan(p, false)
}

// removeSurplus removes resources from the state as the plan's error says. After a deletion that was carried out but returned
// an error, two addresses can have the same object. removeSurplus removes the address whose block was removed or now describes
// another object.
func (w *world) removeSurplus() bool {
	if !strings.Contains(w.failures(), "one of the two resources has no block any more, or its block now describes another object. Remove that resource from the state") {
		return false
	}
	kept := map[string]bool{}
	for _, address := range w.state.addresses() {
		key := w.state.get(address).object().key
		kept[key] = kept[key] || w.wantedKey(address) == key
	}
	removed := false
	for _, address := range w.state.addresses() {
		if key := w.state.get(address).object().key; kept[key] && w.wantedKey(address) != key {
			w.state.set(address, nil)
			removed = true
		}
	}
	return removed
}

// wantedKey returns the natural key, as far as known, of the object that the block at an address describes. It returns "" if
// there is no block.
func (w *world) wantedKey(address string) string {
	b := w.config[address]
	if b == nil {
		return ""
	}
	return b.kind.of(b.location, w.underItsAssociation(b.location, b.value(w.config, func(other string) tftypes.Value {
		if i := w.state.get(other); i != nil {
			return attributesOf(i.value)["id"]
		}
		return text("")
	}))).key
}

func (w *world) failures() string {
	text := ""
	for _, c := range w.calls {
		text += c.explanation()
	}
	return text
}

// isConflict reports whether a create was refused because of a known conflict.
func (c *call) isConflict() bool {
	return c.verb == "Create" && c.process.w.conflicts[c.naturalKey()] != "" && (strings.Contains(c.explanation(), "already exists in sub-account") || strings.Contains(c.explanation(), "as a duplicate"))
}

// isMoveRefused reports whether a create came before the deletion of the same object at its old address.
func (c *call) isMoveRefused() bool {
	return c.verb == "Create" && c.process.w.moves[c.naturalKey()]
}

// isMoveRefused reports whether a second apply must create an object that the first apply could not create.
func (w *world) isMoveRefused(refused []*call) bool {
	return slices.ContainsFunc(refused, func(c *call) bool { return !c.isConflict() })
}

// importConflicts imports objects with the import blocks from an apply's errors, as the errors say.
func (w *world) importConflicts(refused []*call) bool {
	imported := false
	for _, c := range refused {
		if !c.isConflict() {
			continue // a second apply creates the object, without an import
		}
		block := importBlock.FindStringSubmatch(c.explanation())
		if block == nil { // after the first error of a kind, the other errors contain only the id
			block = importID.FindStringSubmatch(c.explanation())
		}
		if block == nil && strings.Contains(strings.ToLower(c.explanation()), "apply again") {
			imported = true
			continue
		}
		if block == nil {
			w.violated("every failure is explained", "%s has no import block: %s", c, c.explanation())
			continue
		}
		time.Sleep(w.schedule.Quirks.ListingLag)
		p := w.newProcess()
		i, ok := p.importInstance(c.address, c.kind, c.where, w.unmanaged(c, block[1]), nil)
		p.stop()
		if !ok {
			w.violated("one ordinary apply converges", "the import block of %s does not help: %s", c, block[0])
			continue
		}
		w.state.set(c.address, i.dependingOn(w.config[c.address].under))
		w.resolve(c, attribute(i.value, "id"))
		imported = true
	}
	return imported
}

// resolve removes the conflict of a create whose object is now in the state. If the server also has the reversed relation of
// the same records, that relation is left over.
func (w *world) resolve(c *call, id string) {
	if w.conflicts[c.naturalKey()] != "" && w.schedule.Quirks.ReversedPairAllowed {
		for _, o := range w.objects() {
			isHeld := slices.ContainsFunc(w.state.addresses(), func(address string) bool { return attribute(w.state.get(address).value, "id") == o.id })
			if o.kind == relations && o.key == c.naturalKey() && o.id != id && !isHeld {
				w.left[o.id] = true
			}
		}
	}
	delete(w.conflicts, c.naturalKey())
	delete(w.foreign, id)
}

// severalIDs matches the ids in a create's error, if the create found more than one object.
var severalIDs = regexp.MustCompile(`more than once, with the ids ([0-9a-f, ]+)\.`)

// unmanaged returns the import id from a create's error. If the error lists several objects, unmanaged returns the id of an
// object that no state manages, as the error says.
func (w *world) unmanaged(c *call, id string) string {
	several := severalIDs.FindStringSubmatch(c.explanation())
	if several == nil {
		return id
	}
	ids := strings.Split(several[1], ", ")
	managed := w.managedIDs()
	maps.Copy(managed, w.left)
	maps.Copy(managed, w.foreign) // the user can recognize an object that was created by hand
	for _, other := range ids {
		if !managed[other] {
			return strings.Replace(id, ids[0], other, 1)
		}
	}
	return id
}

// managedIDs returns the ids of the objects in the state.
func (w *world) managedIDs() map[string]bool {
	managed := map[string]bool{}
	for _, address := range w.state.addresses() {
		managed[w.state.get(address).object().id] = true
	}
	return managed
}

func (w *world) destroyLeavesNothing() {
	w.emptyFolders()
	p := w.newProcess()
	planned := w.plan(p, true)
	p.stop()
	p = w.newProcess()
	if !planned.complete || !w.apply(p, planned) {
		w.violated("destroy leaves nothing", "the destroy fails: %s", w.failures())
	}
	p.stop()
	for _, address := range w.state.addresses() {
		w.violated("destroy leaves nothing", "%s is still in the state", address)
	}
	w.config = configuration{}
	w.checkRun() // reports objects that are left and were not created by others
}

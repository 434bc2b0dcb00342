package faults_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// A set is one ghl_record_relations resource, which manages all relations of a record. It is not a separate object in HighLevel.
// No ghl_relation in the tests links the record of a set. After the next refresh, relations that others add to the record belong
// to the set.

// set describes the relations of a record in a state, a plan or a block.
type set struct {
	location, association, record, side string
	related                             []string
}

func setIn(location string, v tftypes.Value) set {
	s := set{location, attribute(v, "association_id"), attribute(v, "record_id"), attribute(v, "side"), nil}
	var elements []tftypes.Value
	if ids := attributesOf(v)["related_record_ids"]; ids.IsKnown() && !ids.IsNull() {
		must(ids.As(&elements))
	}
	for _, element := range elements {
		var id string
		must(element.As(&id))
		s.related = append(s.related, id)
	}
	slices.Sort(s.related)
	return s
}

func (s set) describe() object {
	key := strings.TrimSpace(s.association + " " + s.record + " " + s.side)
	return object{id: key, key: key, fixed: key, content: fmt.Sprintf("%q", s.related)}
}

// relatedBy returns the record at the other end of a relation, or "" if the relation does not belong to the set.
func (s set) relatedBy(r sandbox.Relation) string {
	switch {
	case r.LocationID != s.location || r.AssociationID != s.association:
		return ""
	case r.FirstRecordID == s.record && s.side != "second":
		return r.SecondRecordID
	case r.SecondRecordID == s.record && s.side != "first":
		return r.FirstRecordID
	default:
		return ""
	}
}

// rows returns the existing relations of a set, by the record at the other end.
func (w *world) rows(s set) map[string]sandbox.Relation {
	rows := map[string]sandbox.Relation{}
	for _, r := range w.sandbox.Relations(s.location) {
		if related := s.relatedBy(r); related != "" {
			rows[related] = r
		}
	}
	return rows
}

// unlinkTurned deletes by hand the relations that others created with the records in reverse order, under an association of an
// object with itself. A set in the configuration cannot contain these records, as its error says.
func (w *world) unlinkTurned() {
	held := w.heldInSets()
	for _, address := range w.config.of(sets, "") {
		wanted := w.setOf(w.config[address])
		turned := wanted
		turned.side = map[string]string{"first": "second", "second": "first"}[wanted.side]
		for id, r := range w.rows(turned) {
			if turned.side != "" && slices.Contains(wanted.related, id) && !held[r.ID] {
				w.sandbox.RemoveRelation(r.LocationID, r.ID)
			}
		}
	}
}

// setThere returns the set with its existing relations.
func (w *world) setThere(s set) set {
	s.related = slices.Sorted(maps.Keys(w.rows(s)))
	return s
}

var sets = newKind(kind{
	name: "ghl_record_relations", thing: "Record Relations", letter: "s", most: 2, by: "record_id",
	list: sandbox.RouteListRelations, create: sandbox.RouteCreateRelation, delete: sandbox.RouteDeleteRelation,
	data: "ghl_relations", rows: "relations", ofWhat: "record_id", fromWhat: "record_id",
	block: func(k *kind, c configuration, location string, n int) *block {
		i := 0
		for c[k.address(location, i)] != nil {
			i++
		}
		// The record depends on the address, because the plan for the same set at another address would fail.
		return &block{under: pick(append(c.of(associations, location), ""), n), numbers: [2]int{3 + i, 0}, members: 1 + n%15, swapped: n/4%2 == 1, byKey: n/8%3 == 1}
	},
	given: func(b *block, c configuration, parent func() tftypes.Value) map[string]tftypes.Value {
		one, other := b.sides(c)
		name, association := b.association(c, parent)
		given := map[string]tftypes.Value{name: association, "record_id": text(record(one, b.numbers[0]))}
		if one == other {
			given["side"] = text(map[bool]string{false: "first", true: "second"}[b.swapped])
		}
		ids := []tftypes.Value{}
		for _, id := range someOf(other, b.members) {
			ids = append(ids, text(id))
		}
		given["related_record_ids"] = tftypes.NewValue(tftypes.Set{ElementType: tftypes.String}, ids)
		return given
	},
}, calls[set]{of: setIn, describe: set.describe, all: func(*sandbox.Sandbox, string) []set { return nil }})

// sides returns the objects of a set's record and of the records at the other ends. Some servers list relations under the
// built-in association only for the contact.
func (b *block) sides(c configuration) (one, other string) {
	objects := b.objects(c)
	if b.swapped || b.under == "" {
		return objects[1], objects[0]
	}
	return objects[0], objects[1]
}

// mostRelated is the maximum number of related records in a set. A listing with a window also shows at most this number of
// relations.
const mostRelated = 4

// someOf returns the records of an object whose bits are set in members.
func someOf(object string, members int) (ids []string) {
	for i := range mostRelated {
		if members&(1<<i) != 0 {
			ids = append(ids, record(object, 50+i))
		}
	}
	return ids
}

// forget removes a record from the blocks of sets, because that record will be deleted.
func (c configuration) forget(location, gone string) {
	for _, address := range c.of(sets, location) {
		one, other := c[address].sides(c)
		if gone == record(one, c[address].numbers[0]) {
			c.remove(address)
			continue
		}
		for i := range mostRelated {
			if gone == record(other, 50+i) {
				c.change(address, func(b *block) { b.members &^= 1 << i })
			}
		}
	}
}

// relate creates a relation between the record of a set and another record by hand, or deletes that relation if it exists.
func (w *world) relate(s set, n int) {
	objects := [2]string{}
	if s.association == builtInID {
		objects = builtInPair
	}
	for _, a := range w.sandbox.Associations(s.location) {
		if a.ID == s.association {
			objects = [2]string{a.FirstObjectKey, a.SecondObjectKey}
		}
	}
	r := sandbox.Relation{LocationID: s.location, AssociationID: s.association, FirstRecordID: s.record, SecondRecordID: record(objects[1], 50+n%mostRelated)}
	if s.side == "second" || s.side == "" && record(objects[1], 3) == objectOfRecord(s.record)+"-3" {
		r.FirstRecordID, r.SecondRecordID = record(objects[0], 50+n%mostRelated), s.record
	}
	row := w.rows(s)[s.relatedBy(r)]
	isUnlisted := w.schedule.Quirks.ListingLag > 0 && w.isMeddled() // in the middle of a run, relate cannot wait until the relation is listed
	isGone := objects[0] == "" || w.goneRecord == r.FirstRecordID || w.goneRecord == r.SecondRecordID
	switch {
	case row.ID != "":
		w.sandbox.RemoveRelation(s.location, row.ID)
	case !isUnlisted && !isGone:
		w.foreign[w.sandbox.AddRelation(r).ID] = true
		time.Sleep(w.schedule.Quirks.ListingLag)
	}
}

// heldInSets returns the ids of the relations in the sets of the state.
func (w *world) heldInSets() map[string]bool {
	held := map[string]bool{}
	for _, address := range w.state.addresses() {
		if i := w.state.get(address); i.kind.kind == sets {
			s := setIn(i.location, i.value)
			rows := w.rows(s)
			for _, id := range s.related {
				held[rows[id].ID] = true
			}
		}
	}
	return held
}

// mayHoldMore reports whether the record of a set may be related to more records than configured: the create found the other
// relations, or a listing did not show them.
func (w *world) mayHoldMore(wanted, found object) bool {
	return found.content == w.others[wanted.key] || w.fooled && len(found.content) > len(wanted.content)
}

// noteSets records that the relations in the sets of the state belong to nobody else. It also records the relations that calls
// left behind: because the call failed, because the process was killed, or because a listing did not show them.
func (w *world) noteSets(calls []*call) {
	held := w.heldInSets()
	for id := range held {
		delete(w.foreign, id)
		delete(w.left, id)
		w.known[id] = w.known[id] || !w.twins
	}
	for _, c := range calls {
		if c.kind.kind != sets || c.verb != "Create" && c.verb != "Update" && !w.fooled || len(c.failure) == 0 && !c.process.wire.killed() && !w.twins && !w.fooled {
			continue
		}
		for _, r := range w.rows(setIn(c.where, c.value)) {
			if !c.before[r.ID] && !held[r.ID] {
				w.left[r.ID] = true
			}
		}
	}
}

// noteRows records the relations that exist when a call for a set begins. The call may delete only these relations.
func (w *world) noteRows(c *call) {
	s := setIn(c.where, c.value)
	for _, r := range w.sandbox.Relations(c.where) {
		w.seen[r.ID] = r
		c.before[r.ID] = s.relatedBy(r) != ""
	}
}

// wasThere reports whether the set's record was related to the given record when a call began.
func (w *world) wasThere(c *call, related string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for id, isOfSet := range c.before {
		if isOfSet && setIn(c.where, c.value).relatedBy(w.seen[id]) == related {
			return true
		}
	}
	return false
}

// missing returns the records that have no relation.
func missing(ids []string, rows map[string]sandbox.Relation) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return rows[id].ID != "" })
}

// mayWriteSet reports whether the plan for a set showed a write.
func (c *call) mayWriteSet(r sandbox.Request) bool {
	w, s := c.process.w, setIn(c.where, c.value)
	prior, wanted := s.related, setIn(c.where, c.wanted).related
	if c.verb == "Create" {
		prior = nil
	}
	if r.Route == c.kind.delete {
		row, isKnown := w.seen[r.Path[strings.LastIndexByte(r.Path, '/')+1:]]
		id := s.relatedBy(row)
		return c.verb != "Create" && (slices.Contains(prior, id) && !slices.Contains(wanted, id) || !isKnown && w.isMeddled())
	}
	names := func(id string) bool { return strings.Contains(r.Body, strconv.Quote(id)) || id == "" && w.isMeddled() }
	return r.Route == c.kind.create && names(s.association) && names(s.record) &&
		slices.ContainsFunc(wanted, func(id string) bool { return names(id) && !slices.Contains(prior, id) })
}

// whatIsListedIsTakenOver checks that the create of a set sends no request for relations that the listing already contains.
func (w *world) whatIsListedIsTakenOver(log []exchange) {
	for _, x := range log {
		if x.call == nil || x.call.kind.kind != sets || x.call.verb != "Create" || x.Method != http.MethodPost || w.schedule.Quirks.ListingLag > 0 || w.isMeddled() {
			continue
		}
		for id, r := range w.rows(setIn(x.call.where, x.call.value)) {
			isFooled := slices.ContainsFunc(log, func(y exchange) bool { return y.Method == http.MethodGet && y.Fault != "" })
			if x.call.before[r.ID] && strings.Contains(x.Body, strconv.Quote(id)) && !isFooled {
				w.violated("what is listed is taken over", "%s creates the relation with %s", x.call, id)
			}
		}
	}
}

// stateMatchesWhatIsDone compares the state after a complete or partial change of a set with the existing relations.
func (w *world) stateMatchesWhatIsDone(c *call, after *instance) {
	if w.isMeddled() {
		return
	}
	prior, held, wanted := setIn(c.where, c.value).related, setIn(c.where, after.value).related, setIn(c.where, c.wanted).related
	if c.verb == "Create" {
		prior = nil
	}
	rows := w.rows(setIn(c.where, c.value))
	isOpen := func(id string) bool { return strings.Contains(c.explanation(), strconv.Quote(id)) }
	for id, r := range rows {
		switch {
		case slices.Contains(held, id):
		case slices.Contains(prior, id):
			w.violated("the state matches what was done", "%s loses the relation with %s from the state", c, id)
		case c.verb == "Update" && slices.Contains(wanted, id) && !c.before[r.ID] && !isOpen(id):
			w.violated("the state matches what was done", "%s created the relation with %s, but does not report it", c, id)
		}
	}
	for _, id := range missing(held, rows) {
		switch {
		case !slices.Contains(prior, id):
			w.violated("the state matches what was done", "%s did not create the relation with %s", c, id)
		case !slices.Contains(wanted, id) && !isOpen(id) && w.wasThere(c, id):
			w.violated("the state matches what was done", "%s deleted the relation with %s, but does not report it", c, id)
		}
	}
	if c.verb == "Create" && !after.value.IsNull() {
		w.noteOthers(c, held)
	}
}

// noteOthers checks that a new set warns about other relations of its record, and records them. The next plan shows their
// removal.
func (w *world) noteOthers(c *call, held []string) {
	there := w.setThere(setIn(c.where, c.value))
	if len(there.related) == len(held) {
		return
	}
	w.mu.Lock()
	w.others[c.naturalKey()] = there.describe().content
	isReported := slices.ContainsFunc(w.calls, func(other *call) bool { // a process warns only once, so the last plan may have warned
		return other.process == c.process && other.address == c.address && slices.ContainsFunc(other.warnings, func(d *tfprotov6.Diagnostic) bool {
			return d.Summary == "Other Relations Exist"
		})
	})
	w.mu.Unlock()
	if !isReported && !w.fooledLate {
		w.violated("other relations are reported", "%s has %q of %q", c, held, there.related)
	}
}

// noLiveRelationIsDropped checks noLiveObjectIsDropped for the relations of a set. The set itself must never be missing after a
// read. A relation that a concurrent apply has created again may be unlisted at first.
func (w *world) noLiveRelationIsDropped(c *call, before map[string]sandbox.Relation, after tftypes.Value) {
	kept := setIn(c.where, after).related
	rows := w.rows(setIn(c.where, c.value))
	for _, id := range setIn(c.where, c.value).related {
		mayBeFound := w.schedule.Quirks.ListingLag == 0 || w.known[rows[id].ID]
		if before[id].ID != "" && rows[id].ID == before[id].ID && mayBeFound {
			w.noLiveObjectIsDropped(c, !slices.Contains(kept, id))
		}
	}
	w.noLiveObjectIsDropped(c, after.IsNull())
}

// Each schedule stops the change of a set at a different request.
func TestStopsOfSets(t *testing.T) {
	t.Parallel()
	var all []schedule
	for _, p := range phasesOfSets() {
		if p.steps[len(p.steps)-1].Run != runApply || strings.HasPrefix(p.name, "refresh") {
			continue
		}
		for n := range 12 {
			for _, s := range []stop{{n + 1, false, false}, {n + 1, false, true}, {n + 1, true, false}, {n + 1, true, true}} {
				scheduled := p.hit(settings[len(all)%len(settings)], 2, order{})
				last := &scheduled.Steps[len(scheduled.Steps)-1]
				last.Faults, last.Stop = nil, s
				all = append(all, scheduled)
			}
		}
	}
	carryOutEach(t, all)
}

// phasesOfSets returns the phases of sets. All these phases are brief, because a set only changes relations, and relations have
// their own phases.
func phasesOfSets() []phase {
	made := step{Edits: []edit{{addAssociation, 4}}}
	created := step{Edits: []edit{{addAssociation, 4}, {addRecordRelations, 4}}} // the set has the related records 50 and 52, and its record is on the second side
	then := func(s step) []step { return []step{created, s} }
	added := []edit{{addRecordRelations, 4}}
	return []phase{
		{"create relations of a record", sandbox.RouteCreateRelation, []step{made, {Edits: added}}, true},
		{"create relations of a record that has other relations", sandbox.RouteListRelations, []step{made, {Edits: added, Before: []meddling{{takeKey, 0}, {takeKey, 1}}}}, true},
		{"refresh relations of a record", sandbox.RouteListRelations, then(step{}), true},
		{"refresh changed relations of a record", sandbox.RouteListRelations, then(step{Before: []meddling{{deleteObject, 1}, {changeObject, 1}}}), true},
		{"change relations of a record", sandbox.RouteCreateRelation, then(step{Edits: []edit{{changeSet, 13}}}), true},
		{"replace relations of a record", sandbox.RouteDeleteRelation, then(step{Edits: []edit{{changeKey, 0}}}), true},
		{"delete relations of a record", sandbox.RouteDeleteRelation, then(step{Edits: []edit{{removeBlock, 1}}}), true},
		{"import relations of a record", sandbox.RouteListRelations, then(step{Run: runImport, Pick: 1}), true},
		{"import relations of a record by key", sandbox.RouteAssociationByKey, []step{created, {Edits: []edit{{nameByKey, 0}}}, {Run: runImport, Pick: 1}}, true},
	}
}

package faults_test

import (
	"cmp"
	"flag"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

var allPairs = flag.Bool("all-pairs", false, "try all pairs of faults in every phase; if false, faults that other faults represent are omitted, and each pair is tried in one of 12 phases, or in one of 120 brief phases")

// phase is an operation in which faults are injected: the runs that prepare it, and the last run, which has the faults.
type phase struct {
	name  string
	route string // route of the request that matters most; "" means that all requests matter equally
	steps []step
	brief bool // fewer faults are tried, because other phases represent this one
}

// phases returns the phases of associations and relations, which affect each other, and the phases of the other kinds.
func phases() []phase {
	created := step{Edits: []edit{{addAssociation, 4}, {addRelation, 4}}} // the server swaps the sides and records of these blocks
	all := []phase{
		{"create an association", sandbox.RouteCreateAssociation, []step{created}, false},
		{"create a relation", sandbox.RouteCreateRelation, []step{created}, false},
		{"refresh an association", sandbox.RouteGetAssociation, []step{created, {}}, false},
		{"refresh a relation", sandbox.RouteListRelations, []step{created, {}}, false},
		{"refresh a deleted association", "", []step{created, {Before: []meddling{{deleteObject, 0}}}}, false},
		{"refresh a deleted relation", sandbox.RouteListRelations, []step{created, {Before: []meddling{{deleteObject, 1}}}}, false},
		{"update", sandbox.RouteUpdateAssociation, []step{created, {Edits: []edit{{changeText, 0}}}}, false},
		{"replace", sandbox.RouteCreateAssociation, []step{created, {Edits: []edit{{changeKey, 0}}}}, false},
		{"delete an association", sandbox.RouteDeleteAssociation, []step{created, {Edits: []edit{{removeBlock, 0}}}}, false},
		{"delete a relation", sandbox.RouteDeleteRelation, []step{created, {Edits: []edit{{removeBlock, 1}}}}, false},
		{"import an association", "", []step{created, {Run: runImport, Pick: 0}}, false},
		{"import an association by key", sandbox.RouteAssociationByKey, []step{created, {Run: runImport, Pick: 2}}, false},
		{"import a relation", "", []step{created, {Run: runImport, Pick: 1}}, false},
		{"exchange a token", sandbox.RouteExchange, []step{created}, false},
	}
	all = append(all, customValues.phases(0, step{Edits: []edit{{addCustomValue, 0}}})...)
	all = append(all, customObjects.phases(0, step{Edits: []edit{{addCustomObject, 0}}})...)
	all = append(all, fieldFolders.phases(0, step{Edits: []edit{{addFieldFolder, 0}}})...)
	all = append(all, customFields.phases(2, step{Edits: []edit{{addFieldFolder, 0}, {addFieldFolder, 0}, {addCustomField, 0}}})...)
	all = append(all, phasesOfSets()...)
	whole := step{Edits: []edit{{addCustomObject, 0}, {addFieldFolder, 0}, {addCustomField, 0}}} // the blocks have the addresses d0, f0 and o0
	return append(all,
		phase{"create an object with a field", sandbox.RouteCreateCustomField, []step{whole}, true},
		phase{"refresh a deleted object with a field", sandbox.RouteListCustomFields, []step{whole, {Before: []meddling{{deleteObject, 2}}}}, true},
		phase{"replace an object with a field", sandbox.RouteDeleteObject, []step{whole, {Edits: []edit{{changeKey, 2}}}}, true},
		phase{"delete an object with a field", sandbox.RouteDeleteObject, []step{whole, {Edits: []edit{{removeBlock, 2}}}}, true},
	)
}

// phases returns the phases of a kind. The step created creates the kind's first object, which has the nth address in the state.
func (k *kind) phases(n int, created step) []phase {
	then := func(s step) []step { return []step{created, s} }
	all := []phase{
		{"create a " + k.thing, k.create, []step{created}, true},
		{"refresh a " + k.thing, k.list, then(step{}), true},
		{"refresh a deleted " + k.thing, k.get, then(step{Before: []meddling{{deleteObject, n}}}), true},
		{"refresh a changed " + k.thing, k.list, then(step{Before: []meddling{{changeObject, n}}}), true},
		{"update a " + k.thing, k.update, then(step{Edits: []edit{{changeText, n}}}), true},
		{"update a " + k.thing + " beside a create", k.update, then(step{Edits: append([]edit{{changeText, n}}, created.Edits...)}), true},
		{"delete a " + k.thing, k.delete, then(step{Edits: []edit{{removeBlock, n}}}), true},
		{"import a " + k.thing, "", then(step{Run: runImport, Pick: n}), true},
		{"import a " + k.thing + " by name", k.list, then(step{Run: runImport, Pick: 2}), true},
		{"change the key of a " + k.thing, cmp.Or(map[bool]string{true: k.update}[k.renames], k.create), then(step{Edits: []edit{{changeKey, n}}}), true},
	}
	return slices.DeleteFunc(all, func(p phase) bool { return k == fieldFolders && strings.HasPrefix(p.name, "update") }) // a folder has only a name
}

// settings describe servers that differ in all quirks that matter for the phases.
var settings = []sandbox.Quirks{
	{},
	{FullFoldersGo: true, TakenObjectKeysSuffixed: true, BareLists: true, KeepSides: true, DuplicateValueNames: sandbox.ValueNamesRefused, CreateValueIs200: true},
	{FullFoldersGo: true, FoldersWrapped: true, MissingKindIs400: true, DuplicateValueNames: sandbox.ValueNamesSuffixed, LabelsStay: true, MissingIs404: true, DeletionAnswer: sandbox.DeletionEmpty, RelationsWithoutObjectKeys: true, ListingLag: 2e9, PageCap: 2, SystemRows: sandbox.SystemRowsEveryPage},
}

// isTransient reports whether a schedule's only fault is transient.
func (s schedule) isTransient() bool {
	last := s.Steps[len(s.Steps)-1]
	faults := last.Faults
	if s.Storm > 0 || len(faults) != 1 || len(last.During) > 0 {
		return false
	}
	o := faults[0]
	return o.Count == 1 && o.Then == nil && catalogue[o.Fault].transient && s.MaxRetries > 0
}

// hit returns the phase's schedule with a fault in its last run.
func (p phase) hit(quirks sandbox.Quirks, retries int, o order) schedule {
	o = o.revealed(quirks)
	s := schedule{Locations: 1, MaxRetries: retries, RequestTimeout: "60s", Quirks: quirks, Steps: append([]step(nil), p.steps...)}
	s.Agency = p.route == sandbox.RouteExchange
	last := &s.Steps[len(s.Steps)-1]
	last.Faults = append([]order(nil), o)
	return s
}

// revealed limits the order if the server sends no total, because only one listing may then hide rows.
func (o order) revealed(quirks sandbox.Quirks) order {
	if quirks.BareLists && catalogue[o.Fault].hides {
		o.Count = 1
		if o.Then != nil && catalogue[o.Then.Fault].hides {
			o.Then = nil
		}
	}
	return o
}

// counts returns the numbers of requests that a fault affects, alternately on the route that matters most and on any route. 0
// means all requests.
func (p phase) counts() []int {
	if p.brief {
		return []int{1, 0}
	}
	return []int{1, 3, 20, 0}
}

// every returns n if only every nth pair of faults is tried in the phase.
func (p phase) every() int {
	if p.brief {
		return 120
	}
	return 12
}

// target returns the index of the route that a fault affects: the phase's route, unless the fault affects only listings.
func (p phase) target(fault int) int {
	route := routeOf(p.route)
	if catalogue[fault].lists && p.route != sandbox.RouteListRelations {
		return 0
	}
	return max(0, route)
}

// This test injects every fault in every phase: 1 and 20 times on the request that matters most, and 3 times and until the end of
// the run on any request. Faults that other faults represent are injected half as often. Brief phases have only some of the
// faults.
func TestSingleFaults(t *testing.T) {
	t.Parallel()
	var all []schedule
	for _, p := range phases() {
		for f := range catalogue {
			for i, count := range p.counts() {
				if catalogue[f].like && (i%2 != f%2 || p.brief && len(p.steps) > 1) || p.brief && i > 0 && f%3 > 0 {
					continue
				}
				o := order{Fault: f, Count: count, Route: p.target(f)}
				if i%2 == 1 {
					o.Route = 0
				}
				all = append(all, p.hit(settings[(i/2+f)%len(settings)], []int{6, 2}[f/2%2], o))
				if catalogue[f].lists && !p.brief { // use more servers, because servers differ most in their listings
					all = append(all, p.hit(settings[(i/2+f+1)%len(settings)], 2, o), p.hit(settings[(i/2+f+2)%len(settings)], 2, o))
				}
			}
		}
	}
	carryOutEach(t, all)
}

// This test injects every fault into the request that creates an object, while somebody else creates an object with the same key.
// The other create happens before each request in turn, or before only one request in brief phases.
func TestSingleFaultsWhileTheKeyIsTaken(t *testing.T) {
	t.Parallel()
	var all []schedule
	for _, creates := range phases() {
		if len(creates.steps) > 1 || creates.route == sandbox.RouteExchange || creates.route == sandbox.RouteCreateRelation {
			continue
		}
		for f := range catalogue {
			for ahead := range 12 {
				if creates.brief && ahead != f%12 {
					continue
				}
				s := creates.hit(settings[(f+ahead)%len(settings)], 2, order{Fault: f, Count: 1, Route: creates.target(f)})
				s.Steps[len(s.Steps)-1].During = []meddling{{takeKeyOtherwise, ahead}}
				all = append(all, s)
			}
		}
	}
	carryOutEach(t, all)
}

// This test injects ordered pairs of faults, each in one of 12 phases, or in one of 120 brief phases. With -all-pairs, each pair
// is injected in every phase. The first fault affects the request that matters most. The second fault affects the next request.
func TestPairsOfFaults(t *testing.T) {
	t.Parallel()
	var all []schedule
	for i, p := range phases() {
		for first := range catalogue {
			for second := range catalogue {
				if !*allPairs && (catalogue[first].like || catalogue[second].like || (i+first+second)%p.every() != 0) {
					continue
				}
				o := order{Fault: first, Count: 1, Route: p.target(first), Then: &order{Fault: second, Count: 1}}
				all = append(all, p.hit(settings[(i+first+second)%len(settings)], []int{6, 0}[(first+second/2)%2], o))
			}
		}
	}
	carryOutEach(t, all)
}

// carryOutEach runs schedules until five have failed: every third schedule, or all with TEST_FULL_SIZE or -all-pairs.
func carryOutEach(t *testing.T, all []schedule) {
	t.Helper()
	var failed atomic.Int64
	thin := sized(3, 1)
	if *allPairs {
		thin = 1
	}
	carryOutAll(t, (len(all)+thin-1)/thin, func(i int) schedule { return all[i*thin] }, func(i int, r result) (goOn bool) {
		s := all[i*thin]
		if s.isTransient() && r.failures > 0 && r.cut == 0 {
			r.violations = append(r.violations, fmt.Sprintf("transient faults fail nothing: %d calls failed", r.failures))
		}
		if len(r.violations) > 0 {
			failed.Add(1)
			t.Errorf("%s\n%s", s, strings.Join(r.violations, "\n"))
		}
		return failed.Load() < 5
	})
}

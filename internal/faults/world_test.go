package faults_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// world is what a schedule is carried out in: a sandbox, a configuration, a state, and
// the model's knowledge of who made what.
type world struct {
	schedule  schedule
	sandbox   *sandbox.Sandbox
	locations []string
	config    configuration
	state     *state

	misplaced bool              // processes are given the tokens of other sub-accounts
	processes []*process        // of the run under way
	foreign   map[string]bool   // ids of the objects that others made
	conflicts map[string]string // natural keys of what a create may be refused for, and why: others, or one whose outcome stayed unknown, made it

	twins bool            // two applies ran at once
	made  map[string]bool // natural keys of what they created
	moves map[string]bool // natural keys that the plan under way destroys at one address and creates at another

	mu         sync.Mutex
	readsBack  bool // each write of the run is read back
	meddled    bool // somebody did something in the middle of the run
	calls      []*call
	violations []string
	operations int            // calls of the provider that could make requests
	failed     int            // calls that failed
	hits       map[string]int // requests that each fault has hit
	cut        int            // refusals that came in part: what they said cannot be known
	unknown    int            // creates whose outcome stayed unknown
}

func newWorld(s schedule) *world {
	w := &world{
		schedule: s, config: configuration{}, state: &state{instances: map[string]*instance{}},
		foreign: map[string]bool{}, conflicts: map[string]string{}, hits: map[string]int{},
	}
	options := sandbox.Options{Quirks: s.Quirks, RateLimit: s.RateLimit, Seed: int64(s.Seed)}
	options.Agencies = []sandbox.Agency{{CompanyID: company, AppID: "app", Token: companyToken}}
	for i := range s.Locations {
		location := fmt.Sprintf("loc%d", i)
		w.locations = append(w.locations, location)
		options.Locations = append(options.Locations, sandbox.Location{ID: location, Token: tokenOf(location), CompanyID: company})
	}
	w.sandbox = sandbox.New(options)
	for i := range s.Noise {
		w.addForeignAssociation(w.locations[i%len(w.locations)], i)
	}
	return w
}

// The agency that all sub-accounts belong to.
const (
	company      = "agency"
	companyToken = "token-of-" + company
)

func tokenOf(location string) string { return "pit-of-" + location }

// violated notes that an invariant does not hold.
func (w *world) violated(invariant, format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.violations = append(w.violations, invariant+": "+fmt.Sprintf(format, args...))
}

func (w *world) isMeddled() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.meddled
}

func (w *world) setMeddled(meddled bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.meddled = meddled
}

// enter gives a call its number, and notes what is there before it: all associations, and of the relations the one that is
// to be deleted.
func (w *world) enter(c *call) {
	c.before = map[string]bool{}
	for _, a := range w.sandbox.Associations(c.where) {
		c.before[a.ID] = true
	}
	if c.verb == "Delete" && c.kind.name == relationType {
		for _, r := range w.sandbox.Relations(c.where) {
			c.before[r.ID] = relationKey(c.where, r.AssociationID, r.FirstRecordID, r.SecondRecordID) == c.naturalKey()
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if c.verb != "Plan" && c.verb != "Import" {
		w.operations++
	}
	c.id = len(w.calls)
	w.calls = append(w.calls, c)
}

// newCalls hands out the calls since the last time.
func (w *world) newCalls() []*call {
	w.mu.Lock()
	defer w.mu.Unlock()
	calls := w.calls
	w.calls = nil
	return calls
}

// remoteAssociation is the remote association that an address stands for, as its
// configuration describes it.
func (w *world) remoteAssociation(b *block) (sandbox.Association, bool) {
	for _, a := range w.sandbox.Associations(b.location) {
		if strings.EqualFold(a.Key, b.key) {
			return a, true
		}
	}
	return sandbox.Association{}, false
}

// isLive tells whether the object of an instance is there. A relation whose records
// were both deleted is not: nothing lists it any more.
func (w *world) isLive(i *instance) bool {
	if i.kind.name == associationType {
		for _, a := range w.sandbox.Associations(i.location) {
			if a.ID == attribute(i.value, "id") || attribute(i.value, "id") == "" && strings.EqualFold(a.Key, attribute(i.value, "key")) {
				return true
			}
		}
		return false
	}
	return slices.ContainsFunc(w.sandbox.Relations(i.location), i.isRelation)
}

// canBeFound tells whether the object of an instance is there and no read may miss it. A
// relation that was deleted and made again has another id, and is not listed at first. An import by key believes the API's
// "not found": it costs nothing but another try.
func (w *world) canBeFound(i *instance) bool {
	if i.kind.name == associationType && attribute(i.value, "id") == "" {
		return false
	}
	if i.kind.name == associationType || w.schedule.Quirks.ListingLag == 0 {
		return w.isLive(i)
	}
	return slices.ContainsFunc(w.sandbox.Relations(i.location), func(r sandbox.Relation) bool {
		return i.isRelation(r) && r.ID == attribute(i.value, "id")
	})
}

// isRelation tells whether r is the relation that the instance holds: the order of
// the records counts where both are of one object.
func (i *instance) isRelation(r sandbox.Relation) bool {
	return r.AssociationID == attribute(i.value, "association_id") &&
		samePair(r, [2]string{attribute(i.value, "first_record_id"), attribute(i.value, "second_record_id")})
}

func samePair(r sandbox.Relation, records [2]string) bool {
	return r.FirstRecordID == records[0] && r.SecondRecordID == records[1] ||
		r.FirstObjectKey != r.SecondObjectKey && r.FirstRecordID == records[1] && r.SecondRecordID == records[0]
}

// associationKey and relationKey name an object by what there can be only one of.
func associationKey(location, key string) string { return location + " " + strings.ToLower(key) }

func relationKey(location, associationID, one, other string) string {
	return fmt.Sprintf("%s %s %s %s", location, associationID, min(one, other), max(one, other))
}

// naturalKey is that of what a call is about.
func (c *call) naturalKey() string {
	if c.kind.name == associationType {
		return associationKey(c.where, attribute(c.value, "key"))
	}
	return relationKey(c.where, attribute(c.value, "association_id"), attribute(c.value, "first_record_id"), attribute(c.value, "second_record_id"))
}

// differences tells how the remote side differs from the configuration, apart from
// what others made. It knows nothing of the state.
func (w *world) differences() []string {
	var all []string
	for _, address := range w.config.addresses() {
		b := w.config[address]
		problem := w.associationDifference(b)
		if b.isRelation() {
			problem = w.relationDifference(b)
		}
		if problem != "" {
			all = append(all, address+": "+problem)
		}
	}
	return all
}

func (w *world) associationDifference(b *block) string {
	a, ok := w.remoteAssociation(b)
	if !ok {
		return fmt.Sprintf("there is no association %q", b.key)
	}
	objects, labels := pairs[b.pair], [2]string{b.label(0), b.label(1)}
	if b.turned && objects[0] == objects[1] { // there the order carries the role
		labels[0], labels[1] = labels[1], labels[0]
	}
	if a.FirstObjectKey != objects[0] {
		a.FirstObjectKey, a.SecondObjectKey = a.SecondObjectKey, a.FirstObjectKey
		a.FirstObjectLabel, a.SecondObjectLabel = a.SecondObjectLabel, a.FirstObjectLabel
	}
	got := [4]string{a.FirstObjectKey, a.SecondObjectKey, a.FirstObjectLabel, a.SecondObjectLabel}
	want := [4]string{objects[0], objects[1], labels[0], labels[1]}
	if got != want {
		return fmt.Sprintf("it is %q, not %q", got, want)
	}
	return ""
}

func (w *world) relationDifference(b *block) string {
	id := builtInID
	if b.under != "" {
		a, ok := w.remoteAssociation(w.config[b.under])
		if !ok {
			return "its association is not there"
		}
		id = a.ID
	}
	for _, r := range w.sandbox.Relations(b.location) {
		if r.AssociationID == id && samePair(r, b.records(w.config)) {
			return ""
		}
	}
	return fmt.Sprintf("there is no relation of %q under %s", b.records(w.config), id)
}

// extra lists the objects that are neither in the state nor made by others nor known
// to be left over.
func (w *world) extra() []string {
	var all []string
	for _, location := range w.locations {
		for _, a := range w.sandbox.Associations(location) {
			if !w.foreign[a.ID] && !w.holds(location, associationType, func(i *instance) bool { return attribute(i.value, "id") == a.ID }) &&
				w.conflicts[associationKey(location, a.Key)] == "" {
				all = append(all, fmt.Sprintf("association %s (%s) in %s", a.ID, a.Key, location))
			}
		}
		for _, r := range w.sandbox.Relations(location) {
			if !w.foreign[r.ID] && !w.holds(location, relationType, func(i *instance) bool { return i.isRelation(r) }) &&
				w.conflicts[relationKey(location, r.AssociationID, r.FirstRecordID, r.SecondRecordID)] == "" {
				all = append(all, fmt.Sprintf("relation %s of %s and %s in %s", r.ID, r.FirstRecordID, r.SecondRecordID, location))
			}
		}
	}
	return all
}

func (w *world) holds(location, typeName string, is func(*instance) bool) bool {
	for _, address := range w.state.addresses() {
		if i := w.state.get(address); i.location == location && i.kind.name == typeName && is(i) {
			return true
		}
	}
	return false
}

// pruneConflicts forgets the conflicts about objects that are gone.
func (w *world) pruneConflicts() {
	there := w.naturalKeys()
	for key := range w.conflicts {
		if !there[key] {
			delete(w.conflicts, key)
		}
	}
}

// naturalKeys are those of all that is there.
func (w *world) naturalKeys() map[string]bool {
	there := map[string]bool{}
	for _, location := range w.locations {
		for _, a := range w.sandbox.Associations(location) {
			there[associationKey(location, a.Key)] = true
		}
		for _, r := range w.sandbox.Relations(location) {
			there[relationKey(location, r.AssociationID, r.FirstRecordID, r.SecondRecordID)] = true
		}
	}
	return there
}

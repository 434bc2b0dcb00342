package faults_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// world is the environment of a schedule: a sandbox, a configuration, a state, and the
// model's record of who created what.
type world struct {
	schedule  schedule
	sandbox   *sandbox.Sandbox
	locations []string
	config    configuration
	state     *state

	misplaced bool              // processes get the tokens of other sub-accounts
	processes []*process        // of the current run
	foreign   map[string]bool   // ids of the objects that others created
	conflicts map[string]string // natural keys of objects that may make a create fail, and why: others, or a create with an unknown outcome, created them

	twins bool            // two applies ran at once
	made  map[string]bool // natural keys of the objects that they created
	left  map[string]bool // ids of objects that one of them created and the kept state lacks
	moves map[string]bool // natural keys that the current plan destroys at one address and creates at another

	goneRecord string          // record that somebody has deleted, and restores after the run
	known      map[string]bool // ids of the relations that a set of the state has held after a run
	fooled     bool            // a listing of the run may lack rows without a sign of it
	fooledLate bool            // fooled, and another listing may fail: a new set's plan and apply may both miss other relations

	mu         sync.Mutex
	seen       map[string]sandbox.Relation // that existed when a call about a set began, by id
	others     map[string]string           // sets that the apply created whose records have more relations, and all these relations
	readsBack  bool                        // each write of the run is read back
	meddled    bool                        // somebody made a change during the run
	backward   bool                        // a fault of the run returns an earlier answer
	calls      []*call
	violations []string
	operations int            // calls of the provider that could make requests
	failed     int            // calls that failed
	hits       map[string]int // requests that each fault has hit
	cut        int            // refusals whose answer was incomplete, so that the client could not read them
	unknown    int            // creates whose outcome stayed unknown
}

func newWorld(s schedule) *world {
	w := &world{
		schedule: s, config: configuration{}, state: &state{instances: map[string]*instance{}},
		foreign: map[string]bool{}, left: map[string]bool{}, conflicts: map[string]string{}, hits: map[string]int{},
		known: map[string]bool{}, seen: map[string]sandbox.Relation{}, others: map[string]string{},
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
		w.addForeign(associations, w.locations[i%len(w.locations)], i)
	}
	return w
}

// The agency that all sub-accounts belong to.
const (
	company      = "agency"
	companyToken = "token-of-" + company
)

func tokenOf(location string) string { return "pit-of-" + location }

// violated records that an invariant does not hold.
func (w *world) violated(invariant, format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.violations = append(w.violations, invariant+": "+fmt.Sprintf(format, args...))
}

func (w *world) isMeddled() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.meddled || w.backward && isFromBefore(w.sandbox.Requests())
}

// isFromBefore looks for an earlier answer that no client can tell from a true one, because the previous request may have been the
// same. An answer of an earlier run may show a relation that somebody has deleted since.
func isFromBefore(log []sandbox.Request) bool {
	isAsked := map[string]bool{}
	return slices.ContainsFunc(log, func(r sandbox.Request) bool {
		isFirst := !isAsked[r.LocationID]
		isAsked[r.LocationID] = true
		return r.Fault == answerBefore && (isFirst && r.Route == sandbox.RouteListRelations || slices.ContainsFunc(kinds, func(k *kind) bool {
			return k.isWhole() && (k.list == r.Route || k.get == r.Route)
		}))
	})
}

func (w *world) setMeddled(meddled bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.meddled = meddled
}

// enter gives a call its number, and notes the objects of its kind that exist before it; for relations, only the call's own
// relation.
func (w *world) enter(c *call) {
	c.before = map[string]bool{}
	if c.verb == "Create" || c.verb == "Delete" {
		for _, o := range c.kind.there(w.sandbox, c.where) {
			c.before[o.id] = c.kind.kind != relations || o.key == c.naturalKey()
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if c.kind.kind == sets && (c.verb == "Create" || c.verb == "Update" || c.verb == "Delete") {
		w.noteRows(c)
	}
	if c.verb != "Plan" && c.verb != "Import" {
		w.operations++
	}
	c.id = len(w.calls)
	w.calls = append(w.calls, c)
}

// newCalls returns the calls since the last time.
func (w *world) newCalls() []*call {
	w.mu.Lock()
	defer w.mu.Unlock()
	calls := w.calls
	w.calls = nil
	return calls
}

// described is the object that a block describes, whether or not it exists.
func (w *world) described(b *block) object {
	return b.kind.of(b.location, w.underItsAssociation(b.location, b.value(w.config, w.idOf)))
}

// setOf is the set that a block describes.
func (w *world) setOf(b *block) set {
	return setIn(b.location, w.underItsAssociation(b.location, b.value(w.config, w.idOf)))
}

// underItsAssociation adds to a relation that names its association by key the id of that association, if it exists.
func (w *world) underItsAssociation(location string, v tftypes.Value) tftypes.Value {
	key := attribute(v, "association_key")
	if key == "" || attribute(v, "association_id") != "" {
		return v
	}
	given := attributesOf(v)
	if key == builtInID {
		given["association_id"] = text(builtInID)
	}
	for _, a := range w.sandbox.Associations(location) {
		if strings.EqualFold(a.Key, key) {
			given["association_id"] = text(a.ID)
		}
	}
	return tftypes.NewValue(v.Type(), given)
}

// idOf is the id of the object that a block describes, or "". If several folders have one name, it is the id of the folder in the
// state.
func (w *world) idOf(address string) tftypes.Value {
	if address == "" {
		return text("")
	}
	wanted := w.described(w.config[address])
	if i := w.state.get(address); i != nil && i.object().key == wanted.key && w.isLive(i) && wanted.kind == fieldFolders {
		return text(i.object().id)
	}
	return text(w.there(wanted).id)
}

// there is the existing object with the key of wanted. Its id is empty if there is none.
func (w *world) there(wanted object) (found object) {
	for _, o := range wanted.kind.there(w.sandbox, wanted.location) {
		if o.key == wanted.key && (found.id == "" || o.content == wanted.content) {
			found = o
		}
	}
	return found
}

// isLive reports whether the object of an instance exists, or all relations of a set. A relation whose records
// were both deleted does not: no listing shows it any more.
func (w *world) isLive(i *instance) bool {
	if i.kind.kind == sets {
		s := setIn(i.location, i.value)
		return len(missing(s.related, w.rows(s))) == 0
	}
	return slices.ContainsFunc(i.kind.there(w.sandbox, i.location), i.object().isSame)
}

// canBeFound reports whether the object of an instance exists and every read must find it. A
// relation that was deleted and created again has another id, and is not listed at first. An import by key, or of a field
// whose object is unknown, believes the API's "not found": the user can try again without loss.
func (w *world) canBeFound(i *instance) bool {
	held := i.object()
	if i.kind.kind == sets {
		return w.isLive(i)
	}
	if i.kind.kind != relations {
		isComplete := i.kind.ofWhat == "" || attribute(i.value, i.kind.fromWhat) != ""
		return held.id != "" && isComplete && w.isLive(i)
	}
	return slices.ContainsFunc(i.kind.there(w.sandbox, i.location), func(o object) bool {
		return held.isSame(o) && (w.schedule.Quirks.ListingLag == 0 || o.id == held.id)
	})
}

// naturalKey is the natural key of the object of a call.
func (c *call) naturalKey() string {
	return c.kind.of(c.where, c.process.w.underItsAssociation(c.where, c.value)).key
}

// differences describes how the remote side differs from the configuration. It ignores objects that others created, and missing
// objects for which mayLack is true. It does not use the state.
func (w *world) differences(mayLack func(wanted object) bool) []string {
	var all []string
	for _, address := range w.config.addresses() {
		wanted := w.described(w.config[address])
		found := w.there(wanted)
		if wanted.kind == sets {
			found = w.setThere(w.setOf(w.config[address])).describe()
		}
		if found.id == "" && mayLack(wanted) || wanted.kind == sets && w.mayHoldMore(wanted, found) {
			continue
		} else if found.id == "" {
			all = append(all, fmt.Sprintf("%s: %s does not exist", address, wanted.key))
		} else if found.content != wanted.content {
			all = append(all, fmt.Sprintf("%s: it is %s, not %s", address, found.content, wanted.content))
		}
	}
	return all
}

// extra lists the objects that are neither in the state, nor created by others, nor known
// to be left over.
func (w *world) extra() []string {
	var held []object
	for _, address := range w.state.addresses() {
		held = append(held, w.state.get(address).object())
	}
	var all []string
	inSets := w.heldInSets()
	for _, o := range w.objects() {
		isHeld := inSets[o.id] || slices.ContainsFunc(held, func(h object) bool { return h.isSame(o) })
		if !isHeld && !w.foreign[o.id] && !w.left[o.id] && w.conflicts[o.key] == "" {
			all = append(all, fmt.Sprintf("%s with the id %s", o.key, o.id))
		}
	}
	return all
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

// naturalKeys are the natural keys of all existing objects.
func (w *world) naturalKeys() map[string]bool {
	there := map[string]bool{}
	for _, o := range w.objects() {
		there[o.key] = true
	}
	return there
}

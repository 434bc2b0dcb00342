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

	misplaced bool              // sub-accounts have the tokens of other sub-accounts
	processes []*process        // processes of the current run
	foreign   map[string]bool   // ids of the objects that others created
	conflicts map[string]string // natural keys of objects that may make a create fail, with the reason: who created the object

	twins bool            // two applies ran at once
	made  map[string]bool // natural keys of the objects that the two applies created
	left  map[string]bool // ids of objects that an apply created but the state does not contain
	moves map[string]bool // natural keys that the current plan destroys at one address and creates at another

	goneRecord string          // record that somebody has deleted, and restores after the run
	known      map[string]bool // ids of the relations that a set of the state has held after a run
	fooled     bool            // a listing in the run may silently omit rows
	fooledLate bool            // fooled is set, and another listing may fail, so both the plan and the apply of a new set may miss other relations

	mu         sync.Mutex
	seen       map[string]sandbox.Relation // relations that existed when a call for a set began, by id
	others     map[string]string           // all relations of the records of newly created sets, if there are more than configured
	readsBack  bool                        // the run reads each of its writes
	meddled    bool                        // somebody made a change during the run
	backward   bool                        // a fault of the run returns an earlier answer
	calls      []*call
	violations []string
	operations int            // calls to the provider that could make requests
	failed     int            // calls that failed
	hits       map[string]int // number of requests that each fault affected
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

// violated records that an invariant is violated.
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

// isFromBefore reports whether a request got an earlier answer that no client can distinguish from a correct answer, because
// the previous request may have been the same. An answer from an earlier run may show a relation that somebody has deleted
// since.
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

// enter gives a call its number, and records the objects of its kind that exist before the call. For relations, it marks only
// the call's own relation.
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

// newCalls returns the calls since newCalls was last called.
func (w *world) newCalls() []*call {
	w.mu.Lock()
	defer w.mu.Unlock()
	calls := w.calls
	w.calls = nil
	return calls
}

// described returns the object that a block describes, whether or not the object exists.
func (w *world) described(b *block) object {
	return b.kind.of(b.location, w.underItsAssociation(b.location, b.value(w.config, w.idOf)))
}

// setOf returns the set that a block describes.
func (w *world) setOf(b *block) set {
	return setIn(b.location, w.underItsAssociation(b.location, b.value(w.config, w.idOf)))
}

// underItsAssociation sets the association_id of a relation that refers to its association by key, if the association exists.
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

// idOf returns the id of the object that a block describes, or "". If several folders have the same name, it returns the id of
// the folder in the state.
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

// there returns the existing object with the key of wanted. If there is no such object, the id is empty.
func (w *world) there(wanted object) (found object) {
	for _, o := range wanted.kind.there(w.sandbox, wanted.location) {
		if o.key == wanted.key && (found.id == "" || o.content == wanted.content) {
			found = o
		}
	}
	return found
}

// isLive reports whether the object of an instance exists, or whether all relations of a set exist. A relation does not exist
// if both of its records were deleted, because it is in no listing.
func (w *world) isLive(i *instance) bool {
	if i.kind.kind == sets {
		s := setIn(i.location, i.value)
		return len(missing(s.related, w.rows(s))) == 0
	}
	return slices.ContainsFunc(i.kind.there(w.sandbox, i.location), i.object().isSame)
}

// canBeFound reports whether the object of an instance exists and every read must find it. A relation that was deleted and
// created again has another id, and is not listed at first. An import by key, and an import of a field whose object is unknown,
// accept the API's "not found", because the user can repeat an import without loss.
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

// naturalKey returns the natural key of the object of a call.
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

// pruneConflicts removes the conflicts with objects that no longer exist.
func (w *world) pruneConflicts() {
	there := w.naturalKeys()
	for key := range w.conflicts {
		if !there[key] {
			delete(w.conflicts, key)
		}
	}
}

// naturalKeys returns the natural keys of all existing objects.
func (w *world) naturalKeys() map[string]bool {
	there := map[string]bool{}
	for _, o := range w.objects() {
		there[o.key] = true
	}
	return there
}

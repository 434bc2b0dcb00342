package faults_test

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// These are the invariants. Each invariant is checked by the function of the same name.
//
//	noDuplicateRemoteObject       no object exists twice, and no create runs twice
//	noOrphan                      every object that the provider created is in the state, or reported as unknown
//	noGhostInState                every object in the state exists
//	noLiveObjectIsDropped         whatever fails, a read never treats an existing object as missing
//	nothingIsTainted              a create that succeeded does not return an error
//	nothingForeignIsAdopted       a create does not adopt an object that others created
//	onlyIdenticalIsAdopted        a create adopts an existing object only if existing_objects allows it, the object is identical, and no other address has it
//	onlyPlannedWrites             every write was shown in the plan
//	writesAreVisible              a process can read what it wrote
//	emptyPlanHidesNothing         if a plan is empty, HighLevel does not differ from the configuration
//	successLeavesNoDifference     after an apply without errors, HighLevel does not differ from the configuration
//	everyFailureIsExplained       a diagnostic contains the operation, object, status and remedy
//	transientFaultsFailNothing    no call fails because of a fault that a retry or a short wait overcomes
//	nothingStartsAfterAnEnd       after an interrupt, only lookups for an unfinished create are sent
//	neverOverBudget               no more requests are sent than the sub-account's rate limit allows
//	oneApplyConverges             after the faults, the plan is empty after one apply
//	destroyLeavesNothing          a destroy leaves nothing behind
//	everyAdoptionIsReported       if two applies at once end with the same object, one of them warns
//	adviceLosesNothing            if the object is in the state at another address, errors suggest moved before import
//	renamedObjectIsHeldOnce       the state has a renamed object only at its new address, and the object exists once
//	noOtherObjectIsStored         no state contains an object other than the requested object
//	keysAreFound                  a relation finds the association with the configured key
//	whatIsReportedDeletedIsGone   a deletion that was not carried out returns an error
//	whatIsListedIsTakenOver       the create of a set sends no request for relations that the listing contains
//	stateMatchesWhatIsDone        after a complete or partial change of a set, the state contains exactly the changes that were made
//	noteOthers                    a new set warns about other relations of its record, and deletes none of them
//
// There is one exception: the outcome of a create stays unknown if its answer and every lookup failed, or the process was
// killed. The next apply then fails with an error that contains an import block. After the user pastes that block, the plan is
// empty.

// exchange is a request that reached the server, with the call that sent it.
type exchange struct {
	sandbox.Request
	call *call
}

// exchanges returns the exchanges of the calls in order of arrival, and empties the log.
func (w *world) exchanges(calls []*call) []exchange {
	byID := map[string]*call{}
	for _, c := range calls {
		byID[strconv.Itoa(c.id)] = c
	}
	var all []exchange
	for _, r := range w.sandbox.Requests() {
		w.hits[r.Fault]++
		if r.Status >= 400 && (strings.HasPrefix(r.Fault, "half") || strings.HasPrefix(r.Fault, "slow")) {
			w.cut++
		}
		all = append(all, exchange{r, byID[r.Header.Get(callHeader)]})
	}
	w.sandbox.ResetRequests()
	return all
}

// checkRun checks the invariants that hold after each run, whatever its outcome.
func (w *world) checkRun() {
	calls := w.newCalls()
	log := w.exchanges(calls)
	w.noteSets(calls)
	w.noteTwins(calls, log)
	w.clearSuffixed(calls, log)
	w.noOrphan(calls, log)
	w.noDuplicateRemoteObject(log)
	w.onlyIdenticalIsAdopted(calls)
	w.nothingForeignIsAdopted(calls)
	w.adviceLosesNothing(calls)
	w.noOtherObjectIsStored()
	w.onlyPlannedWrites(log)
	w.whatIsListedIsTakenOver(log)
	w.everyFailureIsExplained(calls)
	w.transientFaultsFailNothing(calls, log)
	w.keysAreFound(calls)
	w.nothingStartsAfterAnEnd()
	w.neverOverBudget(log)
	w.processes = nil
}

// isCreate reports whether a request creates an object. A token exchange is also a POST, but does not create an object.
func isCreate(method, path string) bool {
	return method == http.MethodPost && !strings.HasPrefix(path, "/oauth/")
}

func (w *world) noDuplicateRemoteObject(log []exchange) {
	there := map[string]bool{}
	for _, o := range w.objects() {
		if w.foreign[o.id] || w.left[o.id] { // on some servers, others can use the name of an object that the provider created
			continue
		}
		key := o.key
		if w.schedule.Quirks.ReversedPairAllowed && o.kind == relations { // the two orders of the records are separate relations
			key = o.location + " " + o.fixed
		}
		if there[key] {
			w.violated("no duplicate remote object", "two objects %s", key)
		}
		there[key] = true
	}
	// The server might refuse the second object, so also count creates that run twice.
	type creation struct {
		call *call
		sent string // body of the create request, because a set sends many creates
	}
	ran := map[creation]bool{}
	for _, x := range log {
		if !isCreate(x.Method, x.Path) || x.call == nil {
			continue
		}
		of := creation{call: x.call}
		if x.call.kind.kind == sets {
			of.sent = x.Body
		}
		if ran[of] && !w.isMeddled() { // somebody else may have deleted the object between the two creates
			w.violated("no duplicate remote object", "%s was sent again after it had run", x.call)
		}
		ran[of] = ran[of] || x.Committed
	}
}

// noOrphan accounts for every object that is neither in the state nor created by others. Only a create with an unknown outcome
// may leave such an object, and its error must say so.
func (w *world) noOrphan(calls []*call, log []exchange) {
	met := maps.Clone(w.conflicts) // in the same run, others may delete the object that made a create fail
	w.pruneConflicts()
	there := w.naturalKeys()
	for _, c := range calls {
		isUndone := strings.Contains(c.explanation(), "The provider deleted that object") || strings.Contains(c.explanation(), leftSuffixed) // if so, the provider deleted or reported the object
		if there[c.naturalKey()] && !isUndone && c.hasRun(log) {
			w.noteUnknown(c, log)
		}
	}
	for _, c := range calls { // one of two applies may fail because of an object that the other apply created but does not have in its state
		if text := c.explanation(); strings.Contains(text, "already exists in sub-account") && w.conflicts[c.naturalKey()] == "" && met[c.naturalKey()] == "" && !w.moves[c.naturalKey()] && !w.made[c.naturalKey()] {
			w.violated("no orphan", "%s is refused because of an object that nobody else created: %s", c, text)
		}
	}
	w.pruneConflicts()
	for _, object := range w.extra() {
		w.violated("no orphan", "%s is unaccounted for", object)
	}
}

// noteUnknown records a create with an unknown outcome. An unknown outcome is allowed only if the process was killed, or if the
// create's error says that its lookup failed.
func (w *world) noteUnknown(c *call, log []exchange) {
	reason := "the process was killed"
	if !c.process.wire.killed() {
		text := c.explanation()
		lookedUp := slices.ContainsFunc(log, func(x exchange) bool {
			return (x.call == c || x.call == nil) && x.Method == http.MethodGet && x.Fault != ""
		})
		switch {
		case !strings.Contains(text, "is unknown") || !importBlock.MatchString(text):
			w.violated("no orphan", "%s has run, but its error says only: %s", c, text)
		case !lookedUp && !severalIDs.MatchString(text) && !suffixedID.MatchString(text) && !strings.Contains(text, "an earlier answer showed that"): // if the daily budget is spent, no lookup is sent
			w.violated("no orphan", "%s says that its outcome is unknown, although no lookup failed: %s", c, text)
		}
		reason = "its outcome is unknown"
	}
	w.conflicts[c.naturalKey()] = reason
	w.unknown++
}

// explanation returns the text of a call's errors.
func (c *call) explanation() string {
	text := ""
	for _, d := range c.failure {
		text += d.Summary + "\n" + d.Detail + "\n"
	}
	return text
}

func (w *world) noGhostInState() {
	for _, address := range w.state.addresses() {
		if i := w.state.get(address); !w.isLive(i) && !w.wasCascaded(i.object()) {
			w.violated("no ghost in state", "the object of %s does not exist", address)
		}
	}
}

func (w *world) noLiveObjectIsDropped(c *call, live bool) {
	if live {
		w.violated("a live object is never dropped because a read failed", "%s", c)
	}
}

func (w *world) nothingIsTainted(c *call, ok bool) {
	if !ok {
		w.violated("nothing is tainted", "%s fails but returns a state: %s", c, c.explanation())
	}
}

func (w *world) nothingForeignIsAdopted(calls []*call) {
	for _, c := range calls {
		if c.verb == "Create" && !c.adoptsExisting() && c.kind.kind != relations && c.created != "" && (c.before[c.created] && !w.made[c.naturalKey()] || w.foreign[c.created]) {
			w.violated("nothing foreign is adopted", "%s took over %s, which others created", c, c.created)
		}
	}
}

func (w *world) onlyPlannedWrites(log []exchange) {
	for _, x := range log {
		if x.Method == http.MethodGet || x.Route == sandbox.RouteExchange {
			continue
		}
		if x.call == nil || !x.call.mayWrite(x.Request) {
			w.violated("no write that the plan did not show", "%s by %s", x.Method+" "+x.Path+" "+x.Body, x.call)
		}
	}
}

// mayWrite reports whether the plan of a call includes a write.
func (c *call) mayWrite(r sandbox.Request) bool {
	id := r.Path[strings.LastIndexByte(r.Path, '/')+1:]
	names := func(names ...string) bool {
		return !slices.ContainsFunc(names, func(name string) bool {
			value := attribute(c.value, name)
			wasFound := value == "" && c.process.w.isMeddled() // the call found the association by a key that no association has now
			return !wasFound && !strings.Contains(r.Body, strconv.Quote(value))
		})
	}
	switch {
	case c.kind.kind == sets:
		return c.mayWriteSet(r)
	case c.verb == "Create" && c.kind.kind == relations:
		return r.Route == c.kind.create && names("association_id", "first_record_id", "second_record_id")
	case c.verb == "Create" && r.Route == sandbox.RouteUpdateAssociation: // this update corrects labels that the server left on the wrong side
		return c.kind.kind == associations && !c.before[id]
	case c.verb == "Create" && r.Route == c.kind.delete: // the provider deletes an object whose key differs from the requested key
		return (c.kind.kind == customObjects || c.kind.kind == customFields) && !c.before[id]
	case c.verb == "Create":
		return r.Route == c.kind.create && names(c.kind.sends)
	case c.verb == "Update":
		return r.Route == c.kind.update && (id == attribute(c.value, "id") || id == attribute(c.value, "object_key"))
	case c.verb == "Delete" && c.kind.kind == relations && (c.before[id] || c.process.w.made[c.naturalKey()]):
		return r.Route == c.kind.delete
	case c.verb == "Delete":
		return r.Route == c.kind.delete && id == attribute(c.value, "id")
	default:
		return false
	}
}

// emptyPlanHidesNothing is checked after an empty plan, if nobody else made changes during the plan.
func (w *world) emptyPlanHidesNothing() {
	for _, difference := range w.differences(func(object) bool { return false }) {
		w.violated("an empty plan never hides a difference", "%s", difference)
	}
}

// successLeavesNoDifference is checked after an apply during which nobody else made changes. Labels may differ if a warning
// says that they could not be corrected after a create.
func (w *world) successLeavesNoDifference(s step) {
	if s.Run == runDestroy || w.labelsAreLeft() {
		return
	}
	for _, difference := range w.differences(w.wasCascaded) {
		w.violated("an apply that succeeds leaves no difference", "%s", difference)
	}
}

func (w *world) labelsAreLeft() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.ContainsFunc(w.calls, func(c *call) bool { return c.labelsLeft })
}

var (
	importBlock = regexp.MustCompile(`(?s)import \{\n  to = ghl_[a-z_]+\.example\n  id = "(.*)"\n\}`)
	importID    = regexp.MustCompile(`import it with the id "(.*)"\.`)
	answered    = regexp.MustCompile(`answered ([0-9]{3})`)
)

// remedies lists phrases that say what a user can do, by the status in the diagnostic. The diagnostic must contain one of the
// phrases.
var remedies = map[string][]string{
	"200": {"Try again", "import {"}, "201": {"Try again", "import {"},
	"307": {"Check base_url"},
	"400": {"already exists in sub-account", "no longer exists", "Check the ids", "Correct the values that its answer mentions", "Apply again", "If the object does not exist, apply again", "Change one of the labels", "add a moved block"},
	"401": {"GHL_LOCATION_ACCESS_TOKENS", "GHL_AGENCY_ACCESS_TOKEN"},
	"403": {"GHL_LOCATION_ACCESS_TOKENS", "GHL_AGENCY_ACCESS_TOKEN", "GHL_COMPANY_ID", "proxy"},
	"404": {"GHL_BASE_URL", "Delete the object by hand", "no longer exists", "Check the ids", "state rm"},
	"422": {"Check that both records exist", "Correct the values that its answer mentions", "already exists in sub-account"},
	"429": {"daily budget", "allow more time"},
	"":    {"Check the network", "interrupted", "timed out", "Try again", "already exists in sub-account", "no longer exists", "import {", "The first error of this kind says what to do", "add a moved block", "Choose another key", "Move the field in HighLevel", "Move the fields to another folder in HighLevel", "Plan again to see what exists now", "apply that change alone, and plan again", "Correct association_key", "Correct association_id", "Check location_id", "until this plan is applied", "from related_record_ids"},
}

func (w *world) everyFailureIsExplained(calls []*call) {
	for _, c := range calls {
		w.failed += min(1, len(c.failure))
		for _, d := range c.failure {
			if problem := c.unexplained(d.Summary, d.Detail); problem != "" {
				w.violated("every failure is explained", "%s does not mention %s: %s\n%s", c, problem, d.Summary, d.Detail)
			}
		}
	}
}

// unexplained returns the first required item that a diagnostic does not mention, or "".
func (c *call) unexplained(summary, detail string) string {
	isProtected := c.verb == "Plan" && (summary == "Unable to Replace "+c.kind.thing || summary == "Unable to Destroy "+c.kind.thing)
	if summary != "Unable to "+c.verb+" "+c.kind.thing && !isProtected {
		return "the operation"
	}
	for _, name := range c.names(detail) {
		if !strings.Contains(strings.ToLower(detail), strings.ToLower(name)) { // the case of a key does not matter
			return "the object " + name
		}
	}
	if c.kind.kind == sets { // every error of a set says to apply again, but that does not explain why one relation failed
		_, why, isPart := strings.Cut(detail, `. For "`)
		if isPart {
			detail = why
		}
	}
	status := ""
	if match := answered.FindStringSubmatch(detail); match != nil {
		status = match[1]
	}
	phrases := remedies[status]
	if status >= "500" {
		phrases = []string{"Try again later", "import {"}
	}
	if strings.Contains(detail, "is unknown: ") {
		phrases = []string{"import {"} // this remedy is required whatever the status of the lookup
	}
	if strings.Contains(detail, leftSuffixed) {
		phrases = []string{"Delete it in HighLevel"} // this remedy is required whatever the status of the object's deletion
	}
	if c.kind.kind == sets && (strings.Contains(detail, "Whether the relation was created is unknown.") || strings.Contains(detail, "HighLevel refuses the relation as a duplicate")) {
		phrases = []string{"Apply again: if the relation "}
	}
	if !slices.ContainsFunc(phrases, func(phrase string) bool { return strings.Contains(detail, phrase) }) {
		return fmt.Sprintf("a remedy for status %q", status)
	}
	return ""
}

// keysAreFound checks the calls whose association existed when the call began and still exists.
func (w *world) keysAreFound(calls []*call) {
	for _, c := range calls {
		key := attribute(c.value, "association_key")
		isThere := key == builtInID || slices.ContainsFunc(w.sandbox.Associations(c.where), func(a sandbox.Association) bool {
			return a.ID == attribute(c.value, "association_id")
		})
		if isThere && !w.isMeddled() && strings.Contains(c.explanation(), "No association has the key") {
			w.violated("an association is found by its key", "%s: %s", c, c.explanation())
		}
	}
}

// transientFaultsFailNothing checks the last request of each failed call. The call must not fail because a deleted object is
// not found, or because of a 429 before its timeout.
func (w *world) transientFaultsFailNothing(calls []*call, log []exchange) {
	for _, c := range calls {
		if len(c.failure) == 0 || !c.process.stoppedAt().IsZero() {
			continue
		}
		var last exchange
		for _, x := range log {
			if x.call == c {
				last = x
			}
		}
		text := c.explanation()
		switch {
		case c.verb == "Delete" && last.Method == http.MethodDelete && last.Fault == "" && strings.Contains(text, "not found"):
			w.violated("transient faults fail nothing", "%s has run, but fails: %s", c, text)
		case strings.Contains(text, "allow more time") && c.lasted < time.Minute:
			w.violated("transient faults fail nothing", "%s stops retrying after %s: %s", c, c.lasted, text)
		}
	}
}

// names returns the names by which a user finds the object of a call.
func (c *call) names(detail string) []string {
	if c.kind.kind == relations {
		about := c.value
		if first := attribute(c.wanted, "first_record_id"); c.verb == "Plan" && first != "" && strings.Contains(detail, first) {
			about = c.wanted // the plan of a replacement is about the new object
		}
		return []string{attribute(about, "first_record_id"), attribute(about, "second_record_id")}
	}
	about := c.value
	if c.verb == "Update" || c.verb == "Plan" && c.kind.kind == sets && !c.wanted.IsNull() {
		about = c.wanted
	}
	if key := attribute(about, c.kind.by); key != "" {
		return []string{key}
	}
	if b := c.process.w.config[c.address]; b != nil && strings.Contains(detail, strings.ToLower(b.key)) {
		return nil // the error about an object that was imported by id contains the object's key
	}
	return []string{attribute(c.value, "id")}
}

// nothingStartsAfterAnEnd allows only two kinds of requests after an interrupt: lookups for a create whose POST was already
// sent, and the deletion of an object whose key differs from the requested key. Without the deletion, the object would become
// an orphan.
func (w *world) nothingStartsAfterAnEnd() {
	for _, p := range w.processes {
		end := p.stoppedAt()
		if end.IsZero() {
			continue
		}
		for _, c := range p.wire.cutCreates() {
			w.violated("no request after cancellation except a create under way", "%s was canceled before its answer", c)
		}
		posted := map[*call]bool{} // the key nil represents a listing that a data source started and that a lookup may wait for
		for _, s := range p.wire.requests() {
			switch {
			case !s.at.After(end):
				posted[s.call] = posted[s.call] || isCreate(s.method, s.path)
				posted[nil] = posted[nil] || isCreate(s.method, s.path)
			case s.method == http.MethodDelete && posted[s.call] && s.call.kind.kind == customObjects:
			case s.method != http.MethodGet || !posted[s.call]:
				w.violated("no request after cancellation except a create under way", "%s %s by %s, %s later", s.method, s.path, s.call, s.at.Sub(end))
			case s.at.Sub(end) > 2*time.Minute:
				w.violated("no request after cancellation except a create under way", "%s still looks up its object, %s later", s.call, s.at.Sub(end))
			}
		}
	}
}

// neverOverBudget counts the requests of each process separately, because a process can only learn from the answers how many
// requests another process has just sent.
func (w *world) neverOverBudget(log []exchange) {
	limit := w.schedule.budget()
	arrivals := map[string][]time.Time{}
	for _, x := range log {
		if x.call == nil || x.Route == sandbox.RouteExchange { // a token exchange counts against the agency's rate limit
			continue
		}
		key := fmt.Sprintf("%p %s", x.call.process, x.LocationID)
		times := append(arrivals[key], x.Time)
		arrivals[key] = times
		if n := len(times); n > limit.Max && x.Time.Sub(times[n-1-limit.Max]) < limit.Interval {
			w.violated("never more than the budget", "%d requests for %s within %s", limit.Max+1, x.LocationID, x.Time.Sub(times[n-1-limit.Max]))
		}
	}
}

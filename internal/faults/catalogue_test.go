package faults_test

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// fault is one way in which a request can fail.
type fault struct {
	name      string
	effect    sandbox.Effect
	committed bool
	lists     bool   // it affects only list calls
	denies    bool   // the answer claims that an existing object does not exist
	hides     bool   // it hides rows, and only a total reveals the missing rows
	once      bool   // it affects only one request of a run, because several wrong answers could agree
	transient bool   // a retry succeeds
	method    string // method of the affected requests; "" means any
	route     string // the only affected route, if a client could not detect the fault on other routes
	like      bool   // this fault is tried less often, because another fault is similar
}

const answerBefore = "answer of the request before"

// catalogue contains all faults that a schedule can inject.
var catalogue = func() []fault {
	all := []fault{
		{name: "429 with headers", transient: true, effect: sandbox.TooManyRequests(true, 0)},
		{name: "429 without headers", transient: true, effect: sandbox.TooManyRequests(false, 0), like: true},
		{name: "429 with Retry-After", transient: true, effect: sandbox.TooManyRequests(true, 3*time.Second), like: true},
		{name: "token refused", effect: sandbox.TokenRefused()},
		{name: "access denied", effect: sandbox.AccessDenied(), like: true},
		{name: "refused by the edge", effect: sandbox.StatusHTML(403), like: true},
		{name: "daily budget spent", effect: sandbox.DailySpent(), like: true},
		{name: "no such route", effect: sandbox.CannotGET()},
		{name: "no such route, HTML", effect: sandbox.CannotGETHTML(), like: true},
		{name: "redirect", effect: sandbox.RedirectTo("https://elsewhere.invalid/"), like: true},
		{name: "malformed item", effect: sandbox.MalformedItem(), lists: true},
		{name: "page repeated", effect: sandbox.RepeatPage(), lists: true},
		{name: "page reordered", effect: sandbox.ReorderPage(), lists: true, like: true},
		{name: "listing reordered", effect: sandbox.ReorderListing(), lists: true, hides: true},
		{name: "rows skipped", effect: sandbox.SkipRows(1), lists: true, hides: true},
		{name: "page shrunk", effect: sandbox.ShrinkPage(1), lists: true, hides: true, like: true},
		{name: "page shrunk to nothing", effect: sandbox.ShrinkPage(1000), lists: true, hides: true},
		{name: "list of another sub-account", effect: sandbox.ListOfAnotherLocation(), lists: true},
		{name: "list of another record", effect: sandbox.ListOfAnotherRecord(), lists: true, like: true},
		{name: "total too small", effect: sandbox.LyingTotal(-1), lists: true, like: true},
		{name: "total too large", effect: sandbox.LyingTotal(3), lists: true},
	}
	either := []fault{
		{name: "reset", effect: sandbox.Reset()},
		{name: "200 as HTML", effect: sandbox.OKHTML()},
		{name: "200 without a body", effect: sandbox.OKEmpty()},
		{name: "stall", effect: sandbox.Stall(70 * time.Second)},
		{name: "short stall", effect: sandbox.Stall(3 * time.Second), like: true},
	}
	for _, status := range []int{500, 502, 503, 504, 520, 521, 522, 523, 524} {
		either = append(either,
			fault{name: fmt.Sprintf("%d as JSON", status), effect: sandbox.Status(status), like: status != 500},
			fault{name: fmt.Sprintf("%d as HTML", status), effect: sandbox.StatusHTML(status), like: true})
	}
	for _, f := range either {
		f.transient = true
		before, after := f, f
		before.name += " before commit"
		after.name += " after commit"
		after.committed = true
		all = append(all, before, after)
	}
	return append(all,
		fault{name: answerBefore, effect: sandbox.AnswerBefore(), hides: true, once: true},
		fault{name: "row of another", effect: sandbox.RowOfAnother()},
		fault{name: "association not found", effect: sandbox.NotFound(), route: sandbox.RouteGetAssociation, denies: true},
		fault{name: "not found by its id", effect: sandbox.NotFound(), method: http.MethodGet, denies: true, once: true},
		fault{name: "not found by a change", effect: sandbox.NotFound(), method: http.MethodPut},
		fault{name: "not found by a deletion", effect: sandbox.NotFound(), method: http.MethodDelete},
		fault{name: "deletion denied", effect: sandbox.DeletionDenied()},
		fault{name: "half an answer", transient: true, effect: sandbox.HalfJSON(true), committed: true},
		fault{name: "half an answer, length of the whole", transient: true, effect: sandbox.HalfJSON(false), committed: true, like: true},
		fault{name: "slow body", transient: true, effect: sandbox.SlowBody(5 * time.Second), committed: true, like: true},
		fault{name: "slow body past the timeout", transient: true, effect: sandbox.SlowBody(100 * time.Second), committed: true, like: true},
	)
}()

// routeOf returns the index of a route in routes.
func routeOf(name string) int { return slices.Index(routes, name) }

// routes are the routes that a fault can be limited to. "" means any route.
var routes = func() []string {
	all := []string{"", sandbox.RouteAssociationByKey, sandbox.RouteExchange}
	for _, k := range kinds {
		for _, route := range []string{k.list, k.create, k.get, k.update, k.delete} {
			if !slices.Contains(all, route) {
				all = append(all, route)
			}
		}
	}
	return all
}()

// faultClass is a class of faults, and the routes on which they matter most.
type faultClass struct {
	faults []int // in the catalogue
	routes []string
}

// faultClasses are three classes: faults of listings, faults that lose the answer to a
// request that took effect, and all other faults.
var faultClasses = func() []faultClass {
	lists := faultClass{routes: []string{"", sandbox.RouteListRelations}}
	committed := faultClass{routes: []string{"", "", sandbox.RouteCreateRelation}}
	others := faultClass{routes: append(slices.Repeat([]string{""}, len(kinds)), routes...)}
	for _, k := range kinds {
		lists.routes = append(lists.routes, k.list)
		committed.routes = append(committed.routes, k.create, cmp.Or(k.update, k.create), k.delete)
	}
	for i, f := range catalogue {
		switch {
		case f.lists:
			lists.faults = append(lists.faults, i)
		case f.committed:
			committed.faults = append(committed.faults, i)
		default:
			others.faults = append(others.faults, i)
		}
	}
	return []faultClass{others, committed, lists}
}()

// order is an instruction to inject a fault.
type order struct {
	Fault    int // in the catalogue
	Route    int // in routes
	Location int // 0 means any; n means the nth sub-account
	After    int
	Count    int    // 0 means until the end of the run
	Percent  int    // percentage of the requests; 0 means all
	Then     *order // the fault for the next request
}

func (o order) String() string {
	text := catalogue[o.Fault].name
	if o.Route > 0 {
		text += " to " + routes[o.Route]
	}
	if o.Location > 0 {
		text += fmt.Sprintf(" in sub-account %d", o.Location-1)
	}
	text = fmt.Sprintf("{%s, after %d, count %d, %d%%}", text, o.After, o.Count, o.Percent)
	if o.Then != nil {
		text += " then " + o.Then.String()
	}
	return text
}

// faults converts the order to faults of the sandbox. A fault that claims that an object does not exist affects only kinds
// whose listing can contradict that claim. A fault that hides rows affects a listing without a total only once, because a
// client could not distinguish several such answers from correct answers.
func (o order) faults(locations []string) (all []sandbox.Fault) {
	f, c := o.fault(locations), catalogue[o.Fault]
	hides, denies := c.lists && c.hides, c.denies && c.route == ""
	if !hides && !denies {
		return []sandbox.Fault{f}
	}
	for _, k := range kinds {
		route := k.list
		if denies {
			route = k.get
		}
		isThere := slices.ContainsFunc(all, func(f sandbox.Fault) bool { return f.Route == route })
		if isThere || f.Route != "" && f.Route != route || denies && !k.isWhole() {
			continue
		}
		narrowed := f
		narrowed.Route = route
		if k.isWhole() {
			narrowed.Count = 1
		}
		all = append(all, narrowed)
	}
	return all
}

func (o order) fault(locations []string) sandbox.Fault {
	f := sandbox.Fault{
		Name: catalogue[o.Fault].name, Effect: catalogue[o.Fault].effect, Committed: catalogue[o.Fault].committed,
		Method: catalogue[o.Fault].method, Route: routes[o.Route], After: o.After, Count: o.Count, Probability: float64(o.Percent) / 100,
	}
	if catalogue[o.Fault].once {
		f.Count = 1
	}
	if only := catalogue[o.Fault]; only.route != "" || only.method != "" {
		f.Route = only.route
	}
	if o.Location > 0 {
		f.LocationID = locations[(o.Location-1)%len(locations)]
	}
	if o.Then != nil {
		f.Then = new(o.Then.fault(locations))
	}
	return f
}

package provider_test

import (
	"slices"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// The faults of creates, refreshes, updates and deletes, and drift, each have a file.
// Each case checks what the user reads, and that the next apply without a fault leaves
// an empty plan, with nothing lost and nothing there twice.

// strikes orders a fault for requests of each of the routes.
func (a *account) strikes(fault sandbox.Fault, routes ...string) {
	for _, route := range routes {
		fault.Route = route
		a.sandbox.AddFault(fault)
	}
}

// struck counts the requests that were hit by a fault.
func (a *account) struck() int {
	hit := 0
	for _, r := range a.requests() {
		if r.Fault != "" {
			hit++
		}
	}
	return hit
}

// wantRequests checks how many requests of a route came.
func (a *account) wantRequests(route string, want int) {
	a.t.Helper()
	if got := len(a.requests(route)); got != want {
		a.t.Errorf("%d requests %s, want %d", got, route, want)
	}
}

// friendship is an association that somebody else made, for relations under it.
func (a *account) friendship() sandbox.Association {
	row := a.sandbox.AddAssociation(sandbox.Association{
		LocationID: a.locationID, Key: a.key("friend"),
		FirstObjectKey: "contact", FirstObjectLabel: "Friend", SecondObjectKey: "contact", SecondObjectLabel: "Befriended",
	})
	a.kept = append(a.kept, row.Key)
	return row
}

// mentorAndLink is the configuration of an association, and of a relation under one
// that is there already: neither depends on the other.
func (a *account) mentorAndLink() string {
	return a.provider("max_retries = 1") + contacts("mentor", a.key("mentor"), "Mentor", "Mentee") +
		relation("link", quoted(a.friendship().ID), "contact-1", "contact-2")
}

// storedAssociation is the association with a key, as the sandbox holds it, whatever
// its listing shows.
func (a *account) storedAssociation(key string) sandbox.Association {
	a.t.Helper()
	for _, row := range a.sandbox.Associations(a.locationID) {
		if row.Key == key {
			return row
		}
	}
	a.t.Fatalf("no association has the key %q", key)
	return sandbox.Association{}
}

// storedLink is the one relation of contact-1 with another record.
func (a *account) storedLink(with string) sandbox.Relation {
	a.t.Helper()
	for _, row := range a.sandbox.Relations(a.locationID) {
		if row.FirstRecordID == "contact-1" && row.SecondRecordID == with {
			return row
		}
	}
	a.t.Fatalf("no relation of contact-1 and %s", with)
	return sandbox.Relation{}
}

// holds makes sure that the sub-account holds as many associations and relations,
// beside those that the test keeps out of the state, and that they are what is in
// the state: nothing is lost, nothing there twice.
func (a *account) holds(e *engine, associations, relations int) {
	a.t.Helper()
	var stored []string
	for _, row := range a.sandbox.Associations(a.locationID) {
		if !slices.Contains(a.kept, row.Key) {
			stored = append(stored, row.ID)
		}
	}
	if len(stored) != associations {
		a.t.Errorf("%d associations are stored, want %d", len(stored), associations)
	}
	if rows := a.sandbox.Relations(a.locationID); len(rows) != relations {
		a.t.Errorf("%d relations are stored, want %d: %v", len(rows), relations, rows)
	}
	for _, row := range a.sandbox.Relations(a.locationID) {
		stored = append(stored, row.ID)
	}
	slices.Sort(stored)
	if got := e.stateIDs(); !slices.Equal(got, stored) {
		a.t.Errorf("the state holds %v, the sub-account %v", got, stored)
	}
}

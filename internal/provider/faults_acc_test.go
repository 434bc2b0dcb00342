package provider_test

import (
	"slices"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// Faults of creates, refreshes, updates and deletes each have their own file. Drift has its
// own file too. Each case checks the messages. It also checks that the next apply without a
// fault leaves an empty plan, no missing objects and no duplicates.

// strikes adds a fault for each of the routes.
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

// wantRequests checks the number of requests for a route.
func (a *account) wantRequests(route string, want int) {
	a.t.Helper()
	if got := len(a.requests(route)); got != want {
		a.t.Errorf("%d requests %s, want %d", got, route, want)
	}
}

// friendship adds an association that no configuration manages. The relations of the tests
// are under this association.
func (a *account) friendship() sandbox.Association {
	row := a.sandbox.AddAssociation(sandbox.Association{
		LocationID: a.locationID, Key: a.key("friend"),
		FirstObjectKey: "contact", FirstObjectLabel: "Friend", SecondObjectKey: "contact", SecondObjectLabel: "Befriended",
	})
	a.kept = append(a.kept, row.Key)
	return row
}

// mentorAndLink is the configuration of an association, and of a relation under another,
// existing association. The two resources do not depend on each other.
func (a *account) mentorAndLink() string {
	return a.provider("max_retries = 1") + contacts("mentor", a.key("mentor"), "Mentor", "Mentee") +
		relation("link", quoted(a.friendship().ID), "contact-1", "contact-2")
}

// storedAssociation returns the association with a key as the sandbox stores it, whatever
// the listing returns.
func (a *account) storedAssociation(key string) sandbox.Association {
	a.t.Helper()
	for _, row := range a.sandbox.Associations(a.locationID) {
		if row.Key == key {
			return row
		}
	}
	a.t.Fatalf("there is no association with the key %q", key)
	return sandbox.Association{}
}

// storedLink returns the relation of contact-1 with another record.
func (a *account) storedLink(with string) sandbox.Relation {
	a.t.Helper()
	for _, row := range a.sandbox.Relations(a.locationID) {
		if row.FirstRecordID == "contact-1" && row.SecondRecordID == with {
			return row
		}
	}
	a.t.Fatalf("there is no relation of contact-1 and %s", with)
	return sandbox.Relation{}
}

// holds checks the number of associations and relations in the sub-account, except those
// that the test does not manage. It also checks that the state contains exactly these,
// without missing objects or duplicates.
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
		a.t.Errorf("the state contains %v, want the objects of the sub-account, %v", got, stored)
	}
}

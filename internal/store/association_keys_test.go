package store_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// wantID fails the test unless the key belongs to the association with that id.
func (f *fixture) wantID(key, want string) {
	f.t.Helper()
	if got, err := f.AssociationID(background, school, key); err != nil || got != want {
		f.t.Errorf("the key %q belongs to %q, %v; want %q", key, got, err, want)
	}
}

// wantNoID fails the test if an association has the key.
func (f *fixture) wantNoID(t *testing.T, key string) {
	t.Helper()
	id, err := f.AssociationID(background, school, key)
	if id != "" {
		t.Errorf("the key %q belongs to %q, want none", key, id)
	}
	wantIs(t, err, store.ErrNotFound)
}

// However many relations specify one key, the key is looked up once. For several keys, the
// pages of the listing that contain them are requested. A key in another case is also
// found.
func TestAssociationIDRequests(t *testing.T) {
	key := func(i int) string { return fmt.Sprintf("key_%d", i) }
	for name, c := range map[string]struct {
		relations, keys int
		spelt           func(int) string
		byKey, pages    int
	}{
		"one key":                    {200, 1, key, 1, 0},
		"one key in another case":    {200, 1, func(i int) string { return strings.ToUpper(key(i)) }, 2, 0},
		"20 keys on the first page":  {200, 20, key, 1, 1},
		"20 keys in another case":    {200, 20, func(i int) string { return "K" + key(i)[1:] }, 2, 1},
		"20 keys on the third page":  {200, 20, func(i int) string { return key(220 + i) }, 1, 3},
		"two keys that do not exist": {200, 2, func(i int) string { return fmt.Sprintf("free_%d", i) }, 2, 4}, // including the empty page
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFixture(t, sandbox.Quirks{})
				f.addAssociations(246) // and the platform's
				f.sb.SetLatency(30 * time.Millisecond)
				parallel(c.relations, func(i int) {
					spelt := c.spelt(i % c.keys)
					want := strings.Replace(strings.ToLower(spelt), "key_", "kind-", 1)
					if strings.HasPrefix(spelt, "free") {
						f.wantNoID(t, spelt)
					} else {
						f.wantID(spelt, want)
					}
				})
				f.wantCount(sandbox.RouteAssociationByKey, c.byKey)
				f.wantCount(sandbox.RouteListAssociations, c.pages)
				f.wantCount("", c.byKey+c.pages)
			})
		})
	}
}

// Looking up a key that an earlier read returned makes no call. HighLevel's own key in
// capitals differs from somebody else's key in lower case.
func TestAssociationIDAfterReads(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		f.sb.AddAssociation(sandbox.Association{
			LocationID: school, ID: "twin", Key: "businesses_contacts_association", AssociationType: sandbox.UserDefined,
			FirstObjectKey: "business", FirstObjectLabel: "Firm", SecondObjectKey: "contact", SecondObjectLabel: "Person",
		})
		_, err := f.Associations(background, school)
		ok(t, err)
		f.sb.ResetRequests()
		f.wantID("BUSINESSES_CONTACTS_ASSOCIATION", "BUSINESSES_CONTACTS_ASSOCIATION")
		f.wantID("Businesses_contacts_association", "twin")
		f.wantCount("", 0)
	})
}

// A key that this process created is found without a request, as written and as stored.
// After this process deletes the association, the key is not found.
func TestAssociationIDOfOwn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{StoredKeys: sandbox.KeysSlugged})
		f.wantNoID(t, "Taught By")
		f.wantNoID(t, "taught_by")
		want := wire(kind(1))
		want.ID, want.Key = "", "Taught By"
		row, err := f.CreateAssociation(background, want)
		ok(t, err)
		f.sb.ResetRequests()
		f.wantID("Taught By", row.ID)
		f.wantID("taught_by", row.ID)
		f.wantCount("", 0)

		ok(t, f.DeleteAssociation(background, school, row.ID, "Taught By"))
		f.wantNoID(t, "Taught By")
		f.wantNoID(t, "taught_by")
		again, err := f.CreateAssociation(background, want)
		ok(t, err)
		f.wantID("Taught By", again.ID)
	})
}

// A failed lookup is not cached.
func TestAssociationIDFailures(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		f.addAssociations(5)
		f.sb.AddFault(sandbox.Fault{Effect: sandbox.Status(500)})
		for range 3 {
			for i := range 3 {
				_, err := f.AssociationID(background, school, fmt.Sprintf("key_%d", i))
				wantKind(t, err, ghl.Unavailable)
			}
		}
		f.wantCount(sandbox.RouteListAssociations, 1) // after the listing has failed for good, each key is looked up
		f.recover()
		for i := range 3 {
			f.wantID(fmt.Sprintf("key_%d", i), fmt.Sprintf("kind-%d", i))
		}
	})
}

// A missing association stays cached as missing until this process creates an association,
// even if others create the missing one meanwhile.
func TestAssociationIDOfNone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		for range 20 {
			f.wantNoID(t, "Key_1")
		}
		f.wantCount(sandbox.RouteAssociationByKey, 2) // as written, and in lower case
		f.addAssociations(2)
		f.wantNoID(t, "Key_1")
		want := wire(kind(7))
		want.ID = ""
		row, err := f.CreateAssociation(background, want)
		ok(t, err)
		f.wantID("Key_1", "kind-1")
		f.wantID("key_7", row.ID)
	})
}

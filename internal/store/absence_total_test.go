package store_test

import (
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// A total that matches the rows so far does not prove an absence, even if the server's
// other totals are right.
func TestAssociationAbsentByTotalAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		f.addAssociations(2)
		for i := range 101 {
			f.addRelation(store.RelationRef{LocationID: school, AssociationID: "kind-0", FirstRecordID: "hub", SecondRecordID: fmt.Sprint("record-", i)})
		}
		_, err := f.Relations(background, school, "hub", nil) // this total counts more than the first page
		ok(t, err)
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteListAssociations, Count: 1, Effect: sandbox.Answer(200, fmt.Sprintf(
			`{"associations":[{"id":"kind-0","key":"key_0","locationId":%q,"firstObjectKey":"business","secondObjectKey":"contact"}],"total":1}`, school))})
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteGetAssociation, Effect: sandbox.NotFound()})
		row, err := f.association("kind-1")
		if err != nil || row.ID != "kind-1" {
			t.Errorf("read %+v, %v", row, err)
		}
	})
}

// An empty list proves nothing until a row shows that the token serves the sub-account.
func TestNamedAbsentWithoutAnyRow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		row := f.addValue("Phone", "1")
		f.sb.CustomValues().Remove(school, row.ID)
		f.sb.AddFault(sandbox.Fault{Route: sandbox.RouteListAssociations, Effect: sandbox.Answer(200, `{"associations":[],"total":0}`)})
		_, err := f.values().Read(background, row.ID)
		wantIs(t, err, ghl.ErrIncomplete)
	})
}

// The engine plans each create again during an apply. After a write, Holder makes no call.
func TestNamedHolderAfterAWrite(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		desk := f.addValue("Desk", "0")
		if holder := f.values().Holder(background, "Desk"); holder == nil || holder.ID != desk.ID {
			t.Errorf("before a write: %v", holder)
		}
		_, err := f.values().Create(background, phone)
		ok(t, err)
		f.sb.ResetRequests()
		if holder := f.values().Holder(background, "Desk"); holder != nil {
			t.Errorf("after a write: %v", holder)
		}
		f.wantCount("", 0)
	})
}

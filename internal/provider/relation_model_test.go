package provider

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

var projectOfCompany = relationModel{relationFields: relationFields{
	ID:              types.StringValue("r1"),
	LocationID:      types.StringValue("loc"),
	AssociationID:   types.StringValue("a1"),
	FirstRecordID:   types.StringValue("project-1"),
	SecondRecordID:  types.StringValue("company-1"),
	FirstObjectKey:  types.StringValue("custom_objects.projects"),
	SecondObjectKey: types.StringValue("business"),
}}

// relationFor returns a model of the relation that ref identifies.
func relationFor(ref store.RelationRef) relationModel {
	return relationModel{relationFields: storedRelation(ref.LocationID, ghl.Relation{ID: ref.ID, AssociationID: ref.AssociationID, FirstRecordID: ref.FirstRecordID, SecondRecordID: ref.SecondRecordID})}
}

func TestRelationFound(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		row        ghl.Relation
		wantID     types.String
		wantFirst  types.String
		wantSecond types.String
	}{
		"stored the other way round": {
			ghl.Relation{ID: "r1", FirstRecordID: "company-1", FirstObjectKey: "business", SecondRecordID: "project-1", SecondObjectKey: "custom_objects.projects"},
			types.StringValue("r1"), types.StringValue("custom_objects.projects"), types.StringValue("business"),
		},
		"stored as written, made again by hand": {
			ghl.Relation{ID: "r2", FirstRecordID: "project-1", FirstObjectKey: "custom_objects.projects", SecondRecordID: "company-1", SecondObjectKey: "business"},
			types.StringValue("r2"), types.StringValue("custom_objects.projects"), types.StringValue("business"),
		},
		"without object keys": {
			ghl.Relation{ID: "r1", FirstRecordID: "company-1", SecondRecordID: "project-1"},
			types.StringValue("r1"), types.StringNull(), types.StringNull(),
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := projectOfCompany.found(test.row)
			if !got.ID.Equal(test.wantID) || !got.FirstObjectKey.Equal(test.wantFirst) || !got.SecondObjectKey.Equal(test.wantSecond) {
				t.Errorf("got %s, %s, %s", got.ID, got.FirstObjectKey, got.SecondObjectKey)
			}
			if got.FirstRecordID.ValueString() != "project-1" || got.SecondRecordID.ValueString() != "company-1" {
				t.Errorf("the records changed sides: %s, %s", got.FirstRecordID, got.SecondRecordID)
			}
		})
	}
}

func TestRelationIdentityIsInStoredOrder(t *testing.T) {
	t.Parallel()
	got := projectOfCompany.storedIdentity(ghl.Relation{FirstRecordID: "company-1", SecondRecordID: "project-1"})
	want := relationIdentity{
		LocationID: types.StringValue("loc"), AssociationID: types.StringValue("a1"),
		FirstRecordID: types.StringValue("company-1"), SecondRecordID: types.StringValue("project-1"),
	}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestRelationSwapsAndReplaces(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change       func(*relationModel)
		wantSwap     bool
		wantReplaced []string
	}{
		"nothing": {func(*relationModel) {}, false, nil},
		"the other way round": {func(m *relationModel) {
			m.FirstRecordID, m.SecondRecordID = types.StringValue("company-1"), types.StringValue("project-1")
		}, true, []string{"first_record_id", "second_record_id"}},
		"the other way round, under another association": {func(m *relationModel) {
			m.AssociationID = types.StringValue("a2")
			m.FirstRecordID, m.SecondRecordID = types.StringValue("company-1"), types.StringValue("project-1")
		}, false, []string{"association_id", "first_record_id", "second_record_id"}},
		"another record": {func(m *relationModel) { m.FirstRecordID = types.StringValue("project-2") },
			false, []string{"first_record_id"}},
		"another sub-account":    {func(m *relationModel) { m.LocationID = types.StringValue("other") }, false, []string{"location_id"}},
		"an unknown association": {func(m *relationModel) { m.AssociationID = types.StringUnknown() }, false, []string{"association_id"}},
		"an unknown record":      {func(m *relationModel) { m.SecondRecordID = types.StringUnknown() }, false, []string{"second_record_id"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plan := projectOfCompany
			test.change(&plan)
			if got := plan.swaps(projectOfCompany); got != test.wantSwap {
				t.Errorf("swaps: got %t, want %t", got, test.wantSwap)
			}
			assertPaths(t, plan.replaces(projectOfCompany), test.wantReplaced)
		})
	}
}

func TestRelationOfARecordWithItselfDoesNotSwap(t *testing.T) {
	t.Parallel()
	self := projectOfCompany
	self.SecondRecordID = self.FirstRecordID
	if self.swaps(self) {
		t.Error("an unchanged relation counts as swapped")
	}
}

// A creation time that is read from any private state is unchanged after it is written and read again.
func FuzzCreationTime(f *testing.F) {
	for _, encoded := range []string{``, `"2025-03-04T05:06:06.999999999Z"`, `"9999-12-31T23:59:59Z"`, `"0000-01-01T00:00:00Z"`, `null`, `12`, `{}`, `"yesterday"`} {
		f.Add([]byte(encoded))
	}
	f.Fuzz(func(t *testing.T, encoded []byte) {
		created := decodePrivate[time.Time](encoded)
		if year := created.UTC().Year(); year >= 0 && year <= 9999 && !decodePrivate[time.Time](encodePrivate(created.UTC())).Equal(created) {
			t.Errorf("%q: %s is not read as it was written", encoded, created)
		}
	})
}

func TestCreationTime(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		encoded string
		want    time.Time
	}{
		"a time":       {`"2025-03-04T05:06:06.999999999Z"`, time.Date(2025, 3, 4, 5, 6, 6, 999999999, time.UTC)},
		"none":         {``, time.Time{}},
		"not a time":   {`"yesterday"`, time.Time{}},
		"not a text":   {`12`, time.Time{}},
		"another zone": {`"2025-03-04T06:06:07+01:00"`, time.Date(2025, 3, 4, 5, 6, 7, 0, time.UTC)},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := decodePrivate[time.Time]([]byte(test.encoded)); !got.Equal(test.want) {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
	berlin := time.FixedZone("CET", 3600)
	if got := string(encodePrivate(time.Date(2025, 3, 4, 6, 6, 7, 500, berlin).UTC())); got != `"2025-03-04T05:06:07.0000005Z"` {
		t.Errorf("encoded as %s", got)
	}
}

// If only the key of the association is known, messages and import ids contain the key instead of the id.
func TestRelationNamedByKey(t *testing.T) {
	t.Parallel()
	m := projectOfCompany
	m.AssociationKey = types.StringValue("work/of")
	if got, want := m.inWords(), `relation of the records "project-1" and "company-1" under the association "a1"`; got != want {
		t.Errorf("got %s", got)
	}
	if got := m.importID(); got != "loc/a1/project-1/company-1" {
		t.Errorf("got %s", got)
	}
	m.AssociationID = types.StringUnknown()
	if got, want := m.inWords(), `relation of the records "project-1" and "company-1" under the association with the key "work/of"`; got != want {
		t.Errorf("got %s", got)
	}
	if got := m.importID(); got != "loc/key:work%2Fof/project-1/company-1" {
		t.Errorf("got %s", got)
	}
	assertPhrases(t, m.exists(&store.ExistsError{Turned: true, Relation: &ghl.Relation{ID: "r1"}}), []string{`id = "loc/key:work%2Fof/company-1/project-1"`})
}

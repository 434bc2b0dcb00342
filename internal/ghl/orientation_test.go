package ghl

import (
	"testing"
)

func TestAssociationOriented(t *testing.T) {
	t.Parallel()
	a := Association{
		ID: "1", LocationID: "l", Key: "k", AssociationType: "USER_DEFINED",
		FirstObjectKey: "business", FirstObjectLabel: "Employer", SecondObjectKey: "contact", SecondObjectLabel: "Employee",
	}
	swapped := Association{
		ID: "1", LocationID: "l", Key: "k", AssociationType: "USER_DEFINED",
		FirstObjectKey: "contact", FirstObjectLabel: "Employee", SecondObjectKey: "business", SecondObjectLabel: "Employer",
	}
	same := Association{ID: "2", FirstObjectKey: "contact", FirstObjectLabel: "Parent", SecondObjectKey: "contact", SecondObjectLabel: "Child"}
	for name, test := range map[string]struct {
		row           Association
		first, second string
		want          Association
		ok            bool
	}{
		"as stored":          {a, "business", "contact", a, true},
		"swapped":            {a, "contact", "business", swapped, true},
		"one object":         {same, "contact", "contact", same, true},
		"another object":     {a, "business", "opportunity", a, false},
		"another, swapped":   {a, "opportunity", "business", a, false},
		"one object wanted":  {a, "contact", "contact", a, false},
		"two objects wanted": {same, "contact", "business", same, false},
		"other case":         {a, "Contact", "business", swapped, true},
	} {
		got, ok := test.row.Oriented(test.first, test.second)
		if got != test.want || ok != test.ok {
			t.Errorf("%s: got %+v, %t\nwant %+v, %t", name, got, ok, test.want, test.ok)
		}
	}
}

func TestRelationOriented(t *testing.T) {
	t.Parallel()
	r := Relation{ID: "1", AssociationID: "a", FirstObjectKey: "business", FirstRecordID: "b-1", SecondObjectKey: "contact", SecondRecordID: "c-1"}
	swapped := Relation{ID: "1", AssociationID: "a", FirstObjectKey: "contact", FirstRecordID: "c-1", SecondObjectKey: "business", SecondRecordID: "b-1"}
	unknown := Relation{ID: "1", AssociationID: "a", FirstRecordID: "b-1", SecondRecordID: "c-1"}
	unknownSwapped := Relation{ID: "1", AssociationID: "a", FirstRecordID: "c-1", SecondRecordID: "b-1"}
	same := Relation{ID: "2", FirstObjectKey: "contact", FirstRecordID: "c-1", SecondObjectKey: "contact", SecondRecordID: "c-2"}
	for name, test := range map[string]struct {
		row           Relation
		first, second string
		want          Relation
		ok            bool
	}{
		"as stored":             {r, "b-1", "c-1", r, true},
		"swapped":               {r, "c-1", "b-1", swapped, true},
		"objects unknown":       {unknown, "c-1", "b-1", unknownSwapped, true},
		"another record":        {r, "b-1", "c-2", r, false},
		"one object, as stored": {same, "c-1", "c-2", same, true},
		"one object, swapped":   {same, "c-2", "c-1", same, false},
		"one record wanted":     {r, "b-1", "b-1", r, false},
		"ids are opaque":        {r, "B-1", "c-1", r, false},
	} {
		got, ok := test.row.Oriented(test.first, test.second)
		if got != test.want || ok != test.ok {
			t.Errorf("%s: got %+v, %t\nwant %+v, %t", name, got, ok, test.want, test.ok)
		}
	}
}

func TestIsPlatformMade(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		key, kind string
		want      bool
	}{
		{"taught_by", "SOMETHING_NEW", false},
		{"taught_by", "", false},
		{"OPPORTUNITIES_CONTACTS_ADDITIONAL_ASSOCIATION", "USER_DEFINED", true},
		{"BUSINESSES_CONTACTS_ASSOCIATION", "SYSTEM_DEFINED", true},
		{"taught_by", "SYSTEM_DEFINED", true},
		{"taught_by", "USER_DEFINED", false},
		{"Taught_By", "USER_DEFINED", false},
		{"123_456", "USER_DEFINED", false},
		{"", "USER_DEFINED", false},
	} {
		if got := (Association{Key: test.key, AssociationType: test.kind}).IsPlatformMade(); got != test.want {
			t.Errorf("%q, %s: %t, want %t", test.key, test.kind, got, test.want)
		}
		if got := (Association{AssociationType: test.kind}).IsSystemDefined(); got != (test.kind == "SYSTEM_DEFINED") {
			t.Errorf("%s: IsSystemDefined is %t", test.kind, got)
		}
	}
}

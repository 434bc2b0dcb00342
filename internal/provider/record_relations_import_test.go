package provider

import (
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

func TestParseRecordRelationsID(t *testing.T) {
	t.Parallel()
	ref := func(location, association, record string, side store.Side) store.RecordRef {
		return store.RecordRef{LocationID: location, AssociationID: association, RecordID: record, Side: side}
	}
	tests := map[string]struct {
		want    store.RecordRef
		problem string
	}{
		"a1/r1":            {ref("", "a1", "r1", ""), ""},
		"loc/a1/r1":        {ref("loc", "a1", "r1", ""), ""},
		"a1/r1/first":      {ref("", "a1", "r1", store.FirstSide), ""},
		"loc/a1/r1/second": {ref("loc", "a1", "r1", store.SecondSide), ""},
		"a1/first":         {ref("", "a1", "first", ""), ""},
		"loc/a1/%66irst":   {ref("loc", "a1", "first", ""), ""},
		"loc/first/second": {ref("", "loc", "first", store.SecondSide), ""},
		"a%201/50%25":      {ref("", "a 1", "50%", ""), ""},
		"a1":               {store.RecordRef{}, "the wrong number of parts"},
		"l/a/r/x":          {store.RecordRef{}, "the wrong number of parts"},
		"l/a/r/first/x":    {store.RecordRef{}, "the wrong number of parts"},
		"a1/":              {store.RecordRef{}, "a part of it is empty"},
		"key:a/r1":         {store.RecordRef{}, "named by id, not by key"},
		"a1/%zz":           {store.RecordRef{}, "not percent-encoded correctly"},
	}
	for id, test := range tests {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			got, err := parseRecordRelationsID(id)
			if assertProblem(t, err, test.problem, recordRelationsSyntax) && got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

func FuzzParseRecordRelationsID(f *testing.F) {
	for _, id := range []string{"", "a1/r1", "loc/a1/r1/first", "loc/a1/first", "a1/%73econd", "a1/r1/second/", "//", "a%2F1/r%252", "a1/r%zz", "key:a/r", "../..", "\xff/\x00"} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) {
		ref, err := parseRecordRelationsID(id)
		switch {
		case err != nil && !strings.Contains(err.Error(), recordRelationsSyntax):
			t.Errorf("%q: the error does not name the form: %v", id, err)
		case err == nil && (ref.AssociationID == "" || ref.RecordID == ""):
			t.Errorf("%q was read as %+v", id, ref)
		case err == nil:
			ref.LocationID = "a location%"
			parsesAs(t, parseRecordRelationsID, recordRelationsImportID(ref), ref)
		}
	})
}

func TestRecordRelationsImportID(t *testing.T) {
	t.Parallel()
	for want, ref := range map[string]store.RecordRef{
		"loc/a1/r1":               {LocationID: "loc", AssociationID: "a1", RecordID: "r1"},
		"loc/a1/r1/second":        {LocationID: "loc", AssociationID: "a1", RecordID: "r1", Side: store.SecondSide},
		"loc/a1/%66irst":          {LocationID: "loc", AssociationID: "a1", RecordID: "first"},
		"l%20c/a%2F1/50%25/first": {LocationID: "l c", AssociationID: "a/1", RecordID: "50%", Side: store.FirstSide},
	} {
		if got := recordRelationsImportID(ref); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

package provider

import (
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

func TestParseRecordRelationsID(t *testing.T) {
	t.Parallel()
	ref := func(location, association, record string, side store.Side) recordRelationsName {
		return recordRelationsName{RecordRef: store.RecordRef{LocationID: location, AssociationID: association, RecordID: record, Side: side}}
	}
	byKey := func(location, key, record string, side store.Side) recordRelationsName {
		return recordRelationsName{store.RecordRef{LocationID: location, RecordID: record, Side: side}, key}
	}
	none := recordRelationsName{}
	tests := map[string]struct {
		want    recordRelationsName
		problem string
	}{
		"a1/r1":            {ref("", "a1", "r1", ""), ""},
		"loc/a1/r1":        {ref("loc", "a1", "r1", ""), ""},
		"a1/r1/first":      {ref("", "a1", "r1", store.FirstSide), ""},
		"loc/a1/r1/second": {ref("loc", "a1", "r1", store.SecondSide), ""},
		"a1/first":         {ref("", "a1", "first", ""), ""},
		"loc/a1/%66irst":   {ref("loc", "a1", "first", ""), ""},
		"a1/first/second":  {ref("", "a1", "first", store.SecondSide), ""},
		"a%201/50%25":      {ref("", "a 1", "50%", ""), ""},
		"%74aught_by/r1":   {ref("", "taught_by", "r1", ""), ""},
		"key%3Aodd/r1":     {ref("", "key:odd", "r1", ""), ""},

		"key:taught_by/r1":           {byKey("", "taught_by", "r1", ""), ""},
		"loc/key:taught_by/r1":       {byKey("loc", "taught_by", "r1", ""), ""},
		"key:taught_by/r1/first":     {byKey("", "taught_by", "r1", store.FirstSide), ""},
		"l%20c/key:a%2Fb/r/second":   {byKey("l c", "a/b", "r", store.SecondSide), ""},
		"key:50%25 of+key: it/first": {byKey("", "50% of+key: it", "first", ""), ""},
		"key:first/%73econd/first":   {byKey("", "first", "second", store.FirstSide), ""},
		"key:first/second":           {byKey("", "first", "second", ""), ""},
		"loc/key:k/%73econd":         {byKey("loc", "k", "second", ""), ""},
		"loc/key:k/second":           {none, "directly before the record, and a slash in the key is written as %2F"},
		"key:a/b/r1":                 {none, "directly before the record, and a slash in the key is written as %2F"},
		"a1/key:r1":                  {none, "directly before the record"},
		"key:k":                      {none, "directly before the record"},
		"key:/r1":                    {none, "one of its parts is empty"},
		"key: k/r1":                  {none, "begins or ends with a blank"},
		"key:100%/r1":                {none, "invalid percent-encoding"},
		"taught_by/r1":               {none, "must be written as key:taught_by"},
		"loc/taught_by/r1/first":     {none, "must be written as key:taught_by"},

		"a1":            {none, "the wrong number of parts"},
		"l/a/r/x":       {none, "the wrong number of parts"},
		"l/a/r/first/x": {none, "the wrong number of parts"},
		"a1/":           {none, "one of its parts is empty"},
		"a1/%zz":        {none, "invalid percent-encoding"},
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
	for _, id := range []string{"", "a1/r1", "loc/a1/r1/first", "loc/a1/first", "a1/%73econd", "a1/r1/second/", "//", "a%2F1/r%252", "a1/r%zz", "key:a/r", "loc/key:a%2Fb/first", "key:first/%66irst/first", "key:%ff/r", "taught_by/r1", "../..", "\xff/\x00"} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) {
		ref, err := parseRecordRelationsID(id)
		switch {
		case err != nil && !strings.Contains(err.Error(), recordRelationsSyntax):
			t.Errorf("%q: the error does not contain the form: %v", id, err)
		case err == nil && ((ref.AssociationID == "") == (ref.AssociationKey == "") || ref.RecordID == ""):
			t.Errorf("%q was read as %+v", id, ref)
		case err == nil:
			ref.LocationID = "a location%"
			parsesAs(t, parseRecordRelationsID, ref.importID(), ref)
		}
	})
}

func TestRecordRelationsImportID(t *testing.T) {
	t.Parallel()
	for want, name := range map[string]recordRelationsName{
		"loc/a1/r1":                {store.RecordRef{LocationID: "loc", AssociationID: "a1", RecordID: "r1"}, "k"},
		"loc/a1/r1/second":         {store.RecordRef{LocationID: "loc", AssociationID: "a1", RecordID: "r1", Side: store.SecondSide}, ""},
		"loc/a1/%66irst":           {store.RecordRef{LocationID: "loc", AssociationID: "a1", RecordID: "first"}, ""},
		"l%20c/a%2F1/50%25/first":  {store.RecordRef{LocationID: "l c", AssociationID: "a/1", RecordID: "50%", Side: store.FirstSide}, ""},
		"loc/%74aught_by/key%3Ar":  {store.RecordRef{LocationID: "loc", AssociationID: "taught_by", RecordID: "key:r"}, ""},
		"loc/key:50%25%2Fb/r1":     {store.RecordRef{LocationID: "loc", RecordID: "r1"}, "50%/b"},
		"loc/key:k/%73econd/first": {store.RecordRef{LocationID: "loc", RecordID: "second", Side: store.FirstSide}, "k"},
	} {
		if got := name.importID(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

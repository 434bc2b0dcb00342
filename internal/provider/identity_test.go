package provider

import (
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

func parseAssociationID(id string) (objectRef, error) {
	return parseObjectID(id, "key", associationImport.syntax)
}

func TestParseAssociationID(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		want    objectRef
		problem string
	}{
		"68d2c5f0a1b2000000000002":             {want: objectRef{ID: "68d2c5f0a1b2000000000002"}},
		"loc/68d2c5f0a1b2000000000002":         {want: objectRef{LocationID: "loc", ID: "68d2c5f0a1b2000000000002"}},
		"TASK_CUSTOM_OBJECTS.X_ASSOC":          {want: objectRef{ID: "TASK_CUSTOM_OBJECTS.X_ASSOC"}},
		"loc%20%C3%A9/a%25b":                   {want: objectRef{LocationID: "loc é", ID: "a%b"}},
		"loc/a%2Fb":                            {problem: "must not contain a slash"},
		"loc/..":                               {problem: `must not be "." or ".."`},
		"%2E/a1":                               {problem: `must not be "." or ".."`},
		"loc/a%1B%5B2J":                        {problem: "control characters"},
		"lo\x00c/key:k":                        {problem: "control characters"},
		"lives_at\n::warning::x":               {problem: "control characters"},
		"key%3Aodd":                            {want: objectRef{ID: "key:odd"}},
		"key:student_teacher":                  {want: objectRef{By: "key", Name: "student_teacher"}},
		"loc/key:student_teacher":              {want: objectRef{LocationID: "loc", By: "key", Name: "student_teacher"}},
		"loc/key:a/b":                          {want: objectRef{LocationID: "loc", By: "key", Name: "a/b"}},
		"key:a/b":                              {want: objectRef{By: "key", Name: "a/b"}},
		"key:100%25 of key: it":                {want: objectRef{By: "key", Name: "100%25 of key: it"}},
		"key:loc/key:k":                        {want: objectRef{By: "key", Name: "loc/key:k"}},
		"":                                     {problem: "empty"},
		"/a1":                                  {problem: "empty"},
		"loc/":                                 {problem: "empty"},
		"key:":                                 {problem: "empty"},
		"loc/key:":                             {problem: "empty"},
		"/key:k":                               {problem: "empty"},
		"loc/a1/b":                             {problem: "too many parts"},
		"loc/100%":                             {problem: "percent-encoding"},
		"taught_by":                            {problem: "written as key:taught_by"},
		"Taught-By":                            {problem: "written as key:Taught-By"},
		"taught by":                            {problem: "written as key:taught by"},
		"sponsor":                              {problem: "written as key:sponsor"},
		"loc/taught_by":                        {problem: "written as loc/key:taught_by"},
		"room_101":                             {problem: "written as key:room_101"},
		" 68d2c5f0a1b2000000000002":            {problem: "blank"},
		"loc/68d2c5f0a1b2000000000002 ":        {problem: "blank"},
		"loc /68d2c5f0a1b2000000000002":        {problem: "blank"},
		"key: taught_by":                       {problem: "blank"},
		"loc/key:taught_by ":                   {problem: "blank"},
		"taught%5Fby":                          {want: objectRef{ID: "taught_by"}},
		"ve9EPM428h8vShlRW1KT":                 {want: objectRef{ID: "ve9EPM428h8vShlRW1KT"}},
		"Ve9_PM428h8v-hlRW1KT":                 {want: objectRef{ID: "Ve9_PM428h8v-hlRW1KT"}},
		"abcdefabcdefabcdefabcdef":             {want: objectRef{ID: "abcdefabcdefabcdefabcdef"}},
		"0b2c9d1e-5a7f-4c3b-9e8d-7f6a5b4c3d2e": {want: objectRef{ID: "0b2c9d1e-5a7f-4c3b-9e8d-7f6a5b4c3d2e"}},
		"100%/key:k":                           {problem: "percent-encoding"},
	}
	for id, test := range tests {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			got, err := parseAssociationID(id)
			if assertProblem(t, err, test.problem, associationImport.syntax) && got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

// relationNamed returns the name of a relation. The association is given by id or by key.
func relationNamed(location, association, key, first, second string) relationName {
	return relationName{store.RelationRef{LocationID: location, AssociationID: association, FirstRecordID: first, SecondRecordID: second}, key}
}

func TestParseRelationID(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		want    relationName
		problem string
	}{
		"a1/r1/r2":            {want: relationNamed("", "a1", "", "r1", "r2")},
		"loc/a1/r1/r2":        {want: relationNamed("loc", "a1", "", "r1", "r2")},
		"a%C3%A9/r%201/r%252": {want: relationNamed("", "aé", "", "r 1", "r%2")},
		"a1/r%2F1/r2":         {problem: "must not contain a slash"},
		"a1/./r2":             {problem: `must not be "." or ".."`},
		"a1/r1/r2%0A":         {problem: "control characters"},
		"key%3Aodd/r1/r2":     {want: relationNamed("", "key:odd", "", "r1", "r2")},
		"%74aught_by/r1/r2":   {want: relationNamed("", "taught_by", "", "r1", "r2")},
		"taught_by/r1/r2":     {problem: "must be written as key:taught_by"},
		"loc/taught_by/r1/r2": {problem: "must be written as key:taught_by"},
		"a1/taught_by/friend": {want: relationNamed("", "a1", "", "taught_by", "friend")},

		"key:taught_by/r1/r2":       {want: relationNamed("", "", "taught_by", "r1", "r2")},
		"loc/key:taught_by/r1/r2":   {want: relationNamed("loc", "", "taught_by", "r1", "r2")},
		"l%20c/key:a%2Fb/r%201/r2":  {want: relationNamed("l c", "", "a/b", "r 1", "r2")},
		"key:100%25 of+key: it/r/s": {want: relationNamed("", "", "100% of+key: it", "r", "s")},
		"key:../r1/r2":              {want: relationNamed("", "", "..", "r1", "r2")},
		"key:a/b/r1/r2":             {problem: "a slash in the key is written as %2F"},
		"loc/key:a/b/r1/r2":         {problem: "a slash in the key is written as %2F"},
		"loc/key:odd":               {problem: "directly before the two records"},
		"a1/key:r1/r2":              {problem: "directly before the two records"},
		"key:k":                     {problem: "directly before the two records"},
		"key:/r1/r2":                {problem: "empty"},
		"loc/key:/r1/r2":            {problem: "empty"},
		"key:k/r1/":                 {problem: "empty"},
		"key:k%20/r1/r2":            {problem: "blank"},
		"key: k/r1/r2":              {problem: "blank"},
		"key:100%/r1/r2":            {problem: "percent-encoding"},
		"key:%ff/r1/r2":             {problem: "percent-encoding"},
		"key:k/r%2F1/r2":            {problem: "must not contain a slash"},
		"a1/r1/ r2":                 {problem: "blank"},
		"a1/r1":                     {problem: "wrong number of parts"},
		"a1":                        {problem: "wrong number of parts"},
		"":                          {problem: "wrong number of parts"},
		"x/loc/a1/r1/r2":            {problem: "wrong number of parts"},
		"a1//r2":                    {problem: "empty"},
		"/a1/r1/r2":                 {problem: "empty"},
		"a1/r%zz/r2":                {problem: "percent-encoding"},
	}
	for id, test := range tests {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			got, err := parseRelationID(id)
			if assertProblem(t, err, test.problem, relationIDSyntax) && got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

// assertProblem checks that err contains the problem and the syntax, or is nil if problem is empty. The result is true if err
// is nil as expected.
func assertProblem(t *testing.T, err error, problem, syntax string) bool {
	t.Helper()
	switch {
	case problem == "" && err != nil:
		t.Errorf("unexpected error: %v", err)
	case problem != "" && err == nil:
		t.Errorf("no error; want one that says %q", problem)
	case problem != "" && (!strings.Contains(err.Error(), problem) || !strings.Contains(err.Error(), syntax)):
		t.Errorf("the error says %q; want %q and the form", err, problem)
	}
	return problem == "" && err == nil
}

// parsesAs checks that an import id in the form that the provider prints is parsed as want.
func parsesAs[Ref comparable](t *testing.T, parse func(string) (Ref, error), printed string, want Ref) {
	t.Helper()
	if got, err := parse(printed); err != nil || got != want {
		t.Errorf("%q was read as %+v, %v; want %+v", printed, got, err, want)
	}
}

func FuzzParseAssociationID(f *testing.F) {
	for _, id := range []string{"", "a1", "loc/a1", "key:k", "loc/key:a/b", "loc/a/b", "a%2Fb", "%", "%zz", "key%3Aa", "/", "//", "..", "a b", "\xff", "a\x00b", "\u202e"} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) {
		ref, err := parseAssociationID(id)
		switch {
		case err != nil && !strings.Contains(err.Error(), associationImport.syntax):
			t.Errorf("%q: the error does not contain the form: %v", id, err)
		case err == nil && (ref.ID == "") == (ref.Name == ""):
			t.Errorf("%q was read as %+v, want an id or a key", id, ref)
		case err == nil:
			ref.LocationID = "a location%"
			parsesAs(t, parseAssociationID, ref.importID(), ref)
		}
	})
}

func FuzzParseRelationID(f *testing.F) {
	for _, id := range []string{"", "a1/r1/r2", "loc/a1/r1/r2", "a1/r1", "//", "///", "a%2F1/r%201/r%252", "a1/r%zz/r2", "a/b/c/d/e", "../../..", "\xff/\x00/\u202e", "key:k/r1/r2", "loc/key:a%2Fb/r1/r2", "key:%25/r1/r2", "key:a/b/r1/r2", "key:%ff/r1/r2", "taught_by/r1/r2"} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) {
		name, err := parseRelationID(id)
		switch {
		case err != nil && !strings.Contains(err.Error(), relationIDSyntax):
			t.Errorf("%q: the error does not contain the form: %v", id, err)
		case err == nil && ((name.AssociationID == "") == (name.AssociationKey == "") || name.FirstRecordID == "" || name.SecondRecordID == ""):
			t.Errorf("%q was read as %+v", id, name)
		case err == nil:
			name.LocationID = "a location%"
			parsesAs(t, parseRelationID, name.importID(), name)
		}
	})
}

func TestImportIDs(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ got, want string }{
		"plain":           {objectRef{LocationID: "loc", ID: "a1"}.importID(), "loc/a1"},
		"dots":            {objectRef{LocationID: "loc", ID: "TASK_CUSTOM_OBJECTS.X"}.importID(), "loc/TASK_CUSTOM_OBJECTS.X"},
		"blank, percent":  {objectRef{LocationID: "l c", ID: "50% a"}.importID(), "l%20c/50%25%20a"},
		"like a key":      {objectRef{LocationID: "loc", ID: "key:a"}.importID(), "loc/key%3Aa"},
		"key unchanged":   {objectRef{LocationID: "loc", By: "key", Name: `50% "a"/b`}.importID(), `loc/key:50% "a"/b`},
		"relation":        {relationNamed("loc", "a1", "", "r1", "r2").importID(), "loc/a1/r1/r2"},
		"relation, blank": {relationNamed("loc", "a 1", "", "r1", "r%2").importID(), "loc/a%201/r1/r%252"},
		"like two keys":   {relationNamed("loc", "taught_by", "", "key:r", "s").importID(), "loc/%74aught_by/key%3Ar/s"},
		"relation by key": {relationNamed("loc", "", `50% "a"/b`, "r1", "r2").importID(), "loc/key:50%25%20%22a%22%2Fb/r1/r2"},
		"id before key":   {relationNamed("loc", "a1", "k", "r1", "r2").importID(), "loc/a1/r1/r2"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if test.got != test.want {
				t.Errorf("got %s, want %s", test.got, test.want)
			}
		})
	}
}

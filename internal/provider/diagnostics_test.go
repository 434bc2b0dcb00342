package provider

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/zclconf/go-cty/cty"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/settle"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

func TestFailedIsRemedyThenServerThenTrace(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("while walking: %w", &ghl.Error{
		Kind: ghl.Forbidden, Operation: "list associations", Method: "GET", Path: "/associations/", Status: 403,
		Message: "The token does not have access to this location.", Details: []string{"locationId"}, TraceID: "trace-1",
	})
	got := on("Read", companyProjects).failed(err)

	want := diag.NewErrorDiagnostic("Unable to Read Association",
		"The access token belongs to another sub-account. Check location_id (or GHL_LOCATION_ID) against access_token (or GHL_ACCESS_TOKEN). The state is unchanged."+
			"\n\nReading association \"Company_Projects\" in sub-account \"loc\": while walking: HighLevel answered 403 to GET /associations/ (list associations): The token does not have access to this location.: locationId"+
			"\n\nHighLevel's trace id, for its support team: trace-1")
	if !got.Equal(want) {
		t.Errorf("got\n%s\n%s\nwant\n%s\n%s", got.Summary(), got.Detail(), want.Summary(), want.Detail())
	}
}

// An error with several failures describes each of them, even if the text of one contains the text of another.
func TestFailedTellsEachFailureInWords(t *testing.T) {
	t.Parallel()
	of := func(operation string, status int) error {
		return &ghl.Error{Kind: ghl.Unavailable, Operation: operation, Method: "POST", Path: "/x", Status: status, Message: "no"}
	}
	err := &settle.UnknownOutcomeError{Err: errors.Join(fmt.Errorf("first: %w", of("create", 500)), fmt.Errorf("then: %w", of("list", 503)))}
	const want = "first: HighLevel answered 500 to POST /x (create): no then: HighLevel answered 503 to POST /x (list): no"
	if got := on("Create", companyProjects).failed(err).Detail(); !strings.HasSuffix(got, want) {
		t.Errorf("got\n%s\nwant it to end with\n%s", got, want)
	}
}

func TestFailedSays(t *testing.T) {
	t.Parallel()
	create := on("Create", companyProjects)
	read := on("Read", companyProjects)
	link := on("Create", relationFor(store.RelationRef{LocationID: "loc", AssociationID: "a1", FirstRecordID: "r/1", SecondRecordID: "r2"}))
	lookup := operation{verb: "Read", thing: "Association", subject: `association with the key "k"`, locationID: "loc"}
	pet := customObjectModel{LocationID: types.StringValue("loc"), Key: types.StringValue("pet")}
	api := func(kind ghl.Kind) *ghl.Error {
		return &ghl.Error{Kind: kind, Operation: "create association", Method: "POST", Path: "/associations/", Scope: "associations.readonly", Status: 400, Message: "the server's words"}
	}
	row := func(change func(*ghl.Association)) *ghl.Association {
		r := companyProjectsRow
		change(&r)
		return &r
	}
	tests := map[string]struct {
		operation operation
		err       error
		says      []string
		saysNot   []string
	}{
		"an expired token":          {read, api(ghl.Unauthorized), []string{"access_token", "GHL_ACCESS_TOKEN", "get a new one", "the server's words"}, []string{"state rm"}},
		"a token of the wrong type": {read, api(ghl.WrongTokenType), []string{"does not allow this type of token", "it is most likely an agency token", "agency_access_token"}, []string{"get a new one", "state rm"}},
		"an unknown authority":      {read, api(ghl.Untrusted), []string{"set SSL_CERT_FILE to a PEM file with the authority's certificate", "nothing was sent"}, []string{"Try again"}},
		"a proxy's password":        {read, api(ghl.ProxyRefused), []string{"HTTPS_PROXY, NO_PROXY", "user name and password"}, []string{"Try again"}},
		"a wrong version":           {read, api(ghl.WrongVersion), []string{"api_version (or GHL_API_VERSION)", "2021-07-28"}, []string{"token"}},
		"a taken pair of labels":    {create, api(ghl.DuplicateLabels), []string{"cannot have the same pair of labels", "Change one of the labels", "moved block"}, []string{"already exists"}},
		"a taken pipeline":          {link, api(ghl.DuplicateOpportunity), []string{"The contact already has an opportunity in that pipeline."}, []string{"import"}},
		"a missing scope":           {read, api(ghl.MissingScope), []string{"lacks the scope associations.readonly"}, nil},
		"a used-up daily limit":     {read, api(ghl.DailyLimit), []string{"no more calls will succeed today"}, nil},
		"an unknown route":          {read, api(ghl.UnknownRoute), []string{"base_url", "The state is unchanged."}, []string{"state rm"}},
		"an incomplete listing": {read, fmt.Errorf("%w: 3 of 5 relations", ghl.ErrIncomplete),
			[]string{"is incomplete", "The state is unchanged.", "state rm", "3 of 5 relations"}, nil},
		"a timeout": {create, fmt.Errorf("waiting: %w", context.DeadlineExceeded), []string{"timeouts"}, nil},
		"an interrupted create": {create, &ghl.Error{Kind: ghl.Interrupted, Operation: "create association", Method: "POST", Path: "/associations/", Ambiguous: true, Err: context.Canceled},
			[]string{"was interrupted", "nothing was created"}, []string{"may have taken effect"}},
		"an update without an answer": {on("Update", companyProjects), &ghl.Error{Kind: ghl.Network, Operation: "update association", Method: "PUT", Path: "/associations/a1", Ambiguous: true},
			[]string{"The server did not answer", "may have taken effect anyway", "plan again to see whether it did"}, []string{"nothing was created"}},
		"an object deleted before its update": {on("Update", companyProjects), fmt.Errorf("association a1 %w", store.ErrGone),
			[]string{`The association "Company_Projects" no longer exists in sub-account "loc"`}, []string{"trace"}},
		"nothing to read": {lookup, fmt.Errorf("association %w", store.ErrNotFound),
			[]string{`There is no association with the key "k" in sub-account "loc".`}, []string{"The state"}},
		"an existing association, as configured": {create, &store.ExistsError{Association: row(func(*ghl.Association) {}), Err: api(ghl.Duplicate)},
			[]string{`with the id "a1"`, "It matches the configuration", "to = ghl_association.example", `id = "loc/a1"`, "create_before_destroy", "the server's words"}, nil},
		"an existing association with another label": {create, &store.ExistsError{Association: row(func(r *ghl.Association) { r.SecondObjectLabel = "Job" })},
			[]string{`the label of "custom_objects.projects" is "Job", not "Project"`, `id = "loc/a1"`}, []string{`"business"`}},
		"an existing association between other objects": {create, &store.ExistsError{Association: row(func(r *ghl.Association) { r.FirstObjectKey = "contact" })},
			[]string{`it links "contact" and "custom_objects.projects", not "custom_objects.projects" and "business"`}, nil},
		"an existing association that is system-defined": {create, &store.ExistsError{Association: row(func(r *ghl.Association) { r.AssociationType = ghl.SystemDefined })},
			[]string{"system-defined association", "data source"}, []string{"import {"}},
		"an existing association that cannot be read": {create, &store.ExistsError{Err: api(ghl.Duplicate)},
			[]string{"could not be read", `id = "loc/key:Company_Projects"`}, nil},
		"an unknown outcome": {create, &settle.UnknownOutcomeError{Err: errors.Join(api(ghl.Unavailable), errors.New("lookup failed"))},
			[]string{"is unknown", "apply again", "add a moved block with the two addresses, and no import block", `id = "loc/key:Company_Projects"`, "the server's words", "lookup failed"}, nil},
		"an object with another key, deleted": {on("Create", pet), &store.KeyChangedError{Asked: "custom_objects.pet", Made: "custom_objects.pet_1", ID: "o1"},
			[]string{`under the key "custom_objects.pet_1"`, "Choose another key"}, []string{"sent the create twice"}},
		"an object that may belong to somebody else": {on("Create", pet), &store.KeyChangedError{Asked: "custom_objects.pet", Made: "custom_objects.cat", ID: "o1", Err: store.ErrOtherKey},
			[]string{`"custom_objects.cat"`, "left it alone", "Look in HighLevel"}, []string{"deleted that object", "could not delete"}},
		"an object that may exist twice": {on("Create", pet), &store.KeyChangedError{Asked: "custom_objects.pet", Made: "custom_objects.pet_1", ID: "o1", Resent: true},
			[]string{`may have left an object under the key "custom_objects.pet"`, `import it with the id "loc/key:custom_objects.pet"`}, []string{"Choose another key"}},
		"an object that may exist twice and was not deleted": {on("Create", pet), &store.KeyChangedError{Asked: "custom_objects.pet", Made: "custom_objects.pet_1", ID: "o1", Resent: true, Err: api(ghl.Refused)},
			[]string{`import it with the id "loc/o1"`, `import it with the id "loc/key:custom_objects.pet"`}, nil},
		"an object that may have a key with a suffix": {
			on("Create", pet), &settle.UnknownOutcomeError{Err: &store.SeveralError{IDs: []string{"o1"}, Suffixed: []string{"o2"}}},
			[]string{"is unknown", "with the id o2.", "delete it in HighLevel", "add a moved block", `id = "loc/o1"`}, []string{"already exists", "Then apply again"},
		},
		"only an object with a suffixed key": {
			on("Create", pet), &settle.UnknownOutcomeError{Err: &store.SeveralError{Suffixed: []string{"o2"}}},
			[]string{"is unknown", "with the id o2.", "delete it in HighLevel. Then apply again."}, []string{"import {"},
		},
		"an object replaced by another one": {on("Update", pet), fmt.Errorf("%w: %q", store.ErrRemade, "custom_objects.pet"),
			[]string{"created another object with its key", "Plan again to see what exists now"}, []string{"report it"}},
		"hidden searchable properties": {on("Update", pet), store.ErrNoSearchable, []string{"Set them first with a ghl_searchable_properties"}, []string{"report it"}},
		"an existing relation": {link, &store.ExistsError{Relation: &ghl.Relation{ID: "rel-1"}},
			[]string{`with the id "rel-1"`, "to = ghl_relation.example", `id = "loc/a1/r%2F1/r2"`, "create_before_destroy"}, nil},
		"an existing relation with its records swapped": {link, &store.ExistsError{Relation: &ghl.Relation{ID: "rel-1"}, Turned: true},
			[]string{"the other way round", `the id "rel-1"`, `id = "loc/a1/r2/r%2F1"`, "the next apply replaces the relation", "create_before_destroy"}, nil},
		"a relation with an unknown outcome": {link, &settle.UnknownOutcomeError{Err: api(ghl.Unavailable)},
			[]string{"is unknown", `id = "loc/a1/r%2F1/r2"`}, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			detail := test.operation.failed(test.err).Detail()
			for _, phrase := range test.says {
				if !strings.Contains(detail, phrase) {
					t.Errorf("%q is missing in:\n%s", phrase, detail)
				}
			}
			for _, phrase := range test.saysNot {
				if strings.Contains(detail, phrase) {
					t.Errorf("%q should not be in:\n%s", phrase, detail)
				}
			}
		})
	}
}

func TestEveryKindOfFailureHasARemedy(t *testing.T) {
	t.Parallel()
	unknown := cure(errors.New("anything"))
	for _, kind := range []ghl.Kind{
		ghl.NotFound, ghl.UnknownRoute, ghl.Unauthorized, ghl.MissingScope, ghl.Forbidden, ghl.EdgeRefused, ghl.Duplicate, ghl.InvalidRecord,
		ghl.Refused, ghl.RateLimited, ghl.DailyLimit, ghl.Unavailable, ghl.Malformed, ghl.Network, ghl.Redirected, ghl.Interrupted,
		ghl.DuplicateLabels, ghl.DuplicateOpportunity, ghl.WrongTokenType, ghl.WrongVersion, ghl.Untrusted, ghl.ProxyRefused,
	} {
		if cure(&ghl.Error{Kind: kind}) == unknown {
			t.Errorf("no remedy for a call that fails with %q", kind)
		}
	}
}

func TestAssociationDifferencesLeaveOutSidesAndCase(t *testing.T) {
	t.Parallel()
	if got := associationDifferences(companyProjects.wanted(), companyProjectsRow); len(got) != 0 {
		t.Errorf("got %q, want none", got)
	}
	row := companyProjectsRow
	row.FirstObjectLabel, row.SecondObjectLabel = "Firm", "Job"
	want := []string{`the label of "custom_objects.projects" is "Job", not "Project"`, `the label of "business" is "Firm", not "Company"`}
	if got := associationDifferences(companyProjects.wanted(), row); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A printed string that users paste into a configuration evaluates to the same text.
func FuzzHCLString(f *testing.F) {
	for _, text := range []string{"", "loc/key:k", "a$${b}", "$", "$$", "%%{x}", "$${", "$$${", "%{", "${", "nul\x00", "\u202e", `"\`, "\r\n", "\U000e0001", "\u0301", "\ufeff"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			t.Skip("the server and configurations contain only valid UTF-8")
		}
		written := hclString(text)
		expression, diags := hclsyntax.ParseExpression([]byte(written), "", hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatalf("%q was written as %s: %v", text, written, diags)
		}
		if value, diags := expression.Value(nil); diags.HasErrors() || !value.RawEquals(cty.StringVal(text)) {
			t.Errorf("%q was written as %s, which is %#v, %v", text, written, value, diags)
		}
	})
}

func TestHCLString(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		`plain`:          `"plain"`,
		`loc/key:a "b"`:  `"loc/key:a \"b\""`,
		`back\slash`:     `"back\\slash"`,
		"two\nlines\r\t": `"two\nlines\r\t"`,
		`${path.module}`: `"$${path.module}"`,
		`%{ if true }`:   `"%%{ if true }"`,
		`$ and % {}`:     `"$ and % {}"`,
		`ends with $`:    `"ends with $"`,
		"nul\x00bell\a":  `"nul\u0000bell\u0007"`,
		"Schüler 学生 🎓":   `"Schüler 学生 🎓"`,
		"\U000e0001":     `"\U000e0001"`,
	}
	for text, want := range tests {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			if got := hclString(text); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

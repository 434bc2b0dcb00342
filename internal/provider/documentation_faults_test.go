package provider

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

func faultsGuide(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "guides", "faults.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var (
	verbatim     = regexp.MustCompile(`"(Unable to \w+(?: \w+)*)"`)
	titled       = regexp.MustCompile(`(?:AddError|AddAttributeError|NewErrorDiagnostic|NewAttributeErrorDiagnostic|NewWarningDiagnostic|NewAttributeWarningDiagnostic)\((?:(?:req\.Path|path\.Root\([^)]*\)), )?"([^"]+)"`)
	ofOperations = regexp.MustCompile(`operation\{verb: "(\w+)", thing: "([\w ]+)"`)
	ofResources  = regexp.MustCompile(`\bon\("(\w+)", `)
	ofProtection = regexp.MustCompile(`protectedError\("(\w+)"`)
	ofMoves      = regexp.MustCompile(`const thing = "(\w+)"`)
)

// kindsOfThings matches the kinds of objects that the guide replaces with "…".
var kindsOfThings = regexp.MustCompile(`(Record Relation|Custom Field Folder|Association|Relation|Record|Custom Object|Custom Field|Custom Value|Object|Location)s?|Searchable Properties|Usage`)

// The guide on faults contains every summary of an error or a warning in the source.
func TestDocumentation_summaries(t *testing.T) {
	t.Parallel()
	summaries, guide := summariesInSource(t), faultsGuide(t)
	for summary := range summaries {
		if !strings.Contains(guide, summary) && !strings.Contains(guide, kindsOfThings.ReplaceAllString(summary, "…")) {
			t.Errorf("the guide does not contain %q", summary)
		}
	}
	if len(summaries) < 25 {
		t.Errorf("only %d summaries were found in the source: %v", len(summaries), summaries)
	}
}

func summariesInSource(t *testing.T) map[string]bool {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	summaries := map[string]bool{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		thing := "Association"
		if strings.HasPrefix(file, "relation") {
			thing = "Relation"
		}
		for _, written := range []struct {
			pattern *regexp.Regexp
			form    string
		}{
			{verbatim, "$1"},
			{titled, "$1"},
			{ofOperations, "Unable to $1 $2"},
			{ofResources, "Unable to $1 " + thing},
			{ofProtection, "Unable to $1 Association"},
			{ofMoves, "Unable to Move $1"},
		} {
			for _, found := range written.pattern.FindAllString(string(text), -1) {
				summary := written.pattern.ReplaceAllString(found, written.form)
				summaries[summary] = true
			}
		}
	}
	for _, o := range []object{companyProjects, projectOfCompany} {
		for _, d := range []diag.Diagnostic{managedTwice(o), wantedTwice(o), takenOver(o, "id"), destroyedAndCreatedWarning(o), adopted(o, "id")} {
			summaries[d.Summary()] = true
		}
		summaries["Unable to Import "+o.thing()] = true
	}
	delete(summaries, "Unable to Move ") // beginnings of summaries that the source composes
	delete(summaries, "Unable to ")
	return summaries
}

// The guide on faults contains the first sentence of each failure, word for word except for
// names.
func TestDocumentation_remedies(t *testing.T) {
	t.Parallel()
	guide := faultsGuide(t)
	for _, text := range remediesInSource() {
		if sentence := firstSentence(text); !strings.Contains(guide, sentence) {
			t.Errorf("the guide does not contain %q", sentence)
		}
	}
	for begin, text := range begins() {
		if !strings.HasPrefix(anyName(text), begin) || !strings.Contains(guide, begin) {
			t.Errorf("the guide does not contain %q, or this message does not begin with it: %s", begin, anyName(text))
		}
	}
}

func remediesInSource() []string {
	create := on("Create", companyProjects)
	system := companyProjectsRow
	system.AssociationType = ghl.SystemDefined
	said := []string{
		cure(ghl.ErrIncomplete), cure(context.DeadlineExceeded), cure(context.Canceled), cure(nil),
		create.exists(&store.ExistsError{Association: &system}),
		systemDefinedError(system).Detail(), platformGoes("k"), equalLabelsWarning(friends)[0].Detail(),
		labelsLeftWarning(systemDefinedError(system)).Detail(),
		noLocation, "The state is unchanged.", "A lookup showed that nothing was created.",
		"Other resources that could not be read for the same reason show no error.",
		"The change may have taken effect anyway: plan again to see whether it did.",
	}
	for c := range remedies {
		said = append(said, remedyFor(&ghl.Error{Kind: c.kind, Credential: c.credential, LocationID: "loc", Scope: "…"}))
	}
	said = append(said, remedyFor(&ghl.Error{Kind: ghl.Unserved}))
	return said
}

// friends is an association with the same label on both sides.
var friends = changed(parentChild, func(m *associationModel) { m.SecondObjectLabel = m.FirstObjectLabel })

func turnedLabels(m associationModel) associationModel {
	m.FirstObjectLabel, m.SecondObjectLabel = m.SecondObjectLabel, m.FirstObjectLabel
	return m
}

// begins returns the messages whose beginning is in the guide.
func begins() map[string]string {
	create, read := on("Create", companyProjects), on("Read", companyProjects)
	link := on("Create", relationFor(store.RelationRef{LocationID: "loc", AssociationID: "a", FirstRecordID: "r", SecondRecordID: "s"}))
	look := recordLookup{Email: types.StringValue("ann@example.com")}
	_, record, _ := look.by()
	_, moved := plannedLocation(types.StringNull(), types.StringValue("loc"), types.StringValue("other"))
	return map[string]string{
		`The association "…" already exists in sub-account "…"`:                                                                         create.exists(&store.ExistsError{Association: &companyProjectsRow}),
		`The relation of the records "…" and "…" under the association "…" already exists in sub-account "…"`:                           link.exists(&store.ExistsError{Relation: &ghl.Relation{}}),
		`The answer to the create of the … in sub-account "…" did not show whether the create succeeded.`:                               strings.Replace(adopted(companyProjects, "a1").Detail(), create.subject, "…", 1),
		`Whether the … was created in sub-account "…" is unknown`:                                                                       strings.Replace(create.mayExist(), create.subject, "…", 1),
		`There is no … in sub-account "…".`:                                                                                             strings.Replace(look.problem("loc", store.ErrNotFound), record, "…", 1),
		`There is more than one … in sub-account "…"`:                                                                                   strings.Replace(look.problem("loc", &store.SeveralRecordsError{Count: 2}), record, "…", 1),
		`HighLevel's search for the … in sub-account "…" finds too many records with similar values.`:                                   strings.Replace(look.problem("loc", store.ErrInexactSearch), record, "…", 1),
		`The … no longer exists in sub-account "…".`:                                                                                    strings.Replace(read.remedy(store.ErrGone), read.subject, "…", 1),
		`The association "…" has deletion_protection = true in the state`:                                                               protectedError("Delete", companyProjects).Detail(),
		`Two resources in this state manage the … in sub-account "…", and this plan destroys it for one of them.`:                       strings.Replace(managedTwice(companyProjects).Detail(), create.subject, "…", 1),
		`Two resources of this configuration want the same object, the … in sub-account "…".`:                                           strings.Replace(wantedTwice(companyProjects).Detail(), create.subject, "…", 1),
		`This plan renames the … in sub-account "…" for one resource, and creates an object with its current name for another.`:         strings.Replace(nameReused(companyProjects).Detail(), create.subject, "…", 1),
		`The … already existed in sub-account "…", with the id "…", exactly as the resource describes it.`:                              strings.Replace(takenOver(companyProjects, "a1").Detail(), create.subject, "…", 1),
		`This plan destroys the … in sub-account "…" for one resource and creates it for another.`:                                      strings.Replace(destroyedAndCreated(companyProjects), create.subject, "…", 1),
		`The state already contains the association "…", and this plan creates it again.`:                                               readBefore(companyProjects).Detail(),
		`The two labels of the association "…" change places`:                                                                           crossedLabelsWarning(turnedLabels(parentChild), parentChild)[0].Detail(),
		`This operation needs a call to HighLevel, and the provider's … is not known yet`:                                               strings.Replace(notKnownYet("base_url"), "base_url", "…", 1),
		`The resource sets no location_id and is in sub-account "…", while the provider's location_id (or GHL_LOCATION_ID) is now "…".`: moved,
	}
}

var names = regexp.MustCompile(`"[^"]*"`)

func anyName(text string) string { return names.ReplaceAllString(text, `"…"`) }

func firstSentence(text string) string {
	text = anyName(text)
	if end := regexp.MustCompile(`(\.|\)): |\.( |\n|$)`).FindStringIndex(text); end != nil {
		return strings.TrimRight(text[:end[0]+1], ": ")
	}
	return text
}

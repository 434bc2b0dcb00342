package provider

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/snapshot"
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
	titled       = regexp.MustCompile(`(?:AddError|AddAttributeError|NewErrorDiagnostic|NewAttributeErrorDiagnostic|NewWarningDiagnostic)\((?:(?:req\.Path|path\.Root\([^)]*\)), )?"([^"]+)"`)
	ofOperations = regexp.MustCompile(`operation\{verb: "(\w+)", thing: "([\w ]+)"`)
	ofResources  = regexp.MustCompile(`(association|relation)Operation\("(\w+)"`)
	ofProtection = regexp.MustCompile(`protectedError\("(\w+)"`)
	ofMoves      = regexp.MustCompile(`const thing = "(\w+)"`)
)

// The guide on faults names every summary of an error or a warning that stands in the
// source.
func TestDocumentation_summaries(t *testing.T) {
	t.Parallel()
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
		source := string(text)
		for _, found := range append(verbatim.FindAllStringSubmatch(source, -1), titled.FindAllStringSubmatch(source, -1)...) {
			summaries[strings.TrimSpace(found[1])] = true
		}
		for _, found := range ofOperations.FindAllStringSubmatch(source, -1) {
			summaries["Unable to "+found[1]+" "+found[2]] = true
		}
		for _, found := range ofResources.FindAllStringSubmatch(source, -1) {
			summaries["Unable to "+found[2]+" "+strings.ToUpper(found[1][:1])+found[1][1:]] = true
		}
		for _, found := range ofProtection.FindAllStringSubmatch(source, -1) {
			summaries["Unable to "+found[1]+" Association"] = true
		}
		for _, found := range ofMoves.FindAllStringSubmatch(source, -1) {
			summaries["Unable to Move "+found[1]] = true
		}
	}
	delete(summaries, "Unable to") // the begin of one that is put together
	delete(summaries, "Unable to Move")
	guide := faultsGuide(t)
	for summary := range summaries {
		if !strings.Contains(guide, summary) {
			t.Errorf("the guide does not name %q", summary)
		}
	}
	if len(summaries) < 25 {
		t.Errorf("only %d summaries were found in the source: %v", len(summaries), summaries)
	}
}

// The guide on faults has what each failure says first, word for word; a name in it may
// be any.
func TestDocumentation_remedies(t *testing.T) {
	t.Parallel()
	create, read := associationOperation("Create", companyProjects), associationOperation("Read", companyProjects)
	link := relationOperation("Create", snapshot.RelationRef{LocationID: "loc", AssociationID: "a", FirstRecordID: "r", SecondRecordID: "s"})
	system := companyProjectsRow
	system.AssociationType = ghl.SystemDefined
	said := []string{
		cure(ghl.ErrIncomplete), cure(context.DeadlineExceeded), cure(context.Canceled), cure(nil),
		credentialRemedy(&ghl.Error{Kind: ghl.Unserved}), credentialRemedy(&ghl.Error{Kind: ghl.Unserved, LocationID: "loc"}),
		credentialRemedy(&ghl.Error{Kind: ghl.NotInstalled, LocationID: "loc"}),
		credentialRemedy(&ghl.Error{Kind: ghl.DailyLimit, Credential: ghl.AgencyToken}),
		create.exists(&snapshot.ExistsError{Association: &system}), create.exists(&snapshot.ExistsError{}),
		systemDefinedError(system).Detail(), labelsLeftWarning(systemDefinedError(system)).Detail(),
		noLocation, "The state is left as it is.", "Looking it up showed that nothing was created.",
		"The change may have been carried out all the same: a new plan shows whether it was.",
	}
	for _, text := range remedies {
		said = append(said, text)
	}
	for _, text := range agencyRemedies {
		said = append(said, text)
	}
	for _, texts := range refusedTokens {
		for _, text := range texts {
			said = append(said, fmt.Sprintf(text, "loc"))
		}
	}
	// Of these the guide has how they begin.
	begins := map[string]string{
		`The association "…" exists already in sub-account "…"`:                                               create.exists(&snapshot.ExistsError{Association: &companyProjectsRow}),
		`The relation of the records "…" and "…" under the association "…" exists already in sub-account "…"`: link.exists(&snapshot.ExistsError{Relation: &ghl.Relation{}}),
		`Whether the … was created in sub-account "…" is not known`:                                           strings.Replace(create.mayExist(), create.subject, "…", 1),
		`The … no longer exists in sub-account "…".`:                                                          strings.Replace(read.remedy(snapshot.ErrGone), read.subject, "…", 1),
		`The association "…" has deletion_protection = true in the state`:                                     protectedError("Delete", "k").Detail(),
		`HighLevel has to be asked now, and the provider's … is not known yet`:                                strings.Replace(notKnownYet("base_url"), "base_url", "…", 1),
	}
	guide := faultsGuide(t)
	for _, text := range said {
		if sentence := firstSentence(text); !strings.Contains(guide, sentence) {
			t.Errorf("the guide does not have %q", sentence)
		}
	}
	for begin, text := range begins {
		if !strings.HasPrefix(anyName(text), begin) || !strings.Contains(guide, begin) {
			t.Errorf("the guide does not have %q, or this does not begin so: %s", begin, anyName(text))
		}
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

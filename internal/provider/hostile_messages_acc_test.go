package provider_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// nasty is a malicious text. Printed unchanged, it would clear the screen, reverse the text direction, send commands to a
// pipeline and forge an error.
const nasty = "x\x1b[2J\u009b31m\u202e\u200b\r\n::warning::FORGED\n##vso[task.complete]FORGED\nError: FORGED\n" +
	"a word that is long enough for the engine to break the line at this ::error::FORGED or ahead of an Error: FORGED of its own"

var forged = regexp.MustCompile(`(?m)^\s*(::|Error:\s+FORGED)|##`)

// doesNoHarm checks that an engine's output contains no terminal or pipeline command and no forged message. The output must
// contain the malicious text.
func doesNoHarm(t *testing.T, output string) {
	t.Helper()
	hidden := func(r rune) bool { return unicode.IsControl(r) && r != '\n' || unicode.In(r, unicode.Cf) }
	if strings.ContainsFunc(output, hidden) || forged.MatchString(output) {
		t.Errorf("%q in the output, or a control character:\n%q", forged.FindString(output), output)
	}
	if !strings.Contains(output, "FORGED") {
		t.Errorf("the output does not contain the text:\n%s", output)
	}
}

// Whatever HighLevel answers to a call, the engine's output is harmless.
func TestAccHostile_messages(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.attachedEngine(a.mentorAndLink())
	e.apply()
	encoded, err := json.Marshal(nasty)
	if err != nil {
		t.Fatal(err)
	}
	for _, effect := range []sandbox.Effect{
		sandbox.StatusMessage(400, nasty), sandbox.StatusMessage(401, nasty), sandbox.StatusMessage(403, nasty), sandbox.StatusMessage(404, nasty), sandbox.StatusMessage(422, nasty),
		sandbox.Answer(400, fmt.Sprintf(`{"message":"no","errors":[%[1]s,{"x":%[1]s}],"traceId":%[1]s}`, encoded)),
		sandbox.Answer(200, nasty), sandbox.Answer(404, "<title>"+nasty+"</title>"), sandbox.Answer(200, fmt.Sprintf(`{"id":%[1]s,"key":%[1]s,"firstObjectKey":"a","secondObjectKey":"b"}`, encoded)),
		sandbox.Answer(200, fmt.Sprintf(`{"id":"another","key":%[1]s,"firstObjectKey":%[1]s,"secondObjectKey":%[1]s,"locationId":%[1]s}`, encoded)),
	} {
		a.sandbox.AddFault(sandbox.Fault{Effect: effect})
		output := e.fails("plan", "-no-color")
		if strings.Contains(output, "is about the id") {
			output += "FORGED" // the row has another id, and the message repeats only that id
		}
		doesNoHarm(t, output)
		a.faultsEnd(e)
	}
}

// Malicious texts in rows are harmless, both in the list of associations that match a data source and in the error about a key
// that exists.
func TestAccHostile_rows(t *testing.T) {
	a := newSandboxAccount(t)
	for i := range 30 {
		a.sandbox.AddAssociation(sandbox.Association{
			LocationID: a.locationID, Key: fmt.Sprintf("key_%02d %s", i, nasty),
			FirstObjectKey: "contact", FirstObjectLabel: nasty, SecondObjectKey: "custom_objects." + nasty, SecondObjectLabel: nasty,
		})
	}
	e := a.attachedEngine(a.provider() + lookup("any", `object_key = "contact"`))
	output := e.fails("plan", "-no-color")
	doesNoHarm(t, output)
	says(t, output, "and 1", " more") // the message lists 20 of the matching associations

	a.sandbox.AddAssociation(sandbox.Association{
		LocationID: a.locationID, Key: "taken", FirstObjectKey: "custom_objects.x", FirstObjectLabel: nasty, SecondObjectKey: "contact", SecondObjectLabel: nasty,
	})
	e.write("main.tf", a.provider()+association("taken", "taken", side{"custom_objects.x", "X"}, side{"contact", "Y"}))
	doesNoHarm(t, e.fails(applyCommand...))
}

package provider

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/settle"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// nasty is a malicious text. Each of its lines contains FORGED, which shows that a line of a diagnostic comes from this text.
const nasty = "x\x1b[2J\u009b\u202e\u200b\r\nFORGED\n::warning::FORGED\n  ##vso[task.complete]FORGED ##[error]\nError: FORGED"

var (
	atBegin = regexp.MustCompile(`(?m)^\s*(FORGED|::|Error:|Warning:)|(?:^|\s)(::|Error:|Warning:)`)
	command = regexp.MustCompile(`##`)
)

// doesHarm returns what is wrong with the text of a diagnostic, or an empty text.
func doesHarm(text string) string {
	hidden := func(r rune) bool {
		return unicode.IsControl(r) && r != '\n' || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)
	}
	switch {
	case strings.ContainsFunc(text, hidden):
		return "it contains a control character or an invisible character"
	case atBegin.MatchString(text), command.MatchString(text):
		return fmt.Sprintf("a line begins with %q, or the text contains a command", atBegin.FindString(text))
	case len(text) > 200_000:
		return fmt.Sprintf("it is %d bytes long", len(text))
	default:
		return ""
	}
}

// No diagnostic is harmful, whatever fails and whatever text a server, a state or a configuration contains.
func TestDiagnosticsAreHarmless(t *testing.T) {
	t.Parallel()
	long := nasty + strings.Repeat(" FORGED", 5_000)
	for _, text := range []string{nasty, long} {
		for what, d := range nastyDiagnostics(text) {
			if shown := asShown(d); doesHarm(shown) != "" {
				t.Errorf("%s: %s:\n%.300q", what, doesHarm(shown), shown)
			}
		}
	}
}

// asShown returns the text of a diagnostic as the engine receives it.
func asShown(d diag.Diagnostic) string {
	sent := []*tfprotov6.Diagnostic{{Summary: d.Summary(), Detail: d.Detail()}}
	makeHarmless(sent)
	return sent[0].Summary + "\n" + sent[0].Detail
}

func nastyDiagnostics(text string) map[string]diag.Diagnostic {
	found := map[string]diag.Diagnostic{}
	value := types.StringValue(text)
	row := ghl.Association{ID: text, LocationID: text, Key: text, FirstObjectKey: text, FirstObjectLabel: text, SecondObjectKey: text, SecondObjectLabel: text, AssociationType: text}
	model := associationModel{associationFields: associationFields{ID: value, LocationID: value, Key: value, FirstObjectKey: value, FirstObjectLabel: value, SecondObjectKey: value, SecondObjectLabel: value}}
	ref := store.RelationRef{ID: text, LocationID: text, AssociationID: text, FirstRecordID: text, SecondRecordID: text}
	link, linked := relationFor(ref), &ghl.Relation{ID: text}

	failures := map[string]error{
		"exists":    &store.ExistsError{Association: &row, Err: errors.New(text)},
		"linked":    &store.ExistsError{Relation: linked, Err: errors.New(text)},
		"turned":    &store.ExistsError{Relation: linked, Turned: true, Err: errors.New(text)},
		"unseen":    &store.ExistsError{Unseen: true, Err: errors.New(text)},
		"beside":    &store.ExistsError{Association: &row, BesideDeletions: true},
		"unknown":   &settle.UnknownOutcomeError{Err: errors.Join(errors.New(text), errors.New(text))},
		"labels":    &store.LabelsChangedError{Sent: row, Stored: row},
		"gone":      fmt.Errorf("%s %w", text, store.ErrGone),
		"shortened": fmt.Errorf("%s %w", text, ghl.ErrIncomplete),
		"any":       errors.New(text),
	}
	for c := range remedies {
		failures[fmt.Sprint(c)] = &ghl.Error{Kind: c.kind, Operation: text, Method: "GET", Path: "/" + text, Status: 400,
			Message: text, Details: []string{text, text}, TraceID: text, Err: errors.New(text), LocationID: text, Credential: c.credential}
	}
	data := &providerData{}
	for name, err := range failures {
		for _, o := range []operation{on("Create", model), on("Read", model), on("Create", link), on("Delete", link)} {
			if _, isOther := errors.AsType[*store.ExistsError](err); isOther && o.verb != "Create" {
				continue
			}
			found[name+", "+o.summary()] = o.failed(err)
			found[name+", in short, "+o.summary()] = data.failed(o, err)
		}
	}
	_, moved := plannedLocation(types.StringNull(), value, types.StringValue(text+"2"))
	_, key := parseAssociationID("loc/lives_at\n" + text)
	for name, detail := range map[string]string{
		"moved": moved, "key": fmt.Sprint(key), "several": listed([]ghl.Association{row, row}), "managed": model.isManagedAs(row), "meets": (&providerData{}).willMeet(model, row),
		"textProblem": textProblem(value), "duration": durationProblem(value),
	} {
		found[name] = diag.NewErrorDiagnostic("Unable to Test", detail)
	}
	for i, d := range []diag.Diagnostic{
		systemDefinedError(row), adopted(model, text), adopted(link, text), takenOver(model, text), nameReused(model), managedTwice(model), wantedTwice(link), destroyedAndCreatedWarning(link), keyChangedWarning(model, row), labelsChangedWarning(model, row), recordsTurnedWarning(link), readBefore(model),
		destroyWarning(model, true), destroyWarning(model, false), replaceWarning(model), protectedError("Delete", model), (&foreignState{resourceType: "restapi_object"}).refused("Association", text),
	} {
		found[fmt.Sprintf("diagnostic %d, %s", i, d.Summary())] = d
	}
	return found
}

// The server makes the diagnostics of every protocol call harmless. Each call uses an unknown type name, because the framework
// repeats that name in its diagnostics.
func TestServerMakesDiagnosticsHarmless(t *testing.T) {
	t.Parallel()
	server := NewServer("test")()
	checked := 0
	for method := range reflect.TypeFor[protocol]().Methods() {
		if method.Type.NumIn() != 2 || method.Type.In(1).Kind() != reflect.Pointer {
			continue
		}
		request := reflect.New(method.Type.In(1).Elem())
		name := request.Elem().FieldByName("TypeName")
		if !name.IsValid() {
			continue
		}
		name.SetString(nasty)
		answer := reflect.ValueOf(server).MethodByName(method.Name).Call([]reflect.Value{reflect.ValueOf(t.Context()), request})[0].Interface()
		diagnostics := diagnosticsOf(answer)
		if stream, ok := answer.(*tfprotov6.ListResourceServerStream); ok {
			for result := range stream.Results {
				diagnostics = append(diagnostics, result.Diagnostics...)
			}
		}
		for _, d := range diagnostics {
			checked++
			if harm := doesHarm(strings.ReplaceAll(d.Detail, "\nFORGED", "")); harm != "" { // the framework quotes the type name with its line breaks
				t.Errorf("%s: %s: %q", method.Name, harm, d.Detail)
			}
		}
	}
	if checked < 10 {
		t.Errorf("only %d diagnostics were checked", checked)
	}
}

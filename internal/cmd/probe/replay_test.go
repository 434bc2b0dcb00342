package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// TestClientReadsRecordings: the provider's client must read the probe's recordings of sandboxes with random switches, and of
// the real sub-accounts in testdata/recorded.
func TestClientReadsRecordings(t *testing.T) {
	t.Parallel()
	for _, folder := range recordedFolders(t) {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			t.Parallel()
			replayToClient(t, readRecordings(t, folder))
		})
	}
	for seed := range uint64(20) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			q := drawQuirks(rand.New(rand.NewPCG(seed, 2)))
			replayToClient(t, record(t, q, plantCanaries))
		})
	}
}

// recordedFolders returns the folders with recordings of real sub-accounts.
func recordedFolders(t *testing.T) []string {
	t.Helper()
	folders, err := filepath.Glob(filepath.Join("testdata", "recorded", "*", "switches.json"))
	if err != nil {
		t.Fatal(err)
	}
	for i, file := range folders {
		folders[i] = filepath.Dir(file)
	}
	return folders
}

// readRecordings reads the recordings of a run in the order of the calls.
func readRecordings(t *testing.T, folder string) (calls []recorded) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "[0-9]*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var some []recorded
		if err := json.Unmarshal(text, &some); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		calls = append(calls, some...)
	}
	if len(calls) < 80 {
		t.Errorf("%d calls are recorded, want all calls of a run", len(calls))
	}
	return calls
}

// record runs the probe against a sandbox, in virtual time, and reads the recordings.
func record(t *testing.T, q sandbox.Quirks, plant func(*sandbox.Sandbox)) []recorded {
	t.Helper()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := newSandbox(q)
		plant(s)
		time.Sleep(time.Minute)
		a := newAccount(testSettings(), "tfacc_0123abcd_", s.Transport())
		if _, _, err := a.examine(t.Context(), io.Discard); err != nil {
			t.Fatal(err)
		}
		if err := a.writeRecordings(folder); err != nil {
			t.Fatal(err)
		}
	})
	return readRecordings(t, folder)
}

// replayToClient passes each recorded answer to the client's method for its endpoint.
func replayToClient(t *testing.T, calls []recorded) {
	t.Helper()
	read := 0
	for _, c := range calls {
		if isRead, err := c.toClient(t.Context()); err != nil {
			t.Errorf("%s %s, answered %d: %v", c.Method, c.Path, c.Status, err)
		} else if isRead {
			read++
		}
	}
	if read < 80 {
		t.Errorf("the client read %d answers, want all answers of a run", read)
	}
}

// RoundTrip returns the recorded answer to any request.
func (c recorded) RoundTrip(*http.Request) (*http.Response, error) {
	body := []byte(c.Text)
	if c.Answer != nil {
		var err error
		if body, err = json.Marshal(c.Answer); err != nil {
			return nil, err
		}
	}
	header := http.Header{}
	for name, value := range c.Header {
		header.Set(name, value)
	}
	return &http.Response{StatusCode: c.Status, Header: header, Body: io.NopCloser(bytes.NewReader(body))}, nil
}

// toClient makes the client's call for a recorded request, and checks how the client reads the recorded answer. A recorded
// refusal must be an error of the client too. isRead is false for a call that the client never makes.
func (c recorded) toClient(ctx context.Context) (isRead bool, err error) {
	client, err := ghl.New(ghl.Config{UserAgent: "probe-test", AccessToken: "pit-not-a-real-token", Transport: c})
	if err != nil {
		return false, err
	}
	call := c.clientCall(ctx, client)
	if call == nil || c.Query["skip"] != "" && c.Query["skip"] != "0" { // a later page is not a complete listing
		return false, nil
	}
	err = call()
	failure, failed := errors.AsType[*ghl.Error](err)
	switch {
	case err == nil && c.Status < 300:
		return true, nil
	case failed && c.Status >= 400 && failure.Status == c.Status && failure.Kind != ghl.Malformed && failure.Kind != ghl.UnknownRoute:
		return true, nil
	case failed && c.Method == http.MethodDelete && c.Status < 300 && failure.Ambiguous: // not confirmed, so the provider checks
		return true, nil
	default:
		return true, fmt.Errorf("the client returns: %w", err)
	}
}

// clientCall returns the client's method for a recorded call, with the recorded arguments.
func (c recorded) clientCall(ctx context.Context, client *ghl.Client) func() error {
	elements := strings.Split(strings.TrimPrefix(c.Path, "/"), "/")
	for i, element := range elements {
		elements[i], _ = url.PathUnescape(element) // the probe escaped each path element
	}
	last := elements[len(elements)-1]
	sent, _ := c.Body.(map[string]any) // without a body there are no fields
	text := func(name string) string { value, _ := sent[name].(string); return value }
	location := c.Query["locationId"] + text("locationId") // in the query or the body, or in neither if the token determines it
	switch c.Method + " " + elements[0] {
	case "GET associations", "POST associations", "PUT associations", "DELETE associations":
		return associationCall(ctx, client, c.Method, elements, location, text)
	case "GET locations", "POST locations", "DELETE locations":
		return valueCall(ctx, client, c.Method, elements, text)
	case "GET custom-fields", "DELETE custom-fields", "PUT custom-fields":
		return fieldCall(ctx, client, c.Method, elements, location, sent)
	case "POST custom-fields":
		if last == "folder" {
			return func() error {
				_, err := client.CreateCustomFieldFolder(ctx, location, text("objectKey"), text("name"))
				return err
			}
		}
		return func() error {
			_, err := client.CreateCustomField(ctx, ghl.CustomField{
				LocationID: location, ObjectKey: text("objectKey"), FieldKey: text("fieldKey"), Name: text("name"), DataType: text("dataType"), ParentID: text("parentId"),
			})
			return err
		}
	case "GET objects", "DELETE objects":
		return objectCall(ctx, client, c.Method, last, location)
	default:
		return nil
	}
}

func associationCall(ctx context.Context, client *ghl.Client, method string, elements []string, location string, text func(string) string) func() error {
	last := elements[len(elements)-1]
	switch kind := elements[1]; {
	case method == "POST" && kind == "":
		return func() error {
			_, err := client.CreateAssociation(ctx, ghl.Association{
				LocationID: location, Key: text("key"), FirstObjectKey: text("firstObjectKey"), FirstObjectLabel: text("firstObjectLabel"),
				SecondObjectKey: text("secondObjectKey"), SecondObjectLabel: text("secondObjectLabel"),
			})
			return err
		}
	case method == "POST":
		return func() error {
			_, err := client.CreateRelation(ctx, location, text("associationId"), text("firstRecordId"), text("secondRecordId"))
			return err
		}
	case method == "PUT":
		return func() error {
			_, err := client.UpdateAssociation(ctx, "", last, text("firstObjectLabel"), text("secondObjectLabel"))
			return err
		}
	case method == "DELETE" && kind == "relations":
		return func() error { _, err := client.DeleteRelation(ctx, location, last); return err }
	case method == "DELETE":
		return func() error { _, err := client.DeleteAssociation(ctx, "", last); return err }
	case kind == "":
		return func() error { return wholePage(client.AssociationPages(location).Next(ctx, ghl.PageSize)) }
	case kind == "relations":
		return func() error { return wholePage(client.RelationPages(location, last).Next(ctx, ghl.PageSize)) }
	case kind == "key":
		return func() error { _, err := client.AssociationByKey(ctx, location, last); return err }
	case kind == "objectKey":
		return func() error { _, err := client.AssociationsByObjectKey(ctx, location, last); return err }
	default:
		return nil // only the answer contains the sub-account's id, not the call
	}
}

func valueCall(ctx context.Context, client *ghl.Client, method string, elements []string, text func(string) string) func() error {
	location, last := elements[1], elements[len(elements)-1]
	switch {
	case method == "POST":
		return func() error {
			_, err := client.CreateCustomValue(ctx, ghl.CustomValue{LocationID: location, Name: text("name"), Value: text("value")})
			return err
		}
	case method == "DELETE":
		return func() error { _, err := client.DeleteCustomValue(ctx, location, last); return err }
	case last == "customValues":
		return func() error { return wholePage(client.CustomValuePages(location).Next(ctx, ghl.PageSize)) }
	default:
		return func() error { _, err := client.CustomValue(ctx, location, last); return err }
	}
}

func fieldCall(ctx context.Context, client *ghl.Client, method string, elements []string, location string, sent map[string]any) func() error {
	last := elements[len(elements)-1]
	switch {
	case method == "PUT":
		return func() error {
			_, err := client.UpdateCustomField(ctx, ghl.CustomField{LocationID: location, ID: last}, strings.Contains(fmt.Sprint(sent["options"]), "key:"))
			return err
		}
	case method == "DELETE" && elements[1] == "folder":
		return func() error { _, err := client.DeleteCustomFieldFolder(ctx, location, last); return err }
	case method == "DELETE":
		return func() error { _, err := client.DeleteCustomField(ctx, location, last); return err }
	case elements[1] == "object-key":
		return func() error { return wholePage(client.CustomFieldPages(location, last).Next(ctx, ghl.PageSize)) }
	default:
		return nil // only the answer contains the sub-account's id, not the call
	}
}

func objectCall(ctx context.Context, client *ghl.Client, method, last, location string) func() error {
	switch {
	case method == "DELETE":
		return func() error { _, err := client.DeleteObject(ctx, location, last); return err }
	case last == "":
		return func() error { return wholePage(client.ObjectPages(location).Next(ctx, ghl.PageSize)) }
	default:
		return func() error { _, err := client.Object(ctx, location, last); return err }
	}
}

// wholePage returns an error if rows of a page could not be read.
func wholePage[T any](page ghl.Page[T], err error) error {
	if err == nil && page.Malformed > 0 {
		err = fmt.Errorf("%d rows could not be read", page.Malformed)
	}
	return err
}

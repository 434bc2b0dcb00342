package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// TestSandboxAnswersAsRecorded: a sandbox with the switches in switches.json must answer like the real sub-account whose
// recordings are beside that file. A sandbox with the switches of a recorded sandbox must answer like that sandbox. With other
// switches, its answers must differ.
func TestSandboxAnswersAsRecorded(t *testing.T) {
	t.Parallel()
	for _, folder := range recordedFolders(t) {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(filepath.Join(folder, "switches.json"))
			if err != nil {
				t.Fatal(err)
			}
			var q sandbox.Quirks
			decoder := json.NewDecoder(bytes.NewReader(text))
			decoder.DisallowUnknownFields()
			if err := decoder.Decode(&q); err != nil {
				t.Fatalf("switches.json: %v", err)
			}
			for _, difference := range replayToSandbox(t, readRecordings(t, folder), q) {
				t.Error(difference)
			}
		})
	}
	for seed := range uint64(20) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			q := drawQuirks(rand.New(rand.NewPCG(seed, 3)))
			calls := record(t, q, func(*sandbox.Sandbox) {})
			for _, difference := range replayToSandbox(t, calls, q) {
				t.Error(difference)
			}
			q.WrapObjects, q.MissingKindIs400 = !q.WrapObjects, !q.MissingKindIs400
			if differences := replayToSandbox(t, calls, q); len(differences) < 2 {
				t.Errorf("with other switches, got only these differences: %q", differences)
			}
		})
	}
}

// replayer sends recorded requests to a sandbox. It replaces the recorded ids with the sandbox's ids.
type replayer struct {
	sandbox *sandbox.Sandbox
	ids     map[string]string // the sandbox's ids, by recorded id
}

const (
	replayToken  = "pit-not-a-real-token"
	replayAgency = "not-a-real-agency-token"
)

// replayToSandbox sends each recorded request at its recorded time, and returns the differences between the answers.
func replayToSandbox(t *testing.T, calls []recorded, q sandbox.Quirks) (differences []string) {
	t.Helper()
	location, company, app := "", "company", "app"
	for _, c := range calls {
		if sent, _ := c.Body.(map[string]any); sent["companyId"] != nil {
			company = fmt.Sprint(sent["companyId"])
		}
		if c.Query["appId"] != "" {
			app = c.Query["appId"]
		}
		if location == "" {
			location = c.Query["locationId"]
		}
	}
	synctest.Test(t, func(t *testing.T) {
		r := replayer{ids: map[string]string{}, sandbox: sandbox.New(sandbox.Options{
			Quirks:    q,
			Agencies:  []sandbox.Agency{{CompanyID: company, AppID: app, Token: replayAgency}},
			Locations: []sandbox.Location{{ID: location, Token: replayToken, CompanyID: company}},
			RateLimit: sandbox.RateLimit{Unlimited: true},
		})}
		begun := time.Now()
		for i, c := range calls {
			time.Sleep(time.Until(begun.Add(time.Duration(c.Seconds * float64(time.Second)))))
			status, body, err := r.send(t, c)
			if err != nil {
				t.Fatal(err)
			}
			if difference := r.compare(c, status, body); difference != "" {
				differences = append(differences, fmt.Sprintf("call %d, %s %s: %s", i, c.Method, c.Path, difference))
			}
		}
	})
	return differences
}

func (r *replayer) send(t *testing.T, c recorded) (status int, body []byte, err error) {
	t.Helper()
	query, form := url.Values{}, url.Values{}
	for name, value := range c.Query {
		query.Set(name, r.translated(value))
	}
	token, contentType, sent := replayToken, "application/json", []byte(nil)
	if c.Body != nil {
		if sent, err = json.Marshal(c.Body); err != nil {
			return 0, nil, err
		}
		sent = []byte(r.translated(string(sent)))
	}
	if strings.HasPrefix(c.Path, "/oauth/") {
		token = replayAgency
	}
	if fields, isForm := c.Body.(map[string]any); isForm && c.Path == "/oauth/locationToken" {
		for name, value := range fields {
			form.Set(name, fmt.Sprint(value))
		}
		contentType, sent = "application/x-www-form-urlencoded", []byte(form.Encode())
	}
	request, err := http.NewRequestWithContext(t.Context(), c.Method, "http://sandbox.invalid"+r.translated(c.Path)+"?"+query.Encode(), bytes.NewReader(sent))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Version", c.Version)
	request.Header.Set("User-Agent", "probe-test")
	if sent != nil {
		request.Header.Set("Content-Type", contentType)
	}
	response, err := r.sandbox.Transport().RoundTrip(request)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = response.Body.Close() }()
	body, err = io.ReadAll(response.Body)
	return response.StatusCode, body, err
}

var recordedIDs = regexp.MustCompile(`[0-9a-f]{24}`)

// translated replaces the recorded ids in a text with the sandbox's ids.
func (r *replayer) translated(text string) string {
	return recordedIDs.ReplaceAllStringFunc(text, func(id string) string {
		if known := r.ids[id]; known != "" {
			return known
		}
		return id
	})
}

// compare describes how an answer differs from the recorded answer: in status, message or form. Lists may have different rows.
func (r *replayer) compare(c recorded, status int, body []byte) string {
	var answered any
	if err := json.Unmarshal(body, &answered); err != nil {
		answered = nil // like a recorded answer that is not JSON
	}
	if c.Method == http.MethodPost && c.Status < 300 {
		r.learn(c.Answer, answered)
	}
	switch {
	case status != c.Status:
		return fmt.Sprintf("the status is %d, but %d is recorded", status, c.Status)
	case messageOf(answered) != messageOf(c.Answer):
		return fmt.Sprintf("the message is %q, but %q is recorded", messageOf(answered), messageOf(c.Answer))
	case !sameForm(answered, c.Answer, true):
		return fmt.Sprintf("the answer is %s, but %v is recorded", body, c.Answer)
	case c.Text != "" && c.Answer == nil && len(body) == 0:
		return "the answer has no body"
	default:
		return ""
	}
}

// learn pairs the ids of a recorded answer with those of the sandbox's answer.
func (r *replayer) learn(was, is any) {
	switch was := was.(type) {
	case map[string]any:
		fields, _ := is.(map[string]any) // an answer in another form has no fields
		for name, value := range was {
			r.learn(value, fields[name])
		}
	case string:
		if text, isText := is.(string); isText && recordedIDs.MatchString(was) {
			r.ids[was] = text
		}
	}
}

var hiddenWords = regexp.MustCompile(`<id>|<text>|text_[0-9]+|[0-9a-f]{24}|tfacc_…|tfacc_run_|TFACC_RUN_`)

// messageOf returns the message of an error, without the words that a recording hides.
func messageOf(answered any) string {
	fields, _ := answered.(map[string]any) // a list has no message
	if fields["message"] == nil || fields["statusCode"] == nil {
		return ""
	}
	return hiddenWords.ReplaceAllString(fmt.Sprint(fields["message"]), "*")
}

// sameForm reports whether two values have the same fields. In lists, it compares only the first rows. The probe's own names
// must have the same text, except in lists, because the first rows may be different objects.
func sameForm(one, other any, named bool) bool {
	switch one := one.(type) {
	case map[string]any:
		fields, isObject := other.(map[string]any)
		names := slices.Sorted(maps.Keys(one))
		return isObject && slices.Equal(names, slices.Sorted(maps.Keys(fields))) &&
			!slices.ContainsFunc(names, func(name string) bool { return !sameForm(one[name], fields[name], named && name != "message") })
	case []any:
		rows, isList := other.([]any)
		return isList && (len(one) == 0 || len(rows) == 0 || sameForm(one[0], rows[0], false))
	case string:
		text, isText := other.(string)
		return isText && (!named || !strings.Contains(text, "tfacc_run_") || strings.EqualFold(one, text))
	default:
		return reflect.TypeOf(one) == reflect.TypeOf(other)
	}
}

package provider_test

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/provider"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// Each acceptance test runs against its own sandbox. If these variables are set, the tests run against a real sub-account, and
// the tests that inject faults, choose quirks or read the request log are skipped.
const (
	envLiveToken    = "GHL_TEST_ACCESS_TOKEN"
	envLiveLocation = "GHL_TEST_LOCATION_ID"
	envLiveBaseURL  = "GHL_TEST_BASE_URL"
	envLiveRecords  = "GHL_TEST_RECORD_IDS" // ids of contacts, comma-separated
)

// keyPrefix begins the key of every association that the tests create. In a real sub-account, the prefix distinguishes
// leftovers of the tests from other associations.
const keyPrefix = "tfacc_"

// canary is part of every token of a sandbox. The tests search the logs for it.
const canary = "c4n4ryS3cr3t"

func TestMain(m *testing.M) {
	if serveStandIn() {
		return
	}
	os.Exit(runTests(m))
}

func runTests(m *testing.M) int {
	ctx := context.Background()
	live, err := liveAccount(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, "The acceptance tests will not start: "+err.Error())
		return 1
	}
	if err := quicken(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	code := m.Run()
	for _, clean := range []func() error{
		func() error { return live.removeLeftovers(ctx) },
		searchRunLogs,
		removeProviderBinary,
	} {
		if err := clean(); err != nil {
			fmt.Fprintln(os.Stderr, "After the tests: "+err.Error())
			code = 1
		}
	}
	return code
}

// sparingGC contains environment variables that delay garbage collection until a Go program uses 1 GiB. An engine runs for a
// fraction of a second, and garbage collection takes a fifth of that time.
var sparingGC = map[string]string{"GOGC": "off", "GOMEMLIMIT": "1GiB"}

// quicken sets sparingGC for the engines, and runs two tests for each core, because a test mostly waits for its engine.
func quicken() error {
	for name, value := range sparingGC {
		if err := os.Setenv(name, value); err != nil {
			return err
		}
	}
	return flag.Set("test.parallel", strconv.Itoa(2*runtime.GOMAXPROCS(0)))
}

// account is the sub-account that a test works in.
type account struct {
	t          *testing.T
	baseURL    string
	token      string
	locationID string
	prefix     string           // begins the association keys of this test
	sandbox    *sandbox.Sandbox // nil if the sub-account is a real one
	clock      ghl.Clock
	kept       []string // keys that existed before the test, or that the test leaves behind on purpose
}

// newAccount returns the sub-account of a test: a new sandbox with the given changes, or the real sub-account.
func newAccount(t *testing.T, change ...func(*sandbox.Options)) *account {
	t.Helper()
	if os.Getenv(resource.EnvTfAcc) == "" {
		t.Skip("acceptance tests need terraform or tofu: set TF_ACC=1, or run `make test`")
	}
	t.Parallel()
	if location := os.Getenv(envLiveLocation); location != "" {
		base := os.Getenv(envLiveBaseURL)
		return &account{
			t: t, baseURL: base, token: os.Getenv(envLiveToken), locationID: location,
			prefix: keyPrefix + randomText(4) + "_", clock: ghl.SystemClock(),
		}
	}
	clock := hastyClock()
	options := sandbox.Options{
		Now:       clock.Now,
		Locations: []sandbox.Location{{ID: "loc-school", Token: newToken()}},
		RateLimit: sandbox.RateLimit{Unlimited: true},
	}
	for _, c := range change {
		c(&options)
	}
	s := sandbox.New(options)
	a := &account{
		t: t, baseURL: s.Start() + options.Prefix, token: options.Locations[0].Token, locationID: options.Locations[0].ID,
		prefix: keyPrefix + randomText(4) + "_", sandbox: s, clock: clock,
	}
	t.Cleanup(s.Close)
	return a
}

// newSandboxAccount is newAccount for tests that need faults, quirks or the request log. With a real sub-account, these tests
// are skipped.
func newSandboxAccount(t *testing.T, change ...func(*sandbox.Options)) *account {
	t.Helper()
	if os.Getenv(envLiveLocation) != "" {
		t.Skip("needs the sandbox")
	}
	return newAccount(t, change...)
}

func withQuirks(q sandbox.Quirks) func(*sandbox.Options) {
	return func(o *sandbox.Options) { o.Quirks = q }
}

// withSecondLocation adds the sub-account "loc-other" with its own token.
func withSecondLocation(token string) func(*sandbox.Options) {
	return func(o *sandbox.Options) {
		o.Locations = append(o.Locations, sandbox.Location{ID: "loc-other", Token: token})
	}
}

func newToken() string { return "pit-" + canary + "-" + randomText(8) }

func randomText(bytes int) string {
	b := make([]byte, bytes)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

// hastyClock returns a clock on which Sleep takes no time: it moves the clock forward instead.
func hastyClock() ghl.Clock {
	var mu sync.Mutex
	var ahead time.Duration
	return ghl.Clock{
		Now: func() time.Time {
			mu.Lock()
			defer mu.Unlock()
			return time.Now().Add(ahead)
		},
		Sleep: func(ctx context.Context, d time.Duration) error {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			mu.Lock()
			defer mu.Unlock()
			ahead += d
			return nil
		},
	}
}

// key returns an association key that no other test uses.
func (a *account) key(name string) string { return a.prefix + name }

// records returns the ids of n contacts.
func (a *account) records(n int) []string {
	a.t.Helper()
	if a.sandbox != nil {
		ids := make([]string, n)
		for i := range ids {
			ids[i] = fmt.Sprintf("contact-%d", i+1)
		}
		return ids
	}
	ids := strings.FieldsFunc(os.Getenv(envLiveRecords), func(r rune) bool { return r == ',' || r == ' ' })
	if len(ids) < n {
		a.t.Skipf("needs the ids of %d contacts in %s, which contains %d", n, envLiveRecords, len(ids))
	}
	return ids[:n]
}

// provider returns the provider block of the test's sub-account, with further lines. The token is in a variable, so that logs
// of the configuration do not contain it.
func (a *account) provider(lines ...string) string {
	location := fmt.Sprintf("location_id = %q", a.locationID)
	return a.providerWith(append([]string{"access_token = var.access_token", location}, lines...)...)
}

// providerWith returns a provider block with the address of the API and the given lines.
func (a *account) providerWith(lines ...string) string {
	if a.baseURL != "" {
		lines = append(lines, fmt.Sprintf("base_url = %q", a.baseURL))
	}
	return "variable \"access_token\" {\n  type      = string\n  sensitive = true\n}\n\n" +
		"provider \"ghl\" {\n  " + strings.Join(lines, "\n  ") + "\n}\n"
}

// variables returns the variables of a step's configuration, which contain the token.
func (a *account) variables() config.Variables {
	return config.Variables{"access_token": config.StringVariable(a.token)}
}

// serves returns the factory of the provider under test, as a build of the given version.
func (a *account) serves(version string) map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		"ghl": func() (tfprotov6.ProviderServer, error) {
			return provider.NewServer(version, provider.WithClock(a.clock))(), nil
		},
	}
}

// run runs the steps, destroys what they created, and checks that nothing is left. After each step the plan must be empty,
// unless the step expects another outcome.
func (a *account) run(steps ...resource.TestStep) {
	a.t.Helper()
	for i := range steps {
		if steps[i].ConfigVariables == nil {
			steps[i].ConfigVariables = a.variables()
		}
		if check := steps[i].Check; check != nil && !steps[i].Destroy {
			// No check reads its state argument, and to provide the state would cost a command of the engine.
			steps[i].Check, steps[i].PostApplyFunc = nil, func() {
				if err := check(nil); err != nil {
					a.t.Error(err)
				}
			}
		}
		checks := &steps[i].ConfigPlanChecks
		if !steps[i].ImportState && !steps[i].RefreshState && !steps[i].ExpectNonEmptyPlan && steps[i].ExpectError == nil {
			checks.PostApplyPostRefresh = append(checks.PostApplyPostRefresh, plancheck.ExpectEmptyPlan())
		}
	}
	testCase := resource.TestCase{
		Steps:        steps,
		CheckDestroy: func(*terraform.State) error { return a.nothingLeft() },
	}
	if steps[0].ProtoV6ProviderFactories == nil {
		testCase.ProtoV6ProviderFactories = a.serves("test")
	}
	resource.Test(a.t, testCase)
}

// nothingLeft returns an error if an association of the test is left. Associations in a.kept may remain.
func (a *account) nothingLeft() error {
	rows, err := a.api().associations(a.t.Context())
	if err != nil {
		return err
	}
	for _, row := range rows {
		if strings.HasPrefix(row.Key, a.prefix) && !slices.Contains(a.kept, row.Key) {
			return fmt.Errorf("association %s (%s) is left after the destroy", row.Key, row.ID)
		}
	}
	return nil
}

// requests returns the requests to the given routes since the last reset, or all requests if no route is given. A real
// sub-account has no request log.
func (a *account) requests(routes ...string) []sandbox.Request {
	var found []sandbox.Request
	for _, r := range a.sandbox.Requests() {
		if len(routes) == 0 || slices.Contains(routes, r.Route) {
			found = append(found, r)
		}
	}
	return found
}

// writes returns the requests since the last reset that change something, as "METHOD /path {body}". The fields of the body are
// in alphabetical order.
func (a *account) writes() []string {
	a.t.Helper()
	written := []string{}
	for _, r := range a.sandbox.Requests() {
		if r.Method == http.MethodGet || r.Route == sandbox.RouteExchange || r.Route == sandbox.RouteSearchRecords {
			continue
		}
		line := r.Method + " " + r.Path
		if r.Body != "" {
			var fields map[string]any
			if err := json.Unmarshal([]byte(r.Body), &fields); err != nil {
				a.t.Errorf("%s with a body that is not an object: %q", line, r.Body)
			}
			sorted, err := json.Marshal(fields)
			if err != nil {
				a.t.Error(err)
			}
			line += " " + string(sorted)
		}
		written = append(written, line)
	}
	return written
}

// forget empties the request log, for example as the PreConfig of a step.
func (a *account) forget() {
	if a.sandbox != nil {
		a.sandbox.ResetRequests()
	}
}

// wrote returns a check that the patterns match the writes since the last reset, in order. The check passes for a real
// sub-account, which has no request log.
func (a *account) wrote(patterns ...string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		if a.sandbox == nil {
			return nil
		}
		return matchWrites(a.writes(), patterns)
	}
}

func matchWrites(written, patterns []string) error {
	if len(written) != len(patterns) {
		return fmt.Errorf("%d writes, want %d:\n%s\nwant:\n%s", len(written), len(patterns), strings.Join(written, "\n"), strings.Join(patterns, "\n"))
	}
	for i, pattern := range patterns {
		if !regexp.MustCompile("^" + pattern + "$").MatchString(written[i]) {
			return fmt.Errorf("write %d is %s, want %s", i+1, written[i], pattern)
		}
	}
	return nil
}

// mustHaveWritten fails the test if the writes since the last reset do not match the patterns.
func (a *account) mustHaveWritten(patterns ...string) {
	a.t.Helper()
	if err := a.wrote(patterns...)(nil); err != nil {
		a.t.Error(err)
	}
}

// words returns a pattern for an error that an engine prints with a frame and arbitrary line breaks. The phrases must appear
// in the given order.
func words(phrases ...string) *regexp.Regexp {
	const gap = `[\s│]+`
	patterns := make([]string, len(phrases))
	for i, phrase := range phrases {
		fields := strings.Fields(phrase)
		for j, field := range fields {
			fields[j] = regexp.QuoteMeta(field)
		}
		patterns[i] = strings.Join(fields, gap)
	}
	return regexp.MustCompile(`(?s)` + strings.Join(patterns, `.*`))
}

// ifIdentity returns the checks if the engine supports identities, and otherwise none.
func ifIdentity(checks ...statecheck.StateCheck) []statecheck.StateCheck {
	if !engineHasIdentity() {
		return nil
	}
	return checks
}

// withoutIdentity is a SkipFunc that skips a step if the engine does not support identities.
func withoutIdentity() (bool, error) { return !engineHasIdentity(), nil }

// api returns a client with which a test reads and changes the sub-account without the provider.
func (a *account) api() *api {
	base := a.baseURL
	if base == "" {
		base = "https://services.leadconnectorhq.com"
	}
	return &api{baseURL: strings.TrimRight(base, "/"), token: a.token, locationID: a.locationID}
}

// addAssociation creates an association between contacts behind the provider's back.
func (a *account) addAssociation(key, firstLabel, secondLabel string) sandbox.Association {
	a.t.Helper()
	var row sandbox.Association
	err := a.api().call(a.t.Context(), http.MethodPost, "/associations/", map[string]string{
		"locationId": a.locationID, "key": key,
		"firstObjectKey": "contact", "firstObjectLabel": firstLabel,
		"secondObjectKey": "contact", "secondObjectLabel": secondLabel,
	}, &row)
	if err != nil {
		a.t.Fatal(err)
	}
	a.t.Cleanup(func() {
		// The error is ignored, because the test may already have deleted the association.
		_ = a.api().call(context.WithoutCancel(a.t.Context()), http.MethodDelete, "/associations/"+url.PathEscape(row.ID), nil, nil)
	})
	return row
}

// association returns the stored association with the given key.
func (a *account) association(key string) sandbox.Association {
	a.t.Helper()
	rows, err := a.api().associations(a.t.Context())
	if err != nil {
		a.t.Fatal(err)
	}
	for _, row := range rows {
		if row.Key == key {
			return row
		}
	}
	a.t.Fatalf("no association has the key %q", key)
	return sandbox.Association{}
}

// removeAssociation deletes an association behind the provider's back.
func (a *account) removeAssociation(key string) {
	a.t.Helper()
	if err := a.api().call(a.t.Context(), http.MethodDelete, "/associations/"+url.PathEscape(a.association(key).ID), nil, nil); err != nil {
		a.t.Fatal(err)
	}
}

// relations returns the first page of the relations of a record.
func (a *account) relations(recordID string) []sandbox.Relation {
	a.t.Helper()
	var listed struct{ Relations []sandbox.Relation }
	query := url.Values{"locationId": {a.locationID}, "skip": {"0"}, "limit": {"100"}}
	if err := a.api().call(a.t.Context(), http.MethodGet, "/associations/relations/"+url.PathEscape(recordID)+"?"+query.Encode(), nil, &listed); err != nil {
		a.t.Fatal(err)
	}
	return listed.Relations
}

// relation returns the relation of two records under an association.
func (a *account) relation(associationID, firstRecordID, secondRecordID string) sandbox.Relation {
	a.t.Helper()
	for _, row := range a.relations(firstRecordID) {
		if row.AssociationID == associationID && row.FirstRecordID == firstRecordID && row.SecondRecordID == secondRecordID {
			return row
		}
	}
	a.t.Fatalf("no relation of %s and %s under %s", firstRecordID, secondRecordID, associationID)
	return sandbox.Relation{}
}

// addRelation links two records behind the provider's back, and waits until the listings show the relation. In a real
// sub-account, this takes some time.
func (a *account) addRelation(associationID, firstRecordID, secondRecordID string) sandbox.Relation {
	a.t.Helper()
	var row sandbox.Relation
	err := a.api().call(a.t.Context(), http.MethodPost, "/associations/relations", map[string]string{
		"locationId": a.locationID, "associationId": associationID, "firstRecordId": firstRecordID, "secondRecordId": secondRecordID,
	}, &row)
	if err != nil {
		a.t.Fatal(err)
	}
	listed := func(recordID string) bool {
		return slices.ContainsFunc(a.relations(recordID), func(r sandbox.Relation) bool { return r.ID == row.ID })
	}
	for range 60 {
		if listed(firstRecordID) && listed(secondRecordID) {
			return row
		}
		time.Sleep(500 * time.Millisecond)
	}
	a.t.Fatalf("no listing shows the relation %s", row.ID)
	return row
}

// removeRelation deletes a relation behind the provider's back.
func (a *account) removeRelation(row sandbox.Relation) {
	a.t.Helper()
	query := url.Values{"locationId": {a.locationID}}
	if err := a.api().call(a.t.Context(), http.MethodDelete, "/associations/relations/"+url.PathEscape(row.ID)+"?"+query.Encode(), nil, nil); err != nil {
		a.t.Fatal(err)
	}
}

package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// The probe must not ask any question unless the token belongs to the sub-account.
func TestGuard(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*settings)
		fault  sandbox.Effect
		want   string
	}{
		"the token of another sub-account": {change: func(s *settings) { s.token = "pit-c4n4ry-other" }, want: "403"},
		"an unknown token":                 {change: func(s *settings) { s.token = "pit-c4n4ry-none" }, want: "401"},
		"a page of HTML":                   {fault: sandbox.OKHTML(), want: "not a list"},
		"rows of another sub-account": {
			fault: sandbox.Answer(200, `{"associations":[{"id":"1","locationId":"LocationOfCanary8"}]}`), want: "another sub-account",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s, with := newSandbox(sandbox.Quirks{}), testSettings()
				if test.change != nil {
					test.change(&with)
				} else {
					s.AddFault(sandbox.Fault{Effect: test.fault})
				}
				_, _, err := newAccount(with, "tfacc_0123abcd_", s.Transport()).examine(t.Context(), io.Discard)
				if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "nothing was asked") {
					t.Errorf("got %v, want an error with %q", err, test.want)
				}
				for _, r := range s.Requests() {
					if r.Method != http.MethodGet {
						t.Errorf("%s %s was sent", r.Method, r.Path)
					}
				}
			})
		})
	}
}

// After temporary faults, the probe must have left nothing, and must have made at most 300 calls.
func TestNothingIsLeftAfterFaults(t *testing.T) {
	t.Parallel()
	effects := map[string]func() sandbox.Effect{
		"reset":    sandbox.Reset,
		"500":      func() sandbox.Effect { return sandbox.Status(500) },
		"HTML":     func() sandbox.Effect { return sandbox.StatusHTML(502) },
		"200 HTML": sandbox.OKHTML,
		"no body":  sandbox.OKEmpty,
		"cut":      func() sandbox.Effect { return sandbox.HalfJSON(true) },
		"401":      sandbox.TokenRefused,
		"401 scope": func() sandbox.Effect {
			return sandbox.StatusMessage(401, "The token is not authorized for this scope.")
		},
		"429":        func() sandbox.Effect { return sandbox.TooManyRequests(false, 0) },
		"another id": sandbox.MalformedItem,
	}
	names := slices.Sorted(maps.Keys(effects))
	for seed := range uint64(faultyRuns) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(seed, 1))
			synctest.Test(t, func(t *testing.T) {
				s := newSandbox(drawQuirks(r))
				time.Sleep(time.Minute)
				var ordered []string
				for range 1 + r.IntN(6) {
					name, after, count := names[r.IntN(len(names))], 5+r.IntN(120), 1+r.IntN(4)
					committed := name[0] != '4' && r.IntN(2) == 0 // a refused call changes nothing
					ordered = append(ordered, fmt.Sprintf("%s after %d, %d times, committed %t", name, after, count, committed))
					s.AddFault(sandbox.Fault{After: after, Count: count, Committed: committed, Effect: effects[name]()})
				}
				a := newAccount(testSettings(), "tfacc_0123abcd_", s.Transport())
				_, left, err := a.examine(t.Context(), io.Discard)
				if err != nil {
					return // the faults hit the check of the token, so nothing was created
				}
				// If a fault hits the removal itself, the probe must list what is left.
				if found := leftIn(s); len(found) > 0 && len(left) == 0 {
					t.Errorf("left in the sub-account but not listed: %q, after the faults %q", found, ordered)
				}
				if a.api.calls > mostCalls {
					t.Errorf("%d calls, want at most %d", a.api.calls, mostCalls)
				}
			})
		})
	}
}

// An interrupt must stop the questions, but not the removal.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	for at := 4; at < 125; at += 5 {
		t.Run(fmt.Sprintf("at call %d", at), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newSandbox(sandbox.Quirks{ListingLag: 7 * time.Second})
				time.Sleep(time.Minute)
				ctx, interrupt := context.WithCancel(t.Context())
				defer interrupt()
				s.AddFault(sandbox.Fault{After: at, Count: 1, Effect: sandbox.Do(interrupt)})
				seen, left, err := newAccount(testSettings(), "tfacc_0123abcd_", s.Transport()).examine(ctx, io.Discard)
				if found := leftIn(s); len(found) > 0 || len(left) > 0 {
					t.Errorf("left: %q, named: %q", found, left)
				}
				if err == nil && ctx.Err() != nil && !slices.Contains(slices.Collect(maps.Values(seen)), "not asked: the probe was interrupted") {
					t.Error("no question is reported as interrupted")
				}
			})
		})
	}
}

// A run must make at most 300 calls, and must delete everything, however many calls it has already made.
func TestMostCalls(t *testing.T) {
	t.Parallel()
	for spent := 120; spent < 230; spent += 7 {
		t.Run(fmt.Sprint(spent), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newSandbox(sandbox.Quirks{PageCap: 1})
				time.Sleep(time.Minute)
				a := newAccount(testSettings(), "tfacc_0123abcd_", s.Transport())
				a.api.calls = spent
				seen, left, err := a.examine(t.Context(), io.Discard)
				if found := leftIn(s); len(found) > 0 || len(left) > 0 || err != nil {
					t.Errorf("left: %q, named: %q, error: %v", found, left, err)
				}
				if sent := len(s.Requests()); spent+sent > 300 || a.api.calls != spent+sent {
					t.Errorf("%d calls were counted, %d sent after %d", a.api.calls, sent, spent)
				}
				if !strings.Contains(seen["exchange-form"], "made all the calls that one run may make") {
					t.Errorf("the last question was answered %q", seen["exchange-form"])
				}
			})
		})
	}
}

// The probe must stay within the rate limit that the answers show. If it still hits the limit, it must wait.
func TestRateLimit(t *testing.T) {
	t.Parallel()
	for name, sliding := range map[string]bool{"fixed": false, "sliding": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newSandbox(sandbox.Quirks{})
				s.SetRateLimit(sandbox.RateLimit{Max: 25, Sliding: sliding})
				time.Sleep(time.Minute)
				s.AddFault(sandbox.Fault{After: 40, Count: 2, Effect: sandbox.TooManyRequests(false, 0)})
				seen, _, err := newAccount(testSettings(), "tfacc_0123abcd_", s.Transport()).examine(t.Context(), io.Discard)
				if err != nil {
					t.Fatal(err)
				}
				want := expected(sandbox.Quirks{}, true)
				want["rate-limit"] = "25 calls in 10000 ms, 200000 a day"
				compare(t, seen, want)
				refused := 0
				for _, r := range s.Requests() {
					if r.Status == http.StatusTooManyRequests {
						refused++
					}
				}
				if refused != 2 {
					t.Errorf("%d calls hit the rate limit, want the 2 that the fault refused", refused)
				}
			})
		})
	}
}

// If something that a question needs is missing, the answer must say so.
func TestWithoutContactsAndAgency(t *testing.T) {
	t.Parallel()
	with := testSettings()
	with.contacts, with.agencyToken, with.objects = canaryContacts[:1], "", false
	seen := examine(t, sandbox.Quirks{}, with).seen
	for id, want := range map[string]string{
		"listing-lag":   "not asked: GHL_TEST_RECORD_IDS must contain the ids of at least two contacts",
		"exchange-form": "not asked: GHL_TEST_AGENCY_ACCESS_TOKEN and GHL_TEST_COMPANY_ID are not set",
		"object-form":   "not asked: the flag -objects is not set",
		"sides":         "in ascending order of the object keys",
	} {
		if seen[id] != want {
			t.Errorf("%s: got %q, want %q", id, seen[id], want)
		}
	}
}

// If the listing lags longer than the probe waits, only the questions about listings must stay unanswered.
func TestLongLag(t *testing.T) {
	t.Parallel()
	seen := examine(t, sandbox.Quirks{ListingLag: 40 * time.Second}, testSettings()).seen
	for id, want := range map[string]string{
		"listing-lag":       "longer than 30 s",
		"both-ends":         "not answered: the listing does not show the new relation",
		"reversed-pair":     relTaken,
		"relation-deletion": full,
	} {
		if seen[id] != want {
			t.Errorf("%s: got %q, want %q", id, seen[id], want)
		}
	}
}

// If the API refuses to delete an object, the screen must show its key and id. The report must contain only the number of such
// objects.
func TestObjectThatCannotBeDeleted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSandbox(sandbox.Quirks{})
		s.AddFault(sandbox.Fault{Route: sandbox.RouteDeleteObject, Effect: sandbox.StatusMessage(401, "The token is not authorized for this scope.")})
		a := newAccount(testSettings(), "tfacc_0123abcd_", s.Transport())
		seen, left, err := a.examine(t.Context(), io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		if want := "refused: 401 `The token is not authorized for this scope.`"; seen["object-deletion"] != want {
			t.Errorf("got %q, want %q", seen["object-deletion"], want)
		}
		if len(left) != 1 || !strings.Contains(left[0], "not authorized") || !strings.Contains(left[0], "custom_objects.tfacc_0123abcd_thing") || !strings.Contains(left[0], "id ") {
			t.Errorf("listed as left: %q, want the object with its id", left)
		}
		if report := a.report(seen, len(left)); !strings.Contains(report, "could not delete 1 of the objects that it created") || strings.Contains(report, "0123abcd") {
			t.Errorf("the report does not count the object that is left, or shows its key:\n%s", report)
		}
	})
}

// A bug in a question must affect only that question, not the removal.
func TestPanic(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSandbox(sandbox.Quirks{})
		a := newAccount(testSettings(), "tfacc_0123abcd_", s.Transport())
		broken := group{
			questions: []question{{id: "broken"}},
			ask: func(ctx context.Context, a *account, _ answers) error {
				_, err := a.mustMakeAssociation(ctx, a.between("left", "Alpha", "Beta"))
				panic(err)
			},
		}
		if seen := a.ask(t.Context(), []group{broken}, io.Discard); !strings.Contains(seen["broken"], "the probe has a bug") {
			t.Errorf("got %q", seen["broken"])
		}
		if found := leftIn(s); len(found) > 0 {
			t.Errorf("left: %q", found)
		}
	})
}

// plantCanaries adds objects whose texts must appear nowhere.
func plantCanaries(s *sandbox.Sandbox) {
	for i, objectKey := range []string{"contact", "business"} {
		s.AddAssociation(sandbox.Association{
			LocationID: canaryLocation, Key: fmt.Sprintf("canarykey%d", i),
			FirstObjectKey: objectKey, FirstObjectLabel: canaryName, SecondObjectKey: "custom_objects.canaryobject", SecondObjectLabel: canaryName + " II",
		})
	}
	s.CustomValues().Add(sandbox.CustomValue{LocationID: canaryLocation, Name: canaryName, Value: canaryName + "'s value"})
	s.Objects().Add(sandbox.Object{LocationID: canaryLocation, Key: "custom_objects.canaryobject", Labels: sandbox.Labels{Singular: canaryName, Plural: canaryName}})
	s.FieldFolders().Add(sandbox.FieldFolder{LocationID: canaryLocation, ObjectKey: "business", Name: canaryName})
	s.CustomFields().Add(sandbox.CustomField{LocationID: canaryLocation, ObjectKey: "business", FieldKey: "business.canaryfield", Name: canaryName, DataType: "TEXT"})
	s.AddRecord(canaryLocation, "BusinessCanary1", "business", map[string]any{"name": canaryName, "email": "wilhelmina@canary.example"})
}

// The report, the recordings and the progress messages must contain no token, id or name, whatever the API repeats.
func TestNothingIsLeaked(t *testing.T) {
	t.Parallel()
	repeats := map[string]sandbox.Effect{
		"nothing": sandbox.Do(func() {}),
		"names":   sandbox.StatusMessage(400, "For "+canaryName+" (wilhelmina@canary.example, +1 202 555 0100) in "+canaryLocation+": canarykey0 of "+canaryContacts[2]),
		"tokens":  sandbox.EchoAuthorization(400),
		"ids":     sandbox.StatusMessage(422, "Unknown 0123456789abcdef01234567 and ABCDEFGHIJ0123456789 of "+canaryCompany),
		"records": sandbox.Answer(201, `{"records":[{"id":"RecordCanary1","properties":{"wilhelmina_canary":"Wilhelmina","phone":12025550100}}]}`),
	}
	for name, effect := range repeats {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(7, 7))
			folder := t.TempDir()
			var stdout, stderr strings.Builder
			synctest.Test(t, func(t *testing.T) {
				s, with := newSandbox(drawQuirks(r)), testSettings()
				plantCanaries(s)
				time.Sleep(time.Minute)
				with.report, with.recordings = filepath.Join(folder, "report.md"), filepath.Join(folder, "recordings")
				fault := sandbox.Fault{Method: http.MethodPost, Probability: 0.3, Effect: effect}
				if name == "records" {
					fault = sandbox.Fault{Route: sandbox.RouteSearchRecords, Effect: effect}
				}
				s.AddFault(fault)
				if err := run(t.Context(), with, s.Transport(), &stdout, &stderr); err != nil {
					t.Fatal(err)
				}
			})
			texts := map[string]string{"stdout": stdout.String(), "stderr": stderr.String()}
			files, err := filepath.Glob(filepath.Join(folder, "recordings", "*.json"))
			if err != nil || len(files) < len(groups()) {
				t.Fatalf("recordings: %q, %v", files, err)
			}
			for _, file := range append(files, filepath.Join(folder, "report.md")) {
				text, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				texts[file] = string(text)
			}
			for where, text := range texts {
				for _, secret := range []string{"canary", "c4n4ry", "wilhelmina", "0123456789", "202 555", "2025550100"} {
					if i := strings.Index(strings.ToLower(text), secret); i >= 0 {
						t.Errorf("%s contains %q: …%s…", where, secret, text[max(0, i-60):min(len(text), i+60)])
					}
				}
			}
		})
	}
}

// If the redaction missed a secret, the report must not be written.
func TestLeak(t *testing.T) {
	t.Parallel()
	r := newRedactor("tfacc_0123abcd_", map[string]string{canaryToken: "<token>"})
	if err := r.leak("the token is " + canaryToken); err == nil || strings.Contains(err.Error(), canaryToken) {
		t.Errorf("got %v, want an error without the token", err)
	}
	if err := r.leak("no secret"); err != nil {
		t.Error(err)
	}
}

func TestBaseURL(t *testing.T) {
	t.Parallel()
	for address, ok := range map[string]bool{
		defaultBaseURL: true, "http://127.0.0.1:8787": true, "http://localhost:8787/v1": true, "https://gateway.example/v1": true,
		"http://gateway.example": false, "http://10.0.0.1": false, "ftp://127.0.0.1": false, "https://user@gateway.example": false, "services": false,
	} {
		if err := checkBaseURL(address); (err == nil) != ok {
			t.Errorf("%s: got %v", address, err)
		}
	}
}

func TestVerdict(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ assumed, seen, want string }{
		{"bare", "bare", "as assumed"},
		{"bare", "wrapped", "**differs**: bare"},
		{"at least 12", "at least 30", "as assumed"},
		{"at least 12", "10, then refused: 400", "**differs**: at least 12"},
		{"not within 6 rows", "not within 9 rows", "as assumed"},
		{"400 `a`", "404 `a`", "**differs**: 400 `a`"},
		{"bare", "not asked: no", "–"},
		{"bare", "cannot be seen, because of it", "–"},
	} {
		if got := verdict(test.assumed, test.seen); got != test.want {
			t.Errorf("verdict(%q, %q) is %q, want %q", test.assumed, test.seen, got, test.want)
		}
	}
}

// The probe recognizes its own objects in any spelling that the API stores, and nothing else.
func TestOwn(t *testing.T) {
	t.Parallel()
	r := newRedactor("tfacc_0123abcd_", map[string]string{})
	for text, own := range map[string]bool{
		"tfacc_0123abcd_key": true, "TFACC_0123ABCD_KEY": true, "custom_objects.tfacc-0123abcd-thing": true, "{{ custom_values.tfacc0123abcd_x }}": true,
		"tfacc_0123abce_key": false, "tfacc_key": false, "0123abcd": false, "": false,
	} {
		if r.isOwn(text) != own {
			t.Errorf("%q: own is %t, want %t", text, !own, own)
		}
	}
}

package hostile_test

import (
	"cmp"
	"context"
	stdlog "log"
	"os"
	"runtime/debug"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// corpus returns all entries.
func corpus() []entry {
	var all []entry
	for _, table := range [][]entry{
		rows(), records(), listings(), writeAnswers(), bodies(), errorBodies(), statuses(), headers(), exchanges(), wires(), baseURLs(), tokenSettings(), otherSettings(), inputs(),
	} {
		all = append(all, table...)
	}
	return all
}

func (e entry) String() string { return e.kind + "/" + e.name }

// atLeast is the minimum size of the corpus.
const atLeast = 300

func TestCorpus_size(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	kinds := map[string]int{}
	for _, e := range corpus() {
		if names[e.String()] {
			t.Errorf("%s appears twice", e)
		}
		if len(e.verbs) == 0 {
			t.Errorf("%s has no verbs", e)
		}
		names[e.String()] = true
		kinds[e.kind]++
	}
	t.Logf("%d entries: %v", len(names), kinds)
	if len(names) < atLeast {
		t.Errorf("the corpus has %d entries, want %d", len(names), atLeast)
	}
}

// The provider breaks no rule, whatever the answer or the setting.
func TestCorpus(t *testing.T) {
	schemas()
	if prior := priors(); prior[association].value.IsNull() || prior[relation].value.IsNull() {
		t.Fatal("the tests have no initial state")
	}
	for i, e := range corpus() {
		if i%stride != 0 {
			continue
		}
		t.Run(e.String(), func(t *testing.T) {
			t.Parallel()
			var found []violation
			for _, v := range e.verbs {
				for _, violation := range try(t, e, v) {
					violation.what = string(v) + ": " + violation.what
					found = append(found, violation)
				}
			}
			judge(t, found)
		})
	}
}

// standardError records what net/http itself logs to standard error, which an engine adds to its log.
var standardError = &log{}

// judge fails the test if there are violations, and reports the first ones.
func judge(t *testing.T, found []violation) {
	t.Helper()
	for i, v := range found {
		if i == 5 {
			t.Errorf("and %d more", len(found)-i)
			break
		}
		t.Errorf("%s: %s", v.rule, v.what)
	}
}

// usual returns the default settings, which entries may override.
func usual(v verb, e entry) given {
	settings := given{"location_id": home, "base_url": "https://api.invalid", "max_retries": 1, "request_timeout": "10s"}
	switch {
	case v.needsAgency() || e.route == exchange:
		settings = settings.with(given{"company_id": company, "agency_access_token": agencyToken})
	default:
		settings = settings.with(given{"access_token": homeToken})
	}
	return settings
}

// try runs the engine operation of a verb against the provider, with the answer or setting of an entry.
func try(t *testing.T, e entry, v verb) (found []violation) {
	t.Helper()
	synctest.Test(t, func(*testing.T) {
		defer func() {
			if missing, ok := recover().(missingAttribute); ok {
				found = append(found, violation{noAttribute, string(missing)})
			}
		}()
		ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
		defer cancel()
		w := newWorld()
		r := newRun(ctx, w, e)
		defer r.wire.close()
		settings := filled(usual(v, e).with(e.settings), w.fill)
		base, isSet := settings["base_url"].(string)
		if !isSet {
			base = cmp.Or(e.environment["GHL_BASE_URL"], "https://services.leadconnectorhq.com")
		}
		variables := map[string]string{}
		for name, value := range e.environment {
			variables[name] = w.fill(value)
		}
		if r.configure(settings, variables) {
			begun := time.Now()
			r.do(v, e, w.fill)
			if took := time.Since(begun); took > 15*time.Minute {
				found = append(found, violation{"no endless wait", took.String()})
			}
		}
		found = append(found, r.violations(w, e, v, base)...)
	})
	return found
}

const noAttribute = "the setting exists"

func TestMain(m *testing.M) {
	for _, setting := range os.Environ() {
		if name, _, _ := strings.Cut(setting, "="); strings.HasPrefix(name, "GHL_") || strings.HasPrefix(name, "TF_") {
			must(os.Unsetenv(name))
		}
	}
	debug.SetGCPercent(400) // the entries allocate a lot of memory and retain none
	stdlog.SetOutput(standardError)
	os.Exit(m.Run())
}

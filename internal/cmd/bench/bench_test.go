package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/cmd/internal/engine"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// The test runs the whole program on small configurations.
func TestBench(t *testing.T) {
	t.Parallel()
	path := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if path == "" {
		t.Skip("no engine: TF_ACC_TERRAFORM_PATH is not set")
	}
	limit := sandbox.RateLimit{Max: 8, Interval: time.Second}
	var out bytes.Buffer
	err := run(t.Context(), &out, path, "", "[^u]$", 1, []shape{
		{name: "left out: u"},
		{name: "6 associations", associations: 6, otherAssociations: 5, latencies: each[:2], requests: 2},
		{name: "5 relations of a hub", relations: 5, layout: hub, otherRelations: 60, latencies: usual},
		{name: "5 relations in one resource", relations: 5, layout: hub, asOne: true, latencies: usual, requests: 2},
		{name: "5 relations in one resource, created", relations: 5, layout: hub, asOne: true, latencies: usual, limit: plenty, requests: 11},
		{name: "2 sub-accounts", subAccounts: 2, associations: 2, relations: 3, layout: random, latencies: usual},
		{name: "2 sub-accounts, one without the app", subAccounts: 2, associations: 2, relations: 3, layout: hub, dead: true, latencies: usual, requests: 8},
		{name: "2 sub-accounts, agency token expired", subAccounts: 2, associations: 2, relations: 3, layout: hub, expired: true, latencies: usual, requests: 2},
		{name: "12 creates", associations: 12, latencies: usual, limit: limit, spent: 25, requests: 15, refused: 99},
		{name: "too many", relations: 2, layout: distinct, latencies: usual, requests: 1},
	}, []fleet{
		{"2 states", 2, shape{subAccounts: 2, associations: 2, relations: 3, layout: random}, 3},
		{"left out: u", 1, shape{subAccounts: 1}, 1},
	})
	if err == nil || err.Error() != "more requests than the bound allows" {
		t.Errorf("error %v after\n%s", err, out.String())
	}
	for _, row := range []string{
		`6 associations, 0 ms +\| 2 \(≤ 2\) +\| 0 \(≤ 0\) +\| \d+\.\d\d s +\| -?\d+\.\d\d s \(≤ 0\.50 s\).*`,
		`6 associations, 30 ms +\| 2 \(≤ 2\) +\| 0 \(≤ 0\) +\| \d+\.\d\d s +\| -?\d+\.\d\d s \(≤ 0\.51 s\).*`,
		`5 relations of a hub, 30 ms +\| 1 \(≤ 8\) .*`,
		`5 relations in one resource, 30 ms +\| 2 \(≤ 2\) .*`,
		`5 relations in one resource, created, 30 ms +\| ([6-9]|1[01]) \(≤ 11\) .* pass .*`,
		`2 sub-accounts, 30 ms +\| ([4-9]|1\d) \(≤ 16\) .*`,
		`2 sub-accounts, one without the app, 30 ms +\| [3-8] \(≤ 8\) .*`,
		`2 sub-accounts, agency token expired, 30 ms +\| [12] \(≤ 2\) .*`,
		`12 creates, 30 ms +\| 1[3-5] \(≤ 15\) +\| \d+ \(≤ \d+\) +\| [1-9]\d*\.\d\d s +\| +\| +\| \d+\.\d\d +\| \d+ MB +\| [1-9]\d* kB +\| pass .*`,
		`too many, 30 ms +\| 2 \(≤ 1\) ✗ .* FAIL +`,
		`2 states +\| \d+\.\d s +\| (1[2-9]|2\d) +\| \d+ MB +\| \d+ MB +\| \d+\.\d s +\| (1[89]|[2-4]\d) +\| \d+ MB +\| \d+ MB +`,
	} {
		if !regexp.MustCompile(`(?m)^\| ` + row + `\|$`).MatchString(out.String()) {
			t.Errorf("no line %s in\n%s", row, out.String())
		}
	}
	if strings.Contains(out.String(), "left out") {
		t.Errorf("a shape that was not chosen is in\n%s", out.String())
	}
}

// An engine that does nothing and exits with 0 must fail the benchmark.
func TestIdleEngineFailsTheBench(t *testing.T) {
	idle, err := exec.LookPath("true")
	if err != nil {
		t.Skip("the command true is not installed")
	}
	t.Setenv("TMPDIR", t.TempDir())
	for _, s := range []shape{shapes[0], shapes[len(shapes)-1]} {
		err := run(t.Context(), &bytes.Buffer{}, idle, idle, "", 1, []shape{s}, nil)
		if err == nil || !strings.Contains(err.Error(), s.name+": exit code 0, and no ") {
			t.Errorf("%s: error %v", s.name, err)
		}
	}
	alone := fleets[len(fleets)-1:]
	if err := run(t.Context(), &bytes.Buffer{}, idle, idle, "", 1, nil, alone); err == nil || !strings.Contains(err.Error(), alone[0].name+": exit code 0, and no ") {
		t.Errorf("%s: error %v", alone[0].name, err)
	}
	left, err := filepath.Glob(filepath.Join(os.TempDir(), "*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestOnlyIsAnExpression(t *testing.T) {
	t.Parallel()
	if err := run(t.Context(), &bytes.Buffer{}, "", "", "(", 1, nil, nil); err == nil || !strings.Contains(err.Error(), "missing closing )") {
		t.Errorf("error %v", err)
	}
}

// The shapes that are typical of users are measured at every latency.
func TestShapes(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"3 random relations":                                "3 objects, 6 requests",
		"30 random relations":                               "30 objects, 33 requests",
		"60 random relations":                               "60 objects, 63 requests",
		"200 random relations":                              "200 objects, 203 requests",
		"CSV: 4 associations, 200 relations":                "204 objects, 207 requests",
		"20 sub-accounts × (5 associations, 30 relations)":  "700 objects, 760 requests",
		"200 sub-accounts × (5 associations, 30 relations)": "7000 objects, 7600 requests",
	}
	for _, s := range shapes[:len(want)] {
		if have := fmt.Sprintf("%d objects, %d requests", s.objects(), s.mostRequests()); have != want[s.name] {
			t.Errorf("%s: %s, want %q", s.name, have, want[s.name])
		}
		if have := fmt.Sprint(s.latencies); have != "[0s 30ms 200ms]" {
			t.Errorf("%s: at %s", s.name, have)
		}
	}
}

func TestRandomPairsAreDistinct(t *testing.T) {
	t.Parallel()
	seen := map[[2]int]bool{}
	for i := range 4000 {
		company, contact := random(i)
		if company < 0 || company >= 40 || contact < 0 || contact >= 100 || seen[[2]int{company, contact}] {
			t.Fatalf("pair %d is %d and %d", i, company, contact)
		}
		seen[[2]int{company, contact}] = true
	}
}

func TestTimeBounds(t *testing.T) {
	t.Parallel()
	const latency = 200 * time.Millisecond
	for _, c := range []struct{ have, want time.Duration }{
		{mostBeyond(0, latency), 500 * time.Millisecond},
		{mostBeyond(30, 0), 500 * time.Millisecond},
		{mostBeyond(30, latency), 1100 * time.Millisecond},
		{shape{relations: 3}.oneByOne(latency), 700 * time.Millisecond},
		{shape{relations: 11}.oneByOne(latency), 900 * time.Millisecond},
		{shape{subAccounts: 20, associations: 5, relations: 30}.oneByOne(latency), 14500 * time.Millisecond},
		{shape{associations: 1}.underLimit(), 0},
		{shape{associations: 100, limit: fixed}.underLimit(), 0},
		{shape{associations: 101, limit: fixed}.underLimit(), 10 * time.Second},
		{shape{associations: 290, limit: fixed}.underLimit(), 20 * time.Second},
		{shape{associations: 290, limit: fixed, spent: 30}.underLimit(), 40 * time.Second},
	} {
		if c.have != c.want {
			t.Errorf("have %s, want %s", c.have, c.want)
		}
	}
}

// A fleet in several states has as many resources and changes as a fleet in one state.
func TestFleets(t *testing.T) {
	t.Parallel()
	for i, want := range []string{"10000 resources, 100 changes", "10000 resources, 100 changes", "1000 resources, 10 changes"} {
		f := fleets[i]
		if have := fmt.Sprintf("%d resources, %d changes", f.states*f.each.objects(), f.states*f.changes); have != want {
			t.Errorf("%s: %s, want %s", f.name, have, want)
		}
	}
}

// Time and memory differ between machines, so exceeding a bound on either does not fail the benchmark.
func TestVerdict(t *testing.T) {
	t.Parallel()
	s := shape{name: "x", associations: 30, latencies: each, overFloor: 1.5, megabytes: 40}
	create := shape{name: "x", associations: 290, latencies: usual, limit: fixed, requests: 294, refused: 2, overFloor: 1.1}
	once := time.Second
	for _, c := range []struct {
		shape
		took     time.Duration
		requests int
		refused  int
		memory   float64
		want     string
		failed   bool
	}{
		{s, 2 * once, 33, 0, 40e6, "x, 30 ms 33 (≤ 33) 0 (≤ 0) 2.00 s 0.50 s (≤ 0.60 s) 0.85 (≤ 1.00) 1.00 (≤ 1.50) 40 MB (≤ 40 MB) 7 kB pass", false},
		{s, 4 * once, 33, 0, 41e6, "x, 30 ms 33 (≤ 33) 0 (≤ 0) 4.00 s 2.50 s (≤ 0.60 s) ✗ 4.24 (≤ 1.00) ✗ 2.00 (≤ 1.50) ✗ 41 MB (≤ 40 MB) ✗ 7 kB FAIL", false},
		{s, 2 * once, 34, 0, 1e6, "x, 30 ms 34 (≤ 33) ✗ 0 (≤ 0) 2.00 s 0.50 s (≤ 0.60 s) 0.85 (≤ 1.00) 1.00 (≤ 1.50) 1 MB (≤ 40 MB) 7 kB FAIL", true},
		{s, 2 * once, 33, 1, 1e6, "x, 30 ms 33 (≤ 33) 1 (≤ 0) ✗ 2.00 s 0.50 s (≤ 0.60 s) 0.85 (≤ 1.00) 1.00 (≤ 1.50) 1 MB (≤ 40 MB) 7 kB FAIL", true},
		{s, 2 * once, 0, 0, 1e6, "x, 30 ms 0 (≤ 33) 0 (≤ 0) 2.00 s 0.50 s (≤ 0.50 s) 0.85 (≤ 1.00) 1.00 (≤ 1.50) 1 MB (≤ 40 MB) 7 kB FAIL", true},
		{create, 22 * once, 294, 5, 1e6, "x, 30 ms 294 (≤ 294) 5 (≤ 5) 22.00 s   1.00 (≤ 1.10) 1 MB 7 kB pass", false},
	} {
		m := measurement{floor: sample{took: 2 * once}, unread: sample{took: 1500 * time.Millisecond}, runs: make([]sample, 3)}
		at := len(c.latencies) / 2 // the index of the latency 30 ms
		m.runs[at] = sample{c.took, c.requests, c.refused, c.memory, 7999}
		l := m.line(c.shape, at)
		if have := strings.TrimSuffix(fmt.Sprintln(l.cells...), "\n"); have != c.want || l.failed != c.failed {
			t.Errorf("failed %t, want %t\nhave %s\nwant %s", l.failed, c.failed, have, c.want)
		}
	}
}

// Managed rows are neither on the first page nor on the last, and an apply starts with an empty sandbox.
func TestPopulate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		limit   sandbox.RateLimit
		planted int
	}{{sandbox.RateLimit{}, 7}, {fixed, 0}} {
		s := shape{associations: 2, otherAssociations: 5, limit: c.limit}
		api, locations, _ := newSandbox(s)
		t.Cleanup(api.Close)
		rows := populate(api, locations, s)[0].rows
		if len(rows) != 2 || rows[0]["key"] != "key_2" || rows[1]["key"] != "key_3" {
			t.Errorf("the managed rows are %v", rows)
		}
		if have := len(api.Associations(account)); have != c.planted {
			t.Errorf("%d associations were added, want %d", have, c.planted)
		}
	}
}

// The sandbox accepts the other client's requests, and that client stops when its context ends.
func TestSpend(t *testing.T) {
	t.Parallel()
	s := shape{limit: sandbox.RateLimit{Max: 100, Interval: time.Second}, spent: 100}
	api, _, _ := newSandbox(s)
	t.Cleanup(api.Close)
	ctx, leave := context.WithCancel(t.Context())
	left := make(chan struct{})
	go func() {
		s.spend(ctx, api)
		close(left)
	}()
	for len(api.Requests()) < 3 {
		runtime.Gosched()
	}
	leave()
	<-left
	if r := api.Requests()[0]; r.Route != sandbox.RouteAssociationsByObjectKey || r.Status != 200 {
		t.Errorf("the other client's request is %+v", r)
	}
}

// A message must appear exactly once, whatever else a plan prints.
func TestOutcome(t *testing.T) {
	t.Parallel()
	refreshed := strings.Repeat("ghl_relation.all[\"1\"]: Refreshing state... [id=1]\n", 100)
	for _, c := range []struct {
		outcome
		output string
		want   string // a part of the error; "" if there must be none
	}{
		{outcome{once: "Not Read"}, refreshed + "Warning: Not Read\n", ""},
		{outcome{once: "Not Read"}, refreshed + "Warning: Not Read\nWarning: Not Read\n", "appears 2 times in 2 lines"},
		{outcome{once: "Not Read"}, refreshed, "appears 0 times in 0 lines"},
		{outcome{once: "Not Read"}, "Warning: Not Read\n" + strings.Repeat("\n", 40), "appears 1 times in 41 lines"},
		{outcome{closing: "No changes."}, "No changes. All is well.\n", ""},
		{outcome{closing: "No changes."}, "Plan: 1 to add\n", "exit code 0, and no"},
		{outcome{exitCode: 1}, "", "exit code 0, and no"},
	} {
		err := c.check(engine.Outcome{Output: c.output})
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%+v: error %v, want %q", c.outcome, err, c.want)
		}
	}
}

// watchMemory counts only the processes of the given program.
func TestWatchMemory(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("only Linux shows the memory of a process in /proc")
	}
	program, err := os.Readlink("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer stop()
	if have := watchMemory(ctx, program, 0); have.largest < 1<<20 || have.largest > 1<<30 || have.together < have.largest {
		t.Errorf("%.0f bytes for this program", have)
	}
	for _, c := range []struct {
		program string
		parent  int
		isFound bool
	}{{program, os.Getppid(), true}, {program, os.Getpid(), false}, {program + "-else", 0, false}} {
		ctx, stop := context.WithTimeout(t.Context(), 100*time.Millisecond)
		have := watchMemory(ctx, c.program, c.parent)
		stop()
		if (have.largest > 0) != c.isFound || (have.together > 0) != c.isFound {
			t.Errorf("%.0f bytes for %s, a child of %d", have, c.program, c.parent)
		}
	}
}

package main

import (
	"bytes"
	"errors"
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

// The driver is tested as it runs, with few instances.
func TestBench(t *testing.T) {
	t.Parallel()
	s := settings{engine: os.Getenv("TF_ACC_TERRAFORM_PATH"), runs: 1, only: regexp.MustCompile("")}
	if s.engine == "" {
		t.Skip("no engine: TF_ACC_TERRAFORM_PATH names none")
	}
	builder := engine.New(s.engine, t.TempDir())
	if err := builder.Install(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	s.provider = builder.ProviderPath()
	t.Run("figures", func(t *testing.T) {
		t.Parallel()
		testFigures(t, s)
	})
	t.Run("a missed number of requests", func(t *testing.T) {
		t.Parallel()
		out, err := runBench(t, s, []planCase{{name: "2 relations", rows: relations(allDistinct, 2, 0), requests: 1}}, nil)
		if err == nil || !strings.Contains(out, "Missed (✗):\n  2 relations: requests 2 (≤ 1) ✗\n") {
			t.Errorf("error %v after\n%s", err, out)
		}
	})
	t.Run("a plan that is not empty", func(t *testing.T) {
		t.Parallel()
		drifted := func(api *sandbox.Sandbox) fixture {
			f := associations(2, 0)(api)
			id := api.Associations(locationID)[1].ID
			api.UpdateAssociation(locationID, id, func(a *sandbox.Association) { a.FirstObjectLabel = "Company" })
			return f
		}
		out, err := runBench(t, s, []planCase{{name: "2 associations", rows: drifted, requests: 3}}, nil)
		if err == nil || !strings.Contains(err.Error(), "the plan is not empty, exit code 2") {
			t.Errorf("error %v after\n%s", err, out)
		}
	})
}

func runBench(t *testing.T, s settings, plans []planCase, applies []applyCase) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := run(t.Context(), &out, s, plans, applies)
	return out.String(), err
}

func testFigures(t *testing.T, s settings) {
	t.Helper()
	limit := sandbox.RateLimit{Max: 8, Interval: time.Second}
	out, err := runBench(t, s, []planCase{
		{name: "1 association", rows: associations(1, 3), requests: 1},
		{name: "6 associations", rows: associations(6, 5), requests: 2},
		{name: "5 relations of a hub", rows: relations(oneHub, 5, 60), requests: 1},
		{name: "34 relations, complete", rows: relations(complete32, 34, 0), requests: 5},
	}, []applyCase{
		{name: "12 creates", creates: 12, limit: limit, others: 25, requests: 16, refused: 99},
	})
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	memory := "n/a"
	if runtime.GOOS == "linux" {
		memory = `[1-9]\d+ MB`
	}
	for _, row := range []string{
		`1 association +1 \(≤ 1\) +\d+\.\d\d s +\d+\.\d\d +\d+\.\d\d +` + memory,
		`6 associations +2 \(≤ 2\) +\d+\.\d\d s +\d+\.\d\d +\d+\.\d\d +` + memory,
		`5 relations of a hub +1 \(≤ 1\) .*`,
		`34 relations, complete +[2-5] \(≤ 5\) .*`,
		`12 creates +1[3-6] \(≤ 16\) +\d+ \(≤ \d+\) +[1-9]\d*\.\d\d s +\d+\.\d\d`,
		`Every goal is reached\.`,
	} {
		if !regexp.MustCompile(`(?m)^` + row + `$`).MatchString(out) {
			t.Errorf("no line %s in\n%s", row, out)
		}
	}
}

// An engine that does nothing, and says that all went well, must not get through.
func TestIdleEngineFailsTheBench(t *testing.T) {
	idle, err := exec.LookPath("true")
	if err != nil {
		t.Skip("there is no program that does nothing here")
	}
	t.Setenv("TMPDIR", t.TempDir())
	s := settings{engine: idle, provider: idle, runs: 1, only: regexp.MustCompile("")}
	if out, err := runBench(t, s, plans[:1], nil); err == nil || !strings.Contains(err.Error(), "the plan is not empty, exit code 0") {
		t.Errorf("a plan: error %v after\n%s", err, out)
	}
	if out, err := runBench(t, s, nil, applies[:1]); err == nil || !strings.Contains(err.Error(), "the apply failed, exit code 0") {
		t.Errorf("an apply: error %v after\n%s", err, out)
	}
	left, err := filepath.Glob(filepath.Join(os.TempDir(), "*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestFlags(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"-runs", "2"}, {"-runs", "0"}, {"-only", "("}, {"surplus"}, {"-engine", ""},
	} {
		var stderr bytes.Buffer
		if _, err := readFlags(append([]string{"-engine", "tofu"}, args...), &stderr); err == nil {
			t.Errorf("%q is no error", args)
		}
	}
	s, err := readFlags([]string{"-engine", "tofu", "-only", "hub|290"}, &bytes.Buffer{})
	if err != nil || s.runs != 3 {
		t.Fatalf("%+v, %v", s, err)
	}
	if chosen := matching(plans, s.only); len(chosen) != 2 {
		t.Errorf("%d plans over hubs, want 2", len(chosen))
	}
	if chosen := matching(applies, s.only); len(chosen) != 4 {
		t.Errorf("%d applies of 290, want 4", len(chosen))
	}
}

func TestFigures(t *testing.T) {
	t.Parallel()
	for want, f := range map[string]figure{
		"12":                count("", 12),
		"12 (≤ 12)":         count("", 12).atMost(12),
		"13 (≤ 12) ✗":       count("", 13).atMost(12),
		"2.50 (≤ 2.40) ✗":   ratio("", 2.5).within(2.4),
		"2.50":              ratio("", 2.5).within(0),
		"0 (≤ 0)":           count("", 0).atMost(0),
		"1.50 s":            seconds("", 1500*time.Millisecond),
		"50 MB (≤ 50 MB)":   memory("", 50_000_000).within(50),
		"52 MB (≤ 50 MB) ✗": memory("", 50<<20).within(50),
		"n/a (≤ 50 MB)":     memory("", 0).within(50),
		"1002 (≤ 1002)":     count("", 1002).atMost(1002),
	} {
		if have := f.String(); have != want {
			t.Errorf("have %q, want %q", have, want)
		}
	}
}

// Machines differ in time and memory: those alone are no failure.
func TestVerdict(t *testing.T) {
	t.Parallel()
	for want, f := range map[string]figure{
		"":                            count("requests", 3).atMost(3),
		"plan: time 2.50 (≤ 2.40) ✗":  ratio("time", 2.5).within(2.4),
		"plan: memory 52 MB (≤ 50 MB": memory("memory", 52_000_000).within(50),
		"plan: requests 4 (≤ 3) ✗":    count("requests", 4).atMost(3),
		"plan: 429s 1 (≤ 0) ✗":        count("429s", 1).atMost(0),
	} {
		var out bytes.Buffer
		r := &report{out: &out}
		r.row("plan", f)
		err := r.verdict()
		if fails := f.exact && want != ""; (err != nil) != fails {
			t.Errorf("%s: error %v", f, err)
		}
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}

// Only what runs the program counts.
func TestMemoryWatch(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("only Linux tells what memory a process had")
	}
	program := copyOf(t, "cat")
	w, elsewhere := &memoryWatch{program: program}, &memoryWatch{program: copyOf(t, "cat")}
	w.others = w.processes()

	finish := start(t, program)
	w.look()
	elsewhere.look()
	late := &memoryWatch{program: program}
	late.others = late.processes()
	late.look()
	finish()
	if w.peak < 100<<10 || w.peak > 100<<20 {
		t.Errorf("%d bytes for a small program", w.peak)
	}
	if elsewhere.peak != 0 {
		t.Errorf("%d bytes for a program that does not run", elsewhere.peak)
	}
	if late.peak != 0 {
		t.Errorf("%d bytes for a program that ran before", late.peak)
	}
}

// start runs a program that echoes its input, and returns once it does.
func start(t *testing.T, program string) (finish func()) {
	t.Helper()
	running := exec.CommandContext(t.Context(), program)
	input, err := running.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := running.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := running.Start(); err != nil {
		t.Fatal(err)
	}
	_, err = input.Write([]byte("."))
	if _, readErr := output.Read(make([]byte, 1)); err != nil || readErr != nil {
		t.Fatal(err, readErr)
	}
	return func() {
		if err := errors.Join(input.Close(), running.Wait()); err != nil {
			t.Error(err)
		}
	}
}

// copyOf copies a program, so that nobody else runs it. Another program writes the copy: a file that this one has open to
// write, a child that another test starts at the same moment holds open, and then it cannot be run.
func copyOf(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skip(err)
	}
	ours := filepath.Join(t.TempDir(), name)
	if output, err := exec.CommandContext(t.Context(), "cp", path, ours).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	return ours
}

func TestMedian(t *testing.T) {
	t.Parallel()
	if have := median([]float64{3, 1, 2}); have != 2 {
		t.Errorf("median %v, want 2", have)
	}
	if have := median([]time.Duration{7}); have != 7 {
		t.Errorf("median %v, want 7", have)
	}
}

// The run with the most refusals decides, and its requests are what the share is taken of.
func TestRefusedShare(t *testing.T) {
	t.Parallel()
	c := applyCase{creates: 290, limit: fixedWindow, requests: 294, refused: 2}
	once := engine.Outcome{Took: time.Second}
	for want, refused := range map[string][]int{"5 (≤ 5)": {0, 5, 1}, "6 (≤ 5) ✗": {6, 0, 0}} {
		var runs []applyRun
		for _, n := range refused {
			runs = append(runs, applyRun{apply: once, floor: once, answered: 292, refused: n})
		}
		if have := c.figures(runs)[1].String(); have != want {
			t.Errorf("have %q, want %q", have, want)
		}
	}
}

// The limit's own time: the creates of the first window cost none.
func TestLeast(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		creates, others int
		want            time.Duration
	}{
		{1, 0, 0}, {100, 0, 0}, {101, 0, 10 * time.Second}, {290, 0, 20 * time.Second}, {290, 30, 40 * time.Second},
	} {
		if have := (applyCase{creates: c.creates, others: c.others, limit: fixedWindow}).least(); have != c.want {
			t.Errorf("%d creates, %d %% to others: %s, want %s", c.creates, c.others, have, c.want)
		}
	}
}

// Managed rows stand neither on the first page nor on the last.
func TestAmidst(t *testing.T) {
	t.Parallel()
	api := newAccount(sandbox.RateLimit{})
	f := associations(2, 5)(api)
	var keys []string
	for _, row := range api.Associations(locationID) {
		keys = append(keys, row.Key)
	}
	if have := strings.Join(keys, " "); have != "key_2 key_3 key_0 key_1 key_4 key_5 key_6" {
		t.Errorf("the rows are %s", have)
	}
	if len(f.instances) != 2 || f.instances[1].Attributes["key"] != "key_1" {
		t.Errorf("the instances are %v", f.instances)
	}
}

// The other client's requests are not the provider's, and only the provider's are counted.
func TestOtherClient(t *testing.T) {
	t.Parallel()
	api := newAccount(sandbox.RateLimit{Max: 1})
	for range 2 { // the second is refused
		if err := ask(t.Context(), api); err != nil {
			t.Fatal(err)
		}
	}
	log := api.Requests()
	if len(log) != 2 || log[0].Status != 200 || log[1].Status != 429 {
		t.Fatalf("the other client's requests: %+v", log)
	}
	if answered, refused := requestsBy(api); answered != 0 || refused != 0 {
		t.Errorf("%d answered, %d refused, and none was the provider's", answered, refused)
	}
}

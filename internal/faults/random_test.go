package faults_test

import (
	"flag"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var (
	scheduleCount = flag.Int("schedules", sized(350, 1000), "number of random schedules to run")
	storms        = flag.Int("storms", 1, "number of storms to run")
	firstSeed     = flag.Uint64("seed", 1, "seed of the first random schedule, plus one for each schedule after it; 0 uses the time")
)

// Random schedules. If a schedule fails, rapid looks for the smallest schedule that fails in the same way.
func TestRandomSchedules(t *testing.T) {
	first := seeds(t)
	var failed atomic.Uint64
	var hits hitCounts
	carryOutAll(t, *scheduleCount, func(i int) schedule { return schedules.Example(int(first) + i) }, func(i int, r result) (goOn bool) {
		hits.add(r.hits)
		if len(r.violations) > 0 && failed.CompareAndSwap(0, first+uint64(i)) {
			t.Logf("the schedule with seed %d fails:\n%s", first+uint64(i), strings.Join(r.violations, "\n"))
		}
		return failed.Load() == 0
	})
	if seed := failed.Load(); seed != 0 {
		t.Run("smallest", func(t *testing.T) { shrink(t, seed) })
	} else if *scheduleCount/stride >= 1000 { // with fewer schedules, some faults may affect no request
		hits.mustBeAll(t)
	}
}

// seeds returns the first seed to use.
func seeds(t *testing.T) uint64 {
	t.Helper()
	first := *firstSeed
	if first == 0 {
		first = uint64(time.Now().UnixNano()) / 1000
	}
	t.Logf("seeds start at %d", first)
	return first
}

// hitCounts counts the requests that each fault affected.
type hitCounts struct {
	mu     sync.Mutex
	counts map[string]int
}

func (h *hitCounts) add(hits map[string]int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.counts == nil {
		h.counts = map[string]int{}
	}
	for name, n := range hits {
		h.counts[name] += n
	}
}

// mustBeAll fails the test if a fault of the catalogue affected no request, because that fault then tests nothing.
func (h *hitCounts) mustBeAll(t *testing.T) {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	least := catalogue[0].name
	for _, f := range catalogue {
		if h.counts[f.name] < h.counts[least] {
			least = f.name
		}
	}
	t.Logf("the rarest fault, %q, affected %d requests", least, h.counts[least])
	if h.counts[least] == 0 {
		t.Errorf("%q affected no request", least)
	}
}

// For half an hour of virtual time, one request in twenty is faulty. The state must
// converge in the end.
func TestStorm(t *testing.T) {
	t.Parallel()
	first := seeds(t)
	var all []schedule
	for i := range *storms {
		seed := int(first) + i
		s := schedule{Seed: uint64(seed), Agency: seed%2 == 1, Locations: 3, MaxRetries: 6, RequestTimeout: "60s", Storm: 0.05, Lasts: 30 * time.Minute}
		for j := range 20 {
			s.Steps = append(s.Steps, schedules.Example(1000*seed+j).Steps...)
		}
		for j := range s.Steps {
			s.Steps[j].Faults = nil
		}
		all = append(all, s)
	}
	carryOutEach(t, all)
}

// shrink lets rapid draw the schedule of a seed again, and simplify it.
func shrink(t *testing.T, seed uint64) {
	t.Helper()
	t.Logf("to reproduce: go test ./internal/faults -run '^TestRandomSchedules$' -schedules 1 -seed %d", seed)
	for name, value := range map[string]string{"rapid.seed": strconv.FormatUint(seed, 10), "rapid.checks": "1", "rapid.nofailfile": "true"} {
		must(flag.Set(name, value))
	}
	rapid.Check(t, func(rt *rapid.T) {
		if r := carryOut(t, schedules.Draw(rt, "schedule")); len(r.violations) > 0 {
			rt.Log(strings.Join(r.violations, "\n"))
			// Fail with only the invariant's name, so that rapid treats the failure of a smaller schedule as the same failure.
			rt.Fatal(strings.SplitN(r.violations[0], ":", 2)[0])
		}
	})
	t.Error("the failure cannot be reproduced: it depends on which of two goroutines runs first")
}

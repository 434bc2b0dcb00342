package faults_test

import (
	"flag"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var (
	scheduleCount = flag.Int("schedules", 1000, "how many random schedules to carry out")
	firstSeed     = flag.Uint64("seed", 1, "seed of the first random schedule, the next one has the next; 0 takes the time")
)

// Random schedules. Where one fails, rapid looks for the smallest that fails likewise.
func TestRandomSchedules(t *testing.T) {
	first := *firstSeed
	if first == 0 {
		first = uint64(time.Now().UnixNano()) / 1000
	}
	t.Logf("seeds from %d on", first)
	var failed atomic.Uint64
	carryOutAll(t, *scheduleCount, func(i int) schedule { return schedules.Example(int(first) + i) }, func(i int, r result) (goOn bool) {
		if len(r.violations) > 0 && failed.CompareAndSwap(0, first+uint64(i)) {
			t.Logf("the schedule with seed %d fails:\n%s", first+uint64(i), strings.Join(r.violations, "\n"))
		}
		return failed.Load() == 0
	})
	if seed := failed.Load(); seed != 0 {
		t.Run("smallest", func(t *testing.T) { shrink(t, seed) })
	}
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
			// The invariant's name alone, so that the same failure of a smaller schedule counts as the same.
			rt.Fatal(strings.SplitN(r.violations[0], ":", 2)[0])
		}
	})
	t.Error("the failure does not repeat itself: it depends on which of two goroutines comes first")
}

package faults_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// schedule is a whole test case. It is plain data that is drawn before the test runs, so it can be shrunk and printed.
type schedule struct {
	Seed           uint64 // seed for the durations of requests
	Locations      int
	MaxRetries     int
	RequestTimeout string
	Quirks         sandbox.Quirks
	RateLimit      sandbox.RateLimit
	Noise          int  // number of associations that others created before the first step
	OldEngine      bool // an engine without identities, as before Terraform 1.12
	Agency         bool // the provider exchanges the agency's token for the sub-accounts' tokens
	Adopts         bool // creates adopt identical objects
	Steps          []step
	Storm          float64       // probability that a request fails, in addition to the faults of the steps
	Lasts          time.Duration // the steps are repeated for at least this long
}

// runKind is the purpose of an engine run.
type runKind int

const (
	runApply runKind = iota
	runRefresh
	runImport
	runDestroy
	runTaint // taints an instance, then applies
	runDeleteRecord
	runWait
	runKinds // number of kinds
)

var runNames = [runKinds]string{"apply", "refresh", "import", "destroy", "taint and apply", "delete a record and apply", "wait"}

// step is one run, with the changes before it and the faults in it.
type step struct {
	Run       runKind
	Pick      int // selects the object of the run, if the run is about one object
	Edits     []edit
	Before    []meddling // changes by others before the plan
	Between   []meddling // changes by others between the plan and its apply
	During    []meddling // changes by others during the run, after Pick requests
	Faults    []order
	Interrupt time.Duration // interrupts the apply after this time; 0 means no interrupt
	Kill      time.Duration // kills the apply after this time; 0 means no kill
	Stop      stop          // ends the apply at a request
	Twice     bool          // two applies from the same state run at once
	Misplaced bool          // each sub-account is called with the token of another sub-account
}

// stop ends an apply at a request. Request 0 means that the apply is not stopped.
type stop struct {
	Request int
	Kills   bool // kills the process instead of interrupting it
	Late    bool // stops after the request was carried out
}

func (s stop) order(w *world, p *process) {
	if s.Request == 0 {
		return
	}
	end := p.interrupt
	if s.Kills {
		end = p.kill
	}
	w.sandbox.AddFault(sandbox.Fault{Name: "stop", After: s.Request - 1, Count: 1, Committed: s.Late, Effect: sandbox.Do(end)})
}

func (s step) String() string {
	parts := []string{fmt.Sprintf("%s/%d", runNames[s.Run], s.Pick)}
	add := func(name string, n int, what any) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%s %v", name, what))
		}
	}
	add("edits", len(s.Edits), s.Edits)
	add("before", len(s.Before), s.Before)
	add("between", len(s.Between), s.Between)
	add("during", len(s.During), s.During)
	add("faults", len(s.Faults), s.Faults)
	add("interrupt after", int(s.Interrupt), s.Interrupt)
	add("kill after", int(s.Kill), s.Kill)
	add("stop", s.Stop.Request, fmt.Sprintf("%+v", s.Stop))
	if s.Twice {
		parts = append(parts, "twice at once")
	}
	if s.Misplaced {
		parts = append(parts, "with the tokens of other sub-accounts")
	}
	return strings.Join(parts, ", ")
}

func (s schedule) String() string {
	text := fmt.Sprintf("seed %d, %d sub-accounts, %d retries, timeout %s, noise %d, old engine %t, agency %t, adopts %t\nquirks %+v\nbudget %+v",
		s.Seed, s.Locations, s.MaxRetries, s.RequestTimeout, s.Noise, s.OldEngine, s.Agency, s.Adopts, s.Quirks, s.RateLimit)
	if s.Storm > 0 {
		text += fmt.Sprintf("\nstorm of %g for %s", s.Storm, s.Lasts)
	}
	for i, step := range s.Steps {
		text += fmt.Sprintf("\nstep %d: %s", i, step)
	}
	return text
}

// readsBack reports whether the step reads each of its writes. Half of the steps do, unless a fault affects listings.
func (s step) readsBack() bool {
	return s.Pick%2 == 0 && !slices.ContainsFunc(s.Faults, func(o order) bool { return catalogue[o.Fault].lists || catalogue[o.Fault].hides })
}

// GoString returns the text that rapid prints.
func (s schedule) GoString() string { return s.String() }

func (s schedule) budget() sandbox.RateLimit {
	limit := s.RateLimit
	if limit.Max == 0 {
		limit.Max, limit.Interval = 100, 10*time.Second
	}
	return limit
}

// uniform draws each number below n with equal probability. rapid's own numbers are usually small, so they would rarely reach
// the ends of lists.
func uniform(t *rapid.T, n int, name string) int {
	number := 0
	for _, bit := range rapid.SliceOfN(rapid.Bool(), 8, 8).Draw(t, name) {
		number *= 2
		if bit {
			number++
		}
	}
	return number % n
}

// schedules draws random schedules.
var schedules = rapid.Custom(func(t *rapid.T) schedule {
	s := schedule{
		Seed:           rapid.Uint64Max(1<<20).Draw(t, "seed"),
		Locations:      rapid.IntRange(1, 3).Draw(t, "sub-accounts"),
		MaxRetries:     rapid.SampledFrom([]int{6, 2, 0}).Draw(t, "retries"),
		RequestTimeout: rapid.SampledFrom([]string{"60s", "5s"}).Draw(t, "timeout"),
		Quirks:         quirks(t),
		Noise:          rapid.IntRange(0, 4).Draw(t, "noise"),
		OldEngine:      rapid.IntRange(0, 3).Draw(t, "old engine") == 3,
		Agency:         rapid.IntRange(0, 3).Draw(t, "agency") == 3,
	}
	if rapid.IntRange(0, 3).Draw(t, "tight") == 3 {
		s.RateLimit = sandbox.RateLimit{Max: 25, Interval: 5 * time.Second, Sliding: true}
	}
	if s.Quirks.Window > 0 { // without this, a deleted record could leave a relation that the window hides, so that no listing shows it
		s.Quirks.DeletedRecordRelations = sandbox.DeletedRelationsGone
	}
	hidden := s.Quirks.NoTotal || s.Quirks.BareLists || s.Quirks.TotalOfPage || s.Quirks.Window > 0 // no total reveals rows that a listing hides
	first := step{Edits: firstEdits(t)}
	s.Steps = append([]step{first}, rapid.SliceOfN(steps(hidden), 1, 7).Draw(t, "steps")...)
	s.Adopts = rapid.IntRange(0, 2).Draw(t, "adopts") == 2
	return s
})

func firstEdits(t *rapid.T) []edit {
	associations := rapid.SliceOfN(edits(addAssociation, addAssociation), 1, 5).Draw(t, "associations")
	others := rapid.SliceOfN(edits(addCustomValue, addCustomField), 0, 3).Draw(t, "others")
	others = append(others, rapid.SliceOfN(edits(addRecordRelations, addRecordRelations), 0, 1).Draw(t, "sets")...)
	return append(append(associations, others...), rapid.SliceOfN(edits(addRelation, addRelation), 2, 8).Draw(t, "relations")...)
}

func edits(least, most editKind) *rapid.Generator[edit] {
	return rapid.Custom(func(t *rapid.T) edit {
		return edit{least + editKind(uniform(t, int(most-least)+1, "kind")), rapid.IntRange(0, 63).Draw(t, "pick")}
	})
}

func meddlings(most meddlingKind) *rapid.Generator[meddling] {
	return rapid.Custom(func(t *rapid.T) meddling {
		return meddling{meddlingKind(uniform(t, int(most)+1, "kind")), rapid.IntRange(0, 63).Draw(t, "pick")}
	})
}

// seldom draws a list that is usually empty.
func seldom[T any](t *rapid.T, name string, g *rapid.Generator[T]) []T {
	if rapid.IntRange(0, 3).Draw(t, name+"?") < 3 {
		return nil
	}
	return rapid.SliceOfN(g, 1, 3).Draw(t, name)
}

func steps(hidden bool) *rapid.Generator[step] {
	return rapid.Custom(func(t *rapid.T) step {
		s := step{
			// Half of all runs are an ordinary apply.
			Run:     runKind(max(0, uniform(t, 2*int(runKinds), "run")-int(runKinds))),
			Pick:    rapid.IntRange(0, 63).Draw(t, "pick"),
			Edits:   rapid.SliceOfN(edits(0, editKinds-1), 0, 4).Draw(t, "edits"),
			Before:  seldom(t, "before", meddlings(meddlingKinds-1)),
			Between: seldom(t, "between", meddlings(meddlingKinds-1)),
			During:  seldom(t, "during", meddlings(lastDuringRun)),
			Faults:  rapid.SliceOfN(orders, 0, 4).Draw(t, "faults"),
		}
		switch rapid.IntRange(0, 7).Draw(t, "end") {
		case 3:
			s.Twice = true
		case 4:
			s.Misplaced = rapid.Bool().Draw(t, "misplaced")
		case 5, 6:
			s.Interrupt = moments.Draw(t, "interrupt")
		case 7:
			s.Kill = moments.Draw(t, "kill")
		}
		s.Faults = oneOnce(s.Faults)
		if hidden {
			s.Faults = revealed(s.Faults)
		}
		return s
	})
}

// moments draws times that are usually early, because most requests are sent in the first seconds.
var moments = rapid.Custom(func(t *rapid.T) time.Duration {
	return time.Duration(rapid.IntRange(1, 400).Draw(t, "ms")) * time.Duration(rapid.SampledFrom([]int{1, 1, 10, 100}).Draw(t, "times")) * time.Millisecond
})

var orders = rapid.Custom(func(t *rapid.T) order {
	class := faultClasses[uniform(t, len(faultClasses), "class")]
	f := class.faults[uniform(t, len(class.faults), "fault")]
	return order{
		Fault:    f,
		Route:    routeOf(class.routes[uniform(t, len(class.routes), "route")]),
		Location: max(0, rapid.IntRange(-6, 3).Draw(t, "sub-account")),
		After:    max(0, rapid.IntRange(-6, 4).Draw(t, "after")),
		Count:    rapid.SampledFrom([]int{1, 1, 2, 3, 7, 20, 0}).Draw(t, "count"),
		Percent:  rapid.SampledFrom([]int{0, 0, 10, 50}).Draw(t, "percent"),
	}
})

// oneOnce keeps only the first of the faults that affect one request of a run.
func oneOnce(orders []order) []order {
	met := false
	return slices.DeleteFunc(orders, func(o order) bool {
		once := catalogue[o.Fault].once
		again := once && met
		met = met || once
		return again
	})
}

// revealed keeps only one fault that hides rows, and limits it to one listing of relations. Without a total, a client cannot
// distinguish two listings with hidden rows from listings of missing objects. Also, if a listing hides associations, their keys
// look free.
func revealed(orders []order) []order {
	hiding, denied := false, false
	var kept []order
	for _, o := range orders {
		if catalogue[o.Fault].denies { // only once, because a listing may also lack the association
			if denied {
				continue
			}
			denied = true
			o.Count = 1
		}
		if catalogue[o.Fault].hides {
			if hiding {
				continue
			}
			hiding = true
			o.Count, o.Route = 1, routeOf(sandbox.RouteListRelations)
		}
		kept = append(kept, o)
	}
	return kept
}

func quirks(t *rapid.T) sandbox.Quirks {
	flag := func(name string) bool { return rapid.IntRange(0, 3).Draw(t, name) == 3 }
	return sandbox.Quirks{
		WrapObjects:                flag("wrapped objects"),
		BareLists:                  flag("bare lists"),
		UnknownFields:              flag("unknown fields"),
		RichRows:                   flag("rich rows"),
		TotalOfPage:                flag("total of the page"),
		Window:                     rapid.SampledFrom([]int{0, 0, 0, 4}).Draw(t, "window"),
		OneSided:                   flag("one-sided"),
		LabelPairFirst:             flag("labels refused first"),
		UpdateAnswer:               rapid.SampledFrom([]string{sandbox.UpdateRow, sandbox.UpdateNone, sandbox.UpdateSuccess}).Draw(t, "update answer"),
		NoTotal:                    flag("no total"),
		TotalUserDefinedOnly:       flag("total of user-defined rows"),
		SystemRows:                 rapid.SampledFrom([]string{sandbox.SystemRowsOnce, sandbox.SystemRowsFirst, sandbox.SystemRowsEveryPage}).Draw(t, "system rows"),
		PageCap:                    rapid.SampledFrom([]int{0, 2, 3, 5}).Draw(t, "page cap"),
		MissingIs404:               flag("missing is 404"),
		MissingRelationIs400:       flag("missing relation is 400"),
		DeletionAnswer:             rapid.SampledFrom([]string{sandbox.DeletionFull, sandbox.DeletionEmpty, sandbox.DeletionObject, sandbox.DeletionSuccess, sandbox.DeletionText}).Draw(t, "deletion answer"),
		KeepSides:                  flag("sides are kept"),
		LabelsStay:                 rapid.Bool().Draw(t, "labels stay"),
		ReversedPairAllowed:        flag("reversed pair allowed"),
		DeletedRecordListing:       rapid.SampledFrom([]string{sandbox.DeletedListingEmpty, sandbox.DeletedListing404, sandbox.DeletedListing400}).Draw(t, "deleted record"),
		DeletedRecordRelations:     rapid.SampledFrom([]string{sandbox.DeletedRelationsLeft, sandbox.DeletedRelationsGone}).Draw(t, "its relations"),
		ListingLag:                 time.Duration(rapid.SampledFrom([]int{0, 0, 2, 20}).Draw(t, "lag")) * time.Second,
		RelationsWithoutObjectKeys: flag("relations without object keys"),
		FullFoldersGo:              true, // if false, fields that others created would prevent the deletion of a folder
		MaxObjects:                 1000, // others may create many objects
		TakenObjectKeysSuffixed:    flag("taken object keys suffixed"),
		FoldersWrapped:             flag("folders wrapped"),
		MissingKindIs400:           flag("missing kind is 400"),
		CreateValueIs200:           flag("created value is 200"),
		DuplicateValueNames:        rapid.SampledFrom([]string{sandbox.ValueNamesAllowed, sandbox.ValueNamesSuffixed, sandbox.ValueNamesRefused}).Draw(t, "value names"),
	}
}

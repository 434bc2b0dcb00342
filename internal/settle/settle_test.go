package settle_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/settle"
)

var (
	errLost    = &ghl.Error{Kind: ghl.Unavailable, Ambiguous: true}
	errTaken   = &ghl.Error{Kind: ghl.Duplicate}
	errRefused = &ghl.Error{Kind: ghl.InvalidRecord}
	errRead    = &ghl.Error{Kind: ghl.Forbidden}
	errForeign = errors.New("the object is somebody else's")
	errMet     = errors.New("the object already exists")
)

// say is one answer: a row, "not found", or an error.
type say struct {
	row string
	err error
}

// script returns its answers in order, and then repeats the last one.
func script(name string, log *[]string, answers ...say) func(context.Context) (string, bool, error) {
	return func(ctx context.Context) (string, bool, error) {
		*log = append(*log, name)
		if ctx.Err() != nil {
			return "", false, context.Cause(ctx)
		}
		answer := answers[0]
		if len(answers) > 1 {
			answers = answers[1:]
		}
		return answer.row, answer.row != "", answer.err
	}
}

func TestCreate(t *testing.T) {
	for name, c := range map[string]struct {
		posts, finds []say
		proofs       []say // nil: there is no ProveAbsent
		lag          time.Duration
		row          string
		err          error
		unknown      bool // whether the outcome is unknown
		calls        []string
		waited       time.Duration
	}{
		"an answer":             {posts: []say{{row: "new"}}, row: "new", calls: []string{"post"}},
		"refused":               {posts: []say{{err: errRefused}}, err: errRefused, calls: []string{"post"}},
		"taken":                 {posts: []say{{err: errTaken}}, err: errMet, calls: []string{"post", "met"}},
		"lost, but carried out": {posts: []say{{err: errLost}}, finds: []say{{row: "new"}}, row: "new", calls: []string{"post", "find"}},
		"lost, and not carried out": {
			posts: []say{{err: errLost}, {row: "new"}}, finds: []say{{}}, row: "new",
			calls: []string{"post", "find", "post"}, waited: time.Second,
		},
		"lost, and the object is somebody else's": {posts: []say{{err: errLost}}, finds: []say{{row: "foreign"}}, err: errForeign, calls: []string{"post", "find"}},
		"lost, and the outcome is unknown":        {posts: []say{{err: errLost}}, finds: []say{{err: errRead}}, err: errRead, unknown: true, calls: []string{"post", "find"}},
		"lost each time": {
			posts: []say{{err: errLost}}, finds: []say{{}}, err: errLost,
			calls: []string{"post", "find", "post", "find", "post", "find"}, waited: 3 * time.Second,
		},
		"answered with an old row": {posts: []say{{row: "old"}, {row: "new"}}, finds: []say{{}}, row: "new", calls: []string{"post", "find", "post"}, waited: time.Second},
		"lost, listed late": {
			posts: []say{{err: errLost}}, finds: []say{{}, {}, {row: "new"}}, lag: 30 * time.Second, row: "new",
			calls: []string{"post", "find", "find", "find"}, waited: 3 * time.Second,
		},
		"lost, proved absent after the lag": {
			posts: []say{{err: errLost}, {row: "new"}}, finds: []say{{}}, proofs: []say{{}}, lag: 3 * time.Second, row: "new",
			calls: []string{"post", "find", "find", "find", "prove", "post"}, waited: 4 * time.Second,
		},
		"lost, found by ProveAbsent": {
			posts: []say{{err: errLost}}, finds: []say{{}}, proofs: []say{{row: "new"}}, row: "new",
			calls: []string{"post", "find", "prove"},
		},
		"lost, and ProveAbsent fails": {
			posts: []say{{err: errLost}}, finds: []say{{}}, proofs: []say{{err: errRead}}, err: errRead, unknown: true,
			calls: []string{"post", "find", "prove"},
		},
		"sent again, but the first one was carried out": {
			posts: []say{{err: errLost}, {err: errTaken}}, finds: []say{{}, {}, {row: "new"}}, row: "new",
			calls: []string{"post", "find", "post", "find", "find"}, waited: 2 * time.Second,
		},
		"sent again, taken, and never found": {
			posts: []say{{err: errLost}, {err: errTaken}}, finds: []say{{}}, err: errTaken, unknown: true,
			calls:  []string{"post", "find", "post", "find", "find", "find", "find", "find", "find", "find"}, // after 1, 3, 7, 15, 23 and 30 s
			waited: 31 * time.Second,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var calls []string
				begun := time.Now()
				create := scripted(&calls, c.posts, append(c.finds, say{})[:max(1, len(c.finds))], c.proofs)
				create.Lag = c.lag
				row, err := create.Do(t.Context())
				if row != c.row && err == nil || !errors.Is(err, c.err) {
					t.Errorf("%q, %v, want %q, %v", row, err, c.row, c.err)
				}
				if _, unknown := errors.AsType[*settle.UnknownOutcomeError](err); unknown != c.unknown {
					t.Errorf("the outcome is unknown: %t, want %t (%v)", unknown, c.unknown, err)
				}
				if !slices.Equal(calls, c.calls) {
					t.Errorf("calls %v, want %v", calls, c.calls)
				}
				if waited := time.Since(begun); waited != c.waited {
					t.Errorf("it took %s, want %s", waited, c.waited)
				}
			})
		})
	}
}

// scripted returns a create that is sent at most three times.
func scripted(calls *[]string, posts, finds, proofs []say) settle.Create[string] {
	post := script("post", calls, posts...)
	create := settle.Create[string]{
		Clock: ghl.SystemClock(), Posts: 3,
		Post: func(ctx context.Context) (string, error) {
			row, _, err := post(ctx)
			return row, err
		},
		CheckNew: func(row string) error {
			if row == "old" {
				return fmt.Errorf("the row is old")
			}
			return nil
		},
		Taken: ghl.IsDuplicate,
		Find:  script("find", calls, finds...),
		Adopt: func(row string) (string, error) {
			if row == "foreign" {
				return row, errForeign
			}
			return row, nil
		},
		NameExisting: func(context.Context, error) error {
			*calls = append(*calls, "met")
			return errMet
		},
	}
	if proofs != nil {
		create.ProveAbsent = script("prove", calls, proofs...)
	}
	return create
}

// After an interrupt, the lookup of a sent create continues, but the create is not sent
// again.
func TestCreateInterrupted(t *testing.T) {
	for name, c := range map[string]struct {
		found string
		err   error
		calls []string
	}{
		"carried out":     {"new", nil, []string{"post", "find", "find", "find"}},
		"not carried out": {"", errLost, []string{"post", "find", "find", "find"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, interrupt := context.WithCancel(t.Context())
				var calls []string
				create := scripted(&calls, []say{{err: errLost}}, []say{{}, {}, {row: c.found}}, nil)
				create.Lag = 3 * time.Second
				time.AfterFunc(time.Millisecond, interrupt)
				row, err := create.Do(ctx)
				if row != c.found || !errors.Is(err, c.err) || !slices.Equal(calls, c.calls) {
					t.Errorf("%q, %v, calls %v, want %q, %v, %v", row, err, calls, c.found, c.err, c.calls)
				}
			})
		})
	}
}

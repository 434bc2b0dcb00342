package store

import (
	"cmp"
	"slices"
	"sync"
)

const (
	atOnce    = 10 // maximum number of concurrent calls of one operation, which also wait for the rate limiter
	tolerated = 10 // failures after which an operation starts no more calls
)

// forEach calls do for each id, several at a time, and returns the ids that succeeded,
// sorted. After many failures, for example because of an interrupt, it starts no more
// calls. The error is a *PartError.
func forEach(ids []string, do func(i int) error) (done []string, err error) {
	w := &work{ids: ids}
	var workers sync.WaitGroup
	for range min(atOnce, len(ids)) {
		workers.Go(func() {
			for i, ok := w.begin(); ok; i, ok = w.begin() {
				w.end(i, do(i))
			}
		})
	}
	workers.Wait()
	slices.Sort(w.done)
	if len(w.done) == len(ids) {
		return w.done, nil
	}
	slices.SortFunc(w.failed, func(a, b RelatedError) int { return cmp.Compare(a.RelatedID, b.RelatedID) })
	return w.done, &PartError{Failed: w.failed, Undone: len(ids) - len(w.done)}
}

// work is the progress of one forEach.
type work struct {
	ids []string

	mu     sync.Mutex
	begun  int
	done   []string
	failed []RelatedError
}

func (w *work) begin() (i int, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.begun == len(w.ids) || len(w.failed) >= tolerated {
		return 0, false
	}
	w.begun++
	return w.begun - 1, true
}

func (w *work) end(i int, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil {
		w.failed = append(w.failed, RelatedError{w.ids[i], err})
		return
	}
	w.done = append(w.done, w.ids[i])
}

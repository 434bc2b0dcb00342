package ghl

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// A call that all callers have given up ends, and gives nothing to the next caller, even
// while it is still ending.
func TestFlightGivenUpByAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var shared Flight[string]
		slow := func(ctx context.Context) (string, error) {
			<-ctx.Done()
			time.Sleep(time.Second)
			return "slow", nil
		}
		hasty, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		if got, err := shared.Do(hasty, slow); got != "" || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %q, %v", got, err)
		}
		fresh := func(context.Context) (string, error) {
			time.Sleep(2 * time.Second) // and the slow one ends meanwhile
			return "fresh", nil
		}
		for range 2 {
			if got, err := shared.Do(t.Context(), fresh); got != "fresh" || err != nil {
				t.Errorf("got %q, %v; want a call of its own", got, err)
			}
		}
	})
}

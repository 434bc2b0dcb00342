package ghl

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// If all callers give up, the call is cancelled. The next caller starts a new call, even if the
// cancelled call has not returned yet.
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
			time.Sleep(2 * time.Second) // the cancelled call returns in the meantime
			return "fresh", nil
		}
		for range 2 {
			if got, err := shared.Do(t.Context(), fresh); got != "fresh" || err != nil {
				t.Errorf("got %q, %v; want the result of a new call", got, err)
			}
		}
	})
}

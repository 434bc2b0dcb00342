package ghl

import (
	"testing"
	"time"
)

// Time passes on a real clock between two looks at it: that is no wait.
func TestUsageOfCallsThatNeedNotWait(t *testing.T) {
	t.Parallel()
	clock := newFakeClock().clock()
	now := clock.Now()
	client := newTestClient(t, answering(200, associationJSON), func(c *Config) {
		c.Clock = clock
		c.Clock.Now = func() time.Time {
			now = now.Add(time.Microsecond)
			return now
		}
	})
	for range 3 {
		if err := readAssociation(t.Context(), client); err != nil {
			t.Fatal(err)
		}
	}
	if got := client.Usage()[0]; got.Requests != 3 || got.Waits != 0 || got.Waited != 0 {
		t.Errorf("got %+v, want three requests without a wait", got)
	}
}

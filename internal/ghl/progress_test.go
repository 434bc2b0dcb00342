package ghl

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"
)

// Every ten seconds, the log shows at INFO how many sub-accounts are done, are waiting or
// have failed. Runs that take less than ten seconds and calls about the agency log no
// progress.
func TestProgress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		answers := map[string]chan error{"a": make(chan error), "b": make(chan error), "c": make(chan error), "": make(chan error, 9)}
		next := func(_ context.Context, r request) (response, error) { return response{}, <-answers[r.locationID] }
		handler := reported(next, Config{
			Clock:  SystemClock(),
			Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelInfo, ReplaceAttr: timeless})),
		})
		call := func(locationID string) {
			go func() { _, _ = handler(t.Context(), request{locationID: locationID}) }()
			synctest.Wait()
		}
		end := func(locationID string, err error) {
			answers[locationID] <- err
			synctest.Wait()
		}
		tells := func(want string) {
			t.Helper()
			if got := log.String(); got != want {
				t.Errorf("the log says %q, want %q", got, want)
			}
			log.Reset()
		}

		call("a")
		call("b")
		call("c")
		time.Sleep(9 * time.Second)
		end("a", nil)
		tells("")
		time.Sleep(time.Second)
		end("b", &Error{Kind: Unauthorized})
		tells("level=INFO msg=\"progress, in sub-accounts\" done=1 waiting=1 failed=1\n")
		call("b")
		time.Sleep(9 * time.Second)
		end("b", &Error{Kind: NotFound}) // a 404 counts as done
		tells("")
		time.Sleep(time.Second)
		end("", errors.New("the agency's affair"))
		call("")
		tells("")
		end("c", nil)
		tells("level=INFO msg=\"progress, in sub-accounts\" done=3 waiting=0 failed=0\n")
	})
}

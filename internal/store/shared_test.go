package store_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// refusing is a server that answers every call with a 429.
type refusing struct{ retryAfter string }

func (r refusing) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: http.StatusTooManyRequests,
		Header:     http.Header{"Retry-After": {r.retryAfter}},
		Body:       io.NopCloser(strings.NewReader(`{"message":"Too many, come back later"}`)),
	}, nil
}

// Reads that share the request for a page wait until the latest of their deadlines. If a
// 429 lasts longer than that, all these reads fail at once, with the server's message.
func TestSharedPageOutlastsNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, sandbox.Quirks{})
		f.useTransport(refusing{"3600"})
		begun := time.Now()
		var reads sync.WaitGroup
		for _, patience := range []time.Duration{10 * time.Minute, 20 * time.Minute, time.Minute} {
			reads.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				defer cancel()
				_, err := f.Associations(ctx, school)
				if ghl.KindOf(err) != ghl.RateLimited || !strings.Contains(err.Error(), "Too many, come back later") {
					t.Errorf("got %v", err)
				}
			})
		}
		reads.Wait()
		if took := time.Since(begun); took != 0 {
			t.Errorf("it took %s", took)
		}
	})
}

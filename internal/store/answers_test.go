package store_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// Callers that look up the same thing at the same time share one call. If a caller gives
// up, the call continues for the others. The answer is cached, but an error is not.
func TestAnswersAreShared(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		ask  func(ctx context.Context, f *fixture) (string, error)
		want string
	}{
		"the association of a key": {func(ctx context.Context, f *fixture) (string, error) { return f.AssociationID(ctx, school, "key_1") }, "kind-1"},
		"a record of an object":    {func(ctx context.Context, f *fixture) (string, error) { return f.Record(ctx, petNamed("Rex"), 0) }, "pet-1"},
		"a contact": {func(ctx context.Context, f *fixture) (string, error) {
			return f.Record(ctx, contactWith("ann@example.com", ""), 0)
		}, "contact-1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := kennel(t, sandbox.Quirks{})
				f.addAssociations(2)
				f.addPets("Rex")
				f.sb.AddRecord(school, "contact-1", "", map[string]any{"email": "ann@example.com"})
				f.sb.AddFault(sandbox.Fault{Effect: sandbox.Status(503)})
				for range 2 {
					_, err := test.ask(t.Context(), f)
					wantKind(t, err, ghl.Unavailable)
				}
				f.recover()
				f.sb.ResetRequests()
				f.sb.SetLatency(10 * time.Second)
				begun := time.Now()
				parallel(20, func(i int) {
					ctx, cancel := context.WithTimeout(t.Context(), time.Duration(1+19*(i%2))*time.Second) // every other caller gives up
					defer cancel()
					id, err := test.ask(ctx, f)
					if i%2 == 0 {
						wantIs(t, err, context.DeadlineExceeded)
					} else if err != nil || id != test.want {
						t.Errorf("got %q, %v; want %s", id, err, test.want)
					}
				})
				wantWaited(t, begun, 10*time.Second)
				if id, err := test.ask(t.Context(), f); err != nil || id != test.want {
					t.Errorf("again: got %q, %v; want %s", id, err, test.want)
				}
				wantWaited(t, begun, 10*time.Second)
				f.wantCount("", 1)
			})
		})
	}
}

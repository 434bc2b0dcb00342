package provider

import (
	"context"
	"runtime"
	"sync/atomic"
	"testing"
	"weak"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// luggage stands for what an engine's call carries in its context: loggers.
type luggage struct{ loggers [1 << 10]byte }

type luggageKey struct{}

// served makes one call that an engine makes for each resource, and tells whether
// its context can be forgotten afterwards.
func served(t *testing.T, server tfprotov6.ProviderServer) (forgotten bool) {
	t.Helper()
	kept := func() weak.Pointer[luggage] {
		carried := &luggage{}
		ctx, cancel := context.WithCancel(context.WithValue(context.Background(), luggageKey{}, carried))
		defer cancel()
		answer, err := server.ValidateResourceConfig(ctx, &tfprotov6.ValidateResourceConfigRequest{TypeName: "ghl_nothing"})
		if err != nil || len(answer.Diagnostics) != 1 {
			t.Fatalf("got %v, %v, want the refusal of a type that does not exist", answer, err)
		}
		carried.loggers[0]++ // it is used until here
		return weak.Make(carried)
	}()
	for range 10 {
		runtime.GC()
	}
	return kept.Value() == nil
}

func TestServerReleasesContexts(t *testing.T) {
	t.Parallel()
	framework := func() tfprotov6.ProviderServer { return providerserver.NewProtocol6(New("test")())() }
	bare := framework()
	if served(t, bare) {
		t.Error("the framework's server releases contexts by itself: callServer need not release them")
	}
	runtime.KeepAlive(bare)
	wrapped := attended(framework(), &atomic.Int64{})
	if !served(t, wrapped) {
		t.Error("a context is kept after its call has ended")
	}
	runtime.KeepAlive(wrapped)
}

// While a call runs, its context is the engine's in every respect; afterwards it has
// ended.
func TestServerHandsContextsOn(t *testing.T) {
	t.Parallel()
	parent, cancel := context.WithCancel(context.WithValue(t.Context(), luggageKey{}, "here"))
	defer cancel()
	handed := make(chan context.Context, 1)
	_, err := call(parent, &atomic.Int64{}, func(ctx context.Context, _ int) (int, error) {
		handed <- ctx
		inner, stop := context.WithCancel(ctx)
		defer stop()
		if inner.Err() != nil || inner.Value(luggageKey{}) != "here" {
			t.Errorf("the context is not the engine's: %v", inner)
		}
		cancel()
		<-inner.Done()
		return 0, nil
	}, 0)
	if err != nil {
		t.Error(err)
	}
	if after := <-handed; after.Err() == nil || after.Value(luggageKey{}) != nil {
		t.Error("the context outlives its call")
	}
}

// An engine that cannot list would find no list resources.
func TestServerStillLists(t *testing.T) {
	t.Parallel()
	if _, ok := attended(providerserver.NewProtocol6(New("test")())(), &atomic.Int64{}).(tfprotov6.ProviderServerWithListResource); !ok { //nolint:staticcheck // how the SDK asks, until every server lists
		t.Error("the wrapped server does not list")
	}
}

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

// luggage represents the loggers that the context of an engine's call contains.
type luggage struct{ loggers [1 << 10]byte }

type luggageKey struct{}

// served makes a call that an engine makes for each resource, and reports whether the context of the call is released
// afterwards.
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
		carried.loggers[0]++ // keeps carried alive until the call has ended
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

// During a call, its context has the values and the cancellation of the engine's context. After the call, it is canceled and
// has no values.
func TestServerHandsContextsOn(t *testing.T) {
	t.Parallel()
	parent, cancel := context.WithCancel(context.WithValue(t.Context(), luggageKey{}, "here"))
	defer cancel()
	handed := make(chan context.Context, 1)
	_, err := call(parent, callServer{underWay: &atomic.Int64{}}, func(ctx context.Context, _ int) (int, error) {
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

// callServer does not handle functions, actions and state stores. The test fails if the provider gets a function, an action or
// a state store.
func TestServerServesWhatIsRegistered(t *testing.T) {
	t.Parallel()
	served, err := NewServer("test")().GetMetadata(t.Context(), &tfprotov6.GetMetadataRequest{})
	if err != nil || len(served.Resources) == 0 || len(served.ListResources) == 0 {
		t.Fatalf("got %v, %v", served, err)
	}
	if len(served.Functions)+len(served.Actions)+len(served.StateStores) > 0 {
		t.Error("the provider has functions, actions or state stores: add their interface to protocol, and their calls to server_calls.go")
	}
	if _, ok := NewServer("test")().(protocol); !ok {
		t.Error("the wrapped server does not implement protocol")
	}
}

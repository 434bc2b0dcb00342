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

// luggage represents what an engine's call carries in its context: loggers.
type luggage struct{ loggers [1 << 10]byte }

type luggageKey struct{}

// served makes one call that an engine makes for each resource, and reports whether
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

// callServer hides the calls of actions and state stores, and attends to no function: the
// provider has none of them.
func TestServerServesWhatIsRegistered(t *testing.T) {
	t.Parallel()
	served, err := NewServer("test")().GetMetadata(t.Context(), &tfprotov6.GetMetadataRequest{})
	if err != nil || len(served.Resources) == 0 || len(served.ListResources) == 0 {
		t.Fatalf("got %v, %v", served, err)
	}
	if len(served.Functions)+len(served.Actions)+len(served.StateStores) > 0 {
		t.Error("the provider has a new kind of thing: add its interface to protocol, and its calls to server_calls.go")
	}
	if _, ok := NewServer("test")().(protocol); !ok {
		t.Error("the wrapped server hides what the provider serves")
	}
}

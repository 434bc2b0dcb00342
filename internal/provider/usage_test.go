package provider

import (
	"runtime"
	"testing"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// With -debug, one process serves many plans, and must release the stores of earlier plans.
func TestUsageKeepsNothingForEver(t *testing.T) {
	t.Parallel()
	const configurations = 100
	var used usage
	collected := make(chan struct{}, configurations)
	for range configurations {
		client, err := ghl.New(ghl.Config{AccessToken: "pit-x", UserAgent: "test"})
		if err != nil {
			t.Fatal(err)
		}
		data := &providerData{client: client, store: store.New(client, ghl.SystemClock())}
		runtime.AddCleanup(data.store, func(int) { collected <- struct{}{} }, 0)
		used.of(data)
	}
	deadline := time.After(time.Minute)
	for n := 0; n < configurations-1; {
		select {
		case <-collected:
			n++
		case <-deadline:
			t.Fatalf("%d of %d stores are released", n, configurations)
		default:
			runtime.GC()
		}
	}
	runtime.KeepAlive(&used)
}

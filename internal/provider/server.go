package provider

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// protocol contains the interfaces that the provider serves. The framework's server also
// has interfaces for actions and state stores, which the provider does not have. The
// engine can use only the interfaces that are listed here.
type protocol interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
}

// NewServer returns a constructor of the provider's server, which an engine connects to.
func NewServer(version string, options ...Option) func() tfprotov6.ProviderServer {
	return newServer(&atomic.Int64{}, version, options...)
}

// newServer is like NewServer, but counts the calls under way in underWay.
func newServer(underWay *atomic.Int64, version string, options ...Option) func() tfprotov6.ProviderServer {
	newProvider := New(version, options...)
	return func() tfprotov6.ProviderServer {
		return attended(providerserver.NewProtocol6(newProvider())(), underWay)
	}
}

// callServer handles the calls in server_calls.go, and forwards all other calls to the
// framework.
//
// callServer passes the framework a context that releases its parent when the call ends.
// terraform-plugin-framework 1.19 (registerContext in internal/proto6server/serve.go)
// keeps the cancel function of every call until the process ends. As a result, the call's
// context and all its loggers stay in memory: 11 KB for each resource and call, 600 MB at
// 5,000 resources. When TestServerReleasesContexts shows that the framework's own server
// releases contexts, callContext can be removed.
//
// callServer also makes the diagnostics of every answer harmless, and counts the calls
// under way.
type callServer struct {
	protocol

	underWay *atomic.Int64
}

func attended(server tfprotov6.ProviderServer, underWay *atomic.Int64) tfprotov6.ProviderServer {
	if whole, ok := server.(protocol); ok {
		return callServer{whole, underWay}
	}
	return server
}

// call runs one call of the engine, and then releases the context of the call.
func call[Request, Response any](
	ctx context.Context, s callServer, method func(context.Context, Request) (Response, error), request Request,
) (Response, error) {
	s.underWay.Add(1)
	defer s.underWay.Add(-1)
	released := &callContext{}
	released.parent.Store(&ctx)
	defer released.parent.Store(&ended)
	response, err := method(released, request)
	makeHarmless(diagnosticsOf(response))
	return response, err
}

// callContext behaves like its parent until the call ends, and then like a canceled
// context.
type callContext struct {
	parent atomic.Pointer[context.Context]
}

var ended = func() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}()

func (c *callContext) Deadline() (time.Time, bool) { return (*c.parent.Load()).Deadline() }
func (c *callContext) Done() <-chan struct{}       { return (*c.parent.Load()).Done() }
func (c *callContext) Err() error                  { return (*c.parent.Load()).Err() }
func (c *callContext) Value(key any) any           { return (*c.parent.Load()).Value(key) }

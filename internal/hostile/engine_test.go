package hostile_test

import (
	"bytes"
	"context"
	"os"
	"runtime/debug"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-log/tflogtest"
	"github.com/hashicorp/terraform-plugin-log/tfsdklogtest"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/provider"
)

// instance is what an engine stores about a resource.
type instance struct {
	kind     string
	value    tftypes.Value
	private  []byte
	identity *tfprotov6.ResourceIdentityData
}

// log collects log output.
type log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements [io.Writer].
func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// run is one process of the provider, with everything that the provider returned to the engine.
type run struct {
	server tfprotov6.ProviderServer
	ctx    context.Context //nolint:containedctx // ends with the process
	wire   *wire
	log    *log

	diagnostics []*tfprotov6.Diagnostic
	results     []tftypes.Value // states, data and listed resources
	identities  []tftypes.Value
	accounts    []tftypes.Value // lists of an agency's sub-accounts
	others      []string        // display names of listed objects, and private state
	dropped     bool            // a refresh removed a resource from the state
	panicked    string
}

func newRun(ctx context.Context, w *world, e entry) *run {
	r := &run{wire: newWire(w, e), log: &log{}}
	r.ctx = tfsdklogtest.RootLogger(tflogtest.RootLogger(ctx, r.log), r.log)
	r.server = provider.NewServer("test", provider.WithTransport(r.wire))()
	return r
}

// environment guards the environment variables, which Configure reads. All entries share these variables, so entries
// that set any take turns.
var environment sync.RWMutex

// configure configures the provider. It returns false if the provider returns an error.
func (r *run) configure(settings given, variables map[string]string) bool {
	config := encode(schemas().provider, settings.object(schemas().provider))
	if len(variables) == 0 {
		environment.RLock()
		defer environment.RUnlock()
	} else {
		environment.Lock()
		defer environment.Unlock()
		for name, value := range variables {
			must(os.Setenv(name, value))
			defer func() { must(os.Unsetenv(name)) }()
		}
	}
	valid, err := r.server.ValidateProviderConfig(r.ctx, &tfprotov6.ValidateProviderConfigRequest{Config: config})
	must(err)
	if !r.heard(valid.Diagnostics) {
		return false
	}
	answer, err := r.server.ConfigureProvider(r.ctx, &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.15.8", Config: config})
	must(err)
	return r.heard(answer.Diagnostics)
}

// heard records diagnostics. It returns false if any of the diagnostics is an error.
func (r *run) heard(diagnostics []*tfprotov6.Diagnostic) bool {
	r.diagnostics = append(r.diagnostics, diagnostics...)
	return !slices.ContainsFunc(diagnostics, isError)
}

func isError(d *tfprotov6.Diagnostic) bool { return d.Severity == tfprotov6.DiagnosticSeverityError }

// failed reports whether the engine got an error.
func (r *run) failed() bool { return slices.ContainsFunc(r.diagnostics, isError) }

// do runs the engine operation of a verb. If the provider panics, do records the stack.
func (r *run) do(v verb, e entry, fill func(string) string) {
	defer func() {
		if p := recover(); p != nil {
			if missing, ok := p.(missingAttribute); ok {
				panic(missing)
			}
			r.panicked = string(debug.Stack())
		}
	}()
	operations[v](r, e, fill)
}

func (r *run) read(i instance) {
	answer, err := r.server.ReadResource(r.ctx, &tfprotov6.ReadResourceRequest{
		TypeName: i.kind, CurrentState: encode(schemas().resources[i.kind], i.value), Private: i.private, CurrentIdentity: i.identity,
	})
	must(err)
	r.heard(answer.Diagnostics)
	r.dropped = r.dropped || decode(schemas().resources[i.kind], answer.NewState).IsNull()
	r.keep(i.kind, answer.NewState, answer.Private, answer.NewIdentity)
}

// keep records the values that an engine would write to a state.
func (r *run) keep(kind string, state *tfprotov6.DynamicValue, private []byte, identity *tfprotov6.ResourceIdentityData) instance {
	i := instance{kind: kind, value: decode(schemas().resources[kind], state), private: private, identity: identity}
	r.results = append(r.results, i.value)
	r.others = append(r.others, string(private))
	if identity != nil {
		r.identities = append(r.identities, decode(schemas().identity[kind], identity.IdentityData))
	}
	return i
}

// bring imports and reads a resource. The returned instance has no value if the import failed.
func (r *run) bring(kind, id string) instance {
	answer, err := r.server.ImportResourceState(r.ctx, &tfprotov6.ImportResourceStateRequest{TypeName: kind, ID: id})
	must(err)
	if !r.heard(answer.Diagnostics) {
		return instance{kind: kind}
	}
	imported := answer.ImportedResources[0]
	i := r.keep(kind, imported.State, imported.Private, imported.Identity)
	r.read(i)
	if last := r.results[len(r.results)-1]; !last.IsNull() {
		i.value = last
	}
	return i
}

// change plans and applies a config. A null config destroys the resource.
func (r *run) change(prior instance, config tftypes.Value) {
	kind := schemas().resources[prior.kind]
	proposed := config
	if !config.IsNull() {
		valid, err := r.server.ValidateResourceConfig(r.ctx, &tfprotov6.ValidateResourceConfigRequest{TypeName: prior.kind, Config: encode(kind, config)})
		must(err)
		if !r.heard(valid.Diagnostics) {
			return
		}
		proposed = merged(prior.kind, prior.value, config)
	}
	plan, err := r.server.PlanResourceChange(r.ctx, &tfprotov6.PlanResourceChangeRequest{
		TypeName: prior.kind, PriorState: encode(kind, prior.value), ProposedNewState: encode(kind, proposed),
		Config: encode(kind, config), PriorPrivate: prior.private, PriorIdentity: prior.identity,
	})
	must(err)
	if !r.heard(plan.Diagnostics) {
		return
	}
	answer, err := r.server.ApplyResourceChange(r.ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: prior.kind, PriorState: encode(kind, prior.value), PlannedState: plan.PlannedState,
		Config: encode(kind, config), PlannedPrivate: plan.PlannedPrivate, PlannedIdentity: plan.PlannedIdentity,
	})
	must(err)
	r.heard(answer.Diagnostics)
	r.keep(prior.kind, answer.NewState, answer.Private, answer.NewIdentity)
}

package faults_test

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/ghl"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/provider"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// process is one run of the provider. An engine starts a new process for each plan and for each apply. A process has no data
// from earlier processes.
type process struct {
	w      *world
	wire   *wire
	ctx    context.Context //nolint:containedctx // ends with the process
	stop   context.CancelFunc
	server tfprotov6.ProviderServer
	state  *state // the state that an apply in this process changes

	mu      sync.Mutex
	stopped time.Time // time of the interrupt or kill; zero if neither happened
}

// newProcess starts the provider and configures it for all sub-accounts.
func (w *world) newProcess() *process {
	ctx, stop := context.WithCancel(context.Background())
	p := &process{
		w: w, ctx: ctx, stop: stop,
		wire: &wire{seed: w.schedule.Seed, next: w.sandbox.Transport(), counts: map[string]int{}},
	}
	clock := ghl.SystemClock() // the time is virtual, because this runs in a synctest bubble
	clock.Jitter = func() float64 { return 0.4 }
	p.server = provider.NewServer("test", provider.WithTransport(p.wire), provider.WithClock(clock))()
	w.configure(ctx, p.server)
	w.processes = append(w.processes, p)
	return p
}

func (w *world) configure(ctx context.Context, server tfprotov6.ProviderServer) {
	given := map[string]tftypes.Value{
		"location_id":     text(home),
		"base_url":        text("https://sandbox.invalid"),
		"max_retries":     tftypes.NewValue(tftypes.Number, w.schedule.MaxRetries),
		"request_timeout": text(w.schedule.RequestTimeout),
	}
	if w.schedule.Adopts {
		given["existing_objects"] = text("adopt_identical")
	}
	if w.schedule.Agency {
		given["company_id"], given["agency_access_token"] = text(company), text(companyToken)
	} else {
		given["location_access_tokens"] = w.tokens()
	}
	config := objectValue(schemas().provider, given)
	answer, err := server.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{
		TerraformVersion: "1.15.8", Config: encode(schemas().provider, config),
	})
	must(err)
	for _, d := range answer.Diagnostics {
		panic(d.Summary + ": " + d.Detail)
	}
}

// tokens returns the tokens of all sub-accounts. If misplaced is set, each sub-account has the token of the next sub-account.
func (w *world) tokens() tftypes.Value {
	tokens := map[string]tftypes.Value{}
	for i, location := range w.locations {
		tokens[location] = text(tokenOf(location))
		if w.misplaced {
			tokens[location] = text(tokenOf(w.locations[(i+1)%len(w.locations)]))
		}
	}
	return tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, tokens)
}

// interrupt acts like an engine that receives SIGINT: no other operation starts, and the contexts of running operations end.
func (p *process) interrupt() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stopped = time.Now()
	p.stop()
}

// kill ends the process. After that, the process sends no requests and receives no answers.
func (p *process) kill() {
	p.wire.kill()
	p.interrupt()
}

func (p *process) stoppedAt() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.stopped
}

// call is one call to the provider that can make requests.
type call struct {
	id         int
	verb       string // Import, Read, Plan, Create, Update or Delete
	process    *process
	address    string
	kind       *resourceType
	where      string        // the sub-account
	value      tftypes.Value // the prior state, or the planned state if there is no prior state
	wanted     tftypes.Value // the planned state of a change, or the configuration of a plan
	before     map[string]bool
	failure    []*tfprotov6.Diagnostic // its errors
	warnings   []*tfprotov6.Diagnostic
	labelsLeft bool   // the call warned that labels could not be corrected
	created    string // id of the object that a create returned
	begun      time.Time
	lasted     time.Duration
}

func (p *process) begin(verb, address string, kind *resourceType, where string, value tftypes.Value) (*call, context.Context) {
	c := &call{verb: verb, process: p, address: address, kind: kind, where: where, value: p.w.underItsAssociation(where, value), begun: time.Now()}
	p.w.enter(c)
	return c, context.WithValue(p.ctx, callKey{}, c)
}

// ended records the diagnostics of a call. It returns false if there were errors, or if the process was killed, so that nobody
// receives the answer.
func (c *call) ended(diagnostics []*tfprotov6.Diagnostic) bool {
	c.lasted = time.Since(c.begun)
	for _, d := range diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			c.failure = append(c.failure, d)
		} else {
			c.warnings = append(c.warnings, d)
		}
		c.labelsLeft = c.labelsLeft || d.Summary == "Unable to Label Association"
	}
	return len(c.failure) == 0 && !c.process.wire.killed()
}

func (p *process) read(address string, i *instance) (*instance, bool) {
	c, ctx := p.begin("Read", address, i.kind, i.location, i.value)
	wasLive := p.w.canBeFound(i)
	before := map[string]sandbox.Relation{}
	if i.kind.kind == sets {
		before = p.w.rows(setIn(i.location, c.value))
	}
	answer, err := p.server.ReadResource(ctx, &tfprotov6.ReadResourceRequest{
		TypeName: i.kind.name, CurrentState: encode(i.kind.object, i.value), Private: i.private, CurrentIdentity: i.identity,
	})
	must(err)
	if !c.ended(answer.Diagnostics) {
		return i, false
	}
	after := *i
	after.value, after.private, after.identity = decode(i.kind.object, answer.NewState), answer.Private, p.kept(answer.NewIdentity)
	if i.kind.kind == sets {
		p.w.noLiveRelationIsDropped(c, before, after.value)
	}
	if after.value.IsNull() {
		p.w.noLiveObjectIsDropped(c, wasLive && p.w.canBeFound(i))
		return nil, true
	}
	return &after, true
}

// kept returns the identity that the engine stores. An old engine stores none.
func (p *process) kept(identity *tfprotov6.ResourceIdentityData) *tfprotov6.ResourceIdentityData {
	if p.w.schedule.OldEngine {
		return nil
	}
	return identity
}

// importInstance imports like an engine: with one call that makes no request, followed by a read.
func (p *process) importInstance(address string, kind *resourceType, location, id string, identity *tfprotov6.ResourceIdentityData) (*instance, bool) {
	c, ctx := p.begin("Import", address, kind, location, kind.null())
	answer, err := p.server.ImportResourceState(ctx, &tfprotov6.ImportResourceStateRequest{TypeName: kind.name, ID: id, Identity: identity})
	must(err)
	if !c.ended(answer.Diagnostics) {
		return nil, false
	}
	imported := answer.ImportedResources[0]
	i, ok := p.read(address, &instance{
		kind: kind, location: location,
		value: decode(kind.object, imported.State), private: imported.Private, identity: p.kept(imported.Identity),
	})
	return i, ok && i != nil
}

// planned is the provider's answer to a plan request.
type planned struct {
	value    tftypes.Value
	private  []byte
	identity *tfprotov6.ResourceIdentityData
	replaces bool
}

// plan requests a plan from the provider. If the value of prior is null, only the private state of prior is used.
func (p *process) plan(address string, prior *instance, config tftypes.Value) (planned, bool) {
	kind := prior.kind
	proposed := kind.null()
	if !config.IsNull() {
		proposed = kind.proposed(prior.value, config)
	}
	about := prior.value
	if about.IsNull() {
		about = config
	}
	c, ctx := p.begin("Plan", address, kind, prior.location, about)
	c.wanted = config
	answer, err := p.server.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{
		TypeName: kind.name, PriorState: encode(kind.object, prior.value), ProposedNewState: encode(kind.object, proposed),
		Config: encode(kind.object, config), PriorPrivate: prior.private, PriorIdentity: prior.identity,
	})
	must(err)
	if !c.ended(answer.Diagnostics) {
		return planned{}, false
	}
	result := planned{
		value: decode(kind.object, answer.PlannedState), private: answer.PlannedPrivate, identity: p.kept(answer.PlannedIdentity),
		replaces: len(answer.RequiresReplace) > 0,
	}
	if !config.IsNull() {
		if problem := kind.planProblem(prior.value, config, result.value); problem != "" {
			p.w.violated("answers are consistent", "%s: %s", address, problem)
		}
	}
	return result, true
}

// apply applies a planned change. It returns the new state, or nil if there is none, and whether the change succeeded.
func (p *process) apply(verb, address string, prior *instance, config tftypes.Value, change planned) (*instance, bool) {
	kind := prior.kind
	about := prior.value
	if about.IsNull() {
		about = change.value
	}
	c, ctx := p.begin(verb, address, kind, prior.location, about)
	c.wanted = change.value
	answer, err := p.server.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: kind.name, PriorState: encode(kind.object, prior.value), PlannedState: encode(kind.object, change.value),
		Config: encode(kind.object, config), PlannedPrivate: change.private, PlannedIdentity: change.identity,
	})
	must(err)
	ok := c.ended(answer.Diagnostics)
	after := &instance{
		kind: kind, location: prior.location, under: prior.under,
		value: decode(kind.object, answer.NewState), private: answer.Private, identity: p.kept(answer.NewIdentity),
	}
	if p.wire.killed() {
		return prior, false
	}
	if ok {
		c.checkResult(change, after.value)
	}
	if kind.kind == sets {
		p.w.stateMatchesWhatIsDone(c, after)
	}
	if after.value.IsNull() {
		if verb == "Delete" && ok && kind.kind != sets && !p.w.isMeddled() && !p.w.moves[prior.object().key] {
			p.w.whatIsReportedDeletedIsGone(c, p.w.isLive(prior))
		}
		return nil, ok
	}
	if verb == "Create" {
		c.created = attribute(after.value, "id")
		p.w.nothingIsTainted(c, ok)
		after.tainted = !ok
	}
	return after, ok
}

func (c *call) checkResult(change planned, result tftypes.Value) {
	problem := ""
	if change.value.IsNull() {
		if !result.IsNull() {
			problem = "a deleted object is still in the state"
		}
	} else {
		problem = c.kind.resultProblem(change.value, result)
	}
	if problem != "" {
		c.process.w.violated("answers are consistent", "%s %s: %s", c.verb, c.address, problem)
	}
}

func (c *call) String() string { return fmt.Sprintf("%s %s (call %d)", c.verb, c.address, c.id) }

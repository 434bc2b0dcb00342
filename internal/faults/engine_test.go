package faults_test

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// instance is a resource instance in the state.
type instance struct {
	kind     *resourceType
	location string
	under    string // address that the instance depends on, if any
	value    tftypes.Value
	private  []byte
	identity *tfprotov6.ResourceIdentityData
	tainted  bool
}

// state contains the instances that an engine stores between runs, by address.
type state struct {
	mu        sync.Mutex
	instances map[string]*instance
}

func (s *state) get(address string) *instance {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.instances[address]
}

func (s *state) set(address string, i *instance) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i == nil {
		delete(s.instances, address)
		return
	}
	s.instances[address] = i
}

func (s *state) addresses() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.instances))
}

func (s *state) clone() *state {
	s.mu.Lock()
	defer s.mu.Unlock()
	return &state{instances: maps.Clone(s.instances)}
}

type action string

const (
	noOp    action = "no-op"
	create  action = "create"
	update  action = "update"
	destroy action = "delete"
	replace action = "replace"
)

// change is the planned change of one address.
type change struct {
	action  action
	block   *block    // nil if the instance is only destroyed
	prior   *instance // refreshed instance; nil if it does not exist
	planned planned
}

// plan is a whole plan.
type plan struct {
	mu        sync.Mutex
	refreshed *state
	changes   map[string]*change
	complete  bool // nothing failed
}

func (p *plan) isEmpty() bool {
	for _, c := range p.changes {
		if c.action != noOp {
			return false
		}
	}
	return p.complete
}

func (p *plan) change(address string) *change {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.changes[address]
}

func (p *plan) add(address string, c *change) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.changes[address] = c
}

func (p *plan) String() string {
	text := ""
	for _, address := range slices.Sorted(maps.Keys(p.changes)) {
		if c := p.changes[address]; c.action != noOp {
			text += fmt.Sprintf(" %s %s;", c.action, address)
		}
	}
	return text
}

// plan refreshes the state and plans the configuration. If destroys is set, it plans to destroy everything. The state itself
// does not change, because engines store the result of a refresh only when they apply the plan.
func (w *world) plan(p *process, destroys bool) *plan {
	w.others = map[string]string{}
	result := &plan{refreshed: w.state.clone(), changes: map[string]*change{}}
	config := w.config
	if destroys {
		config = configuration{}
	}
	nodes := map[string]*node{}
	for address, b := range config {
		nodes[address] = &node{do: func() bool { return w.planBlock(p, result, address, b) }}
		if b.under != "" {
			nodes[address].after = []string{b.under}
		}
	}
	for _, address := range w.state.addresses() {
		if config[address] == nil {
			nodes[address] = &node{do: func() bool { return w.planOrphan(p, result, address) }}
		}
	}
	result.complete = walk(p, nodes)
	return result
}

func (w *world) refresh(p *process, result *plan, address string) (*instance, bool) {
	prior := w.state.get(address)
	if prior == nil {
		return nil, true
	}
	after, ok := p.read(address, prior)
	if ok {
		result.refreshed.set(address, after)
	}
	return after, ok
}

func (w *world) planOrphan(p *process, result *plan, address string) bool {
	prior, ok := w.refresh(p, result, address)
	if !ok || prior == nil {
		return ok
	}
	planned, ok := p.plan(address, prior, prior.kind.null())
	result.add(address, &change{action: destroy, prior: prior, planned: planned})
	return ok
}

func (w *world) planBlock(p *process, result *plan, address string, b *block) bool {
	prior, ok := w.refresh(p, result, address)
	if !ok {
		return false
	}
	config := b.value(w.config, func(association string) tftypes.Value {
		return attributesOf(result.change(association).planned.value)["id"]
	})
	c := &change{action: create, block: b, prior: prior}
	base := &instance{kind: b.resource(), location: b.location, value: b.resource().null()}
	if prior != nil && !prior.tainted {
		base = prior
	} else if prior != nil {
		base.private = prior.private
	}
	if c.planned, ok = p.plan(address, base, config); !ok {
		return false
	}
	switch {
	case prior == nil:
	case prior.tainted:
		c.action = replace
	case c.planned.replaces:
		c.action = replace
		again := &instance{kind: b.resource(), location: b.location, value: b.resource().null(), private: c.planned.private}
		if c.planned, ok = p.plan(address, again, config); !ok {
			return false
		}
	case c.planned.value.Equal(prior.value):
		c.action = noOp
	default:
		c.action = update
	}
	result.add(address, c)
	return true
}

// apply applies a plan with a separate process, and reports whether everything succeeded.
func (w *world) apply(p *process, planned *plan) bool {
	w.state = planned.refreshed
	w.noteMoves(planned)
	return w.carry(p, planned)
}

// carry applies a plan with a process that has its own state: the refreshed state of the plan.
func (w *world) carry(p *process, planned *plan) bool {
	p.state = planned.refreshed
	nodes := map[string]*node{}
	for address, c := range planned.changes {
		if c.action == destroy || c.action == replace {
			nodes["destroy "+address] = &node{do: func() bool { return w.destroyInstance(p, address, c) }}
		}
		if c.block == nil {
			continue
		}
		n := &node{do: func() bool { return w.applyBlock(p, address, c) }}
		if c.action == replace {
			n.after = append(n.after, "destroy "+address)
		}
		if c.block.under != "" {
			n.after = append(n.after, c.block.under)
		}
		nodes[address] = n
	}
	for address := range planned.changes {
		if n, i := nodes["destroy "+address], planned.refreshed.get(address); n != nil && i.under != "" {
			if association := nodes["destroy "+i.under]; association != nil {
				association.after = append(association.after, "destroy "+address)
			}
		}
	}
	return walk(p, nodes)
}

func (w *world) destroyInstance(p *process, address string, c *change) bool {
	nothing := planned{value: c.prior.kind.null(), private: c.planned.private, identity: c.prior.identity}
	after, ok := p.apply("Delete", address, c.prior, c.prior.kind.null(), nothing)
	if p.wire.killed() {
		return false
	}
	p.state.set(address, after)
	w.readBack(p, address, c.prior, after, ok)
	return ok
}

// readBack reads the written object, if the step says so.
func (w *world) readBack(p *process, address string, before, after *instance, ok bool) {
	if ok && w.readsBack && p.ctx.Err() == nil {
		w.writesAreVisible(p, address, before, after)
	}
}

// applyBlock plans again, as core does, because all values are known now. It then creates or updates the object.
func (w *world) applyBlock(p *process, address string, c *change) bool {
	if c.action == noOp {
		return true
	}
	config := c.block.value(w.config, func(association string) tftypes.Value {
		return attributesOf(p.state.get(association).value)["id"]
	})
	verb, base := "Create", &instance{kind: c.block.resource(), location: c.block.location, value: c.block.resource().null()}
	if c.action == update {
		verb, base = "Update", c.prior
	}
	base = base.dependingOn(c.block.under)
	final, ok := p.plan(address, base, config)
	if !ok {
		return false
	}
	if problem := base.kind.resultProblem(c.planned.value, known(final.value, c.planned.value)); problem != "" {
		w.violated("answers are consistent", "the final plan of %s differs: %s", address, problem)
	}
	after, ok := p.apply(verb, address, base, config, final)
	if p.wire.killed() {
		return false
	}
	p.state.set(address, after)
	w.readBack(p, address, nil, after, ok)
	return ok
}

func (i *instance) dependingOn(association string) *instance {
	depending := *i
	depending.under = association
	return &depending
}

// known returns the final plan, with null for values that are unknown in both plans.
func known(final, first tftypes.Value) tftypes.Value {
	attributes := attributesOf(final)
	for name, value := range attributes {
		if !value.IsFullyKnown() && !attributesOf(first)[name].IsFullyKnown() {
			attributes[name] = tftypes.NewValue(value.Type(), nil)
		}
	}
	return tftypes.NewValue(final.Type(), attributes)
}

// node is a vertex of an engine's graph.
type node struct {
	after []string
	do    func() bool
	done  chan struct{}
	ok    bool
}

// parallelism is the number of operations that an engine runs at once.
const parallelism = 10

// walk runs each node after all nodes in its after list have succeeded. When the process is stopped, no other node starts.
func walk(p *process, nodes map[string]*node) bool {
	slots := make(chan struct{}, parallelism)
	for _, n := range nodes {
		n.done = make(chan struct{})
	}
	for i, name := range slices.Sorted(maps.Keys(nodes)) {
		n := nodes[name]
		go func() {
			defer close(n.done)
			for _, other := range n.after {
				if before := nodes[other]; before != nil {
					<-before.done
					if !before.ok {
						return
					}
				}
			}
			time.Sleep(time.Duration(i) * time.Microsecond) // a fixed order for nodes that could start together
			slots <- struct{}{}
			defer func() { <-slots }()
			if p.ctx.Err() == nil {
				n.ok = n.do()
			}
		}()
	}
	ok := true
	for _, n := range nodes {
		<-n.done
		ok = ok && n.ok
	}
	return ok
}

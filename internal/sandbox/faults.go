package sandbox

import "strings"

// Fault applies an effect to the requests that match all of its conditions. A condition with its zero value matches every
// request.
type Fault struct {
	Name        string  // name in the request log; by default the name of the effect
	Method      string  //
	Route       string  // one of the Route constants
	LocationID  string  // the sub-account of the token, or the one that the request specifies
	Contains    string  // text that the path (as escaped), the query or the body must contain
	After       int     // number of matching requests to pass unchanged first
	Count       int     // number of requests to hit; 0 means all
	Probability float64 // probability that a matching request is hit; 0 means always
	Effect      Effect

	// Committed carries the request out before the effect applies. Without Committed, the request changes nothing. Effects that
	// need the true answer always carry the request out.
	Committed bool

	// Then is a fault to add after this fault has hit for the last time. It requires a Count.
	Then *Fault
}

// armedFault is a fault with the number of requests that it has matched and hit so far.
type armedFault struct {
	Fault
	seen int
	hits int
}

// AddFault adds a fault. If several faults match a request, only the one that was added first applies, and the others do not
// count the request. Faults do not apply to requests that the rate limit refuses.
func (s *Sandbox) AddFault(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.arm(f)
}

func (s *Sandbox) arm(f Fault) {
	if f.Name == "" {
		f.Name = f.Effect.name
	}
	s.faults = append(s.faults, &armedFault{Fault: f})
}

// ClearFaults removes all faults.
func (s *Sandbox) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// dueFault returns the fault to apply to a request, or nil.
func (s *Sandbox) dueFault(x *exchange) *Fault {
	for _, f := range s.faults {
		if f.Count > 0 && f.hits >= f.Count || !f.matches(x) {
			continue
		}
		f.seen++
		if f.seen <= f.After || f.Probability > 0 && s.dice.Float64() >= f.Probability {
			continue
		}
		f.hits++
		if f.Then != nil && f.hits == f.Count {
			s.arm(*f.Then)
		}
		x.entry.Fault = f.Name
		return &f.Fault
	}
	return nil
}

func (f *Fault) matches(x *exchange) bool {
	contains := func(text string) bool { return strings.Contains(text, f.Contains) }
	return (f.Method == "" || f.Method == x.method) &&
		(f.Route == "" || f.Route == x.entry.Route) &&
		(f.LocationID == "" || f.LocationID == x.location) &&
		(f.Contains == "" || contains(x.entry.Path) || contains(x.rawQuery) || contains(x.entry.Body)) &&
		(f.Effect.fits == nil || f.Effect.fits(x))
}

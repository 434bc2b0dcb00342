package sandbox

import "strings"

// Fault orders an effect on requests that match all of its conditions. A condition left at its zero value matches any.
type Fault struct {
	Name        string  // for the request log; by default the name of the effect
	Method      string  //
	Route       string  // one of the Route constants
	LocationID  string  // of the token, or the one that the request names
	Contains    string  // path (as escaped), query or body contain this
	After       int     // matching requests to let through first
	Count       int     // requests to hit; 0 hits every one
	Probability float64 // that a matching request is hit; 0 is always
	Effect      Effect

	// Committed carries the request out first, and then spoils its answer or waits. Otherwise, the request has no effect.
	// Effects that need the true answer (parts of it, its pages) always carry the request out.
	Committed bool

	// Then is ordered once this fault, which needs a Count, has hit for the last time.
	Then *Fault
}

// armedFault is a fault with what it has seen so far.
type armedFault struct {
	Fault
	seen int
	hits int
}

// AddFault orders a fault. Of several that match a request, the one ordered first is applied; the others do not see it.
// Requests that the budget refuses meet no fault.
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

// ClearFaults takes all orders back.
func (s *Sandbox) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// dueFault finds the fault to apply to a request, if any.
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

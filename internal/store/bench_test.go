package store_test

import (
	"fmt"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/store"
)

// The benchmarks run in real time, without a network. One operation consists of all reads
// of a plan, including the sandbox's work for its answers.

func BenchmarkAssociations(b *testing.B) {
	for _, n := range []int{100, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			f := newFixture(b, sandbox.Quirks{})
			f.addAssociations(n)
			f.benchmark(b, func() []error { return parallelErrors(n, f.readKind) })
		})
	}
}

func BenchmarkRelations(b *testing.B) {
	cases := []struct {
		name            string
		managed, others []store.RelationRef
	}{
		{"hub", shapes["a hub of 1,000, first"]().managed, nil},
		{"distinct", shapes["1,000 distinct"]().managed, nil},
		{"complete", complete(32), nil},
		{"10 of a hub", hub(true, 0, 10), hub(true, 10, 1000)},
	}
	for _, c := range cases {
		b.Run(c.name, func(b *testing.B) {
			f := newSchool(b, sandbox.Quirks{})
			for _, ref := range append(c.others, c.managed...) {
				f.addRelation(ref)
			}
			f.benchmark(b, func() []error { return f.readShuffled(c.managed, 1) })
		})
	}
}

// benchmark measures reads, each time with a new store.
func (f *fixture) benchmark(b *testing.B, reads func() []error) {
	b.Helper()
	b.ReportAllocs()
	requests, operations := 0, 0
	for b.Loop() {
		f.newProcess()
		noErrors(b, reads())
		requests += f.count("")
		operations++
	}
	b.ReportMetric(float64(requests)/float64(operations), "requests/op")
}

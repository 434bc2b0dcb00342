// Package faults holds the tests that inject faults: no code of the provider's,
// only a model of what must hold whatever goes wrong.
//
// A schedule is a sequence of changes to a configuration, of runs (apply, refresh,
// import, destroy), of faults that the sandbox is ordered to meet them with, and of
// things that others do in the meantime. It is carried out by a small engine, which
// does what Terraform's core does with the provider's own protocol server, in one
// process and in virtual time, so that thousands of schedules take seconds and every
// wait is really waited for. After each run, and once the faults have ended, the
// invariants are checked; see invariants_test.go for their list.
//
// The schedules are all single faults and all ordered pairs of them (systematic_test.go),
// and random ones (random_test.go), which are shrunk where they fail.
package faults

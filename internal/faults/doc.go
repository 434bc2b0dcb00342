// Package faults has the tests that inject faults. It has no code of the provider, only
// a model of what must hold whatever fails.
//
// A schedule is a sequence of changes to a configuration, of runs (apply, refresh,
// import, destroy), of faults that the sandbox injects into them, and of changes that
// others make meanwhile. A small engine carries it out. The engine calls the provider's
// own protocol server as Terraform's core does, in one process and in virtual time, so
// that thousands of schedules take seconds and no wait is skipped. After each run, and
// after the faults have ended, the model checks the invariants; see invariants_test.go
// for their list.
//
// The schedules are all single faults and all ordered pairs of them (systematic_test.go),
// and random ones (random_test.go), which are shrunk if they fail.
package faults

// Package faults contains the tests that inject faults. It contains no provider code, only a model of what must hold, whatever
// fails.
//
// A schedule is a sequence of changes to a configuration, of runs (apply, refresh, import, destroy), of faults that the sandbox
// injects into them, and of changes that others make meanwhile. A small engine runs the schedule. The engine calls the
// provider's own protocol server in the same way as Terraform's core, but in one process and in virtual time. Therefore,
// thousands of schedules take only seconds, although no wait is skipped. After each run, and after the faults have ended, the
// model checks the invariants; see invariants_test.go for their list.
//
// The schedules cover single faults and ordered pairs of faults (systematic_test.go), and random sequences (random_test.go). If
// a random schedule fails, it is shrunk.
package faults

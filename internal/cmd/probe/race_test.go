//go:build race

package main

// Under the race detector, tests take ten times as long.
const runs, faultyRuns = 20, 15

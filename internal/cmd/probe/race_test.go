//go:build race

package main

// Under the race detector all takes ten times as long.
const runs, faultyRuns = 20, 15

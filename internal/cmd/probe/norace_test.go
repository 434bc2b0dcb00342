//go:build !race

package main

// runs is how many sandboxes with random switches the probe must describe, and faultyRuns how many schedules of faults it must
// clean up after.
const runs, faultyRuns = 200, 150

//go:build !race

package main

// runs is the number of sandboxes with random switches that the probe must describe. faultyRuns is the number of fault schedules
// after which the probe must delete everything.
const runs, faultyRuns = 200, 150

//go:build race

package faults_test

// Under the race detector, schedules take many times as long, so only every fortieth is
// carried out.
const stride = 40

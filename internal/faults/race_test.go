//go:build race

package faults_test

// Under the race detector, schedules take many times as long, so only every fortieth schedule is run.
const stride = 40

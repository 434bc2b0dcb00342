package faults_test

import (
	"os"
	"runtime/debug"
	"testing"
)

// The schedules allocate much and keep nothing, so rarer garbage collections halve their cost.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	os.Exit(m.Run())
}

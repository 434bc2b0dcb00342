package faults_test

import (
	"os"
	"runtime/debug"
	"testing"
)

// sized returns the first number, or the second if TEST_FULL_SIZE is set, as in .ci/run.
func sized(short, full int) int {
	if os.Getenv("TEST_FULL_SIZE") != "" {
		return full
	}
	return short
}

// The schedules allocate much memory and retain little, so running the garbage collector less often halves their cost.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	os.Exit(m.Run())
}

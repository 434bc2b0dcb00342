//go:build race

package hostile_test

// The race detector takes ten times as long, and entries hardly differ in what runs
// concurrently, so it tries only every sixteenth.
const stride = 16

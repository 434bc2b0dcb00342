//go:build race

package hostile_test

// The tests take ten times as long with the race detector, and entries hardly differ in what runs concurrently. So only
// every sixteenth entry is tested.
const stride = 16

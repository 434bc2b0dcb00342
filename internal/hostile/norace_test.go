//go:build !race

package hostile_test

// Without the race detector, all entries are tested.
const stride = 1

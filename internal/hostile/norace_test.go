//go:build !race

package hostile_test

// All entries are tried.
const stride = 1

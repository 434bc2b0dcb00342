//go:build !race

package faults_test

// Without the race detector, every schedule is run.
const stride = 1

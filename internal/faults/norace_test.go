//go:build !race

package faults_test

// All schedules are carried out.
const share = 1

//go:build !race

package faults_test

// All schedules are carried out.
const stride = 1

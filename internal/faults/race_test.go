//go:build race

package faults_test

// Under the race detector all takes many times as long: every tenth of the schedules
// is carried out.
const stride = 10

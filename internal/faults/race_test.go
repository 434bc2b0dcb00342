//go:build race

package faults_test

// Under the race detector all takes many times as long: a tenth of the schedules is
// carried out.
const share = 10

//go:build race

package faults_test

// Under the race detector all takes many times as long: every fortieth of the schedules
// is carried out.
const stride = 40

//go:build race

package hostile_test

// The race detector takes ten times as long, and entries differ little in what runs side
// by side: it looks at every sixteenth.
const stride = 16

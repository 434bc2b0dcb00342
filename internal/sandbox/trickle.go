package sandbox

import "time"

// maxPieces is in how many pieces a slow body comes at most.
const maxPieces = 20

// trickle hands out a body, in pieces with a pause ahead of each where it is to take its time.
type trickle struct {
	rest  []byte
	size  int
	pause time.Duration
}

func newTrickle(a *answer) *trickle {
	if a.trickle <= 0 {
		return &trickle{rest: a.body, size: len(a.body)}
	}
	size := max(1, (len(a.body)+maxPieces-1)/maxPieces)
	count := max(1, (len(a.body)+size-1)/size)
	return &trickle{rest: a.body, size: size, pause: a.trickle / time.Duration(count)}
}

// next is the next piece, or none at the end.
func (t *trickle) next() []byte {
	piece := t.rest[:min(t.size, len(t.rest))]
	t.rest = t.rest[len(piece):]
	return piece
}

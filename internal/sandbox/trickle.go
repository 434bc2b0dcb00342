package sandbox

import "time"

// maxPieces is the maximum number of pieces of a slow body.
const maxPieces = 20

// trickle splits a body into pieces. A slow body has a pause before each piece.
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

// next returns the next piece, which is empty at the end.
func (t *trickle) next() []byte {
	piece := t.rest[:min(t.size, len(t.rest))]
	t.rest = t.rest[len(piece):]
	return piece
}

package ghl

// shortest is the minimum length of a part of a needle that find reports, in bytes.
const shortest = 12

// needles is a set of texts to find in another text, whole or cut off at one end. The texts
// are indexed by their first and last bytes.
type needles struct {
	heads, tails map[[shortest]byte][][]byte
	first, last  [256]bool // first bytes of heads, last bytes of tails
}

func (n *needles) add(needle []byte) {
	if n.heads == nil {
		n.heads, n.tails = map[[shortest]byte][][]byte{}, map[[shortest]byte][][]byte{}
	}
	head, tail := [shortest]byte(needle), [shortest]byte(needle[len(needle)-shortest:])
	n.heads[head], n.tails[tail] = append(n.heads[head], needle), append(n.tails[tail], needle)
	n.first[head[0]], n.last[tail[shortest-1]] = true, true
}

// find calls found for each place in the text that contains the beginning or the end of a
// needle.
func (n *needles) find(text []byte, found func(begin, end int)) {
	for begin := range max(0, len(text)-shortest+1) {
		end := begin + shortest
		window := text[begin:end]
		if n.first[window[0]] {
			for _, needle := range n.heads[[shortest]byte(window)] {
				found(begin, end+common(needle[shortest:], text[end:]))
			}
		}
		if n.last[window[shortest-1]] {
			for _, needle := range n.tails[[shortest]byte(window)] {
				found(begin-commonEnd(needle[:len(needle)-shortest], text[:begin]), end)
			}
		}
	}
}

// common returns the length of the common prefix of two texts, in bytes.
func common(a, b []byte) (n int) {
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

// commonEnd returns the length of the common suffix of two texts, in bytes.
func commonEnd(a, b []byte) (n int) {
	for n < min(len(a), len(b)) && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	return n
}

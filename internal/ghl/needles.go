package ghl

import (
	"bytes"
	"slices"
)

// shortest is the shortest beginning or end of a needle that is found, in bytes.
const shortest = 12

// needles are texts to be found in another one, whole, or cut off at one end.
type needles struct {
	begins, ends prefixes // the ends are backwards
}

func (n *needles) add(needle []byte) {
	n.begins.add(needle)
	n.ends.add(backwards(needle))
}

// find reports each place of the text that holds a beginning or an end of a needle.
func (n *needles) find(text []byte, found func(begin, end int)) {
	for i := range text {
		if size := n.begins.longest(text[i:]); size > 0 {
			found(i, i+size)
		}
	}
	reversed := backwards(text)
	for i := range reversed {
		if size := n.ends.longest(reversed[i:]); size > 0 {
			found(len(text)-i-size, len(text)-i)
		}
	}
}

func backwards(text []byte) []byte {
	text = slices.Clone(text)
	slices.Reverse(text)
	return text
}

// prefixes are texts of which beginnings are looked for.
type prefixes struct {
	first  [256]bool               // the first byte of each
	heads  map[[shortest]byte]bool // the least of each
	sorted [][]byte
}

func (p *prefixes) add(text []byte) {
	if p.heads == nil {
		p.heads = map[[shortest]byte]bool{}
	}
	p.first[text[0]], p.heads[[shortest]byte(text)] = true, true
	i, _ := slices.BinarySearchFunc(p.sorted, text, bytes.Compare)
	p.sorted = slices.Insert(p.sorted, i, text)
}

// longest is the length of the longest beginning that the text begins with; 0 for none.
func (p *prefixes) longest(text []byte) (size int) {
	if len(text) < shortest || !p.first[text[0]] || !p.heads[[shortest]byte(text)] {
		return 0
	}
	// Of all texts, the neighbours in their order have most in common.
	i, _ := slices.BinarySearchFunc(p.sorted, text, bytes.Compare)
	for _, neighbour := range p.sorted[max(i-1, 0):min(i+1, len(p.sorted))] {
		size = max(size, common(neighbour, text))
	}
	return size
}

func common(a, b []byte) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}

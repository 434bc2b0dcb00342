package sandbox

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// tones is the number of colours that the style sheet defines for associations.
const tones = 6

// Measures of a drawing. Heights are in pixels. The browser sets the width, and the width of the lines is a percentage of it.
const (
	rowHeight = 34
	boxHeight = 26
	lineWidth = 100
)

// drawing shows the relations under one association. The records of the first side are at the left, those of the second side are
// at the right, and each relation is a line.
type drawing struct {
	ID, Key       string // of the association
	Tone          int
	First, Second drawnSide
	Lines         []drawnLine
	Height        int
	Large         bool // the drawing needs the full width of the page
	Relations     int  // under the association
	More          int  // relations that are not drawn
}

type drawnSide struct {
	Label, ObjectKey string
	Boxes            []drawnRecord
}

type drawnRecord struct {
	ID      string
	Deleted bool
	Top     int
}

type drawnLine struct {
	Relation
	Path string
}

// draw returns a drawing of relations under one association, which may no longer exist.
func (l *subAccount) draw(relations []*storedRelation, tone int) drawing {
	d := drawing{Tone: tone, Relations: len(relations)}
	relations, d.More = firstOf(relations, viewedRelations)
	d.ID, d.Key = relations[0].AssociationID, relations[0].AssociationID
	d.First.ObjectKey, d.Second.ObjectKey = relations[0].FirstObjectKey, relations[0].SecondObjectKey
	if a := l.associations[d.ID]; a != nil {
		d.Key = a.Key
		d.First.Label, d.Second.Label = a.FirstObjectLabel, a.SecondObjectLabel
	}
	first, second := columns(relations)
	rows := max(len(first), len(second))
	d.Height, d.Large = rows*rowHeight, rows > 10
	leftY, rightY := d.spread(first), d.spread(second)
	d.First.Boxes, d.Second.Boxes = l.boxes(first, leftY), l.boxes(second, rightY)
	for _, r := range relations {
		d.Lines = append(d.Lines, drawnLine{r.Relation, curve(leftY[r.FirstRecordID], rightY[r.SecondRecordID])})
	}
	return d
}

// columns returns the records of both sides. Each record is near the middle of its related records, so that few lines cross.
func columns(relations []*storedRelation) (first, second []string) {
	ofFirst, ofSecond := map[string][]string{}, map[string][]string{}
	for _, r := range relations {
		ofFirst[r.FirstRecordID] = append(ofFirst[r.FirstRecordID], r.SecondRecordID)
		ofSecond[r.SecondRecordID] = append(ofSecond[r.SecondRecordID], r.FirstRecordID)
	}
	second = slices.SortedFunc(maps.Keys(ofSecond), byID)
	first = nearTo(second, ofFirst)
	return first, nearTo(first, ofSecond)
}

// nearTo sorts the records of one side by the positions of their related records on the other side.
func nearTo(others []string, linked map[string][]string) []string {
	place := map[string]int{}
	for i, id := range others {
		place[id] = i
	}
	middle := map[string]float64{}
	for id, ids := range linked {
		for _, other := range ids {
			middle[id] += float64(place[other]) / float64(len(ids))
		}
	}
	return slices.SortedFunc(maps.Keys(linked), func(a, b string) int {
		return cmp.Or(cmp.Compare(middle[a], middle[b]), byID(a, b))
	})
}

// byID compares ids by length, then by text, so that student-10 follows student-9.
func byID(a, b string) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
}

func (l *subAccount) boxes(records []string, y map[string]int) []drawnRecord {
	boxes := make([]drawnRecord, len(records))
	for i, id := range records {
		boxes[i] = drawnRecord{id, l.records[id].deleted, y[id] - boxHeight/2}
	}
	return boxes
}

// spread returns the vertical centers of the records, evenly distributed over the height.
func (d *drawing) spread(records []string) map[string]int {
	y := map[string]int{}
	for i, id := range records {
		y[id] = d.Height * (2*i + 1) / (2 * len(records))
	}
	return y
}

// curve returns the path of a line from a box at the left to a box at the right.
func curve(from, to int) string {
	return fmt.Sprintf("M0 %[1]dC%[3]d %[1]d %[3]d %[2]d %[4]d %[2]d", from, to, lineWidth/2, lineWidth)
}

// relationsByAssociation groups the relations by association. Groups and relations are in order of creation.
func (l *subAccount) relationsByAssociation() [][]*storedRelation {
	var groups [][]*storedRelation
	group := map[string]int{}
	for _, r := range l.relationsInOrder() {
		i, ok := group[r.AssociationID]
		if !ok {
			i = len(groups)
			group[r.AssociationID] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], r)
	}
	return groups
}

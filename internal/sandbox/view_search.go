package sandbox

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// fieldFind is the query parameter of the page that searches for records.
const fieldFind = "find"

// What a search shows at most.
const (
	viewedFound         = 20
	viewedFoundRelation = 50 // of a record
)

// searchView is what a search finds: records by their id or a property, the best matches first, then by id.
type searchView struct {
	Text  string
	Found []foundRecord
	More  int
}

type foundRecord struct {
	LocationID, Account string
	ID, ObjectKey       string
	Deleted             bool
	Properties          []viewedField
	Associations        []foundAssociation // of its object
	Relations           []foundRelation
	MoreRelations       int
	match               int
}

type foundAssociation struct {
	Key       string
	Relations int // of the record
}

type foundRelation struct {
	Relation
	Key string // of the association, or its id if there is no such association
}

// How a record matches a text, the best first.
const (
	matchesID = iota
	matchesProperty
	containsInID
	containsInProperty
	matchesNot
)

func (s *Sandbox) search(text string) *searchView {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil
	}
	v := &searchView{Text: text}
	for _, id := range s.order {
		account := s.accounts[id]
		for _, recordID := range account.recordIDs() {
			if match := account.match(recordID, text); match != matchesNot {
				v.Found = append(v.Found, foundRecord{LocationID: id, ID: recordID, match: match})
			}
		}
	}
	slices.SortStableFunc(v.Found, func(a, b foundRecord) int {
		return cmp.Or(cmp.Compare(a.match, b.match), byID(a.ID, b.ID))
	})
	v.Found, v.More = firstOf(v.Found, viewedFound)
	for i := range v.Found {
		s.accounts[v.Found[i].LocationID].describe(&v.Found[i])
	}
	return v
}

// recordIDs are the records that were added, and those that have relations.
func (l *subAccount) recordIDs() []string {
	ids := slices.AppendSeq(slices.Collect(maps.Keys(l.records)), maps.Keys(l.relationsByRecord))
	slices.Sort(ids)
	return slices.Compact(ids)
}

func (l *subAccount) match(recordID, text string) int {
	match := matchesNot
	switch {
	case recordID == text:
		return matchesID
	case containsFold(recordID, text):
		match = containsInID
	}
	properties := l.records[recordID].properties
	for name := range properties {
		switch value := propertyText(properties, name); {
		case strings.EqualFold(value, text):
			return matchesProperty
		case containsFold(value, text):
			match = min(match, containsInProperty)
		}
	}
	return match
}

func containsFold(text, part string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(part))
}

// describe completes what was found.
func (l *subAccount) describe(f *foundRecord) {
	r := l.records[f.ID]
	f.Account, f.ObjectKey, f.Deleted = l.name, l.objectOf(f.ID), r.deleted
	for _, name := range sortedKeys(r.properties) {
		f.Properties = append(f.Properties, viewedField{name, head(viewedText, propertyText(r.properties, name))})
	}
	for _, a := range l.ownFirst() {
		n := l.countUnder(a.ID, f.ID)
		if n > 0 || f.ObjectKey != "" && (strings.EqualFold(a.FirstObjectKey, f.ObjectKey) || strings.EqualFold(a.SecondObjectKey, f.ObjectKey)) {
			f.Associations = append(f.Associations, foundAssociation{a.Key, n})
		}
	}
	var relations []*storedRelation
	relations, f.MoreRelations = firstOf(l.relationsByRecord[f.ID], viewedFoundRelation)
	for _, relation := range relations {
		found := foundRelation{Relation: relation.Relation, Key: relation.AssociationID}
		if a := l.associations[relation.AssociationID]; a != nil {
			found.Key = a.Key
		}
		f.Relations = append(f.Relations, found)
	}
}

package sandbox

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// fieldFind is the query parameter for a search for records on the page.
const fieldFind = "find"

// The maximum numbers of records and relations in the result of a search.
const (
	viewedFound         = 20
	viewedFoundRelation = 50 // of a record
)

// searchView is the result of a search for records by id or property. The best matches are first. Equal matches are sorted by id.
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
	Associations        []foundAssociation // associations of the record's object
	Relations           []foundRelation
	MoreRelations       int
	match               int
}

type foundAssociation struct {
	Key       string
	Relations int // number of relations of the record
}

type foundRelation struct {
	Relation
	Key string // key of the association, or its id if the association does not exist
}

// How a record matches a text. The best match is first.
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

// recordIDs returns the ids of the records that were added or have relations.
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

// describe sets the other fields of a record that was found.
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

package sandbox

import (
	"fmt"
	"net/http"
)

const (
	messageNoRelation = "Relation not found"
	messageNoRecord   = "Record not found"
	nameRelation      = "relation"
)

// createRelation answers POST /associations/relations.
func (s *Sandbox) createRelation(c *call) answer {
	l := c.account
	a := l.associations[c.fields[fieldAssociationID]]
	if a == nil {
		return c.noAssociation()
	}
	first, second := c.fields[fieldFirstRecordID], c.fields[fieldSecondRecordID]
	switch {
	case !l.fits(first, a.FirstObjectKey):
		return c.invalidRecord(first, a)
	case !l.fits(second, a.SecondObjectKey):
		return c.invalidRecord(second, a)
	case isDuplicate(c, a, first, second):
		return c.refuse(http.StatusBadRequest,
			"Could not create relation: duplicate relation of object Ids for given association "+a.ID)
	}
	if most := c.quirks.MaxRelationsPerSide; most > 0 {
		for _, recordID := range []string{first, second} {
			if l.countUnder(a.ID, recordID) >= most {
				return c.refuse(http.StatusBadRequest,
					fmt.Sprintf("Max relation limit[%d] reached for record[%s] for association[%s]", most, recordID, a.ID))
			}
		}
	}
	if a.FirstObjectKey == a.SecondObjectKey && c.quirks.SamePairReversed {
		first, second = second, first
	}
	r := Relation{
		ID: s.newID(), LocationID: l.id, AssociationID: a.ID,
		FirstObjectKey: a.FirstObjectKey, FirstRecordID: first,
		SecondObjectKey: a.SecondObjectKey, SecondRecordID: second,
	}
	l.addRelation(r, s.lastID, s.now())
	return committed(c.relationAnswer(http.StatusCreated, r))
}

// invalidRecord returns the answer for a record that does not fit its side of an association, or that does not exist.
func (c *call) invalidRecord(recordID string, a *storedAssociation) answer {
	return c.refuse(http.StatusUnprocessableEntity, fmt.Sprintf("Invalid record id : '%s' for association : %s", recordID, a.Key))
}

// isDuplicate reports whether the relation exists. Between two records of one object, the order of the records does not matter,
// unless a quirk says so.
func isDuplicate(c *call, a *storedAssociation, first, second string) bool {
	if c.account.hasPair(a.ID, first, second) {
		return true
	}
	oneObject := a.FirstObjectKey == a.SecondObjectKey
	return oneObject && !c.quirks.ReversedPairAllowed && c.account.hasPair(a.ID, second, first)
}

// listRelations answers GET /associations/relations/{recordId}: the relations of a record, on either side.
func (s *Sandbox) listRelations(c *call) answer {
	if c.limit > maxPage {
		return c.refuseForm(fmt.Sprintf("limit must not be greater than %d", maxPage))
	}
	l, q := c.account, c.quirks
	p := &page{name: "relations", count: !q.NoTotal}
	if l.records[c.param].deleted {
		switch q.DeletedRecordListing {
		case DeletedListing404:
			return c.refuse(http.StatusNotFound, messageNoRecord)
		case DeletedListing400:
			return c.refuse(http.StatusBadRequest, messageNoRecord)
		default:
			return c.listAnswer(p)
		}
	}
	now, limit := s.now(), min(c.limit, q.pageCap())
	for _, r := range inOrder(c, l.relationsByRecord[c.param]) {
		if now.Sub(r.created) < q.ListingLag || !c.asksFor(r.AssociationID) || q.OneSided && l.hides(r, c.param) {
			continue
		}
		if q.Window > 0 && p.total == q.Window {
			break
		}
		if p.total >= c.skip && len(p.rows) < limit {
			p.rows = append(p.rows, c.shownRelation(r.Relation))
		}
		p.total++
	}
	return c.listAnswer(p)
}

// hides reports whether a one-sided listing of the record omits the relation. This is so under a system-defined association, if
// the other record is a contact and this record is not.
func (l *subAccount) hides(r *storedRelation, recordID string) bool {
	a := l.associations[r.AssociationID]
	if a == nil || a.AssociationType != SystemDefined {
		return false
	}
	firstIsContact, secondIsContact := a.FirstObjectKey == contactObject, a.SecondObjectKey == contactObject
	return firstIsContact && !secondIsContact && r.FirstRecordID != recordID ||
		secondIsContact && !firstIsContact && r.SecondRecordID != recordID
}

// deleteRelation answers DELETE /associations/relations/{relationId}.
func (s *Sandbox) deleteRelation(c *call) answer {
	row := c.account.relations[c.param]
	if row == nil {
		return c.noRelation()
	}
	c.account.removeRelation(row)
	message := "Relation deleted successfully"
	return c.deleted(deletion{Deleted: true, ID: row.ID, Message: message}, message)
}

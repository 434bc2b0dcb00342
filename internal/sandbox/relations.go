package sandbox

import (
	"fmt"
	"net/http"
)

const nameRelation = "relation"

// createRelation answers POST /associations/relations.
func (s *Sandbox) createRelation(c *call) answer {
	l := c.account
	a := l.associations[c.fields[fieldAssociationID]]
	if a == nil {
		return c.missing(messageNoAssociation)
	}
	first, second := c.fields[fieldFirstRecordID], c.fields[fieldSecondRecordID]
	switch {
	case !l.fits(first, a.FirstObjectKey):
		return c.refuse(http.StatusUnprocessableEntity, fmt.Sprintf("Invalid record id %s for association", first))
	case !l.fits(second, a.SecondObjectKey):
		return c.refuse(http.StatusUnprocessableEntity, fmt.Sprintf("Invalid record id %s for association", second))
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
	r := Relation{
		ID: s.newID(), LocationID: l.id, AssociationID: a.ID,
		FirstObjectKey: a.FirstObjectKey, FirstRecordID: first,
		SecondObjectKey: a.SecondObjectKey, SecondRecordID: second,
	}
	l.addRelation(r, s.lastID, s.now())
	return committed(objectAnswer(c.quirks, http.StatusCreated, nameRelation, shownRelation(c.quirks, r)))
}

// isDuplicate tells whether the pair exists; between two records of one object the order makes no second pair.
func isDuplicate(c *call, a *storedAssociation, first, second string) bool {
	if c.account.hasPair(a.ID, first, second) {
		return true
	}
	oneObject := a.FirstObjectKey == a.SecondObjectKey
	return oneObject && !c.quirks.ReversedPairAllowed && c.account.hasPair(a.ID, second, first)
}

// listRelations answers GET /associations/relations/{recordId}: the relations of a record, whichever end it is.
func (s *Sandbox) listRelations(c *call) answer {
	if c.limit > maxPage {
		return c.refuseForm(fmt.Sprintf("limit must not be greater than %d", maxPage))
	}
	l, q := c.account, c.quirks
	p := &page{name: "relations", count: !q.NoTotal}
	if l.records[c.param].deleted {
		switch q.DeletedRecordListing {
		case DeletedListing404:
			return c.refuse(http.StatusNotFound, "Record not found")
		case DeletedListing400:
			return c.refuse(http.StatusBadRequest, "Record not found")
		default:
			return listAnswer(q, p)
		}
	}
	now, limit := s.now(), min(c.limit, q.pageCap())
	for _, r := range inOrder(c, l.relationsByRecord[c.param]) {
		if now.Sub(r.created) < q.ListingLag || !c.asksFor(r.AssociationID) {
			continue
		}
		if p.total >= c.skip && len(p.rows) < limit {
			p.rows = append(p.rows, shownRelation(q, r.Relation))
		}
		p.total++
	}
	return listAnswer(q, p)
}

// deleteRelation answers DELETE /associations/relations/{relationId}.
func (s *Sandbox) deleteRelation(c *call) answer {
	row := c.account.relations[c.param]
	if row == nil {
		return c.missing("Relation not found")
	}
	c.account.removeRelation(row)
	if c.quirks.EmptyDeletions {
		return committed(jsonAnswer(http.StatusOK, nil))
	}
	return committed(objectAnswer(c.quirks, http.StatusOK, "",
		deletion{Deleted: true, ID: row.ID, Message: "Relation deleted successfully"}))
}

func shownRelation(q Quirks, r Relation) Relation {
	if q.RelationsWithoutObjectKeys {
		r.FirstObjectKey, r.SecondObjectKey = "", ""
	}
	return r
}

package sandbox

import (
	"net/http"
)

// richAssociation is an association with the fields that the API returns only for some accounts.
type richAssociation struct {
	Association
	FirstToSecond      string `json:"firstObjectToSecondObjectCardinality"`
	SecondToFirst      string `json:"secondObjectToFirstObjectCardinality"`
	FirstToSecondLimit int    `json:"firstObjectToSecondObjectMaxLimit"`
	SecondToFirstLimit int    `json:"secondObjectToFirstObjectMaxLimit"`
	TraceID            string `json:"traceId"`
}

// richRelation is a relation with its own trace id.
type richRelation struct {
	Relation
	TraceID string `json:"traceId"`
}

// success is an answer that reports success without the object.
type success struct {
	Success bool `json:"success"`
}

// shownAssociation returns an association in the form that answers contain.
func (c *call) shownAssociation(a Association) any {
	if !c.quirks.RichRows {
		return a
	}
	return richAssociation{a, "MANY_TO_MANY", "MANY_TO_MANY", 1000, 1000, c.traceID}
}

// shownRelation returns a relation in the form that answers contain.
func (c *call) shownRelation(r Relation) any {
	if c.quirks.RelationsWithoutObjectKeys {
		r.FirstObjectKey, r.SecondObjectKey = "", ""
	}
	if !c.quirks.RichRows {
		return r
	}
	return richRelation{r, c.traceID}
}

// associationAnswer returns an answer with one association.
func (c *call) associationAnswer(status int, a Association) answer {
	if c.foreign {
		a = c.account.anotherAssociation(a)
	}
	return objectAnswer(c.quirks, status, nameAssociation, c.shownAssociation(a))
}

// relationAnswer returns an answer with one relation.
func (c *call) relationAnswer(status int, r Relation) answer {
	if c.foreign {
		r = c.account.anotherRelation(r)
	}
	return objectAnswer(c.quirks, status, nameRelation, c.shownRelation(r))
}

// anotherAssociation returns the oldest association of the sub-account other than the given one. If there is no other, it makes
// one up.
func (l *subAccount) anotherAssociation(than Association) Association {
	for _, a := range l.user {
		if a.ID != than.ID && !a.platform {
			return a.Association
		}
	}
	than.ID, than.Key = foreignID, "made_up"
	than.FirstObjectLabel, than.SecondObjectLabel = "Made", "Up"
	return than
}

// anotherRelation returns the oldest relation of the sub-account other than the given one. If there is no other, it makes one up.
func (l *subAccount) anotherRelation(than Relation) Relation {
	for _, r := range l.relationsInOrder() {
		if r.ID != than.ID {
			return r.Relation
		}
	}
	than.ID, than.FirstRecordID, than.SecondRecordID = foreignID, "made-up-1", "made-up-2"
	return than
}

// foreignID is an id that does not exist in any sandbox.
const foreignID = "000000000000000000000000"

// deleted answers a successful deletion. It sends the full answer unless a quirk selects another form.
func (c *call) deleted(full any, message string) answer {
	switch c.quirks.DeletionAnswer {
	case DeletionEmpty:
		return committed(jsonAnswer(http.StatusOK, nil))
	case DeletionObject:
		return committed(jsonAnswer(http.StatusOK, []byte("{}")))
	case DeletionSuccess:
		return committed(objectAnswer(c.quirks, http.StatusOK, "", success{true}))
	case DeletionText:
		a := jsonAnswer(http.StatusOK, []byte(message))
		a.header.Set("Content-Type", "text/plain; charset=utf-8")
		return committed(a)
	default:
		return committed(objectAnswer(c.quirks, http.StatusOK, "", full))
	}
}

// listAnswer returns an answer with a page of the association listing or the relation listing.
func (c *call) listAnswer(p *page) answer {
	if c.quirks.BareLists {
		p.name = ""
	}
	if c.quirks.TotalOfPage {
		p.total = len(p.rows)
	}
	a := jsonAnswer(http.StatusOK, nil)
	a.page = p
	return a
}

func committed(a answer) answer {
	a.committed = true
	return a
}

// wholeList returns an answer with a whole list on one page, without a total.
func (c *call) wholeList(name string, rows []any) answer {
	a := jsonAnswer(http.StatusOK, nil)
	a.page = &page{name: name, rows: rows}
	return a
}

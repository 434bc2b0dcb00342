package sandbox

import (
	"net/http"
)

// richAssociation is an association with the fields that only some accounts show.
type richAssociation struct {
	Association
	FirstToSecond      string `json:"firstObjectToSecondObjectCardinality"`
	SecondToFirst      string `json:"secondObjectToFirstObjectCardinality"`
	FirstToSecondLimit int    `json:"firstObjectToSecondObjectMaxLimit"`
	SecondToFirstLimit int    `json:"secondObjectToFirstObjectMaxLimit"`
	TraceID            string `json:"traceId"`
}

// richRelation is a relation with a trace id of its own.
type richRelation struct {
	Relation
	TraceID string `json:"traceId"`
}

// success is an acknowledgement without the object.
type success struct {
	Success bool `json:"success"`
}

// shownAssociation is an association as an answer has it.
func (c *call) shownAssociation(a Association) any {
	if !c.quirks.RichRows {
		return a
	}
	return richAssociation{a, "MANY_TO_MANY", "MANY_TO_MANY", 1000, 1000, c.traceID}
}

// shownRelation is a relation as an answer has it.
func (c *call) shownRelation(r Relation) any {
	if c.quirks.RelationsWithoutObjectKeys {
		r.FirstObjectKey, r.SecondObjectKey = "", ""
	}
	if !c.quirks.RichRows {
		return r
	}
	return richRelation{r, c.traceID}
}

// associationAnswer is the answer with one association.
func (c *call) associationAnswer(status int, a Association) answer {
	if c.foreign {
		a = c.account.anotherAssociation(a)
	}
	return objectAnswer(c.quirks, status, nameAssociation, c.shownAssociation(a))
}

// relationAnswer is the answer with one relation.
func (c *call) relationAnswer(status int, r Relation) answer {
	if c.foreign {
		r = c.account.anotherRelation(r)
	}
	return objectAnswer(c.quirks, status, nameRelation, c.shownRelation(r))
}

// anotherAssociation is another one than the given: the oldest of the sub-account, or one that nobody made.
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

// anotherRelation is another one than the given: the oldest of the sub-account, or one that nobody made.
func (l *subAccount) anotherRelation(than Relation) Relation {
	for _, r := range l.relationsInOrder() {
		if r.ID != than.ID {
			return r.Relation
		}
	}
	than.ID, than.FirstRecordID, than.SecondRecordID = foreignID, "made-up-1", "made-up-2"
	return than
}

// foreignID is the id of what nobody made.
const foreignID = "000000000000000000000000"

// deleted answers a deletion that succeeded: in full, unless a quirk selects another form.
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

// listAnswer is the answer with a page of one of the two listings.
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

// wholeList answers with a list that comes on one page, without a total.
func (c *call) wholeList(name string, rows []any) answer {
	a := jsonAnswer(http.StatusOK, nil)
	a.page = &page{name: name, rows: rows}
	return a
}

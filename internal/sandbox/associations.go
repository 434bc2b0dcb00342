package sandbox

import (
	"fmt"
	"net/http"
	"strings"
)

const (
	messageNoAssociation = "Association not found"
	nameAssociation      = "association"
	nameAssociations     = "associations"
)

// listAssociations answers GET /associations/.
func (s *Sandbox) listAssociations(c *call) answer {
	l, q := c.account, c.quirks
	limit := min(c.limit, q.pageCap())
	p := &page{name: nameAssociations, total: len(l.system) + len(l.user), count: !q.NoTotal}
	if q.TotalUserDefinedOnly {
		p.total = len(l.user)
	}
	user := inOrder(c, l.user)
	if q.SystemRows == SystemRowsEveryPage {
		p.rows = appendAssociations(nil, l.system)
		p.rows = appendAssociations(p.rows, window(user, c.skip, limit))
	} else {
		p.rows = appendAssociations(nil, window(l.system, c.skip, limit))
		p.rows = appendAssociations(p.rows, window(user, max(0, c.skip-len(l.system)), limit-len(p.rows)))
	}
	return listAnswer(q, p)
}

// associationsByObjectKey answers GET /associations/objectKey/{objectKey}.
func (s *Sandbox) associationsByObjectKey(c *call) answer {
	p := &page{}
	for _, rows := range [][]*storedAssociation{c.account.system, c.account.user} {
		for _, a := range rows {
			if a.FirstObjectKey == c.param || a.SecondObjectKey == c.param {
				p.rows = append(p.rows, a.Association)
			}
		}
	}
	switch c.quirks.ObjectKeyAnswer {
	case ObjectKeySingle:
		if len(p.rows) == 0 {
			return c.missing(messageNoAssociation)
		}
		return objectAnswer(c.quirks, http.StatusOK, nameAssociation, p.rows[0])
	case ObjectKeyArray:
	default:
		p.name = nameAssociations
	}
	a := jsonAnswer(http.StatusOK, nil)
	a.page = p
	return a
}

// associationByKey answers GET /associations/key/{key}. The key counts as written.
func (s *Sandbox) associationByKey(c *call) answer {
	return s.showAssociation(c, c.account.associationWithKey(c.param))
}

// getAssociation answers GET /associations/{id}.
func (s *Sandbox) getAssociation(c *call) answer {
	return s.showAssociation(c, c.account.associations[c.param])
}

func (s *Sandbox) showAssociation(c *call, a *storedAssociation) answer {
	if a == nil {
		return c.missing(messageNoAssociation)
	}
	return objectAnswer(c.quirks, http.StatusOK, nameAssociation, a.Association)
}

// createAssociation answers POST /associations/.
func (s *Sandbox) createAssociation(c *call) answer {
	a := Association{
		LocationID:        c.account.id,
		Key:               strings.ToLower(c.fields[fieldKey]),
		FirstObjectKey:    c.fields[fieldFirstObjectKey],
		FirstObjectLabel:  c.fields[fieldFirstObjectLabel],
		SecondObjectKey:   c.fields[fieldSecondObjectKey],
		SecondObjectLabel: c.fields[fieldSecondObjectLabel],
		AssociationType:   UserDefined,
	}
	if a.FirstObjectKey > a.SecondObjectKey && !c.quirks.KeepSides {
		a.FirstObjectKey, a.SecondObjectKey = a.SecondObjectKey, a.FirstObjectKey
		if !c.quirks.LabelsStay {
			a.FirstObjectLabel, a.SecondObjectLabel = a.SecondObjectLabel, a.FirstObjectLabel
		}
	}
	if equalContactLabels(a) {
		return c.refuse(http.StatusUnprocessableEntity, messageEqualLabels)
	}
	if len(c.account.associationByKey[a.Key]) > 0 {
		return c.refuse(http.StatusBadRequest, "Duplicate Association key: "+a.Key)
	}
	if most := c.quirks.MaxLabelsPerPair; most > 0 && c.account.countPair(a.FirstObjectKey, a.SecondObjectKey) >= most {
		return c.refuse(http.StatusBadRequest,
			fmt.Sprintf("Max association limit[%d] reached for objects[%s, %s]", most, a.FirstObjectKey, a.SecondObjectKey))
	}
	a.ID = s.newID()
	c.account.addAssociation(a)
	return committed(objectAnswer(c.quirks, http.StatusCreated, nameAssociation, a))
}

// updateAssociation answers PUT /associations/{id}: the labels, in the stored order.
func (s *Sandbox) updateAssociation(c *call) answer {
	row := c.account.associations[c.param]
	if row == nil {
		return c.missing(messageNoAssociation)
	}
	if row.AssociationType == SystemDefined {
		return c.refuse(http.StatusBadRequest, "System defined associations can not be updated")
	}
	changed := row.Association
	changed.FirstObjectLabel = c.fields[fieldFirstObjectLabel]
	changed.SecondObjectLabel = c.fields[fieldSecondObjectLabel]
	if equalContactLabels(changed) {
		return c.refuse(http.StatusUnprocessableEntity, messageEqualLabels)
	}
	row.Association = changed
	return committed(objectAnswer(c.quirks, http.StatusOK, nameAssociation, changed))
}

// deleteAssociation answers DELETE /associations/{id}, and takes all relations along.
func (s *Sandbox) deleteAssociation(c *call) answer {
	row := c.account.associations[c.param]
	if row == nil {
		return c.missing(messageNoAssociation)
	}
	if row.AssociationType == SystemDefined {
		return c.refuse(http.StatusBadRequest, "System defined associations can not be deleted")
	}
	c.account.removeAssociation(row)
	return committed(objectAnswer(c.quirks, http.StatusOK, "",
		deletion{Deleted: true, ID: row.ID, Message: "Association deleted successfully"}))
}

const (
	contactObject      = "contact"
	messageEqualLabels = "Both object labels can not be same"
)

func equalContactLabels(a Association) bool {
	return a.FirstObjectKey == contactObject && a.SecondObjectKey == contactObject && a.FirstObjectLabel == a.SecondObjectLabel
}

// countPair counts the user-defined associations between two objects, in either order.
func (l *subAccount) countPair(one, other string) int {
	n := 0
	for _, a := range l.user {
		if a.FirstObjectKey == one && a.SecondObjectKey == other || a.FirstObjectKey == other && a.SecondObjectKey == one {
			n++
		}
	}
	return n
}

func appendAssociations(rows []any, stored []*storedAssociation) []any {
	for _, a := range stored {
		rows = append(rows, a.Association)
	}
	return rows
}

// window is the part of rows that a page shows.
func window[T any](rows []T, skip, limit int) []T {
	rows = rows[min(skip, len(rows)):]
	return rows[:min(limit, len(rows))]
}

// listAnswer answers a page of one of the two listings.
func listAnswer(q Quirks, p *page) answer {
	if q.BareLists {
		p.name = ""
	}
	a := jsonAnswer(http.StatusOK, nil)
	a.page = p
	return a
}

func committed(a answer) answer {
	a.committed = true
	return a
}

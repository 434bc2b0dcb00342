package sandbox

import (
	"fmt"
	"net/http"
	"slices"
)

const (
	messageNoAssociation = "Association already deleted or not found"
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
	user, system := inOrder(c, l.user), l.system
	var rows []*storedAssociation
	switch q.SystemRows {
	case SystemRowsEveryPage:
		rows = slices.Concat(system, window(user, c.skip, limit))
	case SystemRowsFirst:
		rows = window(slices.Concat(system, user), c.skip, limit)
	default:
		rows = window(slices.Concat(user, system), c.skip, limit)
	}
	for _, a := range rows {
		p.rows = append(p.rows, c.shownAssociation(a.Association))
	}
	return c.listAnswer(p)
}

// associationsByObjectKey answers GET /associations/objectKey/{objectKey}.
func (s *Sandbox) associationsByObjectKey(c *call) answer {
	p := &page{}
	stored := c.quirks.storedObjectKey
	for _, a := range slices.Concat(c.account.user, c.account.system) {
		if stored(a.FirstObjectKey) == stored(c.param) || stored(a.SecondObjectKey) == stored(c.param) {
			p.rows = append(p.rows, c.shownAssociation(a.Association))
		}
	}
	switch c.quirks.ObjectKeyAnswer {
	case ObjectKeySingle:
		if len(p.rows) == 0 {
			return c.noAssociation()
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

// associationByKey answers GET /associations/key/{key}. The key is case-sensitive.
func (s *Sandbox) associationByKey(c *call) answer {
	return s.showAssociation(c, c.account.associationWithKey(c.param))
}

// getAssociation answers GET /associations/{id}.
func (s *Sandbox) getAssociation(c *call) answer {
	return s.showAssociation(c, c.account.associations[c.param])
}

func (s *Sandbox) showAssociation(c *call, a *storedAssociation) answer {
	if a == nil {
		return c.noAssociation()
	}
	return c.associationAnswer(http.StatusOK, a.Association)
}

// createAssociation answers POST /associations/.
func (s *Sandbox) createAssociation(c *call) answer {
	a := c.sentAssociation()
	if equalContactLabels(a) {
		return c.refuse(http.StatusUnprocessableEntity, messageEqualLabels)
	}
	if key := c.noObject(a); key != "" {
		return c.refuse(http.StatusUnprocessableEntity, "Object "+key+" does not exist")
	}
	if message := c.repeats(a); message != "" {
		return c.refuse(http.StatusBadRequest, message)
	}
	if most := c.quirks.MaxLabelsPerPair; most > 0 && c.account.countPair(a.FirstObjectKey, a.SecondObjectKey) >= most {
		return c.refuse(http.StatusBadRequest,
			fmt.Sprintf("Max association limit[%d] reached for objects[%s, %s]", most, a.FirstObjectKey, a.SecondObjectKey))
	}
	a.ID = s.newID()
	c.account.addAssociation(a)
	return committed(c.associationAnswer(http.StatusCreated, a))
}

// sentAssociation returns the association that a create sends, in the form in which the sandbox stores it.
func (c *call) sentAssociation() Association {
	q := c.quirks
	a := Association{
		LocationID:        c.account.id,
		Key:               q.storedKey(c.fields[fieldKey]),
		FirstObjectKey:    q.storedObjectKey(c.fields[fieldFirstObjectKey]),
		FirstObjectLabel:  q.storedLabel(c.fields[fieldFirstObjectLabel]),
		SecondObjectKey:   q.storedObjectKey(c.fields[fieldSecondObjectKey]),
		SecondObjectLabel: q.storedLabel(c.fields[fieldSecondObjectLabel]),
		AssociationType:   UserDefined,
	}
	if a.FirstObjectKey > a.SecondObjectKey && !q.KeepSides {
		a.FirstObjectKey, a.SecondObjectKey = a.SecondObjectKey, a.FirstObjectKey
		if !q.LabelsStay {
			a.FirstObjectLabel, a.SecondObjectLabel = a.SecondObjectLabel, a.FirstObjectLabel
		}
	}
	return a
}

// repeats returns the error message if the key or the labels of a new association are taken, or "".
func (c *call) repeats(a Association) string {
	key := len(c.account.associationByKey[a.Key]) > 0
	labels := !c.quirks.LabelPairsRepeat && c.account.hasLabels(a)
	switch {
	case labels && (!key || c.quirks.LabelPairFirst):
		return "duplicate pair of labels"
	case key:
		return "Duplicate Association key: " + a.Key
	default:
		return ""
	}
}

// updateAssociation answers PUT /associations/{id}, which changes the labels. The request sends them in the stored order.
func (s *Sandbox) updateAssociation(c *call) answer {
	row := c.account.associations[c.param]
	if row == nil {
		return c.noAssociation()
	}
	if row.AssociationType == SystemDefined {
		return c.refuse(http.StatusBadRequest, "System defined associations can not be updated")
	}
	changed := row.Association
	changed.FirstObjectLabel = c.quirks.storedLabel(c.fields[fieldFirstObjectLabel])
	changed.SecondObjectLabel = c.quirks.storedLabel(c.fields[fieldSecondObjectLabel])
	if equalContactLabels(changed) {
		return c.refuse(http.StatusUnprocessableEntity, messageEqualLabels)
	}
	row.Association = changed
	switch c.quirks.UpdateAnswer {
	case UpdateNone:
		return committed(answer{status: http.StatusNoContent, header: http.Header{}})
	case UpdateSuccess:
		return committed(objectAnswer(c.quirks, http.StatusOK, "", success{true}))
	default:
		return committed(c.associationAnswer(http.StatusOK, changed))
	}
}

// deleteAssociation answers DELETE /associations/{id}, which also deletes the relations under the association.
func (s *Sandbox) deleteAssociation(c *call) answer {
	row := c.account.associations[c.param]
	if row == nil {
		return c.noAssociation()
	}
	if row.AssociationType == SystemDefined {
		return c.refuse(http.StatusBadRequest, "System defined associations can not be deleted")
	}
	c.account.removeAssociation(row)
	message := "Association deleted successfully"
	return c.deleted(deletion{Deleted: true, ID: row.ID, Message: message}, message)
}

const (
	contactObject      = "contact"
	messageEqualLabels = "Both object labels can not be same"
)

func equalContactLabels(a Association) bool {
	return a.FirstObjectKey == contactObject && a.SecondObjectKey == contactObject && a.FirstObjectLabel == a.SecondObjectLabel
}

// hasLabels reports whether a client already created an association with the same objects and labels. The order of the sides does
// not matter.
func (l *subAccount) hasLabels(a Association) bool {
	type side struct{ objectKey, label string }
	first, second := side{a.FirstObjectKey, a.FirstObjectLabel}, side{a.SecondObjectKey, a.SecondObjectLabel}
	return slices.ContainsFunc(l.user, func(row *storedAssociation) bool {
		one, other := side{row.FirstObjectKey, row.FirstObjectLabel}, side{row.SecondObjectKey, row.SecondObjectLabel}
		return !row.platform && (one == first && other == second || one == second && other == first)
	})
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

// window returns the rows of one page.
func window[T any](rows []T, skip, limit int) []T {
	rows = rows[min(skip, len(rows)):]
	return rows[:min(limit, len(rows))]
}

package sandbox

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// The routes that find records. No route creates records: tests use [Sandbox.AddRecord].
const (
	RouteSearchRecords    = "POST /objects/{key}/records/search"
	RouteGetRecord        = "GET /objects/{key}/records/{id}"
	RouteDuplicateContact = "GET /contacts/search/duplicate"
)

const (
	fieldPage        = "page"
	fieldPageLimit   = "pageLimit"
	fieldSearchAfter = "searchAfter"
	fieldFilters     = "filters"
	fieldEmail       = "email"
	fieldNumber      = "number"
)

var (
	recordKind   = &kind{name: "record", missing: messageNoRecord}
	searchFields = append(texts(fieldLocationID),
		of[float64](fieldPage, "a number"), of[float64](fieldPageLimit, "a number"),
		anyText(fieldQuery).orNone(), of[[]recordFilter](fieldFilters, "an array of filters").orNone(),
		of[[]any](fieldSearchAfter, "an array"))
	recordRoutes = []*route{
		{name: RouteSearchRecords, body: searchFields, list: true, handle: (*Sandbox).searchRecords},
		{name: RouteGetRecord, kind: recordKind, query: []string{fieldLocationID}, handle: (*Sandbox).getRecord},
		{name: RouteDuplicateContact, query: []string{fieldLocationID, fieldEmail, fieldNumber}, handle: (*Sandbox).duplicateContact},
	}
)

// shownRecord is a record in the form that answers contain.
type shownRecord struct {
	ID          string         `json:"id"`
	Owner       []string       `json:"owner"`
	Followers   []string       `json:"followers"`
	Properties  map[string]any `json:"properties"` // each name is the last part of a field key
	CreatedAt   string         `json:"createdAt"`
	UpdatedAt   string         `json:"updatedAt"`
	LocationID  string         `json:"locationId"`
	ObjectID    string         `json:"objectId"`
	ObjectKey   string         `json:"objectKey"`
	SearchAfter []any          `json:"searchAfter"`
}

// searchRecords answers POST /objects/{key}/records/search, with status 201 although it creates nothing.
func (s *Sandbox) searchRecords(c *call) answer {
	o := c.account.object(c.param)
	if o == nil {
		return c.none(objectKind.kind)
	}
	wanted, problem := c.recordsWanted(o)
	if problem != "" {
		return c.refuseForm(problem)
	}
	var page, limit float64
	c.read(fieldPage, &page)
	c.read(fieldPageLimit, &limit)
	if page < 1 || limit < 1 || limit > maxPage {
		return c.refuseForm(fmt.Sprintf("%s must be at least 1, and %s from 1 to %d", fieldPage, fieldPageLimit, maxPage))
	}
	found := c.account.recordsOf(o, func(r shownRecord) bool {
		created := c.account.records[r.ID].created
		return s.now().Sub(created) >= c.quirks.RecordLag && wanted(r.Properties)
	})
	a := c.wholeList("records", anyRows(window(c.after(found), int(page-1)*int(limit), int(limit))))
	if c.quirks.CustomObjectRecords {
		a.page.name = "customObjectRecords"
	}
	a.status, a.page.total, a.page.count = http.StatusCreated, len(found), !c.quirks.NoTotal
	return a
}

// after returns the records that follow the record whose searchAfter was sent.
func (c *call) after(found []shownRecord) []shownRecord {
	var cursor []any
	if c.read(fieldSearchAfter, &cursor); len(cursor) == 0 {
		return found
	}
	last := slices.IndexFunc(found, func(r shownRecord) bool { return r.ID == cursor[len(cursor)-1] })
	return found[last+1:]
}

// recordsOf returns the records of an object that fit, in the order in which they were added.
func (l *subAccount) recordsOf(o *Object, fits func(shownRecord) bool) []shownRecord {
	ids := slices.SortedFunc(maps.Keys(l.records), func(a, b string) int { return cmp.Compare(l.records[a].order, l.records[b].order) })
	var found []shownRecord
	for _, id := range ids {
		if r := l.shownRecord(o, id); l.fits(id, o.Key) && fits(r) {
			found = append(found, r)
		}
	}
	return found
}

func (l *subAccount) shownRecord(o *Object, id string) shownRecord {
	r := l.records[id]
	created := r.created.UTC().Format(stampForm)
	return shownRecord{
		ID: id, Owner: []string{}, Followers: []string{}, Properties: r.properties, CreatedAt: created, UpdatedAt: created,
		LocationID: l.id, ObjectID: o.ID, ObjectKey: o.Key, SearchAfter: []any{r.created.UnixMilli(), id},
	}
}

// getRecord answers GET /objects/{key}/records/{id}.
func (s *Sandbox) getRecord(c *call) answer {
	l, o := c.account, c.account.object(c.vars[fieldKey])
	if o == nil {
		return objectKind.none(c.quirks, c.vars[fieldKey], c.traceID)
	}
	if _, known := l.records[c.param]; !known || !l.fits(c.param, o.Key) {
		return c.none(recordKind)
	}
	r := l.shownRecord(o, c.param)
	if c.foreign {
		madeUp := r
		madeUp.ID = foreignID
		r = append(l.recordsOf(o, func(other shownRecord) bool { return other.ID != r.ID }), madeUp)[0]
	}
	return c.wrapped(http.StatusOK, recordKind.name, r)
}

// duplicateContact answers GET /contacts/search/duplicate: it returns the oldest contact with an e-mail address or a phone
// number, or null.
func (s *Sandbox) duplicateContact(c *call) answer {
	email, number := c.query.Get(fieldEmail), c.query.Get(fieldNumber)
	if email == "" && number == "" {
		return c.refuseForm("email or number should not be empty")
	}
	found := c.account.recordsOf(c.account.object(contactObject), func(r shownRecord) bool {
		return email != "" && strings.EqualFold(propertyText(r.Properties, fieldEmail), email) ||
			number != "" && propertyText(r.Properties, "phone") == number
	})
	if len(found) == 0 {
		return objectAnswer(c.quirks, http.StatusOK, "", map[string]any{contactObject: nil})
	}
	contact := map[string]any{}
	maps.Copy(contact, found[0].Properties)
	contact["id"], contact[fieldLocationID] = found[0].ID, c.account.id
	return objectAnswer(c.quirks, http.StatusOK, "", map[string]json.RawMessage{contactObject: encodeObject(contact, c.quirks.UnknownFields)})
}

// propertyText returns a property of a record as the text that a search compares.
func propertyText(properties map[string]any, name string) string {
	if value := properties[name]; value != nil {
		return fmt.Sprint(value)
	}
	return ""
}

// stampForm is the time format of answers.
const stampForm = "2006-01-02T15:04:05.000Z"

// stamp returns the current time in the format of answers.
func (s *Sandbox) stamp() string { return s.now().UTC().Format(stampForm) }

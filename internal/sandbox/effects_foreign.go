package sandbox

import (
	"encoding/json"
	"maps"
	"net/http"
)

// These effects answer a request with the answer to another request.

// RowOfAnother carries the request out, but answers with another row of the same kind: the oldest other row of the sub-account,
// or an invented row. It matches requests whose answer is one row.
func RowOfAnother() Effect {
	return Effect{
		name: "row of another",
		fits: either(onKinds(http.MethodGet, http.MethodPost, http.MethodPut),
			onRoutes(RouteAssociationByKey, RouteGetAssociation, RouteCreateAssociation, RouteUpdateAssociation, RouteCreateRelation)),
		ahead: func(x *exchange) { x.foreign = true },
	}
}

// Ids that no sandbox uses.
const (
	foreignLocation = "loc-of-a-stranger"
	foreignRecord   = "record-of-a-stranger-"
)

// ListOfAnotherLocation sets the id of another sub-account in each row of a list.
func ListOfAnotherLocation() Effect {
	return onList("list of another sub-account", func(p *page) {
		p.change(map[string]any{fieldLocationID: foreignLocation})
	})
}

// ListOfAnotherRecord replaces the records in a listing of relations with two other records. It matches only requests for the
// relations of a record.
func ListOfAnotherRecord() Effect {
	e := onList("list of another record", func(p *page) {
		p.change(map[string]any{fieldFirstRecordID: foreignRecord + "1", fieldSecondRecordID: foreignRecord + "2"})
	})
	e.fits = onRoutes(RouteListRelations)
	return e
}

// AnswerBefore answers a read with the answer to the previous request in the sub-account, as on a connection whose answers lag
// one request behind. The first request of a sub-account gets its own answer. AnswerBefore matches only GET.
func AnswerBefore() Effect {
	return Effect{
		name: "answer of the request before",
		fits: func(x *exchange) bool { return x.method == http.MethodGet },
		spoil: func(x *exchange, a *answer) {
			if x.before != nil {
				*a = *x.before
				a.header = maps.Clone(a.header)
			}
		},
	}
}

// change replaces fields in every row.
func (p *page) change(fields map[string]any) {
	for i, row := range p.rows {
		changed := map[string]any{}
		if encoded, err := json.Marshal(row); err != nil || json.Unmarshal(encoded, &changed) != nil {
			continue // another fault already spoiled the row
		}
		maps.Copy(changed, fields)
		p.rows[i] = changed
	}
}

package sandbox

import (
	"encoding/json"
	"maps"
	"net/http"
)

// These effects answer a request with the answer of another one.

// RowOfAnother carries the request out and answers with another row of the same kind: the oldest of the sub-account, or one that
// nobody made. It matches requests whose answer is one row.
func RowOfAnother() Effect {
	return Effect{
		name: "row of another",
		fits: either(onKinds(http.MethodGet, http.MethodPost, http.MethodPut),
			onRoutes(RouteAssociationByKey, RouteGetAssociation, RouteCreateAssociation, RouteUpdateAssociation, RouteCreateRelation)),
		ahead: func(x *exchange) { x.foreign = true },
	}
}

// Ids that no sandbox gives out.
const (
	foreignLocation = "loc-of-a-stranger"
	foreignRecord   = "record-of-a-stranger-"
)

// ListOfAnotherLocation lets each row of a list name another sub-account.
func ListOfAnotherLocation() Effect {
	return onList("list of another sub-account", func(p *page) {
		p.change(map[string]any{fieldLocationID: foreignLocation})
	})
}

// ListOfAnotherRecord answers a listing of relations with those of two other records. It matches requests for the relations
// of a record only.
func ListOfAnotherRecord() Effect {
	e := onList("list of another record", func(p *page) {
		p.change(map[string]any{fieldFirstRecordID: foreignRecord + "1", fieldSecondRecordID: foreignRecord + "2"})
	})
	e.fits = onRoutes(RouteListRelations)
	return e
}

// AnswerBefore answers a read with the answer of the request before it, which may be about anything in the sub-account: as
// on a connection whose answers are one behind. The first request of a sub-account gets its own answer. It matches GET only.
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

// change replaces fields of every row.
func (p *page) change(fields map[string]any) {
	for i, row := range p.rows {
		changed := map[string]any{}
		if encoded, err := json.Marshal(row); err != nil || json.Unmarshal(encoded, &changed) != nil {
			continue // a fault spoiled it already
		}
		maps.Copy(changed, fields)
		p.rows[i] = changed
	}
}

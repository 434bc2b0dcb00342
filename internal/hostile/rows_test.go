package hostile_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// fields contains the fields of a JSON object, each with its value in JSON; "" omits a field.
type fields map[string]string

func (f fields) with(name, value string) fields {
	changed := maps.Clone(f)
	changed[name] = value
	return changed
}

func (f fields) String() string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(f)) {
		if f[name] != "" {
			parts = append(parts, fmt.Sprintf("%q:%s", name, f[name]))
		}
	}
	return "{" + strings.Join(parts, ",") + "}"
}

// The correct rows for the objects of the world.
var (
	mentorRow = fields{
		"id": `"{MENTOR}"`, "locationId": `"{HOME}"`, "key": `"mentor"`, "associationType": `"USER_DEFINED"`,
		"firstObjectKey": `"contact"`, "firstObjectLabel": `"Mentor"`, "secondObjectKey": `"contact"`, "secondObjectLabel": `"Mentee"`,
	}
	relationRow = fields{
		"id": `"{RELATION}"`, "locationId": `"{HOME}"`, "associationId": `"{FRIEND}"`,
		"firstObjectKey": `"contact"`, "firstRecordId": `"record-one"`, "secondObjectKey": `"contact"`, "secondRecordId": `"record-two"`,
	}
)

// wrongValues are JSON values that are wrong for a field of a row.
var wrongValues = map[string]string{
	"number": "17", "huge number": "1e999", "true": "true", "null": "null", "list": `["a"]`, "object": `{"a":"b"}`, "nothing": "", "empty": `""`,
}

// hostileIDs are JSON values that no id, key or object key can have.
var hostileIDs = map[string]string{
	"dot": `"."`, "dots": `".."`, "a path traversal": `"../../oauth/locationToken"`, "escape": `"a\u001b[2Jb"`, "NUL": `"a\u0000b"`,
	"line break": `"a\n::warning::b"`, "carriage return": `"a\rError: b"`, "bidi": `"a\u202eb\u2066c"`, "zero width": `"a\u200bb\ufeff"`,
	"half a surrogate": `"\ud800"`, "very long": `"` + strings.Repeat("q", 20_000) + `"`, "query": `"a?locationId=b&c=d#e"`,
	"the token": `"{TOKEN}"`, "percent": `"%2e%2e%2f"`,
}

// rows returns answers with a single row that has one wrong field.
func rows() []entry {
	var all []entry
	onOne := []verb{readAssociation, importAssociation, changeAssociation, makeAssociation}
	for _, field := range slices.Sorted(maps.Keys(mentorRow)) {
		for what, value := range wrongValues {
			all = append(all, entry{
				kind: "association with a wrong field", name: field + " is " + what, verbs: onOne,
				route: singleAssociation, status: 200, body: mentorRow.with(field, value).String(),
			})
		}
	}
	for _, field := range slices.Sorted(maps.Keys(relationRow)) {
		for what, value := range wrongValues {
			all = append(all, entry{
				kind: "relation with a wrong field", name: field + " is " + what, verbs: []verb{readRelation, importRelation, makeRelation, dataRelations},
				route: relationAnswers, status: 200, body: `{"relations":[` + relationRow.with(field, value).String() + `],"total":1}`,
			})
		}
	}
	for what, value := range hostileIDs {
		for _, field := range []string{"id", "locationId", "key", "firstObjectKey", "associationType"} {
			all = append(all, entry{
				kind: "association with a hostile id", name: field + " is " + what, verbs: append(onOne, dataAssociations, listAll),
				route: anyAssociation, status: 200, body: listedOrNot(mentorRow.with(field, value)),
			})
		}
		for _, field := range []string{"id", "associationId", "firstRecordId"} {
			all = append(all, entry{
				kind: "relation with a hostile id", name: field + " is " + what, verbs: append(onRecords, makeRelation),
				route: relationAnswers, status: 200, body: `{"relations":[` + relationRow.with(field, value).String() + `],"total":1}`,
			})
		}
		all = append(all, entry{
			kind: "created with a hostile id", name: "association " + what, verbs: []verb{makeAssociation}, after: true,
			route: createAssociation, status: 201, body: mentorRow.with("key", `"made"`).with("firstObjectLabel", `"Maker"`).with("secondObjectLabel", `"Made"`).with("id", value).String(),
		}, entry{
			kind: "created with a hostile id", name: "relation " + what, verbs: []verb{makeRelation}, after: true,
			route: createRelation, status: 201, body: relationRow.with("secondRecordId", `"record-three"`).with("id", value).String(),
		})
	}
	return append(all, strangeRows()...)
}

// Routes of requests whose answer is one row, or a list of rows.
var (
	singleAssociation = route(`(GET|PUT) /associations/[^/]+|POST /associations/|GET /associations/key/.*`)
	anyAssociation    = route(`(GET|PUT) /associations/[^/]+|POST /associations/|GET /associations/(key/.*)?`)
	relationAnswers   = route(`(GET|POST) /associations/relations.*`)
)

// listedOrNot returns an answer that is valid both as one row and as a listing of that row.
func listedOrNot(row fields) string {
	return row.with("associations", "["+row.String()+"]").with("total", "1").String()
}

// strangeRows returns answers with foreign rows.
func strangeRows() []entry {
	strange := mentorRow.with("locationId", `"{ELSEWHERE}"`)
	link := relationRow.with("locationId", `"{ELSEWHERE}"`)
	named := map[string]fields{
		"of another sub-account":              strange,
		"of another sub-account, with its id": strange.with("id", `"{STRANGER}"`),
		"in wrong case":                       mentorRow.with("locationId", `"SUBACCOUNTHOME"`),
	}
	var all []entry
	for what, row := range named {
		all = append(all, entry{
			kind: "foreign association", name: what, verbs: []verb{readAssociation, importAssociation, importKey, makeAssociation, changeAssociation},
			route: singleAssociation, status: 200, body: row.String(),
		})
	}
	all = append(all, entry{
		kind: "foreign association", name: "of another id", verbs: []verb{readAssociation, importAssociation, changeAssociation},
		route: singleAssociation, status: 200, body: mentorRow.with("id", `"{STRANGER}"`).String(),
	}, entry{
		kind: "foreign association", name: "of another key", verbs: []verb{importKey, makeAssociation, dataAssociation},
		route: singleAssociation, status: 200, body: mentorRow.with("key", `"foreign"`).String(),
	})
	for what, row := range map[string]fields{
		"of another sub-account": link,
		"of other records":       relationRow.with("firstRecordId", `"foreign-record"`).with("secondRecordId", `"foreign-too"`),
		"of another association": relationRow.with("associationId", `"another-association"`),
		"its own":                link.with("id", `"{STRANGE RELATION}"`).with("associationId", `"{STRANGER}"`),
		"in wrong case":          relationRow.with("locationId", `"SUBACCOUNTHOME"`),
	} {
		all = append(all, entry{
			kind: "foreign relation", name: what, verbs: append(onRecords, makeRelation),
			route: relationAnswers, status: 200, body: `{"relations":[` + row.String() + `],"total":1}`,
		}, entry{
			kind: "foreign relation created", name: what, verbs: []verb{makeRelation}, after: true,
			route: createRelation, status: 201, body: row.String(),
		})
	}
	return all
}

package hostile_test

import (
	"maps"
	"slices"
)

// The correct answers to lookups of records contain these rows.
var (
	recordRow  = fields{"id": `"record-four"`, "locationId": `"{HOME}"`, "objectKey": `"custom_objects.property"`, "properties": `{"number":"P-100"}`}
	contactRow = fields{"id": `"record-five"`, "locationId": `"{HOME}"`, "email": `"ann@example.com"`}
)

// found returns an answer that is valid for the lookup of a record and for the lookup of a contact.
func found(record, contact fields) string {
	return `{"records":[` + record.String() + `],"total":1,"contact":` + contact.String() + `}`
}

// records returns answers to lookups of records, with one wrong field or about other records.
func records() []entry {
	var all []entry
	for what, value := range wrongValues {
		for _, field := range slices.Sorted(maps.Keys(recordRow)) {
			all = append(all, entry{
				kind: "record with a wrong field", name: field + " is " + what, verbs: []verb{dataRecord},
				route: findRecord, status: 201, body: found(recordRow.with(field, value), contactRow),
			})
		}
		for _, field := range slices.Sorted(maps.Keys(contactRow)) {
			all = append(all, entry{
				kind: "contact with a wrong field", name: field + " is " + what, verbs: []verb{dataContact},
				route: findRecord, status: 200, body: found(recordRow, contactRow.with(field, value)),
			})
		}
	}
	for what, value := range hostileIDs {
		all = append(all, entry{
			kind: "record with a hostile id", name: what, verbs: onLookups, route: findRecord, status: 200, body: found(recordRow.with("id", value), contactRow.with("id", value)),
		})
	}
	for what, change := range map[string]fields{
		"of another sub-account": {"locationId": `"{ELSEWHERE}"`},
		"of another object":      {"objectKey": `"custom_objects.foreign"`, "email": `"foreign@example.com"`},
		"with another value":     {"properties": `{"number":"P-1000"}`, "email": `"foreign@example.com"`},
		"in wrong case":          {"locationId": `"SUBACCOUNTHOME"`},
	} {
		record, contact := maps.Clone(recordRow), maps.Clone(contactRow)
		maps.Copy(record, change)
		maps.Copy(contact, change)
		all = append(all, entry{
			kind: "foreign record", name: what, verbs: onLookups, refused: true,
			route: findRecord, status: 200, body: found(record.with("id", `"foreign"`), contact.with("id", `"foreign"`)),
		})
	}
	return all
}

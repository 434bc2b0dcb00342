package hostile_test

import (
	"maps"
	"strings"
)

// inputs returns hostile import ids and attributes.
func inputs() []entry {
	var all []entry
	ids := map[string]string{
		"empty": "", "a slash": "/", "slashes": "///////", "dot": ".", "dots": "..", "{HOME} and dot": home + "/.", "{HOME} and dots": home + "/..",
		"a path traversal": home + "/../../oauth/locationToken", "an encoded path traversal": home + "/%2e%2e%2f%2e%2e", "encoded dots": home + "/%2e%2e", "a key of dots": "key:..",
		"an empty key": home + "/key:", "keys": "key:key:key:", "an encoded slash": home + "%2f{MENTOR}",
		"a query": home + "/{MENTOR}?locationId=b", "an encoded query": home + "/{MENTOR}%3FlocationId%3Db", "a fragment": home + "/{MENTOR}#a",
		"a bad percent": home + "/%zz", "half a percent": home + "/%", "NUL": home + "/%00", "an encoded escape": home + "/%1b[2J", "an encoded line": home + "/%0a::warning::a",
		"records of dots": home + "/{FRIEND}/%2e/%2e%2e", "five parts": "a/b/c/d/e",
	}
	for what, text := range hostileTexts {
		ids["plain "+what], ids["id "+what], ids["key "+what], ids["record "+what] = text, home+"/"+text, home+"/key:"+text, home+"/{FRIEND}/"+text+"/record-two"
	}
	for what, id := range ids {
		if id != "" {
			all = append(all, entry{kind: "import id", name: what, verbs: []verb{importAssociation, importRelation}, importID: id})
		}
	}
	texts := map[string]string{"empty": "", "dot": ".", "half an id": "/"}
	maps.Copy(texts, hostileTexts)
	for what, text := range texts {
		for _, name := range []string{"key", "first_object_key", "first_object_label", "location_id"} {
			all = append(all, entry{kind: "association's " + name, name: what, verbs: []verb{makeAssociation}, attributes: given{name: text}})
		}
		for _, name := range []string{"association_id", "first_record_id", "location_id"} {
			all = append(all, entry{kind: "relation's " + name, name: what, verbs: []verb{makeRelation}, attributes: given{name: text}})
		}
		all = append(all, entry{kind: "data", name: "value " + what, verbs: []verb{dataRecord}, attributes: given{"value": text}}, entry{
			kind: "data", name: "property " + what, verbs: []verb{dataRecord}, attributes: given{"property": text},
		}, entry{kind: "data", name: "e-mail " + what, verbs: []verb{dataContact}, attributes: given{"email": text}})
		all = append(all, entry{kind: "data", name: "key " + what, verbs: []verb{dataAssociation}, attributes: given{"key": text}}, entry{
			kind: "data", name: "record " + what, verbs: []verb{dataRelations, listOf}, attributes: given{"record_id": text},
		}, entry{
			kind: "data", name: "sub-account " + what, verbs: []verb{dataAssociations, listAll, openToken}, attributes: given{"location_id": text},
		}, entry{
			kind: "data", name: "app " + what, verbs: []verb{dataLocations}, attributes: given{"app_id": text},
		})
	}
	all = append(all, entry{
		kind: "data", name: "a key of 256 kilobytes", verbs: []verb{dataAssociation}, attributes: given{"key": strings.Repeat("k", 1<<18)},
	})
	return all
}

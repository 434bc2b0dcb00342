package hostile_test

// writeAnswers returns wrong answers to a write, and to the lookup of a key before the write. These answers confirm
// something that was not requested, or nothing.
func writeAnswers() []entry {
	strange := mentorRow.with("locationId", `"{ELSEWHERE}"`).with("id", `"{STRANGER}"`)
	var all []entry
	for what, body := range map[string]string{
		"not deleted":           `{"deleted":false,"id":"{MENTOR}","message":"a\n::warning::b"}`,
		"deleted as a string":   `{"deleted":"true","id":"{MENTOR}"}`,
		"another deleted":       `{"deleted":true,"id":"foreign"}`,
		"no success":            `{"success":false,"message":"a\u001b[2J"}`,
		"success and an error":  `{"success":true,"error":"Could not be deleted"}`,
		"not found":             `{"statusCode":404,"message":"Association already deleted or not found"}`,
		"a duplicate":           `{"statusCode":400,"message":"Duplicate Association key"}`,
		"a stranger":            strange.String(),
		"a wrapped stranger":    `{"association":` + strange.String() + `}`,
		"strangers":             `[` + strange.String() + `]`,
		"half the row":          `{"id":"{MENTOR}"}`,
		"labels that changed":   mentorRow.with("firstObjectLabel", `"Third"`).String(),
		"the token":             `{"message":"{TOKEN}","deleted":false}`,
		"not found as a string": `"not found"`,
	} {
		for _, status := range []int{200, 201, 400, 404, 409} {
			at := func(kind string, e entry) {
				e.kind, e.name, e.status, e.body = kind, itoa(status)+" "+what, status, body
				all = append(all, e)
			}
			at("answer to an update", entry{verbs: []verb{changeAssociation}, route: updateAssociation})
			at("answer to an update that was carried out", entry{verbs: []verb{changeAssociation}, route: updateAssociation, after: true})
			at("answer to a deletion", entry{verbs: []verb{removeAssociation}, route: deleteAssociation})
			at("answer to a deletion of a relation", entry{verbs: []verb{removeRelation}, route: deleteRelation})
			at("answer to a create", entry{verbs: []verb{makeAssociation}, route: createAssociation})
			at("answer to a create that was carried out", entry{verbs: []verb{makeAssociation}, route: createAssociation, after: true})
			at("answer about a key", entry{verbs: []verb{makeAssociation, importKey, dataAssociation}, route: byKey})
		}
	}
	return all
}

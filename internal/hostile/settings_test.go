package hostile_test

import "strings"

// hostileTexts are texts that make a token, an id or another setting invalid.
var hostileTexts = map[string]string{
	"a blank": "a b", "blanks": "  ", "a line break": "a\nb", "a header": "a\r\nX-Other: b", "NUL": "a\x00b", "an escape": "a\x1b[2Jb", "bidi": "a\u202eb",
	"zero width": "a\u200bb", "a command": "a\n::warning::b", "another error": "a\n\nError: b", "quotes": `"a"`, "a leading word": "Bearer a", "very long": strings.Repeat("q", 20_000),
	"JSON": `{"a":"b"}`, "a path traversal": "../../a", "dots": "..", "a query": "a?b=c&d#e", "percent": "%2e%2e%2fa%00", "Cyrillic letters": "ключ",
}

// tokenSettings returns entries with malformed credentials.
func tokenSettings() []entry {
	var all []entry
	for what, text := range hostileTexts {
		spoiled := "{TOKEN}" + text
		all = append(all, entry{kind: "access_token", name: what, verbs: onReads, settings: given{"access_token": spoiled}}, entry{
			kind: "agency_access_token", name: what, verbs: []verb{readAssociation, openToken},
			settings: given{"access_token": nil, "company_id": company, "agency_access_token": "{AGENCY TOKEN}" + text},
		}, entry{
			kind: "location_access_tokens", name: what, verbs: onReads, settings: given{"access_token": nil, "location_access_tokens": map[string]string{home: homeToken + text}},
		}, entry{
			kind: "location_access_tokens", name: "an id with " + what, verbs: onReads, settings: given{"location_access_tokens": map[string]string{text: homeToken}},
		}, entry{
			kind: "company_id", name: what, verbs: []verb{readAssociation, openToken},
			settings: given{"access_token": nil, "agency_access_token": agencyToken, "company_id": text},
		})
		if !strings.Contains(text, "\x00") && len(text) < 10_000 {
			all = append(all, entry{
				kind: "GHL_ACCESS_TOKEN", name: what, verbs: []verb{readAssociation}, settings: given{"base_url": nil, "access_token": nil},
				environment: map[string]string{"GHL_ACCESS_TOKEN": spoiled},
			})
		}
	}
	for what, text := range map[string]string{
		"no JSON": "{TOKEN}", "half": `{"{HOME}":"{TOKEN}`, "a list": `["{TOKEN}"]`, "a text": `"{TOKEN}"`, "a number": `{"{HOME}":17}`, "null": `{"{HOME}":null}`,
		"a map in a map": `{"{HOME}":{"a":"{TOKEN}"}}`, "twice": `{"{HOME}":"{TOKEN}","{HOME}":"{TOKEN}"}`, "two values": `{"{HOME}":"{TOKEN}"}{"a":"{TOKEN}"}`,
		"an id with an escape": `{"a\u001b[2J":"{TOKEN}"}`, "a token with two lines": `{"{HOME}":"{TOKEN}\n::warning::a"}`, "a command": "{TOKEN}\n::warning::a",
		"deep": strings.Repeat(`{"a":`, 5_000) + `"{TOKEN}"` + strings.Repeat("}", 5_000), "empty": `{}`, "an empty token": `{"{HOME}":""}`, "HCL instead of JSON": `{ {HOME} = "{TOKEN}" }`,
	} {
		all = append(all, entry{
			kind: "GHL_LOCATION_ACCESS_TOKENS", name: what, verbs: []verb{readAssociation}, settings: given{"base_url": nil, "access_token": nil},
			environment: map[string]string{"GHL_LOCATION_ACCESS_TOKENS": text},
		})
	}
	return all
}

// otherSettings returns hostile settings other than credentials.
func otherSettings() []entry {
	var all []entry
	for what, text := range hostileTexts {
		for _, name := range []string{"api_version", "location_id", "request_timeout", "existing_objects"} {
			all = append(all, entry{kind: name, name: what, verbs: onReads, settings: given{name: text}})
		}
		if !strings.Contains(text, "\x00") && len(text) < 10_000 {
			for _, name := range []string{"GHL_API_VERSION", "GHL_LOCATION_ID", "GHL_REQUEST_TIMEOUT", "GHL_EXISTING_OBJECTS", "GHL_REQUESTS_PER_10_SECONDS", "GHL_MAX_RETRIES", "TF_APPEND_USER_AGENT"} {
				all = append(all, entry{
					kind: name, name: what, verbs: []verb{readAssociation}, environment: map[string]string{name: text},
					settings: given{"api_version": nil, "location_id": nil, "request_timeout": nil, "max_retries": nil},
				})
			}
		}
	}
	for what, text := range map[string]string{"a century": "876000h", "beyond numbers": "99999999999h", "negative": "-1s", "zero": "0s", "no unit": "60", "tiny": "1ns", "not a number": "NaNs"} {
		all = append(all, entry{kind: "request_timeout", name: what, verbs: onReads, settings: given{"request_timeout": text}})
	}
	for what, number := range map[string]int64{"negative": -1, "huge": 1 << 40, "least": -1 << 63} {
		all = append(all, entry{kind: "max_retries", name: what, verbs: onReads, settings: given{"max_retries": number}}, entry{
			kind: "requests_per_10_seconds", name: what, verbs: onReads, settings: given{"requests_per_10_seconds": number},
		})
	}
	return append(all, disallowed()...)
}

// disallowed returns entries in which a resource specifies a sub-account that the settings do not allow.
func disallowed() []entry {
	tokens := given{"access_token": nil, "location_access_tokens": map[string]string{home: homeToken, elsewhere: elsewhereToken}}
	agencys := given{"access_token": nil, "company_id": company, "agency_access_token": agencyToken}
	verbs := []verb{makeAssociation, dataAssociations, listAll}
	var all []entry
	for what, settings := range map[string]given{"a map": tokens, "an agency": agencys, "one token": {}} {
		e := entry{kind: "disallowed sub-account", verbs: verbs, attributes: given{"location_id": elsewhere}, silent: true, refused: true}
		e.name, e.settings = what, settings.with(given{"allowed_location_ids": []string{home}})
		variable := e
		variable.name, variable.settings, variable.environment = what+", by an environment variable", settings, map[string]string{"GHL_ALLOWED_LOCATION_IDS": home}
		imported := e
		imported.name, imported.verbs, imported.attributes, imported.importID = what+", imported", []verb{importAssociation}, nil, elsewhere+"/{STRANGER}"
		byDefault := e
		byDefault.name, byDefault.attributes, byDefault.settings = what+", by default", nil, e.settings.with(given{"location_id": elsewhere})
		all = append(all, e, variable, imported, byDefault)
	}
	return all
}

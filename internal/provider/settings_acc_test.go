package provider_test

import (
	"strings"
	"testing"
)

// What cannot be meant is refused where it is set, and before any call.
func TestAccSettings_refused(t *testing.T) {
	a := newSandboxAccount(t)
	key := a.key("mentor")
	for name, test := range map[string]struct {
		provider string            // lines of the provider block
		mentor   []string          // lines of the association
		change   map[string]string // in the configuration
		says     []string
	}{
		"api_version with a line break":      {provider: `api_version = "v3\nX: evil"`, says: []string{"Invalid Text", "api_version must not contain line breaks or other control characters."}},
		"location_id with a blank":           {provider: `location_id = "loc-school "`, says: []string{"Invalid Text", "location_id must not begin or end with white space"}},
		"company_id with a line break":       {provider: `company_id = "company\n"`, says: []string{"company_id must not begin or end with white space"}},
		"too many repeats":                   {provider: "max_retries = 4294967296", says: []string{"max_retries", "between 0 and 2147483647"}},
		"too many calls":                     {provider: "requests_per_10_seconds = 4294967297", says: []string{"requests_per_10_seconds", "between 1 and 2147483647"}},
		"a time of nothing":                  {mentor: []string{`timeouts = { create = "0s" }`}, says: []string{"Invalid Duration", "timeouts.create must be a duration above zero"}},
		"a time below zero":                  {mentor: []string{`timeouts = { read = "-1m" }`}, says: []string{"Invalid Duration", "timeouts.read must be a duration above zero"}},
		"a time without a unit":              {mentor: []string{`timeouts = { delete = "10" }`}, says: []string{"Invalid Duration", "timeouts.delete must be a duration above zero"}},
		"the resource's location":            {mentor: []string{`location_id = " loc-school"`}, says: []string{"Invalid Text", "location_id must not begin or end with white space"}},
		"a key with a blank":                 {change: map[string]string{key: key + " "}, says: []string{"Invalid Text", "key must not begin or end with white space"}},
		"an object with a blank":             {change: map[string]string{`first_object_key    = "contact"`: `first_object_key    = "contact "`}, says: []string{"Invalid Text", "first_object_key must not begin or end with white space"}},
		"an object with a control character": {change: map[string]string{`second_object_key   = "contact"`: `second_object_key   = "con\u0000tact"`}, says: []string{"Invalid Text", "second_object_key must not contain line breaks"}},
		"no label":                           {change: map[string]string{`"Mentee"`: `""`}, says: []string{"second_object_label", "at least 1"}},
		"a relation's record with a blank":   {change: map[string]string{`"contact-1"`: `"contact-1 "`}, says: []string{"first_record_id must not begin or end with white space"}},
		"a relation's record with a slash":   {change: map[string]string{`"contact-1"`: `"../contact-1"`}, says: []string{"first_record_id must not contain a slash"}},
		"a relation's record, two dots":      {change: map[string]string{`"contact-2"`: `".."`}, says: []string{"second_record_id must not be a dot or two"}},
		"a location with an escape":          {mentor: []string{`location_id = "loc\u001b[2J"`}, says: []string{"location_id must not contain line breaks or other control characters"}},
		"a relation's association":           {change: map[string]string{"ghl_association.mentor.id": `"a\t"`}, says: []string{"association_id must not begin or end with white space"}},
	} {
		t.Run(name, func(t *testing.T) {
			text := contacts("mentor", key, "Mentor", "Mentee", test.mentor...) + relation("link", "ghl_association.mentor.id", "contact-1", "contact-2")
			for from, to := range test.change {
				if !strings.Contains(text, from) {
					t.Fatalf("%s is not in\n%s", from, text)
				}
				text = strings.ReplaceAll(text, from, to)
			}
			e := a.engine("provider \"ghl\" {\n  " + test.provider + "\n}\n" + text)
			says(t, e.fails("validate", "-no-color"), test.says...)
		})
	}
	if n := len(a.requests()); n != 0 {
		t.Errorf("%d requests were made", n)
	}
}

// The same from the environment, and of tokens: each mistake has its own sentence.
func TestAccSettings_refusedInTheEnvironment(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.engine("provider \"ghl\" {}\n" + contacts("mentor", a.key("mentor"), "Mentor", "Mentee"))
	for _, test := range []struct{ name, value, says string }{
		{"GHL_ACCESS_TOKEN", `"pit-x"`, "Correct access_token (or GHL_ACCESS_TOKEN): invalid access token: it is in quotes, or contains one: set the token without them."},
		{"GHL_ACCESS_TOKEN", "Bearer pit-x", `invalid access token: it begins with "Bearer": set the token alone.`},
		{"GHL_ACCESS_TOKEN", "pit-x\n", "invalid access token: it contains a line break: copy the token again, in one line."},
		{"GHL_ACCESS_TOKEN", " ", "invalid access token: it is blank."},
		{"GHL_API_VERSION", "v3\n", "GHL_API_VERSION must not begin or end with white space or a line break."},
		{"GHL_LOCATION_ID", " loc-school", "GHL_LOCATION_ID must not begin or end with white space or a line break."},
		{"GHL_LOCATION_ID", "../loc", "GHL_LOCATION_ID must not contain a slash."},
		{"GHL_MAX_RETRIES", "4294967296", "GHL_MAX_RETRIES must be a whole number from 0 to 2147483647."},
		{"TF_APPEND_USER_AGENT", "ci\r\nX-Evil: 1", "TF_APPEND_USER_AGENT must not contain line breaks or other control characters."},
	} {
		before, was := e.env[test.name]
		e.env[test.name] = test.value
		says(t, e.fails("plan", "-no-color"), "Unable to Configure Provider", test.says)
		delete(e.env, test.name)
		if was {
			e.env[test.name] = before
		}
	}
	if n := len(a.requests()); n != 0 {
		t.Errorf("%d requests were made", n)
	}
}

// A time that an older version let into the state keeps nothing from being read; the
// corrected configuration mends it, without a call.
func TestAccSettings_badTimeoutInState(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.engine("provider \"ghl\" {}\n" + contacts("mentor", a.key("mentor"), "Mentor", "Mentee", `timeouts = { read = "7m" }`))
	e.apply()
	for _, bad := range []string{"0s", "-5m", "soon"} {
		state := strings.Replace(e.read("terraform.tfstate"), `"read": "7m"`, `"read": "`+bad+`"`, 1)
		if !strings.Contains(state, bad) {
			t.Fatalf("no timeout in the state:\n%s", state)
		}
		e.write("terraform.tfstate", state)
		says(t, e.succeeds("plan", "-no-color"), "1 to change")
		a.forget()
		e.apply()
		a.mustHaveWritten()
		e.plansNothing()
	}
}

// An operation without time says so, and not that a rate limit was in its way.
func TestAccSettings_noTime(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.engine("provider \"ghl\" {}\n" + contacts("mentor", a.key("mentor"), "Mentor", "Mentee", `timeouts = { create = "1ns" }`))
	output := e.fails("apply", "-auto-approve", "-no-color")
	says(t, output, "Unable to Create Association", "The operation's time was up.")
	if strings.Contains(output, "rate limit") || strings.Contains(output, "budget") {
		t.Errorf("the rate limit is blamed:\n%s", output)
	}
	a.mustHaveWritten()
}

// A wrong version is told as one, and the token is left alone.
func TestAccSettings_wrongVersion(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.engine("provider \"ghl\" {\n  api_version = \"2020-01-01\"\n}\n" + contacts("mentor", a.key("mentor"), "Mentor", "Mentee"))
	output := e.fails("apply", "-auto-approve", "-no-color")
	says(t, output, "HighLevel does not accept the version of the API. Correct api_version (or GHL_API_VERSION)")
	if strings.Contains(output, "token") {
		t.Errorf("the token is blamed:\n%s", output)
	}
}

package hostile_test

import (
	"strconv"
	"strings"
)

func itoa(n int) string { return strconv.Itoa(n) }

// addresses are values of base_url that a configuration or the environment could set.
var addresses = map[string]string{
	"unencrypted":             "http://api.invalid",
	"an unencrypted port":     "http://api.invalid:443",
	"a fake localhost":        "http://localhost.collector.invalid",
	"a fake loopback address": "http://127.0.0.1.collector.invalid",
	"a loopback user":         "http://127.0.0.1@collector.invalid",
	"a user":                  "https://user:secret@api.invalid",
	"the token as a user":     "https://{TOKEN}@api.invalid",
	"a number":                "http://2130706433",
	"a hexadecimal number":    "http://0x7f000001",
	"a short address":         "http://127.1",
	"any address":             "http://0.0.0.0",
	"any IPv6 address":        "http://[::]",
	"a truncated address":     "https://[::1",
	"cloud metadata":          "http://169.254.169.254/latest",
	"no host":                 "https://",
	"a path":                  "/associations",
	"only a host":             "api.invalid",
	"another scheme":          "ftp://api.invalid",
	"a file":                  "file:///etc/passwd",
	"a script":                "javascript:alert(1)",
	"an opaque address":       "https:api.invalid",
	"three slashes":           "https:///api.invalid",
	"a backslash":             `https://api.invalid\@collector.invalid`,
	"a query":                 "https://api.invalid?a=b",
	"a fragment":              "https://api.invalid#a",
	"a line break":            "https://api.invalid\n::warning::a",
	"a header":                "https://api.invalid\r\nX-Other: a",
	"an escape":               "https://api.invalid/\x1b[2J",
	"bidi":                    "https://api\u202e.invalid",
	"zero width":              "https://api\u200b.invalid",
	"a replacement character": "https://api.invalid/\ufffd",
	"a percent sign":          "https://api%.invalid",
	"an encoded host":         "https://api%2einvalid",
	"a port out of range":     "https://api.invalid:99999",
	"a port that is text":     "https://api.invalid:a\x1b",
	"a long host":             "https://" + strings.Repeat("a", 20_000),
	"a long path":             "https://api.invalid/" + strings.Repeat("a/", 10_000),
	"a path traversal":        "https://api.invalid/../../..",
	"an upper-case scheme":    "HTTPS://api.invalid",
	"blanks":                  " https://api.invalid ",
	"a template":              "https://${GHL_ACCESS_TOKEN}.collector.invalid",
	"a command":               "https://$(id).collector.invalid",
	"two addresses":           "https://api.invalid https://collector.invalid",
	"a look-alike letter":     "https://аpi.invalid",
}

// baseURLs returns entries that try each address as the provider's base URL.
func baseURLs() []entry {
	var all []entry
	for what, address := range addresses {
		all = append(all, entry{kind: "base_url", name: what, verbs: onReads, settings: given{"base_url": address}})
		if !strings.Contains(address, "\x00") && len(address) < 10_000 {
			all = append(all, entry{
				kind: "GHL_BASE_URL", name: what, verbs: []verb{readAssociation}, settings: given{"base_url": nil},
				environment: map[string]string{"GHL_BASE_URL": address},
			})
		}
	}
	return append(all, borrowedTokens()...)
}

// borrowedTokens returns configurations that set an address, and would send it a token from the environment.
func borrowedTokens() []entry {
	taken := given{"base_url": "https://collector.invalid", "access_token": nil}
	agencys := taken.with(given{"agency_access_token": nil, "company_id": company})
	var all []entry
	for what, e := range map[string]entry{
		"a token":              {settings: taken, environment: map[string]string{"GHL_ACCESS_TOKEN": "{TOKEN}"}},
		"a map":                {settings: taken, environment: map[string]string{"GHL_LOCATION_ACCESS_TOKENS": `{"{HOME}":"{TOKEN}"}`}},
		"an agency's":          {settings: agencys, environment: map[string]string{"GHL_AGENCY_ACCESS_TOKEN": "{AGENCY TOKEN}"}},
		"an agency's, all":     {settings: agencys.with(given{"company_id": nil}), environment: map[string]string{"GHL_AGENCY_ACCESS_TOKEN": "{AGENCY TOKEN}", "GHL_COMPANY_ID": company}},
		"another host allowed": {settings: taken, environment: map[string]string{"GHL_ACCESS_TOKEN": "{TOKEN}", "GHL_ALLOW_BASE_URL": "https://api.invalid"}},
		"a host with the allowed prefix": {
			settings:    given{"base_url": "https://api.invalid.collector.invalid", "access_token": nil},
			environment: map[string]string{"GHL_ACCESS_TOKEN": "{TOKEN}", "GHL_ALLOW_BASE_URL": "https://api.invalid"},
		},
		"another address in the environment": {
			settings: taken, environment: map[string]string{"GHL_ACCESS_TOKEN": "{TOKEN}", "GHL_BASE_URL": "https://api.invalid"},
		},
		"this machine": {
			settings: given{"base_url": "http://127.0.0.1:9", "access_token": nil}, environment: map[string]string{"GHL_ACCESS_TOKEN": "{TOKEN}"},
		},
	} {
		e.kind, e.name, e.verbs, e.silent, e.refused = "token from the environment", what, []verb{readAssociation, makeAssociation, openToken}, true, true
		all = append(all, e)
	}
	return all
}

package ghl

import (
	"net/http"
	"strings"
)

// scopes lists the OAuth scopes that endpoints require (published reference), by the prefix
// of the path. The suffix ".readonly" or ".write" is appended. Endpoints that only read
// have the full scope in the table.
var scopes = []struct{ path, scope string }{
	{"/associations/relations", "associations/relation"},
	{"/associations/", "associations"},
	{"/custom-fields/", "locations/customFields"},
	{"/locations/", "locations/customValues"},
	{"/contacts/", "contacts.readonly"},
	{"/objects/", "objects/schema"},
}

// scope returns the scope that a token needs for the request, or "" for the agency's
// endpoints.
func (r request) scope() string {
	if strings.HasPrefix(r.path, "/objects/") && strings.Contains(r.path, "/records/") {
		return "objects/record.readonly"
	}
	for _, s := range scopes {
		switch {
		case !strings.HasPrefix(r.path+"/", s.path):
		case strings.HasSuffix(s.scope, ".readonly"):
			return s.scope
		case r.method == http.MethodGet || r.method == "":
			return s.scope + ".readonly"
		default:
			return s.scope + ".write"
		}
	}
	return ""
}

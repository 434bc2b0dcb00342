package sandbox

import (
	"net/url"
	"slices"
	"strings"
)

// Names of the API's routes, for [Request] and [Fault].
const (
	RouteListAssociations        = "GET /associations/"
	RouteCreateAssociation       = "POST /associations/"
	RouteAssociationByKey        = "GET /associations/key/{key}"
	RouteAssociationsByObjectKey = "GET /associations/objectKey/{objectKey}"
	RouteGetAssociation          = "GET /associations/{id}"
	RouteUpdateAssociation       = "PUT /associations/{id}"
	RouteDeleteAssociation       = "DELETE /associations/{id}"
	RouteCreateRelation          = "POST /associations/relations"
	RouteListRelations           = "GET /associations/relations/{recordId}"
	RouteDeleteRelation          = "DELETE /associations/relations/{relationId}"
	RouteExchange                = "POST /oauth/locationToken"
	RouteInstalledLocations      = "GET /oauth/installedLocations"
)

// route describes the input of one endpoint, and contains its handler.
type route struct {
	name   string
	query  []string    // fields that the query may have
	list   bool        // the answer is a list on one page
	paged  bool        // the answer is a page of a list: skip and limit are required
	limit  int         // default limit of a page; if it is set, skip and limit are optional
	body   []bodyField // fields of the body; nil if the route has no body
	form   bool        // the body is a form, not JSON
	kind   *kind       // kind of the object in the route; nil for lists, and for associations and relations
	scope  string      // the route is for agencies, and their token needs this scope
	handle func(*Sandbox, *call) answer

	method   string
	segments []string // elements of the path; {…} matches any element
}

// routes lists all routes of the API. The routes of objects, fields, records and custom values are defined in their own files. A
// route with a fixed element precedes a route with {…} at the same position.
var routes = func() []*route {
	rows := slices.Concat([]*route{
		{name: RouteListAssociations, query: []string{fieldLocationID, fieldSkip, fieldLimit}, paged: true, handle: (*Sandbox).listAssociations},
		{name: RouteCreateAssociation, body: associationFields, handle: (*Sandbox).createAssociation},
		{name: RouteAssociationByKey, query: []string{fieldLocationID}, handle: (*Sandbox).associationByKey},
		{name: RouteAssociationsByObjectKey, query: []string{fieldLocationID}, list: true, handle: (*Sandbox).associationsByObjectKey},
		{name: RouteCreateRelation, body: relationFields, handle: (*Sandbox).createRelation},
		{name: RouteListRelations, query: []string{fieldLocationID, fieldSkip, fieldLimit, fieldAssociationIDs}, paged: true, handle: (*Sandbox).listRelations},
		{name: RouteDeleteRelation, query: []string{fieldLocationID}, handle: (*Sandbox).deleteRelation},
		{name: RouteGetAssociation, handle: (*Sandbox).getAssociation},
		{name: RouteUpdateAssociation, body: labelFields, handle: (*Sandbox).updateAssociation},
		{name: RouteDeleteAssociation, handle: (*Sandbox).deleteAssociation},
		{name: RouteExchange, scope: scopeWrite, form: true, body: tokenFields, handle: (*Sandbox).exchangeToken},
		{name: RouteInstalledLocations, scope: scopeReadonly, query: installedFields, paged: true, limit: 20, handle: (*Sandbox).listInstalled},
	}, objectRoutes, customFieldRoutes, fieldFolderRoutes, customValueRoutes, recordRoutes)
	for _, r := range rows {
		method, path, _ := strings.Cut(r.name, " ")
		r.method, r.segments = method, strings.Split(path, "/")
	}
	return rows
}()

// findRoute returns the route of an escaped path, its unescaped variable elements by name, and the last of these elements.
func findRoute(method, escapedPath string) (*route, map[string]string, string) {
	segments := strings.Split(escapedPath, "/")
	for _, r := range routes {
		if r.method != method || len(r.segments) != len(segments) {
			continue
		}
		if vars, last, ok := r.match(segments); ok {
			return r, vars, last
		}
	}
	return nil, nil, ""
}

func (r *route) match(segments []string) (vars map[string]string, last string, ok bool) {
	for i, want := range r.segments {
		have, err := url.PathUnescape(segments[i])
		switch {
		case err != nil:
			return nil, "", false
		case strings.HasPrefix(want, "{"):
			if have == "" {
				return nil, "", false
			}
			last = have
			if vars == nil {
				vars = map[string]string{}
			}
			vars[strings.Trim(want, "{}")] = have
		case have != want:
			return nil, "", false
		}
	}
	return vars, last, true
}

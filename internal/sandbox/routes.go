package sandbox

import (
	"net/url"
	"slices"
	"strings"
)

// The routes of the API, as [Request] and [Fault] name them.
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

// route describes what one endpoint takes, and has its handler.
type route struct {
	name   string
	query  []string    // fields that the query may have
	list   bool        // it answers a list on one page
	paged  bool        // it answers pages of a list: skip and limit are required
	limit  int         // of a page if the query does not say; then neither is required
	body   []bodyField // nil takes no body
	form   bool        // the body is a form, not JSON
	kind   *kind       // of the thing that the route is about; nil for lists, and for associations and relations
	scope  string      // the route is for agencies, whose token needs this scope
	handle func(*Sandbox, *call) answer

	method   string
	segments []string // of the path; {…} matches one path element
}

// routes is the whole API. Kinds other than associations and relations have their routes in their own files. Routes with a
// fixed word precede those with {…} in its place.
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

// findRoute finds the route of a path, which is escaped as on the wire, and its variable elements, unescaped: by name, and the
// last one.
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

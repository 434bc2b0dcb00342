package hostile_test

import (
	"net"
	"net/http"
	"regexp"
)

// entry is one hostile answer or setting.
type entry struct {
	kind, name string
	verbs      []verb // what the engine does

	// These fields describe an answer. The requests that match route get the answer; a nil route matches all requests.
	// If after is set, the sandbox carries out the request before the answer is sent.
	route  *regexp.Regexp
	after  bool
	status int
	header http.Header
	body   string
	gone   bool // in addition, the answer to a read of one association is "not found"

	// For a broken connection, serve is what the server does with the connection.
	serve func(net.Conn)

	// These fields describe a setting: attributes of the provider, environment variables, attributes of the resource or
	// data source, and the id to import.
	settings    given
	environment map[string]string
	attributes  given
	importID    string

	silent  bool // no request may be sent
	refused bool // there must be an error, and a minted token must not be sent
}

// isAnswer reports whether an entry is an answer, as opposed to a setting.
func (e entry) isAnswer() bool { return e.status != 0 || e.gone || e.serve != nil }

// route compiles a pattern for a method and a path.
func route(pattern string) *regexp.Regexp { return regexp.MustCompile("^" + pattern + "$") }

// Routes, as method and path.
var (
	getAssociation    = route(`GET /associations/[^/]+`)
	byKey             = route(`GET /associations/key/.*`)
	listAssociations  = route(`GET /associations/`)
	listRelations     = route(`GET /associations/relations/.*`)
	createAssociation = route(`POST /associations/`)
	createRelation    = route(`POST /associations/relations`)
	updateAssociation = route(`PUT /associations/.*`)
	deleteAssociation = route(`DELETE /associations/[^/]+`)
	deleteRelation    = route(`DELETE /associations/relations/.*`)
	findRecord        = route(`POST /objects/.*|GET /contacts/.*`)
	exchange          = route(`POST /oauth/locationToken`)
	installed         = route(`GET /oauth/installedLocations`)
)

// verb is an operation of an engine.
type verb string

const (
	readAssociation   verb = "read association"
	readRelation      verb = "read relation"
	importAssociation verb = "import association"
	importKey         verb = "import association by key"
	importRelation    verb = "import relation"
	makeAssociation   verb = "create association"
	makeRelation      verb = "create relation"
	changeAssociation verb = "update association"
	removeAssociation verb = "delete association"
	removeRelation    verb = "delete relation"
	dataAssociation   verb = "data association"
	dataAssociations  verb = "data associations"
	dataRelations     verb = "data relations"
	dataLocations     verb = "data locations"
	dataRecord        verb = "data record"
	dataContact       verb = "data record, of a contact"
	listAll           verb = "list associations"
	listOf            verb = "list relations"
	openToken         verb = "open token"
)

// Groups of verbs.
var (
	onListings = []verb{importKey, makeAssociation, dataAssociation, dataAssociations, listAll}
	onRecords  = []verb{readRelation, importRelation, removeRelation, dataRelations, listOf}
	onReads    = []verb{readAssociation, readRelation}
	onLookups  = []verb{dataRecord, dataContact}
	onFew      = append([]verb{readAssociation, readRelation, makeAssociation, makeRelation, changeAssociation, removeAssociation, removeRelation}, onLookups...)
)

// needsAgency reports whether a verb works only with the agency's token.
func (v verb) needsAgency() bool { return v == dataLocations || v == openToken }

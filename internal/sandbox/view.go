package sandbox

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"
)

// The maximum numbers of items of each kind on the page. The page only counts the others.
const (
	viewedAccounts     = 20
	viewedAssociations = 50 // of a sub-account
	viewedDrawings     = 20 // of a sub-account
	viewedRelations    = 40 // in a drawing
	viewedRequests     = 50
)

var (
	//go:embed view.html
	viewHTML string
	//go:embed view.css
	viewStyle string
	//go:embed view.js
	viewScript string
)

var viewTemplate = template.Must(template.New("view.html").
	Funcs(template.FuncMap{
		"short": short, "parts": parts,
		"style":  func() template.CSS { return template.CSS(viewStyle) }, //nolint:gosec // both are files of this package
		"script": func() template.JS { return template.JS(viewScript) },  //nolint:gosec // likewise
	}).Parse(viewHTML))

// viewPolicy allows the page its own style, script and icon, and requests to the sandbox. It forbids everything else.
var viewPolicy = fmt.Sprintf("default-src 'none'; style-src '%s'; script-src '%s'; img-src data:; connect-src 'self'; form-action 'self'; "+
	"base-uri 'none'; frame-ancestors 'none'", hashOf(viewStyle), hashOf(viewScript))

func hashOf(content string) string {
	hash := sha256.Sum256([]byte(content))
	return "sha256-" + base64.StdEncoding.EncodeToString(hash[:])
}

// view is the data of the page at the root: the content of the sandbox and the last requests. It contains no token.
type view struct {
	Time         time.Time
	Find         string
	Search       *searchView // nil without a search
	Accounts     []accountView
	MoreAccounts int
	Requests     []requestView // newest first
	MoreRequests int
}

type accountView struct {
	ID, Name, Address string
	Agency            string
	Installed         bool // whether the agency's app is installed
	HasToken          bool
	Expired           bool // whether the token has expired
	Exchanged         int  // number of valid exchanged tokens
	Associations      []associationView
	MoreAssociations  int
	Drawings          []drawing
	MoreDrawings      int
	Objects           []objectView
	MoreObjects       int
	Values            []CustomValue
	MoreValues        int
}

type associationView struct {
	Association
	Tone      int    // the colour of its lines
	Origin    string // who created it, if not a client
	Relations int
}

// wantsView reports whether a person requests the page. A client's request contains a token. The API has no route at the root.
func wantsView(r *http.Request) bool {
	return r.Method == http.MethodGet && r.URL.Path == "/" && r.Header.Get("Authorization") == ""
}

// viewAnswer returns the page. A request for the page is not an API call: it is not logged, does not count against a rate limit
// and is not subject to faults.
func (s *Sandbox) viewAnswer(find string) answer {
	var body bytes.Buffer
	if err := viewTemplate.Execute(&body, s.look(find)); err != nil {
		panic(fmt.Sprintf("sandbox: %v", err)) // only types of this package are encoded
	}
	return answer{
		status: http.StatusOK,
		header: http.Header{
			"Content-Type":            {"text/html; charset=utf-8"},
			"Content-Security-Policy": {viewPolicy},
			"Cache-Control":           {"no-store"},
			"Referrer-Policy":         {"no-referrer"},
			"X-Content-Type-Options":  {"nosniff"},
		},
		body: body.Bytes(),
	}
}

func (s *Sandbox) look(find string) view {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := view{Time: s.now(), Find: find, Search: s.search(find)}
	var ids []string
	ids, v.MoreAccounts = firstOf(s.order, viewedAccounts)
	for _, id := range ids {
		account := s.accounts[id].look(v.Time)
		account.Expired = s.tokens[s.accounts[id].token] == nil
		v.Accounts = append(v.Accounts, account)
	}
	m := s.mask()
	for _, seen := range slices.Backward(s.seen) {
		v.Requests = append(v.Requests, seen.look(m))
	}
	v.MoreRequests = max(0, len(s.log)-len(s.seen)) // the log may contain fewer requests than the page
	return v
}

func (l *subAccount) look(now time.Time) accountView {
	v := accountView{ID: l.id, Name: l.name, Address: l.address, HasToken: l.token != ""}
	for _, expires := range l.exchanged {
		if now.Before(expires) {
			v.Exchanged++
		}
	}
	if l.agency != nil {
		v.Agency, v.Installed = l.agency.CompanyID, l.installed
	}
	rows := l.ownFirst()
	place := map[string]int{}
	for i, a := range rows {
		place[a.ID] = i
	}
	rows, v.MoreAssociations = firstOf(rows, viewedAssociations)
	for i, a := range rows {
		v.Associations = append(v.Associations, associationView{a.Association, i % tones, a.origin(), len(a.relations)})
	}
	groups := l.relationsByAssociation()
	slices.SortStableFunc(groups, func(a, b []*storedRelation) int {
		return cmp.Compare(place[a[0].AssociationID], place[b[0].AssociationID])
	})
	groups, v.MoreDrawings = firstOf(groups, viewedDrawings)
	for _, relations := range groups {
		v.Drawings = append(v.Drawings, l.draw(relations, place[relations[0].AssociationID]%tones))
	}
	l.lookAtObjects(&v)
	return v
}

// ownFirst returns the associations, first those that a client created. Both groups are in order of creation.
func (l *subAccount) ownFirst() []*storedAssociation {
	rows := slices.Concat(l.user, l.system)
	slices.SortStableFunc(rows, func(a, b *storedAssociation) int {
		return strings.Compare(a.origin(), b.origin())
	})
	return rows
}

// origin returns who created an association, or "" for a client.
func (a *storedAssociation) origin() string {
	switch {
	case a.AssociationType == SystemDefined:
		return "system-defined"
	case a.platform:
		return "made by the platform"
	default:
		return ""
	}
}

// firstOf returns at most the given number of rows, and the number of the others.
func firstOf[T any](rows []T, most int) (first []T, more int) {
	n := min(len(rows), most)
	return rows[:n], len(rows) - n
}

// short shortens a text to the given number of characters. It omits the middle, because related ids begin with the same
// characters.
func short(most int, text string) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	tail := (most - 1) / 2
	return string(runes[:most-1-tail]) + "…" + string(runes[len(runes)-tail:])
}

// parts returns the parts of an object key between its dots. The page may break the line after each dot.
func parts(objectKey string) []string { return strings.Split(objectKey, ".") }

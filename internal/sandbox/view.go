package sandbox

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"
)

// What the view shows at most; of the rest it tells the number.
const (
	viewedAccounts     = 20
	viewedAssociations = 50 // of a sub-account
	viewedDrawings     = 20 // of a sub-account
	viewedRelations    = 40 // in a drawing
	viewedRequests     = 50
)

//go:embed view.html view.css
var viewFiles embed.FS

var viewTemplate = template.Must(template.New("view.html").
	Funcs(template.FuncMap{"short": short, "parts": parts}).
	ParseFS(viewFiles, "view.html", "view.css"))

// viewPolicy lets the view have the style and the icon that it brings along, and nothing else.
var viewPolicy = func() string {
	style, err := viewFiles.ReadFile("view.css")
	if err != nil {
		panic("sandbox: " + err.Error()) // it is embedded
	}
	hash := sha256.Sum256(style)
	return fmt.Sprintf("default-src 'none'; style-src 'sha256-%s'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
		base64.StdEncoding.EncodeToString(hash[:]))
}()

// view is what a person sees at the root: what the sandbox holds, and the requests that came last. It has no token in it.
type view struct {
	Time         time.Time
	Accounts     []accountView
	MoreAccounts int
	Requests     []requestView // newest first
	MoreRequests int
}

type accountView struct {
	ID, Name, Address string
	Agency            string
	Installed         bool // the agency's app
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
	Origin    string // who made it, where it was no client
	Relations int
}

// requestView leaves out what may hold a token: the headers, the query and the body.
type requestView struct {
	Time                             time.Time
	Method, Path, LocationID, Status string
	Kind                             string // of status: its hundred
	Fault                            string
}

// wantsView tells a person's request from those of clients, which come with a token. The API has nothing at the root.
func wantsView(r *http.Request) bool {
	return r.Method == http.MethodGet && r.URL.Path == "/" && r.Header.Get("Authorization") == ""
}

// viewAnswer shows the view. Looking is no call: it is not logged, takes nothing from a budget and meets no fault.
func (s *Sandbox) viewAnswer() answer {
	var body bytes.Buffer
	if err := viewTemplate.Execute(&body, s.look()); err != nil {
		panic(fmt.Sprintf("sandbox: %v", err)) // only types of this package come here
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

func (s *Sandbox) look() view {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := view{Time: s.now()}
	var ids []string
	ids, v.MoreAccounts = firstOf(sortedKeys(s.accounts), viewedAccounts)
	for _, id := range ids {
		v.Accounts = append(v.Accounts, s.accounts[id].look())
	}
	log := slices.Clone(s.log)
	slices.Reverse(log)
	log, v.MoreRequests = firstOf(log, viewedRequests)
	for _, entry := range log {
		v.Requests = append(v.Requests, entry.look())
	}
	return v
}

func (l *subAccount) look() accountView {
	v := accountView{ID: l.id, Name: l.name, Address: l.address}
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

// ownFirst is the associations in order of creation, ahead those that have no origin but a client.
func (l *subAccount) ownFirst() []*storedAssociation {
	rows := slices.Concat(l.user, l.system)
	slices.SortStableFunc(rows, func(a, b *storedAssociation) int {
		return strings.Compare(a.origin(), b.origin())
	})
	return rows
}

// origin says who made an association, where it was no client.
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

func (r *Request) look() requestView {
	v := requestView{Time: r.Time, Method: r.Method, Path: r.Path, LocationID: r.LocationID, Status: "no answer", Fault: r.Fault}
	if r.Status > 0 {
		v.Status = fmt.Sprintf("%d %s", r.Status, statusText(r.Status))
		v.Kind = fmt.Sprintf("s%d", r.Status/100)
	}
	return v
}

// firstOf is the first rows, at most so many, and how many are left out.
func firstOf[T any](rows []T, most int) (first []T, more int) {
	n := min(len(rows), most)
	return rows[:n], len(rows) - n
}

// short fits a text into so many characters by leaving out its middle, since ids that belong together begin alike.
func short(most int, text string) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	tail := (most - 1) / 2
	return string(runes[:most-1-tail]) + "…" + string(runes[len(runes)-tail:])
}

// parts are what stands between the dots of an object key, where a line may break.
func parts(objectKey string) []string { return strings.Split(objectKey, ".") }

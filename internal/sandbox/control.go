package sandbox

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// controlPath is the prefix of the paths of the page's buttons. No path of the API begins with it.
const controlPath = "/_sandbox/"

// Names of the fields that buttons send.
const (
	fieldLocation    = "location"
	fieldAssociation = "association"
	fieldRelation    = "relation"
	fieldFirst       = "first"
	fieldSecond      = "second"
)

// control is the action of a button in a sub-account. The action is a change that a person makes by hand in HighLevel, or the
// expiry of a token. Like HighLevel, the action may refuse the change.
type control struct {
	needs []string // required fields, besides the sub-account
	act   func(*Sandbox, *subAccount, url.Values) answer
}

var controls = map[string]control{
	"rename": {[]string{fieldAssociation, fieldFirst, fieldSecond}, func(s *Sandbox, l *subAccount, form url.Values) answer {
		return s.updateAssociation(s.byHand(l, form.Get(fieldAssociation), map[string]string{
			fieldFirstObjectLabel: form.Get(fieldFirst), fieldSecondObjectLabel: form.Get(fieldSecond),
		}))
	}},
	"delete-association": {[]string{fieldAssociation}, func(s *Sandbox, l *subAccount, form url.Values) answer {
		return s.deleteAssociation(s.byHand(l, form.Get(fieldAssociation), nil))
	}},
	"relate": {[]string{fieldAssociation, fieldFirst, fieldSecond}, func(s *Sandbox, l *subAccount, form url.Values) answer {
		return s.createRelation(s.byHand(l, "", map[string]string{
			fieldAssociationID: form.Get(fieldAssociation), fieldFirstRecordID: form.Get(fieldFirst), fieldSecondRecordID: form.Get(fieldSecond),
		}))
	}},
	"delete-relation": {[]string{fieldRelation}, func(s *Sandbox, l *subAccount, form url.Values) answer {
		return s.deleteRelation(s.byHand(l, form.Get(fieldRelation), nil))
	}},
	"expire-token": {nil, func(s *Sandbox, l *subAccount, _ url.Values) answer {
		delete(s.tokens, l.token) // the sub-account still stores the token
		return answer{}
	}},
	"accept-token": {nil, func(s *Sandbox, l *subAccount, _ url.Values) answer {
		s.setToken(l, l.token)
		return answer{}
	}},
	"expire-exchanged-tokens": {nil, func(_ *Sandbox, l *subAccount, _ url.Values) answer {
		clear(l.exchanged)
		return answer{}
	}},
}

// byHand returns a call for a change by hand, which did not arrive over the API.
func (s *Sandbox) byHand(l *subAccount, param string, fields map[string]string) *call {
	return &call{account: l, quirks: s.quirks, param: param, fields: fields}
}

// wantsControl reports whether a button sent the request. A client's request contains a token.
func wantsControl(r *http.Request) bool {
	return r.Method == http.MethodPost && strings.HasPrefix(r.URL.Path, controlPath) && r.Header.Get("Authorization") == ""
}

var sameOrigin = http.NewCrossOriginProtection()

// fromElsewhere reports whether a page of another site sent the request. The host name of another site may resolve to this
// machine. So a browser must use an IP address or localhost.
func fromElsewhere(r *http.Request) bool {
	if sameOrigin.Check(r) != nil {
		return true
	}
	if r.Header.Get("Origin") == "" && r.Header.Get("Sec-Fetch-Site") == "" {
		return false // no browser
	}
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	_, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err != nil && host != "localhost"
}

// controlAnswer runs the action of a button and redirects to the page. A button is not an API call: it is not logged, does not
// count against a rate limit and is not subject to faults.
func (s *Sandbox) controlAnswer(r *http.Request, body []byte) answer {
	if fromElsewhere(r) {
		return note(http.StatusForbidden, "The request comes from another site.")
	}
	c, ok := controls[strings.TrimPrefix(r.URL.Path, controlPath)]
	form, err := url.ParseQuery(string(body))
	if !ok || err != nil {
		return note(http.StatusNotFound, "The sandbox has no such control.")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	account := s.accounts[form.Get(fieldLocation)]
	if account == nil {
		return note(http.StatusNotFound, fmt.Sprintf("The sandbox has no sub-account %q.", form.Get(fieldLocation)))
	}
	for _, field := range c.needs {
		if form.Get(field) == "" {
			return note(http.StatusBadRequest, fmt.Sprintf("The field %q is empty.", field))
		}
	}
	if refusal := c.act(s, account, form); refusal.status >= http.StatusBadRequest {
		return note(refusal.status, refusal.message())
	}
	a := note(http.StatusSeeOther, "Done.")
	a.header.Set("Location", "/")
	return a
}

// message returns the error message of an answer.
func (a *answer) message() string {
	var refusal apiError
	_ = json.Unmarshal(a.body, &refusal) // this package encoded the body
	return fmt.Sprint(refusal.Message)
}

// note returns an answer with a line of plain text.
func note(status int, text string) answer {
	return answer{
		status: status,
		header: http.Header{
			"Content-Type":           {"text/plain; charset=utf-8"},
			"Cache-Control":          {"no-store"},
			"X-Content-Type-Options": {"nosniff"},
		},
		body: []byte(text + "\n"),
	}
}

package sandbox_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// press sends the request of a button on the page.
func (c *client) press(action string, status int, part string, fields ...string) reply {
	c.t.Helper()
	form := url.Values{"location": {school}}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	c.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return c.with("Authorization", "").with("Version", "").with("Content-Type", "application/x-www-form-urlencoded").
		want("POST", "/_sandbox/"+action, form.Encode(), status, part)
}

func TestControls(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{Latency: time.Hour, RateLimit: sandbox.RateLimit{Max: 1}})
	c.s.AddFault(sandbox.Fault{Effect: sandbox.Status(523)})
	row := c.s.AddAssociation(sandbox.Association{
		LocationID: school, Key: "parent_of", FirstObjectKey: "contact", FirstObjectLabel: "Parent", SecondObjectKey: "contact", SecondObjectLabel: "Child",
	})
	if r := c.press("rename", 303, "", "association", row.ID, "first", "Mother", "second", "Daughter"); r.header.Get("Location") != "/" {
		t.Errorf("a button leads to %s", r.header.Get("Location"))
	}
	if got := c.s.Associations(school)[0]; got.FirstObjectLabel != "Mother" || got.SecondObjectLabel != "Daughter" {
		t.Errorf("renamed: %+v", got)
	}
	c.press("relate", 303, "", "association", row.ID, "first", "contact-1", "second", "contact-2")
	c.press("relate", 400, "Could not create relation: duplicate relation", "association", row.ID, "first", "contact-1", "second", "contact-2")
	c.press("relate", 422, "Invalid record id : 'student-1'", "association", row.ID, "first", "contact-1", "second", "student-1")
	relations := c.s.Relations(school)
	if len(relations) != 1 || relations[0].FirstRecordID != "contact-1" || relations[0].SecondRecordID != "contact-2" {
		t.Errorf("related: %+v", relations)
	}
	c.press("delete-relation", 303, "", "relation", relations[0].ID)
	c.press("delete-relation", 404, "Relation not found", "relation", relations[0].ID)
	c.press("delete-association", 303, "", "association", row.ID)
	if left := len(c.s.Relations(school)) + len(c.s.Associations(school)); left != 0 {
		t.Errorf("%d rows are left", left)
	}
	if got := c.s.Requests(); len(got) != 0 {
		t.Errorf("the buttons were logged: %+v", got)
	}
}

func TestControlsOfTokens(t *testing.T) {
	t.Parallel()
	c := inProcess(t, agencyOptions())
	exchanged := c.exchange(school)
	as := func(token string, status int) {
		t.Helper()
		c.with("Authorization", "Bearer "+token).want("GET", page100, "", status, "")
	}
	c.press("expire-token", 303, "")
	c.press("expire-token", 303, "") // a second press changes nothing
	as(schoolToken, 401)
	as(exchanged, 200)
	mustRead(t, c.view().body, "Its token has expired. Accept it again", "1 exchanged token is valid. Let it expire")
	c.press("expire-exchanged-tokens", 303, "")
	as(exchanged, 401)
	c.press("accept-token", 303, "")
	as(schoolToken, 200)
	as(exchanged, 401)
}

func TestRefusedControls(t *testing.T) {
	t.Parallel()
	c := inProcess(t, sandbox.Options{})
	c.press("nothing", 404, "The sandbox has no such control.")
	c.press("rename", 400, `The field "first" is empty.`, "association", "a", "second", "b")
	c.press("rename", 400, "Association already deleted or not found", "association", "a", "first", "b", "second", "c")
	c.press("expire-token", 404, `The sandbox has no sub-account "nowhere".`, "location", "nowhere")
	c.want("POST", "/_sandbox/expire-token", "location=school", 404, "Cannot POST") // a request with a token is from a client
	c.with("Authorization", "").want("GET", "/_sandbox/expire-token?location=school", "", 404, "Cannot GET")
	c.want("GET", page100, "", 200, "")
}

// A page of another site cannot press a button, not even if the site's host name resolves to this machine.
func TestControlsOfOtherSites(t *testing.T) {
	t.Parallel()
	s := sandbox.New(sandbox.Options{Locations: []sandbox.Location{{ID: school, Token: schoolToken}}})
	for _, test := range []struct {
		host, origin, site string
		want               int
	}{
		{host: "127.0.0.1:8787", want: 303}, // no browser
		{host: "sandbox:8787", want: 303},   // likewise
		{host: "127.0.0.1:8787", origin: "http://127.0.0.1:8787", site: "same-origin", want: 303},
		{host: "[::1]:8787", origin: "http://[::1]:8787", site: "same-origin", want: 303},
		{host: "localhost:8787", origin: "http://localhost:8787", want: 303},
		{host: "127.0.0.1:8787", origin: "http://example.com", site: "cross-site", want: 403},
		{host: "127.0.0.1:8787", origin: "http://example.com", want: 403},
		{host: "127.0.0.1:8787", origin: "http://127.0.0.1:80", site: "same-site", want: 403},
		{host: "127.0.0.1:8787", origin: "null", want: 403},
		{host: "rebound.example.com:8787", origin: "http://rebound.example.com:8787", site: "same-origin", want: 403},
		{host: "rebound.example.com", origin: "http://rebound.example.com", want: 403},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+test.host+"/_sandbox/accept-token", strings.NewReader("location=school"))
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range map[string]string{"Origin": test.origin, "Sec-Fetch-Site": test.site} {
			if value != "" {
				r.Header.Set(name, value)
			}
		}
		response, err := s.Transport().RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := response.Body.Close(); err != nil {
			t.Fatal(err)
		}
		if response.StatusCode != test.want {
			t.Errorf("%+v: got %d", test, response.StatusCode)
		}
	}
}

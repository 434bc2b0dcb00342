package ghl

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// oddToken contains characters that each encoding writes differently. testTokenBase64 is
// the base64 form of testToken, computed with another tool.
const (
	oddToken        = "pit-a/b+c=~>>d?"
	testTokenBase64 = "cGl0LTJmMWM3YTkwLTBiNWUtNGQ3ZS05YTY3LWMwZmZlZTAwZDFjZQ=="
)

// leaks contains forms in which a server may repeat the token.
var leaks = map[string]string{
	"plain":   testToken,
	"header":  "Authorization: Bearer " + testToken,
	"base64":  testTokenBase64,
	"encoded": "Bearer%20" + testToken,
	"cut":     "token " + testToken[:25] + "…",
	"its end": "token …" + testToken[len(testToken)-20:],
	"escaped": `\\u0070it\\u002d` + testToken[4:],
	"percent": "%70it%2d" + testToken[4:],
	"shifted": "eHlwaXQtMmYxYzdhOTAtMGI1ZS00ZDdlLTlhNjctYzBmZmVlMDBkMWNlIT8=",
}

// No error, no cause in its chain and no log line contains the token.
func TestRedactInErrorsAndLogs(t *testing.T) {
	t.Parallel()
	quoted := func(format string) func(string) *fakeTransport {
		return func(leak string) *fakeTransport { return failing(errors.New(strings.ReplaceAll(format, "LEAK", leak))) }
	}
	body := func(status int, format string, headers ...string) func(string) *fakeTransport {
		return func(leak string) *fakeTransport {
			return answering(status, strings.ReplaceAll(format, "LEAK", leak), headers...)
		}
	}
	const message = `{"statusCode":0,"message":"no: LEAK"}`
	for name, test := range map[string]struct {
		kind   Kind
		server func(leak string) *fakeTransport
	}{
		"not found":      {NotFound, body(404, message)},
		"unknown route":  {UnknownRoute, body(404, "LEAK")},
		"edge refused":   {EdgeRefused, body(403, "<title>LEAK</title>")},
		"message list":   {Refused, body(422, `{"message":["LEAK","and LEAK"]}`)},
		"error":          {Refused, body(400, `{"error":"LEAK"}`)},
		"envelope":       {Refused, body(400, `{"error":{"code":"X","message":"LEAK","details":"LEAK","resolution":"LEAK"}}`)},
		"errors":         {Refused, body(422, `{"message":"no","errors":["LEAK",{"header":"LEAK"}]}`)},
		"trace id":       {Refused, body(400, `{"message":"no","traceId":"LEAK"}`)},
		"rate limited":   {RateLimited, body(429, message)},
		"malformed":      {Malformed, body(200, "<p>LEAK</p>")},
		"malformed JSON": {Malformed, body(200, `{"id":"LEAK"}`)},
		"redirected":     {Redirected, body(302, "Found LEAK", "Location", "https://example.com/?t="+testToken)},
		"network":        {Network, quoted(`net/http: HTTP/1.x transport connection broken: malformed HTTP response "LEAK"`)},
		"bad redirect":   {Network, body(302, "", "Location", "://"+testToken)},

		// The client must redact the token before it cuts the text. Otherwise, the rest of
		// the token would not be recognized.
		"cut in a message": {Refused, body(400, `{"message":"`+strings.Repeat("x", 970)+` LEAK"}`)},
		"cut in errors":    {Refused, body(400, `{"message":"no","errors":["`+strings.Repeat("x", 970)+` LEAK"]}`)},
		"cut in a trace":   {Refused, body(400, `{"message":"no","traceId":"`+strings.Repeat("x", 970)+` LEAK"}`)},
		"cut in a text":    {Refused, body(400, strings.Repeat("x", 170)+" LEAK")},
		"cut in a page":    {Refused, body(400, "<p>"+strings.Repeat(" ", 4060)+"LEAK</p>")},
	} {
		for how, leak := range leaks {
			t.Run(name+"/"+how, func(t *testing.T) {
				t.Parallel()
				var log bytes.Buffer
				client := newTestClient(t, test.server(leak), withRetries(1), verbose(&log), func(c *Config) { c.Clock.Sleep = sleepless })
				err := readAssociation(t.Context(), client)
				if got := KindOf(err); got != test.kind {
					t.Fatalf("got kind %q: %v", got, err)
				}
				for cause := err; cause != nil; cause = errors.Unwrap(cause) {
					checkNoSecret(t, "the error", cause.Error())
				}
				checkNoSecret(t, "the log", log.String())
			})
		}
	}
}

// An answer that repeats a token is an error, because its rows could put the token into the
// state.
func TestAnswerThatRepeatsTheToken(t *testing.T) {
	t.Parallel()
	for how, leak := range leaks {
		body := strings.Repeat(" ", 200_000) + strings.Replace(associationJSON, "Student", leak, 1)
		err := readAssociation(t.Context(), newTestClient(t, answering(200, body)))
		if KindOf(err) != Malformed || !strings.Contains(err.Error(), "the answer repeats an access token") {
			t.Errorf("%s: got %v", how, err)
		}
		checkNoSecret(t, how, err.Error())
	}
}

// All tokens of the client are hidden, whichever token the server repeats.
func TestRedactAllTokens(t *testing.T) {
	t.Parallel()
	const own, sold = "pit-own-token", "sold-token.eyJh"
	for _, leak := range []string{agencyToken, own, own + "-longer", sold, "Bearer " + sold, url.QueryEscape("a " + sold)} {
		server := &fakeTransport{}
		isSold := false
		server.answer = func(r *http.Request) (*http.Response, error) {
			if r.URL.Path == "/oauth/locationToken" && !isSold {
				isSold = true
				return answerOf(200, `{"access_token":"`+sold+`","locationId":"`+location+`"}`), nil
			}
			return answerOf(400, fmt.Sprintf(`{"message":"no: %s"}`, leak)), nil
		}
		client := newTestClient(t, server, withAgency, func(c *Config) {
			c.LocationAccessTokens = map[string]string{"own": own, "longer": own + "-longer"}
		})
		for _, locationID := range []string{location, "own", "longer"} {
			err := read(t.Context(), client, locationID)
			failure := failureOf(t, err)
			if strings.Contains(err.Error(), "token") && strings.Contains(failure.Message, "token") || !strings.Contains(failure.Message, redacted) || strings.Contains(failure.Message, "longer") {
				t.Errorf("%s leaks: %s", leak, failure.Message)
			}
		}
	}
}

// checkNoSecret fails the test if a text contains the beginning or the end of the token, or
// the base64 form of its beginning.
func checkNoSecret(t *testing.T, where, text string) {
	t.Helper()
	for _, secret := range []string{"pit-2f1c", "c0ffee00d1ce", "cGl0LTJm"} {
		if strings.Contains(text, secret) {
			t.Errorf("%s contains %q:\n%s", where, secret, text)
		}
	}
}

// timeless removes the time of a log line and rounds durations to seconds.
func timeless(_ []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() == slog.KindDuration {
		a.Value = slog.DurationValue(a.Value.Duration().Round(time.Second))
	}
	if a.Key == slog.TimeKey {
		return slog.Attr{}
	}
	return a
}

// At debug level, the log contains one line for each request, without headers, query or
// body.
func TestLog(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	client := newTestClient(t, changing(
		answers(429, `{"message":"answer-secret"}`),
		answers(500, `{"message":"answer-secret"}`),
		fails(&net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}),
		answers(200, `{"relations":[],"answer-secret":1}`),
		answers(201, `{"id":"r","associationId":"67ade73dc119de53cac4dc3f","firstRecordId":"body-secret-1","secondRecordId":"body-secret-2"}`),
	), withRetries(3), func(c *Config) {
		c.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: timeless}))
	})
	if err := listRelations(t.Context(), client); err != nil {
		t.Fatal(err)
	}
	if _, err := client.CreateRelation(t.Context(), location, relation.AssociationID, "body-secret-1", "body-secret-2"); err != nil {
		t.Fatal(err)
	}
	const want = `level=DEBUG msg="HighLevel API call" operation="list relations" method=GET path=/associations/relations/student-3 location_id=ve9EPM428h8vShlRW1KT status=429 duration=0s
level=DEBUG msg="waiting for the rate limit" location_id=ve9EPM428h8vShlRW1KT wait=1s waited=0s waiting=1
level=DEBUG msg="HighLevel API call" operation="list relations" method=GET path=/associations/relations/student-3 location_id=ve9EPM428h8vShlRW1KT status=500 duration=0s
level=DEBUG msg="HighLevel API call" operation="list relations" method=GET path=/associations/relations/student-3 location_id=ve9EPM428h8vShlRW1KT status=0 duration=0s error="GET /associations/relations/student-3 (list relations): dial tcp: connection refused"
level=DEBUG msg="HighLevel API call" operation="list relations" method=GET path=/associations/relations/student-3 location_id=ve9EPM428h8vShlRW1KT status=200 duration=0s
level=DEBUG msg="HighLevel API call" operation="create relation" method=POST path=/associations/relations location_id=ve9EPM428h8vShlRW1KT status=201 duration=0s
`
	if got := log.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for _, secret := range []string{"secret", "limit=", "Bearer", http.CanonicalHeaderKey("authorization")} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log contains %q", secret)
		}
	}
}

package ghl

import (
	"bytes"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
)

// minted is a token that appears only in the answer to an exchange.
const minted = "minted-5e17.of-the.exchange"

// Neither the error nor the log shows any part of the answer to an exchange.
func TestExchangeShowsNothing(t *testing.T) {
	t.Parallel()
	const good = `{"access_token":"` + minted + `","locationId":"` + location + `"}`
	for name, answer := range map[string]struct {
		status int
		body   string
	}{
		"a success without its sub-account": {200, `{"access_token":"` + minted + `"}`},
		"a success cut short":               {200, good[:len(good)-1]},
		"a success of another sub-account":  {200, strings.Replace(good, location, "another", 1)},
		"a success with an invalid token":   {200, strings.Replace(good, minted, minted+` x`, 1)},
		"200, a page":                       {200, "<title>" + minted + "</title>"},
		"202, nested":                       {202, `{"data":` + good + `}`},
		"400, as a success":                 {400, good},
		"401, as a success":                 {401, good},
		"403, as a success":                 {403, good},
		"404, as a success":                 {404, good},
		"409, in a text":                    {409, "token " + minted},
		"422, in the message":               {422, `{"message":"exists: ` + minted + `"}`},
		"422, in a list":                    {422, `{"message":["a","` + minted + `"],"errors":[{"token":"` + minted + `"}]}`},
		"400, as the trace id":              {400, `{"message":"no","traceId":"` + minted + `"}`},
		"400, in an envelope":               {400, `{"error":{"code":"X","message":"` + minted + `","resolution":"` + minted + `"}}`},
		"500, in a page":                    {500, "<html><title>" + minted + "</title></html>"},
		"302, in a page":                    {302, "moved to " + minted},
		"429, as a success":                 {429, good},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			server := newLoopbackServer(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "https://example.com/?token="+minted)
				w.WriteHeader(answer.status)
				_, _ = w.Write([]byte(answer.body))
			})
			client := server.client(t, withAgency, verbose(&log), func(c *Config) { c.Clock = Clock{Sleep: sleepless} })
			_, err := client.AccessToken(t.Context(), location)
			failure := failureOf(t, err)
			if failure.Status != answer.status || !strings.Contains(err.Error(), location) || failure.Message != unshown || failure.Ambiguous {
				t.Errorf("the error does not name the call: %+v", failure)
			}
			checkShowsNothing(t, err, log.String())
		})
	}
}

// net/http quotes malformed HTTP in its errors. After an exchange, the client does not show the
// quotes.
func TestExchangeShowsNothingOfWhatIsNoHTTP(t *testing.T) {
	t.Parallel()
	for name, said := range map[string]string{
		"no status line":   minted + "\r\n\r\n",
		"no status":        "HTTP/1.1 " + minted + "\r\n\r\n",
		"no header":        "HTTP/1.1 200 OK\r\n" + minted + "\r\n\r\n",
		"no length":        "HTTP/1.1 200 OK\r\nContent-Length: " + minted + "\r\n\r\n",
		"no encoding":      "HTTP/1.1 200 OK\r\nTransfer-Encoding: " + minted + "\r\n\r\n",
		"a bad redirect":   "HTTP/1.1 302 Found\r\nLocation: ://" + minted + "\r\nContent-Length: 0\r\n\r\n",
		"nothing to read":  "",
		"a body cut short": "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + minted,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			address := newSpeaker(t, func(c net.Conn, _ string) { _, _ = c.Write([]byte(said)); _ = c.Close() })
			client := plainClient(t, address, withAgency, verbose(&log), func(c *Config) { c.Clock = Clock{Sleep: sleepless} })
			_, err := client.AccessToken(t.Context(), location)
			if got := KindOf(err); got != Network {
				t.Errorf("got %s: %v", got, err)
			}
			checkShowsNothing(t, err, log.String())
		})
	}
}

func checkShowsNothing(t *testing.T, err error, log string) {
	t.Helper()
	for _, part := range []string{"minted", "5e17", "of-the.exchange"} {
		if strings.Contains(fmt.Sprintf("%v %+v", err, err), part) || strings.Contains(log, part) {
			t.Errorf("%q is shown:\n%v\n%s", part, err, log)
		}
	}
	if !strings.Contains(log, "/oauth/locationToken") {
		t.Errorf("the log lacks the call:\n%s", log)
	}
}

func verbose(log *bytes.Buffer) func(*Config) {
	return func(c *Config) {
		c.Logger = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
}

// The client accepts only a token of the requested sub-account.
func TestExchangeAcceptsOnlyTheSubAccountsToken(t *testing.T) {
	t.Parallel()
	// These JWTs were encoded with another tool.
	const (
		ofLocation = "eyJhbGciOiJub25lIn0.eyJhdXRoQ2xhc3MiOiJMb2NhdGlvbiIsImF1dGhDbGFzc0lkIjoidmU5RVBNNDI4aDh2U2hsUlcxS1QifQ.x"
		ofAnother  = "eyJhbGciOiJub25lIn0.eyJhdXRoQ2xhc3MiOiJMb2NhdGlvbiIsImF1dGhDbGFzc0lkIjoiYW5vdGhlciJ9.x"
		ofAgency   = "eyJhbGciOiJub25lIn0.eyJhdXRoQ2xhc3MiOiJDb21wYW55IiwiYXV0aENsYXNzSWQiOiJjb21wYW55In0.x"
		padded     = "eyJhbGciOiJub25lIn0.eyJsb2NhdGlvbklkIjoiYW5vdGhlciJ9.x"
	)
	for name, test := range map[string]struct{ token, rest, want string }{
		"of the sub-account":         {"opaque", `,"locationId":"` + location + `"`, ""},
		"of the sub-account, typed":  {"opaque", `,"locationId":"` + location + `","userType":"Location"`, ""},
		"of the sub-account, JWT":    {ofLocation, `,"locationId":"` + location + `"`, ""},
		"no JWT, three parts":        {"a.b.c", `,"locationId":"` + location + `"`, ""},
		"an empty token":             {"", `,"locationId":"` + location + `"`, "contains no access token"},
		"no token":                   {`sold\n`, `,"locationId":"` + location + `"`, "contains no access token"},
		"no sub-account":             {"opaque", ``, "does not say which sub-account"},
		"an empty sub-account":       {"opaque", `,"locationId":""`, "does not say which sub-account"},
		"another sub-account":        {"opaque", `,"locationId":"another"`, "token of another sub-account"},
		"another in the JWT":         {ofAnother, `,"locationId":"` + location + `"`, "token of another sub-account"},
		"another in the JWT, plain":  {padded, `,"locationId":"` + location + `"`, "token of another sub-account"},
		"an agency in the JWT":       {ofAgency, `,"locationId":"` + location + `"`, "token of an agency"},
		"an agency's type":           {"opaque", `,"locationId":"` + location + `","userType":"Company"`, "token of an agency"},
		"the agency's own":           {agencyToken, `,"locationId":"` + location + `"`, "the agency's own token"},
		"the agency's own, no place": {agencyToken, ``, "does not say which sub-account"},
	} {
		for _, spelling := range []string{"access_token", "accessToken"} {
			server := changing(answers(201, `{"`+spelling+`":"`+test.token+`"`+test.rest+`}`), answers(200, associationJSON))
			err := readAssociation(t.Context(), newTestClient(t, server, withAgency, func(c *Config) { c.Clock = Clock{Sleep: sleepless} }))
			if test.want == "" && (err != nil || server.sent()[1].Header.Get("Authorization") != "Bearer "+test.token) {
				t.Errorf("%s, %s: got %v after %d requests", name, spelling, err, server.count())
			}
			if test.want != "" && (KindOf(err) != Malformed || !strings.Contains(err.Error(), test.want) || test.token != "" && strings.Contains(err.Error(), test.token) || server.count() != 1) {
				t.Errorf("%s, %s: got %v after %d requests, want %q", name, spelling, err, server.count(), test.want)
			}
		}
	}
}

// An answer of another form is an error, even if it contains a token. The error does not show
// the token.
func TestExchangeAnswersMalformed(t *testing.T) {
	t.Parallel()
	for _, body := range []string{``, `{}`, `[]`, `null`, `{"access_token":7}`, `{"access_token":"sold-secret"`, `{"data":{"access_token":"sold-secret"}}`} {
		_, err := newTestClient(t, answering(200, body), withAgency).AccessToken(t.Context(), location)
		if KindOf(err) != Malformed || strings.Contains(err.Error(), "sold") {
			t.Errorf("%s: got %v", body, err)
		}
	}
}

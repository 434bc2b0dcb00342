package ghl

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// Each row is an answer in the server's own words, and what the client makes of it.
func TestErrorOfAnswer(t *testing.T) {
	t.Parallel()
	const cloudflare = `<!DOCTYPE html><html lang="en-US"><head><title>Attention Required! | Cloudflare</title><style>body{margin:0}</style></head><body><h1>Sorry, you have been blocked</h1></body></html>`
	for name, test := range map[string]struct {
		do      operation // a read where none is given
		status  int
		body    string
		headers []string
		want    Error // Operation, Method and Path left out
	}{
		// Credentials: none of these ever means "gone".
		"version header missing": {status: 401, body: `{"statusCode":401,"message":"version header was not found.","error":"Unauthorized"}`,
			want: Error{Kind: WrongVersion, Message: "version header was not found."}},
		"version header unknown": {status: 401, body: `{"statusCode":401,"message":"version header is invalid"}`,
			want: Error{Kind: WrongVersion, Message: "version header is invalid"}},
		"version unknown": {status: 400, body: `{"statusCode":400,"message":"Invalid API version segment '2021-07-82' at position 0"}`,
			want: Error{Kind: WrongVersion, Message: "Invalid API version segment '2021-07-82' at position 0"}},
		"type of token": {status: 401, body: `{"statusCode":401,"message":"This authClass type is not allowed to access this scope. Please verify your IAM configuration if this is not the case."}`,
			want: Error{Kind: WrongTokenType, Message: "This authClass type is not allowed to access this scope. Please verify your IAM configuration if this is not the case."}},
		"agency token": {status: 401, body: `{"statusCode":401,"message":"Token's user type mismatch"}`,
			want: Error{Kind: WrongTokenType, Message: "Token's user type mismatch"}},
		"bad token": {status: 401, body: `{"statusCode":401,"message":"Invalid JWT","traceId":"5c1e29d4"}`,
			want: Error{Kind: Unauthorized, Message: "Invalid JWT", TraceID: "5c1e29d4"}},
		"bad private integration token": {status: 401, body: `{"statusCode":401,"message":"Invalid Private Integration token"}`,
			want: Error{Kind: Unauthorized, Message: "Invalid Private Integration token"}},
		"401 that says not found": {status: 401, body: `{"statusCode":401,"message":"Token not found"}`,
			want: Error{Kind: Unauthorized, Message: "Token not found"}},
		"scope missing": {status: 401, body: `{"statusCode":401,"message":"The token is not authorized for this scope."}`,
			want: Error{Kind: MissingScope, Message: "The token is not authorized for this scope."}},
		"another sub-account's token": {status: 403, body: `{"statusCode":403,"message":"The token does not have access to this location.","error":"Forbidden"}`,
			want: Error{Kind: Forbidden, Message: "The token does not have access to this location."}},
		"403 that says not found": {status: 403, body: `{"statusCode":403,"message":"Location not found"}`,
			want: Error{Kind: Forbidden, Message: "Location not found"}},

		// The edge.
		"edge refuses the client": {status: 403, body: "error code: 1010",
			want: Error{Kind: EdgeRefused, Message: "error code: 1010"}},
		"edge refuses in HTML": {status: 403, body: cloudflare,
			want: Error{Kind: EdgeRefused, Message: "Attention Required! | Cloudflare"}},
		"edge refuses in JSON of its own": {status: 403, body: `{"title":"Error 1010: Access denied","status":403,"error_code":1010}`,
			want: Error{Kind: EdgeRefused, Message: `{"title":"Error 1010: Access denied","status":403,"error_code":1010}`}},
		"edge timeout": {status: 524, body: "<html>\n<head><title>api | 524: A timeout occurred</title></head></html>",
			want: Error{Kind: Unavailable, Message: "api | 524: A timeout occurred"}},
		"edge without a title": {status: 520, body: "<html><body>\n<h1>Web server</h1>\n\t<p>returned an unknown error</p></body></html>",
			want: Error{Kind: Unavailable, Message: "Web server returned an unknown error"}},

		// Gone, and what only looks so.
		"missing": {status: 404, body: `{"statusCode":404,"message":"Association not found","traceId":"t-9"}`,
			want: Error{Kind: NotFound, Message: "Association not found", TraceID: "t-9"}},
		"missing, without the word": {status: 404, body: `{"statusCode":404,"message":"No such association"}`,
			want: Error{Kind: NotFound, Message: "No such association"}},
		"missing, 400": {status: 400, body: `{"statusCode":400,"message":"Association not found for id 67ade73dc119de53cac4dc3f"}`,
			want: Error{Kind: NotFound, Message: "Association not found for id 67ade73dc119de53cac4dc3f"}},
		"missing, 422, does not exist": {status: 422, body: `{"statusCode":422,"message":["Association does not exist"]}`,
			want: Error{Kind: NotFound, Message: "Association does not exist"}},
		"missing, 400, doesn't exist": {status: 400, body: `{"statusCode":400,"message":"Record doesn't exist"}`,
			want: Error{Kind: NotFound, Message: "Record doesn't exist"}},
		"missing, 400, none found": {status: 400, body: `{"statusCode":400,"message":"No relations found"}`,
			want: Error{Kind: NotFound, Message: "No relations found"}},
		"missing, in errors": {status: 422, body: `{"statusCode":422,"message":"Unprocessable Entity","errors":["Association not found"]}`,
			want: Error{Kind: NotFound, Message: "Unprocessable Entity", Details: []string{"Association not found"}}},
		"unknown route": {status: 404, body: `{"statusCode":404,"message":"Cannot GET /v1/associations/67ade73dc119de53cac4dc3f","error":"Not Found"}`,
			want: Error{Kind: UnknownRoute, Message: "Cannot GET /v1/associations/67ade73dc119de53cac4dc3f"}},
		"unknown route, delete": {do: deleteAssociation, status: 404, body: `{"statusCode":404,"message":"Cannot DELETE /associations/67ade73dc119de53cac4dc3f","error":"Not Found"}`,
			want: Error{Kind: UnknownRoute, Message: "Cannot DELETE /associations/67ade73dc119de53cac4dc3f"}},
		"another cannot": {status: 404, body: `{"statusCode":404,"message":"Cannot find association"}`,
			want: Error{Kind: NotFound, Message: "Cannot find association"}},
		"404 in HTML": {status: 404, body: "<html><head><title>404 Not Found</title></head><body><center>nginx</center></body></html>",
			want: Error{Kind: UnknownRoute, Message: "404 Not Found"}},
		"404 in plain text": {status: 404, body: "404 page not found\n",
			want: Error{Kind: UnknownRoute, Message: "404 page not found"}},
		"404 without a body": {status: 404,
			want: Error{Kind: UnknownRoute, Message: "an empty body"}},
		"404 of another server": {status: 404, body: `{"timestamp":"2026-03-09","status":404,"error":"Not Found","path":"/associations"}`,
			want: Error{Kind: UnknownRoute, Message: "Not Found"}},
		"404 with empty JSON": {status: 404, body: `{}`,
			want: Error{Kind: UnknownRoute, Message: "{}"}},
		"400 in HTML that says not found": {status: 400, body: "<html><title>Host not found</title></html>",
			want: Error{Kind: Refused, Message: "Host not found"}},

		// Refusals.
		"duplicate key": {do: createAssociation, status: 400, body: `{"statusCode":400,"message":"Duplicate Association key: student_teacher"}`,
			want: Error{Kind: Duplicate, Message: "Duplicate Association key: student_teacher"}},
		"duplicate key, 422, in errors": {do: createAssociation, status: 422, body: `{"statusCode":422,"message":"Unprocessable Entity","errors":[{"message":"Duplicate Association key"}]}`,
			want: Error{Kind: Duplicate, Message: "Unprocessable Entity", Details: []string{`{"message":"Duplicate Association key"}`}}},
		"duplicate key, 409": {do: createAssociation, status: 409, body: `{"statusCode":409,"message":"duplicate association key"}`,
			want: Error{Kind: Duplicate, Message: "duplicate association key"}},
		"duplicate relation": {do: createRelation, status: 400, body: `{"statusCode":400,"message":"Could not create relation: duplicate relation of object Ids for given association 67ade73dc119de53cac4dc3f"}`,
			want: Error{Kind: Duplicate, Message: "Could not create relation: duplicate relation of object Ids for given association 67ade73dc119de53cac4dc3f"}},
		"duplicate pair of labels": {do: createAssociation, status: 400, body: `{"statusCode":400,"message":"duplicate pair of labels"}`,
			want: Error{Kind: DuplicateLabels, Message: "duplicate pair of labels"}},
		"duplicate pair of labels, in errors, update": {do: updateAssociation, status: 422, body: `{"message":"Unprocessable Entity","errors":["Duplicate pair of labels"]}`,
			want: Error{Kind: DuplicateLabels, Message: "Unprocessable Entity", Details: []string{"Duplicate pair of labels"}}},
		"duplicate opportunity relation": {do: createRelation, status: 400, body: `{"statusCode":400,"message":"Could not create relation: duplicate opportunity relation"}`,
			want: Error{Kind: DuplicateOpportunity, Message: "Could not create relation: duplicate opportunity relation"}},
		"duplicate something else": {do: createRelation, status: 400, body: `{"statusCode":400,"message":"Duplicate record"}`,
			want: Error{Kind: Refused, Message: "Duplicate record"}},
		"record on the wrong side": {do: createRelation, status: 422, body: `{"statusCode":422,"message":"Invalid record id teacher-9 for association 67ade73dc119de53cac4dc3f","error":"Unprocessable Entity"}`,
			want: Error{Kind: InvalidRecord, Message: "Invalid record id teacher-9 for association 67ade73dc119de53cac4dc3f"}},
		"record on the wrong side, 400": {do: createRelation, status: 400, body: `{"statusCode":400,"message":"Invalid record id teacher-9"}`,
			want: Error{Kind: Refused, Message: "Invalid record id teacher-9"}},
		"equal labels": {do: createAssociation, status: 422, body: `{"statusCode":422,"message":"Both object labels can not be same"}`,
			want: Error{Kind: Refused, Message: "Both object labels can not be same"}},
		"full side": {do: createRelation, status: 400, body: `{"statusCode":400,"message":"Max relation limit[1] reached for record[student-3] for association[67ade73dc119de53cac4dc3f]"}`,
			want: Error{Kind: Refused, Message: "Max relation limit[1] reached for record[student-3] for association[67ade73dc119de53cac4dc3f]"}},
		"unknown field": {do: createAssociation, status: 422, body: `{"statusCode":422,"message":["property page should not exist","property offset should not exist"],"error":"Unprocessable Entity"}`,
			want: Error{Kind: Refused, Message: "property page should not exist; property offset should not exist"}},
		"no sub-account": {do: listRelations, status: 422, body: `{"statusCode":422,"message":"LocationId can't be undefined"}`,
			want: Error{Kind: Refused, Message: "LocationId can't be undefined"}},

		// Forms of the body.
		"errors as texts": {status: 422, body: `{"statusCode":422,"message":"Unprocessable Entity","errors":["key must be a string","key should not be empty"],"traceId":"tr"}`,
			want: Error{Kind: Refused, Message: "Unprocessable Entity", Details: []string{"key must be a string", "key should not be empty"}, TraceID: "tr"}},
		"errors as objects": {status: 422, body: `{"statusCode":422,"message":"Unprocessable Entity","errors":[{"field":"key","reason":"empty"},{"field":"x"}]}`,
			want: Error{Kind: Refused, Message: "Unprocessable Entity", Details: []string{`{"field":"key","reason":"empty"}`, `{"field":"x"}`}}},
		"errors as one object": {status: 422, body: `{"message":"Unprocessable Entity","errors":{"key":"empty"}}`,
			want: Error{Kind: Refused, Message: "Unprocessable Entity", Details: []string{`{"key":"empty"}`}}},
		"errors alone": {status: 422, body: `{"statusCode":422,"errors":["key should not be empty",null,""]}`,
			want: Error{Kind: Refused, Details: []string{"key should not be empty"}}},
		"message a list of objects": {status: 400, body: `{"message":[{"property":"key"},"and more"]}`,
			want: Error{Kind: Refused, Message: `{"property":"key"}; and more`}},
		"message null, error given": {status: 400, body: `{"message":null,"error":"Bad Request"}`,
			want: Error{Kind: Refused, Message: "Bad Request"}},
		"message empty list": {status: 400, body: `{"message":[],"error":"Bad Request","traceId":7}`,
			want: Error{Kind: Refused, Message: "Bad Request", TraceID: "7"}},
		"JSON text": {status: 400, body: `"nope"`,
			want: Error{Kind: Refused, Message: `"nope"`}},
		"empty body": {status: 400, body: " \n",
			want: Error{Kind: Refused, Message: "an empty body"}},

		"v3": {status: 404, body: `{"error":{"code":"NOT_FOUND","message":"Association not found","details":["id 67ade73d"],"resolution":"Check the id."},"traceId":"t-3"}`,
			want: Error{Kind: NotFound, Message: "Association not found", Details: []string{"id 67ade73d", "Check the id."}, TraceID: "t-3"}},
		"v3, refused token": {status: 401, body: `{"error":{"code":"UNAUTHORIZED","message":"Invalid JWT","details":null,"resolution":null}}`,
			want: Error{Kind: Unauthorized, Message: "Invalid JWT"}},
		"v3, details an object": {status: 403, body: `{"error":{"code":403,"message":"Forbidden","details":{"locationId":"x"},"resolution":""}}`,
			want: Error{Kind: Forbidden, Message: "Forbidden", Details: []string{`{"locationId":"x"}`}}},
		"another server's envelope": {status: 404, body: `{"error":{"code":404,"message":"Requested entity was not found."}}`,
			want: Error{Kind: UnknownRoute, Message: `{"code":404,"message":"Requested entity was not found."}`}},

		// Limits.
		"rate limit": {status: 429, body: `{"statusCode":429,"message":"Too Many Requests"}`, headers: []string{"X-RateLimit-Daily-Remaining", "199000"},
			want: Error{Kind: RateLimited, Message: "Too Many Requests"}},
		"rate limit of the edge": {status: 429, body: "error code: 1015",
			want: Error{Kind: RateLimited, Message: "error code: 1015"}},
		"daily limit": {do: createRelation, status: 429, body: `{"statusCode":429,"message":"Too Many Requests"}`, headers: []string{"X-RateLimit-Daily-Remaining", "0"},
			want: Error{Kind: DailyLimit, Message: "Too Many Requests"}},
		"daily budget spent by the way": {status: 422, body: `{"message":"key should not be empty"}`, headers: []string{"X-RateLimit-Daily-Remaining", "0"},
			want: Error{Kind: Refused, Message: "key should not be empty"}},

		// 5xx: what changes something may have been carried out.
		"500, read": {status: 500, body: `{"statusCode":500,"message":"Internal server error","traceId":"t-500"}`,
			want: Error{Kind: Unavailable, Message: "Internal server error", TraceID: "t-500"}},
		"500, create": {do: createAssociation, status: 500, body: `{"statusCode":500,"message":"Internal server error"}`,
			want: Error{Kind: Unavailable, Message: "Internal server error", Ambiguous: true}},
		"502, update": {do: updateAssociation, status: 502, body: "<html><head><title>502 Bad Gateway</title></head></html>",
			want: Error{Kind: Unavailable, Message: "502 Bad Gateway", Ambiguous: true}},
		"503, delete": {do: deleteRelation, status: 503, body: "upstream connect error",
			want: Error{Kind: Unavailable, Message: "upstream connect error", Ambiguous: true}},
		"500 that says duplicate": {do: createRelation, status: 500, body: `{"message":"duplicate relation"}`,
			want: Error{Kind: Unavailable, Message: "duplicate relation", Ambiguous: true}},
		"500 that says not found": {status: 500, body: `{"message":"Association not found"}`,
			want: Error{Kind: Unavailable, Message: "Association not found"}},
		"request timeout": {do: createRelation, status: 408,
			want: Error{Kind: Unavailable, Message: "an empty body", Ambiguous: true}},

		"redirect": {status: 302, headers: []string{"Location", "https://example.com/"},
			want: Error{Kind: Redirected, Message: "an empty body"}},

		// A success that is none.
		"HTML with 200": {status: 200, body: "<html><head><title>Just a moment...</title></head></html>",
			want: Error{Kind: Malformed, Message: "Just a moment..."}},
		"HTML with 201, create": {do: createRelation, status: 201, body: "<html><head><title>Just a moment...</title></head></html>",
			want: Error{Kind: Malformed, Message: "Just a moment...", Ambiguous: true}},
		"HTML with 200, delete relation": {do: deleteRelation, status: 200, body: "<html><head><title>Just a moment...</title></head></html>",
			want: Error{Kind: Malformed, Message: "Just a moment...", Ambiguous: true}},
		"204 for a row": {status: 204,
			want: Error{Kind: Malformed, Message: "an empty body"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := newTestClient(t, answering(test.status, test.body, test.headers...), func(c *Config) {
				c.Clock.Sleep = sleepless
			})
			do := test.do
			if do == nil {
				do = readAssociation
			}
			err := do(t.Context(), client)
			got := *failureOf(t, err)
			if got.Operation == "" || got.Method == "" || got.Path == "" {
				t.Errorf("the error does not tell what was tried: %+v", got)
			}
			if (got.Err != nil) != (got.Kind == Malformed) {
				t.Errorf("got the cause %v", got.Err)
			}
			if got.LocationID != location || got.Credential != CommonToken {
				t.Errorf("the error tells the sub-account %q and the credential %q", got.LocationID, got.Credential)
			}
			want := test.want
			want.Status = test.status
			got.LocationID, got.Credential = "", ""
			got.Operation, got.Method, got.Path, got.Err = "", "", "", nil
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		})
	}
}

func TestErrorPredicates(t *testing.T) {
	t.Parallel()
	kinds := []Kind{
		NotFound, UnknownRoute, Unauthorized, MissingScope, Forbidden, EdgeRefused, Duplicate, InvalidRecord,
		Refused, RateLimited, DailyLimit, Unavailable, Malformed, Network, Redirected, Interrupted,
		DuplicateLabels, DuplicateOpportunity, WrongTokenType, WrongVersion,
	}
	for _, kind := range kinds {
		err := fmt.Errorf("reading the state: %w", &Error{Kind: kind})
		if got := KindOf(err); got != kind {
			t.Errorf("KindOf: got %q, want %q", got, kind)
		}
		if got, want := IsNotFound(err), kind == "not found"; got != want {
			t.Errorf("%s: IsNotFound is %t", kind, got)
		}
		if got, want := IsDuplicate(err), kind == "duplicate"; got != want {
			t.Errorf("%s: IsDuplicate is %t", kind, got)
		}
		if IsAmbiguous(err) {
			t.Errorf("%s: is ambiguous", kind)
		}
	}
	if !IsAmbiguous(fmt.Errorf("creating: %w", &Error{Kind: Network, Ambiguous: true})) {
		t.Error("IsAmbiguous is false")
	}
	for _, err := range []error{nil, errors.New("not found"), ErrIncomplete} {
		if KindOf(err) != "" || IsNotFound(err) || IsDuplicate(err) || IsAmbiguous(err) {
			t.Errorf("%v is taken for an API error", err)
		}
	}
}

func TestErrorText(t *testing.T) {
	t.Parallel()
	cause := errors.New("unexpected end of JSON input")
	for want, failure := range map[string]*Error{
		"create association: POST /associations/: 422 refused: Unprocessable Entity: key is empty: label is empty (trace t-1)": {
			Kind: Refused, Operation: "create association", Method: http.MethodPost, Path: "/associations/", Status: 422,
			Message: "Unprocessable Entity", Details: []string{"key is empty", "label is empty"}, TraceID: "t-1"},
		"read association: GET /associations/x: 200 malformed: an empty body: unexpected end of JSON input": {
			Kind: Malformed, Operation: "read association", Method: http.MethodGet, Path: "/associations/x", Status: 200,
			Message: "an empty body", Err: cause},
		"read association: GET /associations/x: network: unexpected end of JSON input": {
			Kind: Network, Operation: "read association", Method: http.MethodGet, Path: "/associations/x", Err: cause},
	} {
		if got := failure.Error(); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		if failure.Err != nil && !errors.Is(failure, cause) {
			t.Errorf("%s: the cause is not in the chain", want)
		}
	}
}

// The error names the path without the query, and what was tried.
func TestErrorNamesTheCall(t *testing.T) {
	t.Parallel()
	client := newTestClient(t, answering(422, `{"message":"no"}`), func(c *Config) { c.BaseURL = "https://rest.gohighlevel.com/v1" })
	_, err := client.AssociationByKey(t.Context(), location, "a/b")
	const want = "read association by key: GET /associations/key/a%2Fb: 422 refused: no"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestErrorShowsLittleOfALongAnswer(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 5000)
	for name, test := range map[string]struct {
		body string
		most int
	}{
		"message":    {`{"message":"` + long + `"}`, 1001},
		"errors":     {`{"message":"no","errors":["` + long + `"]}`, 1003},
		"trace id":   {`{"message":"no","traceId":"` + long + `"}`, 1003},
		"plain text": {long, 201},
		"HTML":       {"<html><title>" + long + "</title></html>", 201},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			failure := failureOf(t, readAssociation(t.Context(), newTestClient(t, answering(400, test.body))))
			shown := failure.Message + strings.Join(failure.Details, "") + failure.TraceID
			if n := utf8.RuneCountInString(shown); n > test.most || !strings.HasSuffix(shown, "é…") || !utf8.ValidString(shown) {
				t.Errorf("%d characters are shown, want at most %d, whole and with a mark at the end", n, test.most)
			}
		})
	}
}

func TestErrorShowsBytesThatAreNoText(t *testing.T) {
	t.Parallel()
	failure := failureOf(t, readAssociation(t.Context(), newTestClient(t, answering(400, "bad\xff\xfe gateway"))))
	if failure.Message != "bad� gateway" {
		t.Errorf("got %q", failure.Message)
	}
}

// What the server repeats may hold what somebody else wrote to mislead a terminal.
func TestErrorIsHarmlessToATerminal(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"message":"label \u001b[2J\u0000\u202egpj.exe\u2066 is taken\n\ttwice"}`: "label �[2J��gpj.exe� is taken  twice",
		"<title>label \x1b]0;x\a\u202e</title>":                                    "label �]0;x��",
	} {
		failure := failureOf(t, readAssociation(t.Context(), newTestClient(t, answering(400, body))))
		if failure.Message != want {
			t.Errorf("got %q, want %q", failure.Message, want)
		}
	}
	failure := failureOf(t, readAssociation(t.Context(), newTestClient(t, answering(422, `{"message":"no","errors":["a\u001b[31m",{"label":"\u202e"}],"traceId":"t\u0007"}`))))
	if len(failure.Details) != 2 || failure.Details[0] != "a�[31m" || failure.TraceID != "t�" {
		t.Errorf("got %q, %q", failure.Details, failure.TraceID)
	}
}

func FuzzErrorBody(f *testing.F) {
	for _, body := range []string{
		`{"statusCode":422,"message":["a","b"],"error":"Unprocessable Entity","errors":[{"x":1},"y"],"traceId":"t"}`,
		`{"message":{"a":1}}`, `{"errors":null}`, `error code: 1010`, `<html><title>502</title></html>`, `null`, ``, `[]`,
	} {
		f.Add(400, []byte(body))
		f.Add(404, []byte(body))
	}
	r := request{operation: "read association", method: http.MethodGet, path: "/associations/x"}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		failure := answerError(r, response{status: status, header: http.Header{}, body: body}, newRedactor(testToken))
		if failure.Kind == "" || failure.Message == "" && len(failure.Details) == 0 {
			t.Errorf("status %d, %q: the error says nothing: %+v", status, body, failure)
		}
		if failure.Kind == NotFound && (status != 404 && status != 400 && status != 422) {
			t.Errorf("status %d was taken for not found", status)
		}
		if strings.Contains(failure.Error(), testToken) {
			t.Error("the error holds the token")
		}
		if strings.ContainsAny(failure.Error(), "\x00\x1b\u202e") || !utf8.ValidString(failure.Error()) {
			t.Errorf("the error would command a terminal: %q", failure.Error())
		}
	})
}

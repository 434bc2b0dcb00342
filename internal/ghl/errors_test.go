package ghl

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// answered is a test case: an answer, and the error that the client must return.
type answered struct {
	do      operation
	status  int
	body    string
	headers []string
	want    Error // without Operation, Method and Path
}

// sends returns the case of a read that fails with the given kind, message and details.
func sends(status int, body string, kind Kind, message string, details ...string) answered {
	return answered{readAssociation, status, body, nil, Error{Kind: kind, Status: status, Message: message, Details: details}}
}

// says returns the case of a read whose answer has the most common form of the API's errors.
func says(status int, message string, kind Kind) answered {
	return sends(status, fmt.Sprintf(`{"statusCode":%d,"message":%q}`, status, message), kind, message)
}

func (a answered) with(headers ...string) answered { a.headers = headers; return a }
func (a answered) trace(id string) answered        { a.want.TraceID = id; return a }
func (a answered) lacks(scope string) answered     { a.want.Scope = scope; return a }
func (a answered) to(do operation, isAmbiguous bool) answered {
	a.do, a.want.Ambiguous = do, isAmbiguous
	return a
}

// Each row contains an answer in the server's own words, and the error that the client must
// return.
func TestErrorOfAnswer(t *testing.T) {
	t.Parallel()
	const cloudflare = `<!DOCTYPE html><html lang="en-US"><head><title>Attention Required! | Cloudflare</title><style>body{margin:0}</style></head><body><h1>Sorry, you have been blocked</h1></body></html>`
	for name, test := range map[string]answered{
		// Credentials. None of these answers means that the object does not exist.
		"version header missing":        says(401, "version header was not found.", WrongVersion),
		"version header unknown":        says(401, "version header is invalid", WrongVersion),
		"version unknown":               says(400, "Invalid API version segment '2021-07-82' at position 0", WrongVersion),
		"type of token":                 says(401, "This authClass type is not allowed to access this scope. Please verify your IAM configuration if this is not the case.", WrongTokenType),
		"agency token":                  says(401, "Token's user type mismatch", WrongTokenType),
		"bad token":                     sends(401, `{"statusCode":401,"message":"Invalid JWT","traceId":"5c1e29d4"}`, Unauthorized, "Invalid JWT").trace("5c1e29d4"),
		"bad private integration token": says(401, "Invalid Private Integration token", Unauthorized),
		"401 that says not found":       says(401, "Token not found", Unauthorized),
		"scope missing":                 says(401, "The token is not authorized for this scope.", MissingScope).lacks("associations.readonly"),
		"another sub-account's token":   says(403, "The token does not have access to this location.", Forbidden),
		"403 that says not found":       says(403, "Location not found", Forbidden),

		// Answers of the network edge, before the API.
		"edge refuses the client":      sends(403, "error code: 1010", EdgeRefused, "error code: 1010"),
		"edge refuses in HTML":         sends(403, cloudflare, EdgeRefused, "Attention Required! | Cloudflare"),
		"edge refuses in its own JSON": sends(403, `{"title":"Error 1010: Access denied","status":403,"error_code":1010}`, EdgeRefused, `{"title":"Error 1010: Access denied","status":403,"error_code":1010}`),
		"edge timeout":                 sends(524, "<html>\n<head><title>api | 524: A timeout occurred</title></head></html>", Unavailable, "api | 524: A timeout occurred"),
		"edge without a title":         sends(520, "<html><body>\n<h1>Web server</h1>\n\t<p>returned an unknown error</p></body></html>", Unavailable, "Web server returned an unknown error"),

		// Missing objects, and answers that only look like a missing object.
		"missing":                         sends(404, `{"statusCode":404,"message":"Association not found","traceId":"t-9"}`, NotFound, "Association not found").trace("t-9"),
		"missing, without the word":       says(404, "No such association", NotFound),
		"missing, 400":                    says(400, "Association not found for id 67ade73dc119de53cac4dc3f", NotFound),
		"missing, 422, does not exist":    sends(422, `{"statusCode":422,"message":["Association does not exist"]}`, NotFound, "Association does not exist"),
		"missing, 400, doesn't exist":     says(400, "Record doesn't exist", NotFound),
		"missing, 400, none found":        says(400, "No relations found", NotFound),
		"missing, in errors":              sends(422, `{"statusCode":422,"message":"Unprocessable Entity","errors":["Association not found"]}`, NotFound, "Unprocessable Entity", "Association not found"),
		"unknown route":                   says(404, "Cannot GET /v1/associations/67ade73dc119de53cac4dc3f", UnknownRoute),
		"unknown route, delete":           says(404, "Cannot DELETE /associations/67ade73dc119de53cac4dc3f", UnknownRoute).to(deleteAssociation, false),
		"another cannot":                  says(404, "Cannot find association", NotFound),
		"missing object":                  says(404, "Custom Object (custom_objects.pet) not found", NotFound).to(readObject, false),
		"missing field":                   says(400, "Custom field not found", NotFound).to(readCustomField, false),
		"404 in HTML":                     sends(404, "<html><head><title>404 Not Found</title></head><body><center>nginx</center></body></html>", UnknownRoute, "404 Not Found"),
		"404 in plain text":               sends(404, "404 page not found\n", UnknownRoute, "404 page not found"),
		"404 without a body":              sends(404, ``, UnknownRoute, "an empty body"),
		"404 of another server":           sends(404, `{"timestamp":"2026-03-09","status":404,"error":"Not Found","path":"/associations"}`, UnknownRoute, "Not Found"),
		"404 with empty JSON":             sends(404, `{}`, UnknownRoute, "{}"),
		"400 in HTML that says not found": sends(400, "<html><title>Host not found</title></html>", Refused, "Host not found"),

		// Refusals.
		"duplicate key":                               says(400, "Duplicate Association key: student_teacher", Duplicate).to(createAssociation, false),
		"duplicate key, 422, in errors":               sends(422, `{"statusCode":422,"message":"Unprocessable Entity","errors":[{"message":"Duplicate Association key"}]}`, Duplicate, "Unprocessable Entity", `{"message":"Duplicate Association key"}`).to(createAssociation, false),
		"duplicate key, 409":                          says(409, "duplicate association key", Duplicate).to(createAssociation, false),
		"duplicate relation":                          says(400, "Could not create relation: duplicate relation of object Ids for given association 67ade73dc119de53cac4dc3f", Duplicate).to(createRelation, false),
		"duplicate pair of labels":                    says(400, "duplicate pair of labels", DuplicateLabels).to(createAssociation, false),
		"duplicate pair of labels, in errors, update": sends(422, `{"message":"Unprocessable Entity","errors":["Duplicate pair of labels"]}`, DuplicateLabels, "Unprocessable Entity", "Duplicate pair of labels").to(updateAssociation, false),
		"duplicate opportunity relation":              says(400, "Could not create relation: duplicate opportunity relation", DuplicateOpportunity).to(createRelation, false),
		"duplicate something else":                    says(400, "Duplicate record", Refused).to(createRelation, false),
		"record on the wrong side":                    says(422, "Invalid record id teacher-9 for association 67ade73dc119de53cac4dc3f", InvalidRecord).to(createRelation, false),
		"record on the wrong side, 400":               says(400, "Invalid record id teacher-9", Refused).to(createRelation, false),
		"equal labels":                                says(422, "Both object labels can not be same", Refused).to(createAssociation, false),
		"full side":                                   says(400, "Max relation limit[1] reached for record[student-3] for association[67ade73dc119de53cac4dc3f]", Refused).to(createRelation, false),
		"unknown field":                               sends(422, `{"statusCode":422,"message":["property page should not exist","property offset should not exist"],"error":"Unprocessable Entity"}`, Refused, "property page should not exist; property offset should not exist").to(createAssociation, false),
		"searchable properties, too many":             says(400, "Too many searchable properties. Maximum allowed is 3, but received 4.", Refused).to(updatePet, false),
		"fields of a contact":                         says(400, "Api does not support objectKey of type contact or opportunity", Refused).to(listCustomFields, false),
		"update of a data type":                       sends(422, `{"statusCode":422,"message":["property dataType should not exist"],"error":"Unprocessable Entity"}`, Refused, "property dataType should not exist").to(updateCustomField, false),
		"no sub-account":                              says(422, "LocationId can't be undefined", Refused).to(listRelations, false),

		// Forms of the body.
		"errors as texts":           sends(422, `{"statusCode":422,"message":"Unprocessable Entity","errors":["key must be a string","key should not be empty"],"traceId":"tr"}`, Refused, "Unprocessable Entity", "key must be a string", "key should not be empty").trace("tr"),
		"errors as objects":         sends(422, `{"statusCode":422,"message":"Unprocessable Entity","errors":[{"field":"key","reason":"empty"},{"field":"x"}]}`, Refused, "Unprocessable Entity", `{"field":"key","reason":"empty"}`, `{"field":"x"}`),
		"errors as one object":      sends(422, `{"message":"Unprocessable Entity","errors":{"key":"empty"}}`, Refused, "Unprocessable Entity", `{"key":"empty"}`),
		"errors alone":              sends(422, `{"statusCode":422,"errors":["key should not be empty",null,""]}`, Refused, "", "key should not be empty"),
		"message a list of objects": sends(400, `{"message":[{"property":"key"},"and more"]}`, Refused, `{"property":"key"}; and more`),
		"message null, error given": sends(400, `{"message":null,"error":"Bad Request"}`, Refused, "Bad Request"),
		"message empty list":        sends(400, `{"message":[],"error":"Bad Request","traceId":7}`, Refused, "Bad Request").trace("7"),
		"JSON text":                 sends(400, `"nope"`, Refused, `"nope"`),
		"empty body":                sends(400, " \n", Refused, "an empty body"),

		"v3":                        sends(404, `{"error":{"code":"NOT_FOUND","message":"Association not found","details":["id 67ade73d"],"resolution":"Check the id."},"traceId":"t-3"}`, NotFound, "Association not found", "id 67ade73d", "Check the id.").trace("t-3"),
		"v3, refused token":         sends(401, `{"error":{"code":"UNAUTHORIZED","message":"Invalid JWT","details":null,"resolution":null}}`, Unauthorized, "Invalid JWT"),
		"v3, details an object":     sends(403, `{"error":{"code":403,"message":"Forbidden","details":{"locationId":"x"},"resolution":""}}`, Forbidden, "Forbidden", `{"locationId":"x"}`),
		"another server's envelope": sends(404, `{"error":{"code":404,"message":"Requested entity was not found."}}`, UnknownRoute, `{"code":404,"message":"Requested entity was not found."}`),

		// Limits.
		"rate limit":                    says(429, "Too Many Requests", RateLimited).with("X-RateLimit-Daily-Remaining", "199000"),
		"rate limit of the edge":        sends(429, "error code: 1015", RateLimited, "error code: 1015"),
		"daily limit":                   says(429, "Too Many Requests", DailyLimit).with("X-RateLimit-Daily-Remaining", "0").to(createRelation, false),
		"refusal, daily budget used up": sends(422, `{"message":"key should not be empty"}`, Refused, "key should not be empty").with("X-RateLimit-Daily-Remaining", "0"),

		// 5xx: a change may have been carried out.
		"500, read":               sends(500, `{"statusCode":500,"message":"Internal server error","traceId":"t-500"}`, Unavailable, "Internal server error").trace("t-500"),
		"500, create":             says(500, "Internal server error", Unavailable).to(createAssociation, true),
		"502, update":             sends(502, "<html><head><title>502 Bad Gateway</title></head></html>", Unavailable, "502 Bad Gateway").to(updateAssociation, true),
		"503, delete":             sends(503, "upstream connect error", Unavailable, "upstream connect error").to(deleteRelation, true),
		"500 that says duplicate": sends(500, `{"message":"duplicate relation"}`, Unavailable, "duplicate relation").to(createRelation, true),
		"500 that says not found": sends(500, `{"message":"Association not found"}`, Unavailable, "Association not found"),
		"request timeout":         sends(408, ``, Unavailable, "an empty body").to(createRelation, true),

		"redirect": sends(302, ``, Redirected, "an empty body").with("Location", "https://example.com/"),

		// Failures with the status of a success.
		"HTML with 200":                  sends(200, "<html><head><title>Just a moment...</title></head></html>", Malformed, "Just a moment..."),
		"HTML with 201, create":          sends(201, "<html><head><title>Just a moment...</title></head></html>", Malformed, "Just a moment...").to(createRelation, true),
		"HTML with 200, delete relation": sends(200, "<html><head><title>Just a moment...</title></head></html>", Malformed, "Just a moment...").to(deleteRelation, true),
		"204 for a row":                  sends(204, ``, Malformed, "an empty body"),
	} {
		client := newTestClient(t, answering(test.status, test.body, test.headers...), func(c *Config) {
			c.Clock.Sleep = sleepless
		})
		got := *failureOf(t, test.do(t.Context(), client))
		if got.Operation == "" || got.Method == "" || got.Path == "" {
			t.Errorf("%s: the error does not name the call: %+v", name, got)
		}
		if (got.Err != nil) != (got.Kind == Malformed) {
			t.Errorf("%s: got the cause %v", name, got.Err)
		}
		if got.LocationID != location || got.Credential != CommonToken {
			t.Errorf("%s: the error names the sub-account %q and the credential %q", name, got.LocationID, got.Credential)
		}
		got.LocationID, got.Credential = "", ""
		got.Operation, got.Method, got.Path, got.Err = "", "", "", nil
		if !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: got  %+v\nwant %+v", name, got, test.want)
		}
	}
}

func TestErrorPredicates(t *testing.T) {
	t.Parallel()
	for kind, want := range map[Kind][2]bool{ // not found, duplicate
		NotFound: {true, false}, Duplicate: {false, true}, UnknownRoute: {}, Unauthorized: {}, Forbidden: {}, EdgeRefused: {}, InvalidRecord: {},
		Refused: {}, Unavailable: {}, Malformed: {}, Network: {}, Interrupted: {}, DuplicateLabels: {}, DuplicateOpportunity: {},
		MissingScope: {}, RateLimited: {}, DailyLimit: {}, Redirected: {}, WrongTokenType: {}, Untrusted: {}, ProxyRefused: {}, WrongVersion: {}, Unserved: {}, NotAllowed: {},
		AgencyUnauthorized: {}, AgencyScope: {}, AgencyPIT: {}, AgencyForbidden: {}, NotInstalled: {},
	} {
		err := fmt.Errorf("reading the state: %w", &Error{Kind: kind})
		if got := [2]bool{IsNotFound(err), IsDuplicate(err)}; got != want || KindOf(err) != kind || IsAmbiguous(err) {
			t.Errorf("%s: not found, duplicate: %t, want %t; KindOf %q", kind, got, want, KindOf(err))
		}
	}
	if !IsAmbiguous(fmt.Errorf("creating: %w", &Error{Kind: Network, Ambiguous: true})) {
		t.Error("IsAmbiguous is false")
	}
	for _, err := range []error{nil, errors.New("not found"), ErrIncomplete} {
		if KindOf(err) != "" || IsNotFound(err) || IsDuplicate(err) || IsAmbiguous(err) {
			t.Errorf("%v passes for an API error", err)
		}
	}
}

// The error's text contains the operation and the path, but not the query.
func TestErrorText(t *testing.T) {
	t.Parallel()
	const refusal = `{"message":"Unprocessable Entity","errors":["key is empty","label is empty"],"traceId":"t-1"}`
	cause := errors.New("connection reset")
	for want, transport := range map[string]*fakeTransport{
		"HighLevel answered 422 to GET /associations/key/a%2Fb (read association by key): Unprocessable Entity: key is empty: label is empty": answering(422, refusal),
		"HighLevel answered 200 to GET /associations/key/a%2Fb (read association by key): an empty body: unexpected end of JSON input":        answering(200, ""),
		"GET /associations/key/a%2Fb (read association by key): connection reset":                                                             failing(cause),
	} {
		_, err := newTestClient(t, transport).AssociationByKey(t.Context(), location, "a/b")
		if err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
		if KindOf(err) == Network && !errors.Is(err, cause) {
			t.Errorf("%v: the cause is not in the chain", err)
		}
	}
}

// Errors shorten the server's text and replace its control characters.
func TestErrorShows(t *testing.T) {
	t.Parallel()
	long, cut := strings.Repeat("é", 5000), func(n int) string { return strings.Repeat("é", n) + "…" }
	many, ten := strings.Repeat(`"detail",`, 500)+`"last"`, slices.Repeat([]string{"detail"}, 10)
	for body, want := range map[string]Error{
		`{"message":"` + long + `"}`:                 {Message: cut(1000)},
		`{"message":"no","errors":["` + long + `"]}`: {Message: "no", Details: []string{cut(1000)}},
		`{"message":"no","traceId":"` + long + `"}`:  {Message: "no", TraceID: cut(1000)},
		long: {Message: cut(200)},
		"<html><title>" + long + "</title></html>":                                             {Message: cut(200)},
		`{"message":"no","errors":[` + many + `]}`:                                             {Message: "no", Details: ten},
		`{"message":[` + many + `]}`:                                                           {Message: strings.Join(ten, "; ")},
		`{"error":{"code":"X","message":"no","details":[` + many + `],"resolution":["more"]}}`: {Message: "no", Details: ten},
		"bad\xff\xfe gateway":                                                                  {Message: "bad� gateway"},
		"<title>label \x1b]0;x\a\u202e</title>":                                                {Message: "label �]0;x��"},
		`{"message":"label \u001b[2J\u0000\u202egpj.exe\u2066 is taken\n\ttwice"}`:             {Message: "label �[2J��gpj.exe� is taken  twice"},
		`{"message":"no","errors":["a\u001b[31m",{"label":"\u202e"}],"traceId":"t\u0007"}`:     {Message: "no", Details: []string{"a�[31m", `{"label":"\u202e"}`}, TraceID: "t�"},
	} {
		got := failureOf(t, readAssociation(t.Context(), newTestClient(t, answering(400, body))))
		if got.Message != want.Message || !slices.Equal(got.Details, want.Details) || got.TraceID != want.TraceID {
			t.Errorf("%.60s: got %q, %q, %q", body, got.Message, got.Details, got.TraceID)
		}
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
			t.Errorf("status %d passes for not found", status)
		}
		if strings.Contains(failure.Error(), testToken) {
			t.Error("the error contains the token")
		}
		if strings.ContainsAny(failure.Error(), "\x00\x1b\u202e") || !utf8.ValidString(failure.Error()) {
			t.Errorf("the error contains control characters: %q", failure.Error())
		}
	})
}

package ghl

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Kind sorts the failures of a call by what they mean to the caller.
type Kind string

// The kinds of failure. Only NotFound may ever mean that an object is gone.
const (
	NotFound      Kind = "not found"      // the API's own answer that the object does not exist
	UnknownRoute  Kind = "unknown route"  // a 404 that is not the API's own: a wrong base URL, or a proxy
	Unauthorized  Kind = "unauthorized"   // 401: the token is missing, expired, revoked or of the wrong type
	MissingScope  Kind = "missing scope"  // 401: the token lacks a scope
	Forbidden     Kind = "forbidden"      // 403: the token belongs to another sub-account
	EdgeRefused   Kind = "edge refused"   // 403 from the edge in front of the API: it refused the client, not the token
	Duplicate     Kind = "duplicate"      // the key, or the pair of records, exists already
	InvalidRecord Kind = "invalid record" // 422: a record does not fit its side of the association
	Refused       Kind = "refused"        // any other 4xx: the request itself is at fault
	RateLimited   Kind = "rate limited"   // 429 until the operation's time was up
	DailyLimit    Kind = "daily limit"    // 429, and nothing left of the day's budget
	Unavailable   Kind = "unavailable"    // 5xx that outlasted the retries
	Malformed     Kind = "malformed"      // a 2xx whose body is not what the endpoint answers
	Network       Kind = "network"        // no answer at all
	Redirected    Kind = "redirected"     // a redirect, which is never followed
	Interrupted   Kind = "interrupted"    // the operation was cancelled, or its timeout passed

	DuplicateLabels      Kind = "duplicate labels"      // another association of the same two objects has the same pair of labels
	DuplicateOpportunity Kind = "duplicate opportunity" // the contact has an opportunity in that pipeline; says nothing of the relation itself
	WrongTokenType       Kind = "wrong type of token"   // 401: the endpoint wants a sub-account's token, and this is an agency's
	Untrusted            Kind = "untrusted certificate" // nothing was sent: the server's certificate is not trusted
	ProxyRefused         Kind = "refused by the proxy"  // nothing was sent: a proxy on the way wants a password, or forbids it
	WrongVersion         Kind = "wrong version"         // the Version header is missing or unknown; the token is not to blame

	Unserved           Kind = "unserved"                  // nothing was sent: no token serves the sub-account, or there is none of an agency
	NotAllowed         Kind = "not allowed"               // nothing was sent: the sub-account is not among AllowedLocationIDs
	AgencyUnauthorized Kind = "agency token refused"      // 401: the agency's token is expired, revoked or no agency's
	AgencyScope        Kind = "agency token lacks scope"  // 401: the agency's token lacks an oauth scope
	AgencyPIT          Kind = "agency token unfit"        // the agency's token is a Private Integration Token, which has no oauth scope
	AgencyForbidden    Kind = "agency token misdirected"  // the company or the app is not that of the agency's token
	NotInstalled       Kind = "no token for the location" // the agency's token is exchanged for none of the sub-account: its app is not installed there
)

// Error is the failure of one call.
type Error struct {
	Kind      Kind
	Operation string   // what was tried: "create association"
	Method    string   // HTTP method
	Path      string   // path of the request, without the query
	Status    int      // HTTP status; 0 if no answer came
	Message   string   // what the server said, redacted and shortened
	Details   []string // entries of the answer's "errors", redacted and shortened
	TraceID   string   // HighLevel's id of the request, for its support
	Ambiguous bool     // the request changes something and may have been carried out
	Err       error    // cause: network or decoding failure

	LocationID string     // the sub-account that it was about; "" for the agency
	Credential Credential // what it was sent with; "" if nothing was sent
	Scope      string     // OAuth scope that the token lacks, if Kind is MissingScope
}

// Error says what the call was and what came of it, in words for the user. It leaves out
// the trace id, which belongs at the end of whatever this is part of.
func (e *Error) Error() string {
	said := append([]string{e.Message}, e.Details...)
	if e.Err != nil {
		said = append(said, e.Err.Error())
	}
	said = slices.DeleteFunc(said, func(part string) bool { return part == "" })
	if len(said) == 0 {
		said = []string{string(e.Kind)}
	}
	call := e.Operation
	switch {
	case e.Status != 0:
		call = fmt.Sprintf("HighLevel answered %d to %s %s (%s)", e.Status, e.Method, e.Path, e.Operation)
	case e.Method != "":
		call = fmt.Sprintf("%s %s (%s)", e.Method, e.Path, e.Operation)
	}
	return call + ": " + strings.Join(said, ": ")
}

func (e *Error) Unwrap() error { return e.Err }

// KindOf returns the kind of the API failure in err's chain, or "".
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return ""
}

// IsNotFound tells whether the API itself said that the object does not exist.
func IsNotFound(err error) bool { return KindOf(err) == NotFound }

// LacksRoute tells whether a router answered that there is no such call with that method.
func LacksRoute(err error, method string) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Kind == UnknownRoute && e.Method == method && routeUnknown.MatchString(strings.ToLower(e.Message))
}

// IsDuplicate tells whether the API refused a create because the object exists.
func IsDuplicate(err error) bool { return KindOf(err) == Duplicate }

// IsAmbiguous tells whether the failed request may have been carried out.
func IsAmbiguous(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Ambiguous
}

// answerError makes an *Error of an answer that is not a success.
func answerError(r request, answer response, redactor *redactor) *Error {
	own, isOwn := decodeErrorBody(answer.body)
	if !isOwn && own.message == "" {
		own.message = excerpt(answer.body, redactor)
	}
	failure := r.fail(kindOf(answer, own, isOwn), nil)
	failure.Status = answer.status
	failure.Ambiguous = failure.Kind == Unavailable && r.changes()
	if failure.Kind == MissingScope {
		failure.Scope = r.scope()
	}
	if r.isExchange {
		failure.Message = unshown
		return failure
	}
	failure.Message = shorten(redactor.redact(own.message))
	for _, detail := range own.details[:min(len(own.details), mostTexts)] {
		failure.Details = append(failure.Details, shorten(redactor.redact(detail)))
	}
	failure.TraceID = shorten(redactor.redact(own.traceID))
	return failure
}

// unshown is the message about an answer that may hold a token.
const unshown = "the answer may hold an access token, so it is not shown"

// The API's own words for an object that is not there, whatever the status. A
// router's "Cannot GET /…" is not among them.
var notFoundWords = regexp.MustCompile(`(?i)\bnot found\b|\b(does not|doesn't) exist\b|\bno (association|relation|record)s? found\b`)

// routeUnknown is the answer of a router that knows no such path.
var routeUnknown = regexp.MustCompile(`^cannot (get|post|put|delete) `)

// kindOf sorts an answer by its status and, if the status says too little, by
// the server's words. No other place matches texts.
func kindOf(answer response, own errorBody, isOwn bool) Kind {
	message := strings.ToLower(own.message + " " + strings.Join(own.details, " "))
	says := func(words string) bool { return strings.Contains(message, words) }
	switch status := answer.status; {
	case status >= 300 && status < 400:
		return Redirected
	case status == http.StatusUnauthorized && says("version header"), status == http.StatusBadRequest && says("invalid api version"):
		return WrongVersion
	case status == http.StatusUnauthorized && says("not authorized for this scope"):
		return MissingScope
	case status == http.StatusUnauthorized && (says("authclass type is not allowed") || says("user type mismatch")):
		return WrongTokenType
	case status == http.StatusUnauthorized:
		return Unauthorized
	case status == http.StatusForbidden && isOwn:
		return Forbidden
	case status == http.StatusForbidden:
		return EdgeRefused
	case status == http.StatusTooManyRequests && answer.header.Get("X-RateLimit-Daily-Remaining") == "0":
		return DailyLimit
	case status == http.StatusTooManyRequests:
		return RateLimited
	case status >= 500 || status == http.StatusRequestTimeout:
		return Unavailable
	case says("duplicate association key"), says("duplicate relation"):
		return Duplicate
	case says("duplicate pair of labels"):
		return DuplicateLabels
	case says("duplicate opportunity relation"):
		return DuplicateOpportunity
	case status == http.StatusUnprocessableEntity && says("invalid record id"):
		return InvalidRecord
	case status == http.StatusNotFound && (!isOwn || routeUnknown.MatchString(message)):
		return UnknownRoute
	case status == http.StatusNotFound:
		return NotFound
	case isOwn && (status == http.StatusBadRequest || status == http.StatusUnprocessableEntity) && notFoundWords.MatchString(message):
		return NotFound
	default:
		return Refused
	}
}

// errNotTaken is the failure of a request that the server says it did not take.
var errNotTaken = errors.New("the server did not take the request (HTTP/2 GOAWAY or REFUSED_STREAM)")

// net/http gives these failures no type. With other words the request counts as
// perhaps taken.
var notTakenWords = regexp.MustCompile(`^http2: Transport: cannot retry err \[(http2: Transport received Server's graceful shutdown GOAWAY|stream error: stream ID \d+; REFUSED_STREAM(; received from peer)?)\] after Request\.Body was written`)

// typed is err, or the error whose words it has.
func typed(err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err // the URL is in the Error already
	}
	if notTakenWords.MatchString(err.Error()) {
		return errNotTaken
	}
	return err
}

// maxMessage bounds what is shown of a server's words, in characters.
const maxMessage = 1000

func shorten(text string) string { return Harmless(strings.TrimSpace(text), maxMessage) }

var (
	htmlTitle = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)
	htmlTag   = regexp.MustCompile(`(?s)<[^>]*>`)
	spaces    = regexp.MustCompile(`\s+`)
)

// excerpt gives the start of a body that is not the API's own: the title of an
// HTML page, else its first words. It redacts before it cuts. Of a body too long to be
// redacted whole, it leaves out the end of what it redacted: too little of a token may be
// left there to be recognised.
func excerpt(body []byte, redactor *redactor) string {
	const most, window, margin = 200, 1 << 16, 256
	text := redactor.redact(string(body[:min(len(body), window)]))
	if len(body) > window {
		text = text[:max(0, len(text)-margin)]
	}
	text = text[:min(len(text), 4096)]
	if title := htmlTitle.FindStringSubmatch(text); title != nil {
		text = title[1]
	}
	text = strings.TrimSpace(spaces.ReplaceAllString(htmlTag.ReplaceAllString(text, " "), " "))
	if text == "" {
		return "an empty body"
	}
	return Harmless(text, most)
}

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

// Kind classifies the failure of a call by what the failure means for the caller.
type Kind string

// The kinds of failure. Only NotFound can mean that an object no longer exists.
const (
	NotFound      Kind = "not found"      // the API itself answered that the object does not exist
	UnknownRoute  Kind = "unknown route"  // a 404 that does not come from the API itself: the base URL is wrong, or a proxy answered
	Unauthorized  Kind = "unauthorized"   // 401: the token is missing, expired, revoked or of the wrong type
	MissingScope  Kind = "missing scope"  // 401: the token lacks a scope
	Forbidden     Kind = "forbidden"      // 403: the token belongs to another sub-account
	EdgeRefused   Kind = "edge refused"   // 403 from the edge in front of the API, which refused the client, not the token
	Duplicate     Kind = "duplicate"      // the key, or the pair of records, already exists
	InvalidRecord Kind = "invalid record" // 422: a record does not fit its side of the association
	Refused       Kind = "refused"        // any other 4xx: the request itself is at fault
	RateLimited   Kind = "rate limited"   // 429 until the operation timed out
	DailyLimit    Kind = "daily limit"    // 429, because the daily quota is used up
	Unavailable   Kind = "unavailable"    // 5xx after all retries
	Malformed     Kind = "malformed"      // a 2xx with an unexpected body
	Network       Kind = "network"        // no answer at all
	Redirected    Kind = "redirected"     // a redirect, which is never followed
	Interrupted   Kind = "interrupted"    // the operation was cancelled or timed out

	DuplicateLabels      Kind = "duplicate labels"      // another association of the same two objects has the same pair of labels
	DuplicateOpportunity Kind = "duplicate opportunity" // the contact already has an opportunity in the pipeline; this does not show whether the relation exists
	WrongTokenType       Kind = "wrong type of token"   // 401: the endpoint requires a sub-account's token, but got an agency's token
	Untrusted            Kind = "untrusted certificate" // nothing was sent: the server's certificate is not trusted
	ProxyRefused         Kind = "refused by the proxy"  // nothing was sent: a proxy requires a password or forbids the connection
	WrongVersion         Kind = "wrong version"         // the Version header is missing or unknown; the token is not the cause

	Unserved           Kind = "unserved"                               // nothing was sent: no token serves the sub-account, or there is no agency token
	NotAllowed         Kind = "not allowed"                            // nothing was sent: the sub-account is not among AllowedLocationIDs
	AgencyUnauthorized Kind = "agency token refused"                   // 401: the agency's token is expired, revoked or not a token of an agency
	AgencyScope        Kind = "agency token lacks scope"               // 401: the agency's token lacks an oauth scope
	AgencyPIT          Kind = "agency token without oauth scopes"      // the agency's token is a Private Integration Token, which has no oauth scope
	AgencyForbidden    Kind = "agency token of another company or app" // the company or the app does not match the agency's token
	NotInstalled       Kind = "app not installed in the sub-account"   // the agency's token cannot be exchanged for a token of the sub-account, because the app is not installed there
)

// Error is the failure of one call.
type Error struct {
	Kind      Kind
	Operation string   // what was attempted: "create association"
	Method    string   // HTTP method
	Path      string   // path of the request, without the query
	Status    int      // HTTP status; 0 if no answer arrived
	Message   string   // what the server said, redacted and shortened
	Details   []string // entries of the answer's "errors", redacted and shortened
	TraceID   string   // HighLevel's id of the request, for HighLevel's support
	Ambiguous bool     // the request changes something and may have been carried out
	Err       error    // the cause: a network failure or a decoding failure

	LocationID string     // the sub-account of the call; "" for a call about the agency
	Credential Credential // the credential of the call; "" if nothing was sent
	Scope      string     // OAuth scope that the token lacks, if Kind is MissingScope
}

// Error describes the call and its failure for the user. It leaves out the trace id,
// because the caller puts the id at the end of the message.
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

// KindOf returns the kind of the *Error in err's chain, or "" if there is none.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return ""
}

// IsNotFound reports whether the API itself said that the object does not exist.
func IsNotFound(err error) bool { return KindOf(err) == NotFound }

// LacksRoute reports whether a call with the given method failed because the server has no
// route for the call.
func LacksRoute(err error, method string) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Kind == UnknownRoute && e.Method == method && routeUnknown.MatchString(strings.ToLower(e.Message))
}

// IsDuplicate reports whether the API refused a create because the object already exists.
func IsDuplicate(err error) bool { return KindOf(err) == Duplicate }

// IsAmbiguous reports whether the failed request may have been carried out.
func IsAmbiguous(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Ambiguous
}

// answerError converts an answer that is not a success into an *Error.
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

// unshown replaces the message of an answer that may contain a token.
const unshown = "the answer may contain an access token, so it is not shown"

// notFoundWords matches the API's own messages for an object that does not exist, whatever
// the status. It does not match a router's "Cannot GET /…".
var notFoundWords = regexp.MustCompile(`(?i)\bnot found\b|\b(does not|doesn't) exist\b|\bno (association|relation|record)s? found\b`)

// routeUnknown matches the answer of a router that does not know the path.
var routeUnknown = regexp.MustCompile(`^cannot (get|post|put|delete) `)

// kindOf classifies an answer by its status and, if the status does not say enough, by the
// server's words. No other file matches the server's words.
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

// errNotTaken means that the server reported that it did not accept the request.
var errNotTaken = errors.New("the server did not accept the request (HTTP/2 GOAWAY or REFUSED_STREAM)")

// notTakenWords matches failures that have no type of their own in net/http. If net/http
// changes its words, the request counts as possibly accepted.
var notTakenWords = regexp.MustCompile(`^http2: Transport: cannot retry err \[(http2: Transport received Server's graceful shutdown GOAWAY|stream error: stream ID \d+; REFUSED_STREAM(; received from peer)?)\] after Request\.Body was written`)

// typed returns errNotTaken if the text of err matches notTakenWords. Otherwise, it returns
// err without the *url.Error around it.
func typed(err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err // the Error already has the URL
	}
	if notTakenWords.MatchString(err.Error()) {
		return errNotTaken
	}
	return err
}

// maxMessage is the maximum number of characters of a server's message that an error
// contains.
const maxMessage = 1000

func shorten(text string) string { return Harmless(strings.TrimSpace(text), maxMessage) }

var (
	htmlTitle = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)
	htmlTag   = regexp.MustCompile(`(?s)<[^>]*>`)
	spaces    = regexp.MustCompile(`\s+`)
)

// excerpt returns a short text from a body that does not come from the API: the title of an
// HTML page, or otherwise the first words. It redacts the text before shortening it. Of a
// long body, only the first part is redacted. The end of that part is dropped, because the
// redactor may not recognize a token that is cut off there.
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

package sandbox

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// Effect is what a [Fault] does to a request or to its answer. The functions below create effects.
type Effect struct {
	name     string
	fits     func(*exchange) bool     // restricts the requests that the fault matches
	do       func()                   // called before the request, or with Committed after it
	wait     time.Duration            // delay at the same point
	ahead    func(*exchange)          // changes the request
	page     func(*page)              // changes the rows of a list
	replaces bool                     // spoil replaces the answer, so the request need not be carried out
	spoil    func(*exchange, *answer) // changes the encoded answer
}

// pass runs the part of an effect that precedes the request. It returns early if the context is cancelled.
func (e Effect) pass(ctx context.Context) error {
	if e.do != nil {
		e.do()
	}
	return sleep(ctx, e.wait)
}

// instead returns an effect that replaces the answer.
func instead(name string, build func(*exchange) answer) Effect {
	return Effect{name: name, replaces: true, spoil: func(x *exchange, a *answer) { *a = build(x) }}
}

// Status returns an effect that answers with an error in the API's own form.
func Status(code int) Effect { return StatusMessage(code, statusText(code)) }

// StatusMessage answers with an error in the API's own form, with the given message.
func StatusMessage(code int, message string) Effect {
	return instead(fmt.Sprintf("status %d", code), func(x *exchange) answer {
		return errorAnswer(code, message, x.traceID)
	})
}

// StatusHTML answers with an error page of the edge, which has neither the API's error form nor its X-RateLimit headers.
func StatusHTML(code int) Effect {
	return instead(fmt.Sprintf("status %d as HTML", code), func(*exchange) answer { return edgePage(code, statusText(code)) })
}

// Reset breaks the connection instead of answering.
func Reset() Effect {
	return instead("reset", func(*exchange) answer { return answer{reset: true, noQuota: true} })
}

const messageTooMany = "Too Many Requests"

// TooManyRequests answers 429. If withHeaders is set, the X-RateLimit headers say that no call is left. Otherwise, they are
// omitted. If retryAfter is above 0, it sends Retry-After in whole seconds, rounded up.
func TooManyRequests(withHeaders bool, retryAfter time.Duration) Effect {
	return instead("429", func(x *exchange) answer {
		a := errorAnswer(http.StatusTooManyRequests, messageTooMany, x.traceID)
		a.noQuota = !withHeaders
		if withHeaders {
			a.header.Set(headerRemaining, "0")
		}
		if retryAfter > 0 {
			a.header.Set("Retry-After", strconv.FormatInt(int64((retryAfter+time.Second-1)/time.Second), 10))
		}
		return a
	})
}

// DailySpent answers 429 with headers that say that the daily limit is used up.
func DailySpent() Effect {
	return instead("daily budget spent", func(x *exchange) answer {
		a := errorAnswer(http.StatusTooManyRequests, messageTooMany, x.traceID)
		a.header.Set(headerRemaining, "0")
		a.header.Set(headerDailyRemaining, "0")
		return a
	})
}

// TokenRefused answers 401 as the API does for a token that has expired or was revoked. With [Fault.After], the token expires in
// the middle of a run.
func TokenRefused() Effect {
	e := StatusMessage(http.StatusUnauthorized, messageInvalidToken)
	e.name = "token refused"
	return e
}

// AccessDenied answers 403 as the API does for a token of another sub-account.
func AccessDenied() Effect {
	e := StatusMessage(http.StatusForbidden, messageNoAccess)
	e.name = "access denied"
	return e
}

// OKHTML answers 200 with a page of HTML.
func OKHTML() Effect {
	return instead("200 as HTML", func(*exchange) answer { return edgePage(http.StatusOK, "Just a moment...") })
}

// OKEmpty answers 200 without a body.
func OKEmpty() Effect {
	return instead("200 without a body", func(*exchange) answer { return jsonAnswer(http.StatusOK, nil) })
}

// Answer answers with a status and a body. The Content-Type is JSON, even if the body is not. With Committed, the request is
// carried out first.
func Answer(code int, body string) Effect {
	return instead(fmt.Sprintf("answer %d", code), func(*exchange) answer { return jsonAnswer(code, []byte(body)) })
}

// NotFound answers that the requested object does not exist, although it exists. The quirks select the form of the answer.
// NotFound matches requests for one object that exists, and for the relations of a record.
func NotFound() Effect {
	e := instead("not found", func(x *exchange) answer {
		switch {
		case x.route.kind != nil:
			return x.route.kind.none(x.quirks, x.param, x.traceID)
		case x.route.name == RouteDeleteRelation:
			return missing(x.quirks, nameRelation, x.traceID)
		case x.route.name == RouteListRelations:
			return errorAnswer(http.StatusNotFound, messageNoRecord, x.traceID)
		default:
			return missing(x.quirks, nameAssociation, x.traceID)
		}
	})
	e.fits = either(onKinds(http.MethodGet, http.MethodPut, http.MethodDelete),
		onRoutes(RouteAssociationByKey, RouteGetAssociation, RouteUpdateAssociation, RouteDeleteAssociation,
			RouteCreateRelation, RouteListRelations, RouteDeleteRelation))
	return e
}

// DeletionDenied answers a deletion with 200, but the body says that nothing was deleted. It matches only deletions.
func DeletionDenied() Effect {
	e := instead("deletion denied", func(x *exchange) answer {
		if x.route.kind != nil {
			return jsonAnswer(http.StatusOK, encodeObject(map[string]any{x.route.kind.deleted: false, "id": x.param}, false))
		}
		return jsonAnswer(http.StatusOK, encodeObject(deletion{ID: x.param, Message: "Could not be deleted"}, false))
	})
	e.fits = either(onKinds(http.MethodDelete), onRoutes(RouteDeleteAssociation, RouteDeleteRelation))
	return e
}

// onRoutes returns a condition for effects that are possible only on some routes.
func onRoutes(names ...string) func(*exchange) bool {
	return func(x *exchange) bool { return x.route != nil && slices.Contains(names, x.route.name) }
}

// onKinds returns a condition for effects that are possible only on routes with a kind.
func onKinds(methods ...string) func(*exchange) bool {
	return func(x *exchange) bool {
		return x.route != nil && x.route.kind != nil && slices.Contains(methods, x.method)
	}
}

func either(one, other func(*exchange) bool) func(*exchange) bool {
	return func(x *exchange) bool { return one(x) || other(x) }
}

// EchoAuthorization answers with an error whose message quotes the Authorization header.
func EchoAuthorization(code int) Effect {
	return instead("authorization echoed", func(x *exchange) answer {
		return errorAnswer(code, fmt.Sprintf("Request with %q was refused", x.header.Get("Authorization")), x.traceID)
	})
}

// RedirectTo answers 307, which redirects the same request to another address.
func RedirectTo(url string) Effect {
	return instead("redirect", func(*exchange) answer {
		a := textAnswer(http.StatusTemporaryRedirect, "text/html", "")
		a.header.Set("Location", url)
		return a
	})
}

// CannotGET answers 404 as the API's web framework does for an unknown route: `Cannot GET /…`, with the method of the request.
func CannotGET() Effect {
	return instead("no such route", func(x *exchange) answer { return cannot(x.method, x.uri) })
}

// CannotGETHTML answers 404 `Cannot GET /…` as a page of HTML.
func CannotGETHTML() Effect {
	return instead("no such route as HTML", func(x *exchange) answer {
		text := html.EscapeString("Cannot " + x.method + " " + x.uri)
		return textAnswer(http.StatusNotFound, "text/html; charset=utf-8", "<!DOCTYPE html>\n<html><body><pre>"+text+"</pre></body></html>\n")
	})
}

// HalfJSON sends the first half of the true answer, with the Content-Length of this half or of the whole answer.
func HalfJSON(matchingLength bool) Effect {
	return Effect{name: "half an answer", spoil: func(_ *exchange, a *answer) {
		whole := len(a.body)
		a.body = a.body[:whole/2]
		if !matchingLength {
			a.promised = whole
		}
	}}
}

// SlowBody sends the body of the true answer slowly, over the given time.
func SlowBody(d time.Duration) Effect {
	return Effect{name: "slow body", spoil: func(_ *exchange, a *answer) { a.trickle = d }}
}

// Stall waits before the request, or with Committed before its answer. If the client cancels before the request was carried out,
// the request has no effect.
func Stall(d time.Duration) Effect { return Effect{name: "stall", wait: d} }

// OversizeBody pads the true answer with leading spaces to at least n bytes.
func OversizeBody(n int) Effect {
	return Effect{name: "oversize body", spoil: func(_ *exchange, a *answer) {
		blanks := bytes.Repeat([]byte(" "), max(0, n-len(a.body)))
		a.body = append(blanks, a.body...)
	}}
}

// Do calls a function called before the request, or with Committed after it. The function may use the sandbox. The answer does
// not change.
func Do(f func()) Effect { return Effect{name: "something in between", do: f} }

// edgePage returns an error page of the edge in front of the API.
func edgePage(code int, title string) answer {
	return textAnswer(code, "text/html; charset=UTF-8", fmt.Sprintf(
		"<!DOCTYPE html>\n<html>\n<head><title>%d %s</title></head>\n<body>\n<center><h1>%d %s</h1></center>\n<hr><center>cloudflare</center>\n</body>\n</html>\n",
		code, title, code, title))
}

// statusText returns the text of a status, including the statuses of the edge.
func statusText(code int) string {
	switch code {
	case 520:
		return "Web server is returning an unknown error"
	case 521:
		return "Web server is down"
	case 522:
		return "Connection timed out"
	case 523:
		return "Origin is unreachable"
	case 524:
		return "A timeout occurred"
	default:
		return http.StatusText(code)
	}
}

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

// Effect is what a [Fault] does to a request or to its answer. The functions below make them.
type Effect struct {
	name     string
	fits     func(*exchange) bool     // narrows the requests that the fault matches
	do       func()                   // before the request, or with Committed after it
	wait     time.Duration            // at the same point
	ahead    func(*exchange)          // changes the request
	page     func(*page)              // changes the rows of a list
	replaces bool                     // spoil makes an answer of its own, so the request need not be carried out
	spoil    func(*exchange, *answer) // changes the encoded answer
}

// pass does the part of an effect that precedes the request. It ends early with the context.
func (e Effect) pass(ctx context.Context) error {
	if e.do != nil {
		e.do()
	}
	return sleep(ctx, e.wait)
}

// instead makes an effect that answers something else.
func instead(name string, build func(*exchange) answer) Effect {
	return Effect{name: name, replaces: true, spoil: func(x *exchange, a *answer) { *a = build(x) }}
}

// Status answers with an error in the API's own form.
func Status(code int) Effect { return StatusMessage(code, statusText(code)) }

// StatusMessage answers with an error in the API's own form that has the given message.
func StatusMessage(code int, message string) Effect {
	return instead(fmt.Sprintf("status %d", code), func(x *exchange) answer {
		return errorAnswer(code, message, x.traceID)
	})
}

// StatusHTML answers with an error page of the edge, which knows neither the API's error form nor its budget.
func StatusHTML(code int) Effect {
	return instead(fmt.Sprintf("status %d as HTML", code), func(*exchange) answer { return edgePage(code, statusText(code)) })
}

// Reset breaks the connection instead of an answer.
func Reset() Effect {
	return instead("reset", func(*exchange) answer { return answer{reset: true, noQuota: true} })
}

const messageTooMany = "Too Many Requests"

// TooManyRequests answers 429, without X-RateLimit headers or with some that say nothing is left. If retryAfter is above 0, it sends
// Retry-After in whole seconds, rounded up.
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

// DailySpent answers 429 with headers that say the day's budget is spent.
func DailySpent() Effect {
	return instead("daily budget spent", func(x *exchange) answer {
		a := errorAnswer(http.StatusTooManyRequests, messageTooMany, x.traceID)
		a.header.Set(headerRemaining, "0")
		a.header.Set(headerDailyRemaining, "0")
		return a
	})
}

// TokenRefused answers 401 as the API does for a token that has expired or was revoked. If it hits from a certain
// request on, the token expires in the middle of a run.
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

// Answer answers with a status and a body that it declares as JSON, even if it is none. With Committed, the request is carried out
// first.
func Answer(code int, body string) Effect {
	return instead(fmt.Sprintf("answer %d", code), func(*exchange) answer { return jsonAnswer(code, []byte(body)) })
}

// NotFound answers that the thing that the request names does not exist, even if it does, in the form that the quirks select. It
// matches requests for one thing that exists, and for the relations of a record.
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

// DeletionDenied answers 200 to a deletion, and that nothing was deleted. It matches deletions only.
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

// onRoutes makes a condition of effects that only make sense on some routes.
func onRoutes(names ...string) func(*exchange) bool {
	return func(x *exchange) bool { return x.route != nil && slices.Contains(names, x.route.name) }
}

// onKinds is onRoutes for routes that name their kind.
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

// RedirectTo answers 307: the same request belongs at another address.
func RedirectTo(url string) Effect {
	return instead("redirect", func(*exchange) answer {
		a := textAnswer(http.StatusTemporaryRedirect, "text/html", "")
		a.header.Set("Location", url)
		return a
	})
}

// CannotGET answers 404 as the API's web framework does for a route it does not know: `Cannot GET /…`, with the method of
// the request.
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

// HalfJSON sends the first half of the true answer: as if it were all, or with the Content-Length of the whole.
func HalfJSON(matchingLength bool) Effect {
	return Effect{name: "half an answer", spoil: func(_ *exchange, a *answer) {
		whole := len(a.body)
		a.body = a.body[:whole/2]
		if !matchingLength {
			a.promised = whole
		}
	}}
}

// SlowBody spreads the body of the true answer over a time.
func SlowBody(d time.Duration) Effect {
	return Effect{name: "slow body", spoil: func(_ *exchange, a *answer) { a.trickle = d }}
}

// Stall waits before the request, or with Committed before its answer. A request whose client leaves before it was
// carried out has no effect.
func Stall(d time.Duration) Effect { return Effect{name: "stall", wait: d} }

// OversizeBody puts spaces before the true answer until it is at least n bytes long.
func OversizeBody(n int) Effect {
	return Effect{name: "oversize body", spoil: func(_ *exchange, a *answer) {
		blanks := bytes.Repeat([]byte(" "), max(0, n-len(a.body)))
		a.body = append(blanks, a.body...)
	}}
}

// Do calls a function before the request, or with Committed after it. The function may use the sandbox. The answer is the true one.
func Do(f func()) Effect { return Effect{name: "something in between", do: f} }

// edgePage is an error page of the edge in front of the API.
func edgePage(code int, title string) answer {
	return textAnswer(code, "text/html; charset=UTF-8", fmt.Sprintf(
		"<!DOCTYPE html>\n<html>\n<head><title>%d %s</title></head>\n<body>\n<center><h1>%d %s</h1></center>\n<hr><center>cloudflare</center>\n</body>\n</html>\n",
		code, title, code, title))
}

// statusText knows the statuses of the edge too.
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

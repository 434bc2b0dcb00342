package ghl

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
)

// request is one call of an endpoint.
type request struct {
	operation  string // for errors: "create association"
	method     string
	path       string // escaped; relative to the base URL
	query      url.Values
	url        string
	body       []byte
	locationID string
	isAgencys  bool // uses the agency's token, and changes nothing, whatever its method
	isSearch   bool // changes nothing, although it is a POST
	isExchange bool // the body is a form; messages quote nothing from the answer, because it may contain a token that the redactor does not know
	token      Token
	decode     func([]byte) error
}

// replayable reports whether the request may be sent again even if the server may already
// have carried it out. Only a POST that changes something must not be repeated.
func (r request) replayable() bool { return r.method != http.MethodPost || !r.changes() }

// changes reports whether the request changes anything on the server.
func (r request) changes() bool { return r.method != http.MethodGet && !r.isAgencys && !r.isSearch }

// version returns the value of the Version header. Calls with the agency's token always use
// the default version, because these endpoints have other paths in other versions.
func (r request) version(config Config) string {
	if r.isAgencys {
		return DefaultAPIVersion
	}
	return config.APIVersion
}

func (r request) fail(kind Kind, cause error) *Error {
	return &Error{
		Kind: kind, Operation: r.operation, Method: r.method, Path: r.path, Err: cause,
		LocationID: r.locationID, Credential: r.token.Credential,
	}
}

// response is an answer with its whole body.
type response struct {
	status int
	header http.Header
	body   []byte
}

// handler sends a request and returns the answer. The client is a chain of handlers. Each
// handler adds one concern and calls the next handler.
type handler func(context.Context, request) (response, error)

// newChain builds the chain, outermost handler first.
func newChain(config Config, limiters *rateLimiters, credentials *credentials) handler {
	chain := send(config, credentials.redactor)
	chain = logged(chain, config, credentials.redactor)
	chain = checked(chain, credentials.redactor)
	chain = rateLimited(chain, limiters)
	chain = retried(chain, config.MaxRetries, config.Clock)
	chain = authorized(chain, credentials)
	chain = reported(chain, config)
	return chain
}

// logged writes one line per round trip, without headers, query or body.
func logged(next handler, config Config, redactor *redactor) handler {
	return func(ctx context.Context, r request) (response, error) {
		begun := config.Clock.Now()
		answer, err := next(ctx, r)
		attributes := []slog.Attr{
			slog.String("operation", r.operation),
			slog.String("method", r.method),
			slog.String("path", redactor.redact(r.path)), // a user may have typed a token as an id
			slog.String("location_id", r.locationID),
			slog.Int("status", answer.status),
			slog.Duration("duration", config.Clock.Now().Sub(begun)),
		}
		if err != nil {
			attributes = append(attributes, slog.String("error", err.Error()))
		}
		config.Logger.LogAttrs(ctx, slog.LevelDebug, "HighLevel API call", attributes...)
		return answer, err
	}
}

// errTokenRepeated is the failure of an answer that contains a token, which would otherwise
// be written to the state.
var errTokenRepeated = errors.New("the answer repeats an access token: look for the token in the labels, keys and custom values of the sub-account, remove it there, and replace the token")

// checked returns an *Error for any answer that is not a success, and redacts tokens that
// the server repeats.
func checked(next handler, redactor *redactor) handler {
	return func(ctx context.Context, r request) (response, error) {
		answer, err := next(ctx, r)
		if err != nil {
			return answer, err
		}
		if answer.status < 200 || answer.status > 299 {
			return answer, answerError(r, answer, redactor)
		}
		err = r.decode(answer.body)
		if err == nil && !r.isExchange && redactor.holdsToken(answer.body) {
			err = errTokenRepeated
		}
		if err != nil {
			failure := r.fail(Malformed, redactor.cause(err))
			failure.Status = answer.status
			if failure.Message = unshown; !r.isExchange {
				failure.Message = excerpt(answer.body, redactor)
			}
			failure.Ambiguous = r.changes()
			return answer, failure
		}
		return answer, nil
	}
}

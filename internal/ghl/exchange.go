package ghl

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"time"
)

// request is one call of an endpoint.
type request struct {
	operation  string // for errors: "create association"
	method     string
	path       string // escaped, below the base URL
	query      url.Values
	url        string
	body       []byte
	isForm     bool // the body is a form, not JSON
	locationID string
	isAgencys  bool // sent with the agency's token, and changes nothing, whatever its method
	isSecret   bool // the answer may hold a token that the mask does not know: nothing of it is shown, whatever its status
	token      Token
	decode     func([]byte) error
}

// replayable tells whether the request may be sent again when it may have been
// carried out already. Only a POST would do its work twice.
func (r request) replayable() bool { return r.method != http.MethodPost || r.isAgencys }

// changes tells whether the request, carried out, leaves a trace.
func (r request) changes() bool { return r.method != http.MethodGet && !r.isAgencys }

// version is what the Version header says. The paths of /oauth/ that are used here are
// those of the default version, and another has other ones.
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

// response is an answer whose body has been read whole.
type response struct {
	status int
	header http.Header
	body   []byte
}

// exchange carries a request out. The client is a chain of them, each adding one
// concern to the next.
type exchange func(context.Context, request) (response, error)

// newExchange puts the chain together, outermost first.
func newExchange(config Config, limiters *rateLimiters, credentials *credentials) exchange {
	chain := send(config, credentials.mask)
	chain = logged(chain, config, credentials.mask)
	chain = checked(chain, credentials.mask)
	chain = rateLimited(chain, limiters)
	chain = retried(chain, config.MaxRetries, config.Clock)
	chain = authorized(chain, credentials)
	return chain
}

// These bound an answer: a page of 100 rows with labels of 10,000 characters stays well
// below the first, and whatever is no listing below the second.
const (
	maxBody      = 16 << 20
	maxOtherBody = 1 << 20
)

// send makes one HTTP exchange. A POST under way is not cut when ctx ends: its
// answer carries the id of what it made.
func send(config Config, mask *mask) exchange {
	client := &http.Client{
		Transport: config.Transport,
		// Whoever the server points to must not get the token.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return func(ctx context.Context, r request) (response, error) {
		if ctx.Err() != nil {
			return response{}, r.fail(Interrupted, context.Cause(ctx))
		}
		during := ctx
		if !r.replayable() {
			during = context.WithoutCancel(ctx)
		}
		during, cancel := context.WithTimeout(during, config.RequestTimeout)
		defer cancel()
		var way delivery
		followed, stop := way.follow(during)
		defer stop(nil)
		answer, err := roundTrip(followed, client, config, r)
		if err == nil {
			return answer, nil
		}
		if err = typed(err); errors.Is(context.Cause(followed), errRepeat) {
			err = errRepeat
		}
		if r.isSecret && !way.failedBefore(err) {
			err = unquoted(err)
		}
		failure := networkError(ctx, during, r, err, &way, config.RequestTimeout)
		failure.Err = mask.cause(failure.Err) // it quotes an answer that is no HTTP
		if failure.Kind == Network {
			client.CloseIdleConnections() // what failed once must not serve the repeat
		}
		return response{}, failure
	}
}

func roundTrip(ctx context.Context, client *http.Client, config Config, r request) (response, error) {
	httpRequest, err := http.NewRequestWithContext(ctx, r.method, r.url, bytes.NewReader(r.body))
	if err != nil {
		return response{}, err
	}
	httpRequest.GetBody = nil // net/http sends nothing again that it cannot get again
	httpRequest.Header.Set("Authorization", "Bearer "+r.token.Value)
	httpRequest.Header.Set("Version", r.version(config))
	httpRequest.Header.Set("Accept", "application/json")
	httpRequest.Header.Set("User-Agent", config.UserAgent)
	switch {
	case r.isForm:
		httpRequest.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	case r.body != nil:
		httpRequest.Header.Set("Content-Type", "application/json")
	}
	httpResponse, err := client.Do(httpRequest)
	if err != nil {
		return response{}, err
	}
	defer func() { _ = httpResponse.Body.Close() }()
	most := maxBody
	if r.method != http.MethodGet || httpResponse.StatusCode >= 300 {
		most = maxOtherBody
	}
	body, err := io.ReadAll(io.LimitReader(httpResponse.Body, int64(most)+1))
	if err == nil && len(body) > most {
		err = fmt.Errorf("the answer is larger than %d MiB", most>>20)
	}
	if err != nil && httpResponse.StatusCode < 300 {
		return response{}, err
	}
	return response{status: httpResponse.StatusCode, header: httpResponse.Header, body: body}, nil
}

// networkError tells an interrupt from a failed exchange, and whether the server
// may have acted all the same. during is the time of the one exchange, ctx that of the
// operation.
func networkError(ctx, during context.Context, r request, err error, way *delivery, timeout time.Duration) *Error {
	sent := !way.failedBefore(err)
	switch timedOut := errors.Is(during.Err(), context.DeadlineExceeded) && errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil; {
	case timedOut && sent:
		err = fmt.Errorf("no complete answer within %s", timeout)
	case timedOut:
		err = fmt.Errorf("no connection within %s (%w)", timeout, err)
	}
	failure := r.fail(networkKind(err), err)
	if ctx.Err() != nil && r.replayable() {
		failure = r.fail(Interrupted, context.Cause(ctx))
	}
	failure.Ambiguous = r.changes() && sent
	return failure
}

// logged writes one line for each exchange: no header, no query, no body.
func logged(next exchange, config Config, mask *mask) exchange {
	return func(ctx context.Context, r request) (response, error) {
		begun := config.Clock.Now()
		answer, err := next(ctx, r)
		attributes := []slog.Attr{
			slog.String("operation", r.operation),
			slog.String("method", r.method),
			slog.String("path", mask.apply(r.path)), // somebody may have typed a token as an id
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

// errTokenRepeated is the failure of an answer that would bring a token into a state.
var errTokenRepeated = errors.New("the answer repeats an access token: look for it in the labels and keys of the sub-account, remove it there, and replace the token")

// checked turns an answer that is not the wanted one into an *Error, and masks
// the tokens wherever the server repeats one.
func checked(next exchange, mask *mask) exchange {
	return func(ctx context.Context, r request) (response, error) {
		answer, err := next(ctx, r)
		if err != nil {
			return answer, err
		}
		if answer.status < 200 || answer.status > 299 {
			return answer, answerError(r, answer, mask)
		}
		err = r.decode(answer.body)
		if err == nil && !r.isSecret && mask.repeats(answer.body) {
			err = errTokenRepeated
		}
		if err != nil {
			failure := r.fail(Malformed, mask.cause(err))
			failure.Status = answer.status
			if failure.Message = unshown; !r.isSecret {
				failure.Message = excerpt(answer.body, mask)
			}
			failure.Ambiguous = r.changes()
			return answer, failure
		}
		return answer, nil
	}
}

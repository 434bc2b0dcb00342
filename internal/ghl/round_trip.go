package ghl

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// The maximum sizes of answers, in bytes. A page of 100 rows with labels of 10,000
// characters is much smaller than maxBody. Any answer that is not a listing is smaller than
// maxOtherBody.
const (
	maxBody      = 16 << 20
	maxOtherBody = 1 << 20
)

// send returns the handler that makes one round trip. If ctx ends during a create, send
// still waits for the answer, because the answer contains the id of the created object.
func send(config Config, redactor *redactor) handler {
	client := &http.Client{
		Transport: config.Transport,
		// The server to which a redirect points must not get the token.
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
		if err = typed(err); errors.Is(context.Cause(followed), errResend) {
			err = errResend
		}
		if r.isExchange && !way.failedBefore(err) {
			err = unquoted(err)
		}
		failure := networkError(ctx, during, r, err, &way, config.RequestTimeout)
		failure.Err = redactor.cause(failure.Err) // the error may quote an answer that is not HTTP
		if failure.Kind == Network {
			client.CloseIdleConnections() // the retry must not use the connection that failed
		}
		return response{}, failure
	}
}

func roundTrip(ctx context.Context, client *http.Client, config Config, r request) (response, error) {
	httpRequest, err := http.NewRequestWithContext(ctx, r.method, r.url, bytes.NewReader(r.body))
	if err != nil {
		return response{}, err
	}
	httpRequest.GetBody = nil // without GetBody, net/http cannot resend the request
	httpRequest.Header.Set("Authorization", "Bearer "+r.token.Value)
	httpRequest.Header.Set("Version", r.version(config))
	httpRequest.Header.Set("Accept", "application/json")
	httpRequest.Header.Set("User-Agent", config.UserAgent)
	switch {
	case r.isExchange:
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
	if r.method != http.MethodGet && !r.isSearch || httpResponse.StatusCode >= 300 {
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

// networkError returns the failure of a round trip. The failure is Interrupted if the end
// of the operation stopped the request, and Ambiguous if the server may have carried out a
// change. during is the context of the round trip. ctx is the context of the operation.
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

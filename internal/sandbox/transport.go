package sandbox

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"syscall"
)

// Transport returns a transport that answers requests in the caller's own goroutine, without a network. A broken connection
// causes the same error as on a network. The transport starts no goroutine, and waits only for timers and the request's context.
// So it works under the virtual time of testing/synctest.
func (s *Sandbox) Transport() http.RoundTripper { return &transport{sandbox: s} }

type transport struct{ sandbox *Sandbox }

// RoundTrip implements [http.RoundTripper].
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer func() { _ = r.Body.Close() }() // the whole body has been read
	}
	ctx := r.Context()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	a, err := t.sandbox.exchange(ctx, r)
	switch {
	case err != nil:
		return nil, err
	case a.reset:
		return nil, &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}
	}
	return &http.Response{
		Status:        fmt.Sprintf("%d %s", a.status, statusText(a.status)),
		StatusCode:    a.status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        a.header.Clone(),
		Body:          newBody(ctx, &a),
		ContentLength: int64(max(len(a.body), a.promised)),
		Request:       r,
	}, nil
}

// body reads the body of an answer as it would arrive over the network. It stores the context of the request and ends with the
// request.
type body struct {
	ctx   context.Context //nolint:containedctx // a body ends with its request
	from  *trickle
	piece []byte
	end   error // error after the last piece
}

func newBody(ctx context.Context, a *answer) *body {
	b := &body{ctx: ctx, from: newTrickle(a), end: io.EOF}
	if a.promised > len(a.body) {
		b.end = io.ErrUnexpectedEOF
	}
	return b
}

// Read implements [io.Reader].
func (b *body) Read(to []byte) (int, error) {
	if err := b.ctx.Err(); err != nil {
		return 0, err
	}
	if len(b.piece) == 0 {
		b.piece = b.from.next()
		if len(b.piece) == 0 {
			return 0, b.end
		}
		if err := sleep(b.ctx, b.from.pause); err != nil {
			return 0, err
		}
	}
	n := copy(to, b.piece)
	b.piece = b.piece[n:]
	return n, nil
}

// Close implements [io.Closer].
func (b *body) Close() error { return nil }

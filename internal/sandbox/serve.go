package sandbox

import (
	"context"
	"errors"
	"maps"
	"net"
	"net/http"
	"strconv"
	"time"
)

// listener is the server of a sandbox that listens on the loopback address.
type listener struct {
	url    string
	server *http.Server
	done   chan struct{}
}

// Start listens on a free port of 127.0.0.1 and returns the base URL, without the prefix. It panics if no port is free. If the
// sandbox already listens, Start returns the same URL.
func (s *Sandbox) Start() (url string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listener != nil {
		return s.listener.url
	}
	port, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		panic("sandbox: " + err.Error())
	}
	l := &listener{
		url:    "http://" + port.Addr().String(),
		server: &http.Server{Handler: s, ReadHeaderTimeout: time.Minute},
		done:   make(chan struct{}),
	}
	go func() {
		defer close(l.done)
		if err := l.server.Serve(port); !errors.Is(err, http.ErrServerClosed) {
			panic("sandbox: " + err.Error())
		}
	}()
	s.listener = l
	return l.url
}

// Close stops listening and breaks open connections. The content does not change, and the sandbox can be started again.
func (s *Sandbox) Close() {
	s.mu.Lock()
	l := s.listener
	s.listener = nil
	s.mu.Unlock()
	if l == nil {
		return
	}
	_ = l.server.Close() // nothing can be done if closing fails
	<-l.done
}

// ServeHTTP answers a request over the network.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a, err := s.exchange(r.Context(), r)
	if err != nil || a.reset {
		abort(w)
		return
	}
	maps.Copy(w.Header(), a.header)
	w.Header().Set("Content-Length", strconv.Itoa(max(len(a.body), a.promised)))
	w.WriteHeader(a.status)
	if err := a.write(r.Context(), w); err != nil || a.promised > len(a.body) {
		panic(http.ErrAbortHandler)
	}
}

// write sends the body, in several pieces if a fault slows it down.
func (a *answer) write(ctx context.Context, w http.ResponseWriter) error {
	control := http.NewResponseController(w)
	body := newTrickle(a)
	for piece := body.next(); len(piece) > 0; piece = body.next() {
		if err := sleep(ctx, body.pause); err != nil {
			return err
		}
		if _, err := w.Write(piece); err != nil {
			return err
		}
		if err := control.Flush(); err != nil && !errors.Is(err, http.ErrNotSupported) {
			return err
		}
	}
	return nil
}

// abort breaks the connection. The client receives a reset if the operating system allows it.
func abort(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // if SetLinger fails, the connection closes normally
	}
	_ = conn.Close() // the connection is broken on purpose
}

package sandbox

import (
	"net/http"
	"time"
)

// Request is an entry of the request log.
type Request struct {
	Time       time.Time   // time of arrival
	Method     string      //
	Route      string      // one of the Route constants; "" if the API has no such route
	Path       string      // path as escaped in the request
	RawQuery   string      //
	LocationID string      // the sub-account of the token, or the one that the request specifies
	Header     http.Header // without Authorization
	Body       string      //
	Status     int         // status of the answer; 0 before the answer, and if the connection was reset
	Fault      string      // name of the fault that hit the request, if any
	Committed  bool        // whether a write took effect, even if the answer says otherwise
}

// Requests returns the requests since the start or the last [Sandbox.ResetRequests], in order of arrival.
func (s *Sandbox) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	log := make([]Request, len(s.log))
	for i, entry := range s.log {
		log[i] = *entry
		log[i].Header = entry.Header.Clone()
	}
	return log
}

// ResetRequests empties the request log.
func (s *Sandbox) ResetRequests() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log, s.seen = nil, nil
}

// record adds a request to the log.
func (s *Sandbox) record(entry *Request) {
	if s.keepRequests > 0 && len(s.log) >= 2*s.keepRequests {
		s.log = append([]*Request(nil), s.log[len(s.log)-s.keepRequests+1:]...)
	}
	s.log = append(s.log, entry)
}

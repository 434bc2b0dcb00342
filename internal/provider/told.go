package provider

import "sync"

// told remembers what this process has said in full, so that it says it once. Its zero
// value is ready.
type told struct {
	mu     sync.Mutex
	topics map[string]bool
}

// first tells whether nothing was said of a topic before.
func (t *told) first(topic string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.topics[topic] {
		return false
	}
	if t.topics == nil {
		t.topics = map[string]bool{}
	}
	t.topics[topic] = true
	return true
}

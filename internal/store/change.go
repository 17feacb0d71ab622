package store

import "sync"

// change tells everybody who waits that something is different now.
type change struct {
	mu   sync.Mutex
	next chan struct{}
}

func newChange() *change { return &change{next: make(chan struct{})} }

// wait is closed at the next announce. Take it before looking, so that nothing
// between the look and the wait is missed.
func (c *change) wait() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.next
}

func (c *change) announce() {
	c.mu.Lock()
	defer c.mu.Unlock()
	close(c.next)
	c.next = make(chan struct{})
}

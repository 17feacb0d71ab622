package store

import (
	"context"
	"sync"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// entrance lets the deliveries in that come while others are written: together, with
// one transaction and one wait for the disk. Who comes alone waits for nobody.
type entrance struct {
	mu      sync.Mutex
	waiting []*accepting
	turn    chan struct{} // holds a value while somebody writes
}

// accepting is a delivery on its way in.
type accepting struct {
	hotfix.Delivery
	body  []byte // packed
	wakes []hotfix.RepositoryID

	done  chan struct{} // closed when fresh and err are known
	fresh bool
	err   error
}

func newEntrance() *entrance { return &entrance{turn: make(chan struct{}, 1)} }

// join returns when a is written or could not be. When ctx ends before that, the error
// is its own, and a may be written still. The first who waits writes for all who wait.
func (e *entrance) join(ctx context.Context, a *accepting, write func(context.Context, []*accepting) error) (fresh bool, err error) {
	e.mu.Lock()
	e.waiting = append(e.waiting, a)
	e.mu.Unlock()
	for {
		select {
		case <-a.done:
			return a.fresh, a.err
		case <-ctx.Done():
			return false, ctx.Err()
		case e.turn <- struct{}{}:
			e.serve(ctx, write)
			<-e.turn
		}
	}
}

// serve writes those who wait, in the time that the caller has. That the caller's client
// has gone away is nothing to the others.
func (e *entrance) serve(ctx context.Context, write func(context.Context, []*accepting) error) {
	e.mu.Lock()
	n := min(len(e.waiting), atOnce)
	all := e.waiting[:n:n]
	e.waiting = e.waiting[n:]
	e.mu.Unlock()
	if n == 0 { // who had the turn before has written all
		return
	}
	end := context.CancelFunc(func() {})
	until, limited := ctx.Deadline()
	if ctx = context.WithoutCancel(ctx); limited {
		ctx, end = context.WithDeadline(ctx, until)
	}
	defer end()
	err := write(ctx, all)
	for _, a := range all {
		if a.err = err; err != nil && n > 1 { // what cannot be written must not keep others out
			a.err = write(ctx, []*accepting{a})
		}
		close(a.done)
	}
}

package store

import "context"

// Idle returns when no reconcile runs and none is due: what is left has a time in
// the future. It needs Work to run meanwhile, and is for tests and the demo.
func (s *Store) Idle(ctx context.Context) error {
	s.change.announce() // the clock may have been moved on: what is held looks at it again
	for {
		changed := s.change.wait()
		idle, err := s.idle(ctx)
		if idle || err != nil {
			return err
		}
		s.nap(ctx, changed, s.config.Now().Add(s.config.Poll), s.db.shared()) // others announce nothing here
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

func (s *Store) idle(ctx context.Context) (bool, error) {
	// First what runs, then what is due: a reconcile that ends in between has
	// written what it leaves.
	s.mu.Lock()
	running := len(s.running)
	s.mu.Unlock()
	if running > 0 {
		return false, nil
	}
	due, err := s.due(ctx, s.db)
	return len(due) == 0, err
}

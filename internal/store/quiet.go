package store

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// quietFor is how long what River has said is not said again.
const quietFor = 10 * time.Second

// quiet lets a message pass once in quietFor: while the database is away, every look
// into the queue fails, many times a second.
type quiet struct {
	slog.Handler
	said *said
}

// said is when a message passed last.
type said struct {
	mu sync.Mutex
	at map[string]time.Time
}

func newQuiet(to slog.Handler) slog.Handler {
	return quiet{to, &said{at: map[string]time.Time{}}}
}

// Handle passes a record on, or leaves it out.
func (q quiet) Handle(ctx context.Context, record slog.Record) error {
	if q.said.lately(record) {
		return nil
	}
	return q.Handler.Handle(ctx, record)
}

func (s *said) lately(record slog.Record) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	last, known := s.at[record.Message]
	if known && record.Time.Sub(last) < quietFor {
		return true
	}
	s.at[record.Message] = record.Time
	return false
}

// WithAttrs is as quiet.
func (q quiet) WithAttrs(attrs []slog.Attr) slog.Handler {
	return quiet{q.Handler.WithAttrs(attrs), q.said}
}

// WithGroup is as quiet.
func (q quiet) WithGroup(name string) slog.Handler {
	return quiet{q.Handler.WithGroup(name), q.said}
}

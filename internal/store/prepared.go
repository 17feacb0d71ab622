package store

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"sync"
)

// prepared keeps the statements of SQLite's writer ready: to understand one takes longer
// than to run it. One that was met in a transaction is prepared before the next begins,
// since until then the transaction has the only connection. The texts are constants of
// this package, so they are few.
type prepared struct {
	mu    sync.Mutex
	ready map[string]*sql.Stmt // nil: met, and not prepared yet
	unmet bool                 // whether there are such
}

// of is the statement of a text, or nil for now.
func (p *prepared) of(text string) *sql.Stmt {
	p.mu.Lock()
	defer p.mu.Unlock()
	known, met := p.ready[text]
	if !met {
		if p.ready == nil {
			p.ready = map[string]*sql.Stmt{}
		}
		p.ready[text], p.unmet = nil, true
	}
	return known
}

// prepare makes ready what was met. What cannot be prepared is told by the transaction
// that runs it, and tried again after that.
func (p *prepared) prepare(ctx context.Context, writer *sql.DB) {
	for _, text := range p.missing() {
		made, err := writer.PrepareContext(ctx, text) //nolint:sqlclosecheck // close does
		p.mu.Lock()
		if p.ready[text] = made; err != nil {
			p.ready[text], p.unmet = nil, true
		}
		p.mu.Unlock()
	}
}

// missing are the texts to prepare.
func (p *prepared) missing() (texts []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.unmet {
		return nil
	}
	p.unmet = false
	for _, text := range slices.Sorted(maps.Keys(p.ready)) {
		if p.ready[text] == nil {
			texts = append(texts, text)
		}
	}
	return texts
}

func (p *prepared) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var problems []error
	for _, made := range p.ready {
		if made != nil {
			problems = append(problems, made.Close())
		}
	}
	return errors.Join(problems...)
}

package e2e_test

import (
	"context"
	"fmt"
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/githubsim"
)

// way is what becomes of the webhooks in one playing of a story. Whatever it is,
// the bot must come to the same end, by the same acts.
type way string

// The ways.
const (
	wayInOrder  way = "order"    // each is delivered once, in order
	wayTwice    way = "twice"    // each twice
	wayReversed way = "reversed" // within a step, the last first
	waySweep    way = "sweep"    // none at all: only the sweep is left

	// Each is delivered once, in order, and everything is kept in PostgreSQL: from
	// the beginning; from the middle on; by two Apps in turn, one of which dies.
	wayPostgres way = "postgres"
	wayMove     way = "move"
	wayReplicas way = "replicas"
)

// maxRounds bounds how often the bot's own acts may cause further webhooks before
// a step counts as endless.
const maxRounds = 20

// arrange gives the deliveries of one round as they are sent.
func (w way) arrange(pending []*githubsim.Delivery) []*githubsim.Delivery {
	list := slices.Clone(pending)
	switch w {
	case wayReversed:
		slices.Reverse(list)
	case wayTwice:
		list = list[:0]
		for _, d := range pending {
			list = append(list, d, d)
		}
	}
	return list
}

// letWork delivers what waits until the bot is at rest and nothing waits.
func (w *world) letWork(ctx context.Context, how way) error {
	if how == waySweep {
		w.forget()
		defer w.forget()
		return w.sweep(ctx)
	}
	for range maxRounds {
		pending := w.take()
		if len(pending) == 0 {
			return nil
		}
		if err := w.deliver(ctx, how.arrange(pending)); err != nil {
			return err
		}
		if err := w.idle(ctx); err != nil {
			return err
		}
	}
	return fmt.Errorf("the bot's own acts still wake it after %d rounds", maxRounds)
}

// deliver sends webhooks. Those that a twin did not take because it died are asked for
// again, as the program does every minute.
func (w *world) deliver(ctx context.Context, list []*githubsim.Delivery) error {
	err := w.github.Deliver(ctx, list...)
	if err == nil || w.twin == nil || !w.twin.dead() {
		return err
	}
	return w.app.FetchMissed(ctx)
}

// take empties GitHub's queue and remembers what was in it.
func (w *world) take() []*githubsim.Delivery {
	pending := w.github.Take()
	w.delivered = append(w.delivered, pending...)
	return pending
}

// forget loses the webhooks that wait.
func (w *world) forget() { w.github.Miss(w.take()...) }

// sweep looks at every repository once and waits until the bot is at rest.
func (w *world) sweep(ctx context.Context) error {
	if err := w.app.Sweep(ctx); err != nil {
		return fmt.Errorf("sweep: %w", err)
	}
	return w.idle(ctx)
}

// idle returns when the bot is at rest. The clock moves on to when it looks again at
// what it does not believe yet.
func (w *world) idle(ctx context.Context) error {
	for range maxRounds {
		if err := w.app.Idle(ctx); err != nil {
			return err
		}
		db, err := w.peek()
		if err != nil {
			return err
		}
		at, held, err := heldIn(ctx, db)
		if err != nil || !held {
			return err
		}
		w.clock.advance(max(at.Sub(w.clock.Now()), 0))
	}
	return fmt.Errorf("the bot still puts something off after %d times", maxRounds)
}

package app

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/hotfixbot/hotfixbot/bot"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/trail"
)

// sweepAgain is how soon a failed sweep is tried again.
const sweepAgain = 30 * time.Second

// sweep is what a line of the log says that is about no repository in particular.
var sweep = trail.Work{Errand: "sweep"}

// keepSweeping wakes every repository at the start and every SweepInterval. A
// sweep that fails (GitHub is away) is said and tried again.
func (a *App) keepSweeping(ctx context.Context) error {
	first := sync.OnceFunc(func() { close(a.swept) })
	for {
		next, err := a.config.SweepInterval, a.Sweep(ctx)
		first()
		if err != nil && ctx.Err() == nil {
			a.config.Log.Error().Ctx(trail.With(ctx, sweep)).Err(err).Msg("sweep failed; it is tried again")
			next = untilNext(err, a.config.Now())
		}
		if next <= 0 {
			<-ctx.Done()
			return ctx.Err()
		}
		if err := pause(ctx, next); err != nil {
			return err
		}
	}
}

// pause waits; the error is that of a context that ended meanwhile.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// untilNext is how long to wait after a failed sweep.
func untilNext(err error, now time.Time) time.Duration {
	var later *hotfix.Later
	if errors.As(err, &later) {
		return max(later.At.Sub(now), time.Second)
	}
	return sweepAgain
}

// Sweep wakes every repository once, and those that seem to be gone: if they are,
// their boards must not be shown as public ones any more.
func (a *App) Sweep(ctx context.Context) error {
	ctx = trail.With(ctx, sweep)
	ids, err := bot.Sweep(ctx, forges{a.forge})
	if err != nil {
		return err
	}
	boards, err := a.store.Boards(ctx)
	if err != nil {
		return err
	}
	for _, board := range boards {
		if board.Public && !slices.Contains(ids, board.Repository) {
			ids = append(ids, board.Repository)
		}
	}
	return a.store.Wake(ctx, "sweep", ids...)
}

// Idle returns when the first sweep of Run was made, or has failed, and no wake is
// waiting or being worked on, those apart that must not be taken up yet.
func (a *App) Idle(ctx context.Context) error {
	select {
	case <-a.swept:
		return a.store.Idle(ctx)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Boards are the ledgers of all repositories.
func (a *App) Boards(ctx context.Context) ([]hotfix.Board, error) { return a.store.Boards(ctx) }

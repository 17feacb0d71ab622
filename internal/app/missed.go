package app

import (
	"context"

	"github.com/hotfixbot/hotfixbot/internal/redelivery"
	"github.com/hotfixbot/hotfixbot/internal/trail"
	"github.com/hotfixbot/hotfixbot/webhooks"
)

// fetching is what a line of the log says that is about this.
var fetching = trail.Work{Errand: "missed deliveries"}

// keepFetching asks GitHub for what it could not deliver, at the start and every
// FetchInterval; never if that is 0. The sweep finds all but button presses without it.
func (a *App) keepFetching(ctx context.Context) error {
	if a.config.FetchInterval <= 0 {
		return nil
	}
	for {
		next, err := a.config.FetchInterval, a.FetchMissed(ctx)
		if err != nil && ctx.Err() == nil {
			a.config.Log.Error().Ctx(trail.With(ctx, fetching)).Err(err).Msg("missed deliveries cannot be looked for; it is tried again")
			next = max(next, untilNext(err, a.config.Now()))
		}
		if err := pause(ctx, next); err != nil {
			return err
		}
	}
}

// FetchMissed looks once for deliveries that GitHub could not hand over, and has
// GitHub send them again. They arrive like all others, some time after it returned.
func (a *App) FetchMissed(ctx context.Context) error {
	ctx = trail.With(ctx, fetching)
	_, err := redelivery.Look{
		GitHub: a.forge, Ledger: a.store, Wanted: webhooks.Known, Now: a.config.Now, Log: a.config.Log,
	}.Do(ctx)
	return err
}

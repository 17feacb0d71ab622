package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/hotfixbot/hotfixbot/internal/forge"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/redelivery"
	"github.com/hotfixbot/hotfixbot/internal/store"
)

// Replayed is what came of replaying a delivery.
type Replayed string

// What can come of it.
const (
	Redelivered Replayed = "redelivered" // GitHub sends it again
	Woken       Replayed = "woken"       // GitHub has it no more: what it concerns is looked at again
)

// UnknownDelivery says that neither GitHub nor the database has a delivery.
type UnknownDelivery struct{ GUID string }

// Error names the delivery.
func (e *UnknownDelivery) Error() string {
	return fmt.Sprintf("delivery %q is neither in the database nor among those of the last three days on GitHub; "+
		"copy the GUID from the App's settings, under Advanced", e.GUID)
}

// Replay has a delivery happen again: GitHub is asked to send it, or, where it is
// too old for that, the repositories that it concerns are woken from what is
// stored. A button press that was answered is not answered twice. It needs no App
// that runs, and may be used beside one that has the same database. The error is an
// *UnknownDelivery when nobody has it.
func Replay(ctx context.Context, config Config, guid string) (how Replayed, err error) {
	config = config.withDefaults()
	github, err := newForge(config, nil)
	if err != nil {
		return "", err
	}
	database, err := store.Open(ctx, store.Config{
		DataDir: config.DataDir, DatabaseURL: config.DatabaseURL, Now: config.Now, Log: config.Log, Beside: true,
	})
	if errors.Is(err, store.ErrNone) {
		return replayer{forge: github, config: config}.replay(ctx, guid)
	}
	if err != nil {
		return "", &DatabaseError{err}
	}
	defer func() { err = errors.Join(err, database.Close()) }()
	return replayer{github, database, config}.replay(ctx, guid)
}

// replayer is what a replay needs.
type replayer struct {
	forge  *forge.App
	store  *store.Store // nil: there is none
	config Config
}

func (r replayer) replay(ctx context.Context, guid string) (Replayed, error) {
	err := r.redeliver(ctx, guid)
	switch {
	case err == nil:
		return Redelivered, nil
	case !errors.As(err, new(*hotfix.Gone)):
		return "", err
	case r.store == nil:
		return "", &UnknownDelivery{GUID: guid}
	}
	known, err := wakeStored(ctx, r.store, guid)
	if err == nil && !known {
		err = &UnknownDelivery{GUID: guid}
	}
	if err != nil {
		return "", err
	}
	return Woken, nil
}

// redeliver asks GitHub for the delivery; a *hotfix.Gone says that GitHub has it no
// more.
func (r replayer) redeliver(ctx context.Context, guid string) error {
	sendings, err := r.forge.Sendings(ctx, r.config.Now().Add(-redelivery.Kept))
	if err != nil {
		return err
	}
	for _, s := range sendings {
		if s.GUID == guid {
			return r.forge.Redeliver(ctx, s.ID)
		}
	}
	return &hotfix.Gone{What: "delivery " + guid}
}

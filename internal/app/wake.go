package app

import (
	"context"
	"fmt"

	"github.com/hotfixbot/hotfixbot/internal/store"
	"github.com/hotfixbot/hotfixbot/webhooks"
)

// wakeFor wakes what a stored delivery concerns; ok is false when it is not stored.
// A button press is stored with its delivery, so it is answered, too, if it was not.
func (a *App) wakeFor(ctx context.Context, guid string) (ok bool, err error) {
	return wakeStored(ctx, a.store, guid)
}

func wakeStored(ctx context.Context, kept *store.Store, guid string) (ok bool, err error) {
	delivery, ok, err := kept.Delivery(ctx, guid)
	if err != nil || !ok {
		return false, err
	}
	ids, err := webhooks.Wake(delivery.Event, delivery.Body)
	if err != nil {
		return false, fmt.Errorf("read delivery %s: %w", guid, err)
	}
	return true, kept.WakeAgain(ctx, guid, ids...)
}

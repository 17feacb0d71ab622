package forge

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/go-github/v60/github"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Sendings lists the attempts of GitHub's to deliver the App's webhooks since a
// time, newest first. GitHub keeps them for three days.
func (a *App) Sendings(ctx context.Context, since time.Time) ([]hotfix.Sending, error) {
	var found []hotfix.Sending
	for options := (github.ListCursorOptions{PerPage: perPage}); ; {
		page, resp, err := a.client.Apps.ListHookDeliveries(ctx, &options)
		if err != nil {
			return nil, act{doing: "listing the App's deliveries", thing: "the list of the App's deliveries"}.fate(err)
		}
		for _, d := range page {
			if d.GetDeliveredAt().Before(since) {
				return found, nil
			}
			found = append(found, sending(d))
		}
		if resp.Cursor == "" {
			return found, nil
		}
		options.Cursor = resp.Cursor
	}
}

func sending(d *github.HookDelivery) hotfix.Sending {
	return hotfix.Sending{
		ID: d.GetID(), GUID: d.GetGUID(), Event: d.GetEvent(), Action: d.GetAction(),
		At: d.GetDeliveredAt().UTC(), Status: d.GetStatus(), Code: d.GetStatusCode(),
		Arrived:    d.GetStatusCode() >= 200 && d.GetStatusCode() < 300,
		Redelivery: d.GetRedelivery(),
	}
}

// Redeliver asks GitHub to send a delivery once more, under its GUID. One that is
// older than what GitHub keeps is a *hotfix.Gone.
func (a *App) Redeliver(ctx context.Context, id int64) error {
	_, _, err := a.client.Apps.RedeliverHookDelivery(ctx, id)
	if errors.As(err, new(*github.AcceptedError)) { // 202: it will
		return nil
	}
	thing := fmt.Sprintf("delivery %d", id)
	return act{doing: "asking for " + thing + " once more", thing: thing}.fate(err)
}

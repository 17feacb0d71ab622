package doctor

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

func hookKinds() []Kind {
	return []Kind{
		{"hook", "webhook", well, "GitHub sends signed webhooks to {address}", ""},
		{"hook-none", "webhook", ill, "the App has no webhook address: nothing is heard of what happens until the next sweep", "set the address, ending in `/webhooks/github`, on the App's settings page, and tick “Active”"},
		{"hook-form", "webhook", ill, "GitHub sends webhooks as a form, and the bot reads JSON", "choose the content type `application/json` on the App's settings page"},
		{"hook-unsigned", "webhook", ill, "GitHub signs no webhook: the bot turns all of them away", "set the webhook secret on the App's settings page to that of WEBHOOK_SECRET"},
		{"hook-insecure", "webhook", uneasy, "GitHub does not check the certificate of {address}", "switch the verification of SSL on, on the App's settings page"},
		{"hook-path", "webhook", uneasy, "the address {address} does not end in `/webhooks/github`, where the bot listens", "correct it on the App's settings page, unless `hotfixbot relay` or a proxy brings what comes there to the bot"},
		{"deliveries", "deliveries", well, "{webhooks} of the last three days arrived", ""},
		{"deliveries-none", "deliveries", uneasy, "GitHub sent no webhook in the last three days", "if something did happen, look whether “Active” is ticked at the App's webhook: GitHub's API does not tell"},
		{"deliveries-missed", "deliveries", uneasy, "{count} webhooks of the last three days did not arrive ({statuses}), but the newest did", "the bot asks for them again by itself; `hotfixbot replay` does so for one"},
		{"deliveries-failing", "deliveries", ill, "webhooks do not arrive: {count} in the last three days, the newest among them ({statuses})", "401: WEBHOOK_SECRET differs from the App's; else start `hotfixbot serve`, and look whether the address leads to it"},
		{"redelivery", "delivery", well, "the newest webhook ({event}) was sent once more, and arrived", ""},
		{"redelivery-none", "delivery", unseen, "there is no webhook that could be sent once more", ""},
		{"redelivery-failed", "delivery", ill, "the newest webhook ({event}) was sent once more, and did not arrive: {status}", "401: WEBHOOK_SECRET differs from the App's; else start `hotfixbot serve`, and look whether the address leads to it"},
		{"redelivery-late", "delivery", uneasy, "the newest webhook ({event}) was sent once more, and GitHub did not list what became of it within {time}", "ask again later, or look at the App's settings page under “Advanced”"},
	}
}

// receiverPath is where webhooks are received.
const receiverPath = "/webhooks/github"

// Hook looks at where GitHub sends webhooks.
func Hook(github GitHub) Check {
	return Check{Name: "webhook", Do: func(ctx context.Context) []hotfix.Finding {
		hook, err := github.Hook(ctx)
		switch {
		case errors.As(err, new(*hotfix.Gone)), err == nil && hook.URL == "":
			return one(found("hook-none"))
		case err != nil:
			return one(withoutAnswer("webhook", err))
		}
		// An address may carry a password or a token, and that of a channel is a secret.
		where, right := "of the App's webhook", false
		if u, err := url.Parse(hook.URL); err == nil {
			where, right = quoted(u.Scheme+"://"+u.Host+"/…"), strings.HasSuffix(u.Path, receiverPath)
			if right {
				where = quoted(u.Scheme + "://" + u.Host + u.Path)
			}
		}
		var list []hotfix.Finding
		for _, wrong := range []struct {
			is   bool
			kind string
		}{
			{hook.ContentType != "json", "hook-form"},
			{!hook.Secret, "hook-unsigned"},
			{hook.Insecure, "hook-insecure"},
			{!right, "hook-path"},
		} {
			if wrong.is {
				list = append(list, found(wrong.kind, "address", where))
			}
		}
		return or(list, found("hook", "address", where))
	}}
}

// kept is how long GitHub lists what it sent.
const kept = 3 * 24 * time.Hour

// Deliveries counts what arrived and what did not.
func Deliveries(github GitHub, now func() time.Time) Check {
	return Check{Name: "deliveries", Do: func(ctx context.Context) []hotfix.Finding {
		sendings, err := github.Sendings(ctx, now().Add(-kept))
		if err != nil {
			return one(withoutAnswer("deliveries", err))
		}
		return one(deliveries(sendings))
	}}
}

// deliveries judges a list of sendings, newest first. A delivery of which one sending
// arrived is well.
func deliveries(sendings []hotfix.Sending) hotfix.Finding {
	arrived, newest := map[string]bool{}, map[string]hotfix.Sending{}
	var order []string
	for _, s := range sendings {
		if _, known := newest[s.GUID]; !known {
			newest[s.GUID], order = s, append(order, s.GUID)
		}
		arrived[s.GUID] = arrived[s.GUID] || s.Arrived
	}
	statuses, missed := map[string]int{}, 0
	for _, guid := range order {
		if !arrived[guid] {
			statuses[status(newest[guid])]++
			missed++
		}
	}
	switch {
	case len(order) == 0:
		return found("deliveries-none")
	case missed == 0:
		return found("deliveries", "webhooks", allOf(len(order)))
	}
	words := []string{"count", fmt.Sprintf("%d of %d", missed, len(order)), "statuses", counts(statuses)}
	if !arrived[order[0]] {
		return found("deliveries-failing", words...)
	}
	return found("deliveries-missed", words...)
}

// allOf is "all 3 webhooks".
func allOf(count int) string {
	if count == 1 {
		return "the only webhook"
	}
	return fmt.Sprintf("all %d webhooks", count)
}

// status is what GitHub says of a sending: "502 failed to connect to host".
func status(s hotfix.Sending) string {
	return quoted(strings.TrimSpace(fmt.Sprintf("%d %s", s.Code, s.Status)))
}

// counts is "3 × `502`, 1 × `401`", the most frequent first.
func counts(of map[string]int) string {
	keys := slices.SortedFunc(maps.Keys(of), func(a, b string) int {
		if of[a] != of[b] {
			return of[b] - of[a]
		}
		return strings.Compare(a, b)
	})
	parts := make([]string, len(keys))
	for i, key := range keys {
		parts[i] = fmt.Sprintf("%d × %s", of[key], key)
	}
	return strings.Join(parts, ", ")
}

const (
	// patience is how long the new sending is looked for; a receiver has ten seconds
	// to answer, and GitHub lists what it answered.
	patience = 25 * time.Second
	lookEach = time.Second
)

// Redelivery has the newest webhook sent once more and looks what becomes of it. What
// it wakes was looked at before: nothing changes. wait waits, or ends with its context.
func Redelivery(github GitHub, now func() time.Time, wait func(context.Context, time.Duration) error) Check {
	return Check{Name: "delivery", Limit: Limit + patience, Do: func(ctx context.Context) []hotfix.Finding {
		sendings, err := github.Sendings(ctx, now().Add(-kept))
		if err != nil {
			return one(withoutAnswer("delivery", err))
		}
		if len(sendings) == 0 {
			return one(found("redelivery-none"))
		}
		newest, before := sendings[0], map[int64]bool{}
		for _, s := range sendings {
			before[s.ID] = true
		}
		if err := github.Redeliver(ctx, newest.ID); err != nil {
			return one(found("cannot-tell", "check", "delivery", "error", err.Error()))
		}
		again, err := sendingAgain(ctx, github, newest, before, wait)
		words := []string{"event", quoted(newest.Event)}
		switch {
		case err != nil:
			return one(found("cannot-tell", "check", "delivery", "error", err.Error()))
		case again == nil:
			return one(found("redelivery-late", append(words, "time", fmt.Sprint(patience))...))
		case again.Arrived:
			return one(found("redelivery", words...))
		}
		return one(found("redelivery-failed", append(words, "status", status(*again))...))
	}}
}

// sendingAgain looks for a sending of the same delivery that was not there before.
func sendingAgain(
	ctx context.Context, github GitHub, last hotfix.Sending, before map[int64]bool, wait func(context.Context, time.Duration) error,
) (*hotfix.Sending, error) {
	for range int(patience / lookEach) {
		if err := wait(ctx, lookEach); err != nil {
			return nil, err
		}
		sendings, err := github.Sendings(ctx, last.At)
		if err != nil {
			return nil, err
		}
		for _, s := range sendings {
			if s.GUID == last.GUID && !before[s.ID] {
				return &s, nil
			}
		}
	}
	return nil, nil
}

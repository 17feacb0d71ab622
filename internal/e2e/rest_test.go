package e2e_test

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/githubsim"
)

const shop = "acme/shop"

// TestRest holds what ends the rest of a repository at which nothing is left to do:
// every change that a list shows, without any webhook; every webhook, though no list
// shows anything; and an hour.
func TestRest(t *testing.T) {
	if watched {
		t.Skip("played without the race detector")
	}
	t.Parallel()
	w := newWorld(t, &story{files: map[string]string{}})
	ctx, alice, bob := t.Context(), w.github.Person("alice"), w.github.Person("bob")
	if err := w.mergeOne(ctx, shop, 0); err != nil { // #1; its issue is #2, its backports #3 and #4
		t.Fatal(err)
	}
	w.work(t)
	said, err := bob.Comment(ctx, shop, 2, "Thank you.")
	if err != nil {
		t.Fatal(err)
	}
	w.toRest(t)
	tip := func(branch string) string { return bareGit(w.acts.bare(), "rev-parse", branch) }
	for _, change := range []struct {
		what string
		do   func() error
	}{
		{"comment edited", func() error { return bob.EditComment(ctx, shop, said, "Thank you!") }},
		{"comment deleted", func() error { return bob.DeleteComment(ctx, shop, said) }},
		{"branch made", func() error { return alice.Branch(ctx, shop, "topic", "dev") }},
		{"branch moved", func() error { return alice.ForceBranch(ctx, shop, "topic", tip("main")) }},
		{"branch deleted", func() error { return alice.DeleteBranch(ctx, shop, "topic") }},
		{"tag made", func() error { return alice.CreateTag(ctx, shop, "other", tip("main"), "") }},
		{"tag deleted", func() error { return alice.DeleteTag(ctx, shop, "other") }},
		{"label on a pull request", func() error { return alice.Label(ctx, shop, 3, "backport", "urgent") }},
		{"label taken from a pull request", func() error { return alice.Unlabel(ctx, shop, 3, "urgent") }},
		{"title of a pull request", func() error { return alice.EditPull(ctx, shop, 4, map[string]any{"title": "Other"}) }},
		{"review asked for", func() error { return alice.RequestReview(ctx, shop, 4, "carol") }},
		{"issue closed", func() error { return alice.CloseIssue(ctx, shop, 2) }},
		{"issue reopened", func() error { return alice.ReopenIssue(ctx, shop, 2) }},
		{"another default branch", func() error { return alice.Edit(ctx, shop, map[string]any{"default_branch": "dev"}) }},
	} {
		if err := change.do(); err != nil {
			t.Fatalf("%s: %v", change.what, err)
		}
		w.forget()
		if !w.looksAnew(t, w.sweep) {
			t.Errorf("%s: nobody looked", change.what)
		}
		w.toRest(t)
	}
	again := slices.IndexFunc(w.delivered, func(d *githubsim.Delivery) bool { return d.Event == "pull_request" })
	if !w.looksAnew(t, func(ctx context.Context) error {
		return cmp.Or(w.github.Deliver(ctx, w.delivered[again]), w.idle(ctx))
	}) {
		t.Errorf("%+v came, and nobody looked", w.delivered[again])
	}
	w.toRest(t)
	w.clock.advance(time.Hour)
	if !w.looksAnew(t, w.sweep) {
		t.Error("an hour went by, and nobody looked")
	}
}

// toRest has the bot look until it finds nothing to do, and once more.
func (w *world) toRest(t *testing.T) {
	t.Helper()
	w.work(t)
	for range 5 {
		if !w.looksAnew(t, w.sweep) {
			return
		}
	}
	t.Fatal("there is no rest")
}

// looksAnew reports whether a wake led to a whole look: whether check runs, which are in
// no list, were asked for.
func (w *world) looksAnew(t *testing.T, wake func(context.Context) error) bool {
	t.Helper()
	mark := w.github.Mark()
	if err := wake(t.Context()); err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(w.github.Requests()[mark:], func(r githubsim.Request) bool {
		return strings.HasSuffix(r.Path, "/check-runs")
	})
}

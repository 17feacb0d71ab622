package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// A repository is at rest when a reconcile found nothing to do and changed nothing.
// As long as no webhook came, the lists that every reconcile reads say the same, word
// for word, and the time has not come at which something is due, the next one would
// find the same and is over after the lists: they are the cheap part, free of GitHub's
// budget when nothing changed. So a webhook always brings a whole look, and what
// neither a webhook told nor a list shows (who may do what, a check run that somebody
// asked for again while the bot was away) is found once in restFor.
const restFor = time.Hour

// restFact is the fact under which the last rest is remembered.
const restFact = "rest"

// restMark is what a rest depends on.
type restMark struct {
	Print  string    // of the lists
	Newest string    // of the newest releases; empty: no hotfix in flight has one
	Since  time.Time // of the last whole look
	Until  time.Time // when something is due; zero: nothing is
}

// rested ends a reconcile that would find what the last one found.
type rested struct{ until time.Time }

// Error says so.
func (*rested) Error() string { return "nothing has changed" }

// outcome is what the last reconcile came to.
func (r *rested) outcome() error {
	if r.until.IsZero() {
		return nil
	}
	return &hotfix.Due{At: r.until}
}

// stillAtRest is a *rested when nothing has changed since the repository came to rest.
func (r *run) stillAtRest(ctx context.Context, lists *seen) error {
	text, err := json.Marshal([]any{
		r.heard, r.About(), r.Bot(), r.snap.Branches, r.snap.Tags, lists.pulls, lists.comments, r.issues, lists.presses, r.unended(),
	})
	if err != nil {
		return fmt.Errorf("name what the lists say: %w", err)
	}
	lists.print = digest(text)
	var mark restMark
	ok, err := r.ledger.Recall(ctx, r.About().ID, restFact, &mark)
	if err != nil || !ok {
		return err
	}
	now := r.now()
	due := !mark.Until.IsZero() && !now.Before(mark.Until)
	if mark.Print != lists.print || due || now.Before(mark.Since) || now.Sub(mark.Since) >= restFor {
		return nil
	}
	if mark.Newest != "" {
		if err := r.observeNewest(ctx); err != nil {
			return err
		}
		if newest, err := r.newest(); err != nil || newest != mark.Newest {
			return err
		}
	}
	return &rested{until: mark.Until}
}

// unended are the intents that say more than that the lists may show something late.
func (r *run) unended() []string {
	list := slices.DeleteFunc(slices.Collect(maps.Keys(r.begun)), func(marker string) bool {
		return strings.HasPrefix(marker, oncePrefix)
	})
	slices.Sort(list)
	return list
}

// newest is the print of the newest releases; empty when they were not looked at.
func (r *run) newest() (string, error) {
	if r.releases == nil {
		return "", nil
	}
	text, err := json.Marshal(r.releases)
	if err != nil {
		return "", fmt.Errorf("name the releases: %w", err)
	}
	return digest(text), nil
}

// rest notes that the repository is at rest, if it is, and all that this depends on
// is in the lists.
func (r *run) rest(ctx context.Context, lists seen, plan hotfix.Plan) error {
	deployments := r.snap.Config.Deploy.GitHubDeployments && len(r.snap.Hotfixes) > 0
	if r.busy || deployments || !r.again.IsZero() || lists.print == "" ||
		len(r.snap.Refused)+len(r.snap.Postponed)+len(r.snap.ConfigProblems) > 0 {
		return nil
	}
	if slices.ContainsFunc(r.snap.Gated, func(g hotfix.Gated) bool { return g.Unknown != nil || g.Later }) ||
		slices.ContainsFunc(r.snap.Hotfixes, r.offList) || r.stuck() {
		return nil
	}
	newest, err := r.newest()
	if err != nil {
		return err
	}
	mark := restMark{Print: lists.print, Newest: newest, Since: r.now(), Until: plan.Again}
	return r.ledger.Remember(ctx, r.About().ID, restFact, mark)
}

// offList reports whether a hotfix's issue is in no list: somebody took its label.
func (r *run) offList(h hotfix.Hotfix) bool {
	return h.Issue != nil && !h.Issue.IsPull && !slices.ContainsFunc(r.issues, func(i hotfix.Issue) bool {
		return i.Number == h.Issue.Number
	})
}

// stuck reports whether GitHub will not merge a backport yet: whether it would is in no
// list.
func (r *run) stuck() (is bool) {
	r.eachAttempt(func(a *hotfix.Attempt) { is = is || a.Stuck != nil })
	return is
}

// soonAfter is how long GitHub may take to close the issues that a push or a merge is
// linked to.
const soonAfter = 30 * time.Second

// lookSoon has the repository looked at again after the bot moved an environment's
// branch: GitHub closes linked issues a moment later, in the bot's name, and what
// happens in its name wakes nobody.
func (r *run) lookSoon() { r.soon = r.now().Add(soonAfter) }

package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
	"github.com/hotfixbot/hotfixbot/internal/render"
	"github.com/hotfixbot/hotfixbot/internal/trail"
)

// observeHotfixes looks at every merged hotfix: at a settled one only at what
// was recorded, at every other one closely.
func (r *run) observeHotfixes(ctx context.Context, lists seen) error {
	open := r.openIssues()
	watch, err := r.newWatch(ctx)
	if err != nil {
		return err
	}
	for _, pull := range lists.pulls {
		if !pull.Merged || !r.mayTake(pull, lists) || !isHotfix(r.snap.Config, pull) {
			continue
		}
		ctx := trail.Hotfix(ctx, pull.Number)
		settled, ok, err := r.settled(ctx, pull, lists, open, watch)
		if err != nil && !isGone(err) && !isRefusal(err) { // else it is looked at closely
			return fmt.Errorf("watch hotfix #%d: %w", pull.Number, err)
		}
		if ok {
			r.snap.Settled = append(r.snap.Settled, settled)
			continue
		}
		h, err := r.observeHotfix(ctx, pull, lists)
		if isGone(err) { // commits that were pushed over: other hotfixes go on
			r.log.Warn().Ctx(ctx).Err(err).Msg("a part of the hotfix is gone")
			h, err = r.partly(ctx, h, pull, err)
		}
		if err != nil {
			return fmt.Errorf("hotfix #%d: %w", pull.Number, err)
		}
		r.snap.Hotfixes = append(r.snap.Hotfixes, h)
	}
	slices.SortFunc(r.snap.Settled, func(a, b hotfix.Settled) int { return a.Status.Key.Pull - b.Status.Key.Pull })
	if err := r.orderByHistory(ctx); err != nil {
		return err
	}
	if err := r.observeLatest(ctx); err != nil {
		return err
	}
	return r.observeStacks(ctx)
}

// partly is a hotfix of which a part is gone: what was seen of it, with its issue.
func (r *run) partly(ctx context.Context, h hotfix.Hotfix, pull hotfix.Pull, gone error) (hotfix.Hotfix, error) {
	h.Partial = true
	if h.Pull.Number == 0 {
		h.Pull = pull
	}
	h.Landing = hotfix.Landing{Commit: pull.Landed, Unclear: gone.Error()}
	if h.Issue != nil {
		return h, nil
	}
	if err := r.observeIssue(ctx, &h); err != nil && !isGone(err) {
		return h, err
	}
	return h, nil
}

// openIssues are the numbers of the open issues that carry the hotfix label.
func (r *run) openIssues() map[int]bool {
	open := map[int]bool{}
	for _, issue := range r.issues {
		if issue.Open {
			open[issue.Number] = true
		}
	}
	return open
}

// observeIssues lists the issues that carry the hotfix label.
func (r *run) observeIssues(ctx context.Context) (err error) {
	if r.issues, err = r.Issues(ctx, r.snap.Config.Hotfix.Label, r.came); err != nil {
		return fmt.Errorf("list issues: %w", err)
	}
	return nil
}

// mayTake reports whether a merged pull request is the bot's to look after: it landed
// since the App was installed, or before it was installed again and the bot knew it.
func (r *run) mayTake(pull hotfix.Pull, lists seen) bool {
	_, told := lists.talk.status[pull.Number]
	return told || !pull.MergedAt.Before(r.About().InstalledAt)
}

// settled reports whether a hotfix was recorded as solved, its issue is still
// closed, nobody asked anything since, and no push took it away again.
func (r *run) settled(ctx context.Context, pull hotfix.Pull, lists seen, openIssues map[int]bool, watch *watch) (hotfix.Settled, bool, error) {
	status, ok := lists.talk.status[pull.Number]
	if !ok || status.marker.Settled == nil || openIssues[status.comment.Issue] || !r.sealed(status.marker) {
		return hotfix.Settled{}, false, nil
	}
	if lastAsked(lists.talk.answers, pull.Number).After(status.marker.Asked) { // it was answered, and then cut off
		return hotfix.Settled{}, false, nil
	}
	places := append([]int{pull.Number, status.comment.Issue}, numbers(lists.backport[pull.Number])...)
	if lists.talk.asked(places) {
		return hotfix.Settled{}, false, nil
	}
	was := *status.marker.Settled
	if err := r.fillLanding(ctx, pull, &was); err != nil {
		return hotfix.Settled{}, false, err
	}
	lost, err := watch.lost(ctx, pull, was)
	if lost || err != nil {
		return hotfix.Settled{}, false, err
	}
	over, err := watch.over(ctx, pull, was)
	return hotfix.Settled{Status: was, Comment: status.comment, Watched: !over}, true, err
}

// fillLanding reads from the merge again what a marker had no room for: see
// render.FittingStatus.
func (r *run) fillLanding(ctx context.Context, pull hotfix.Pull, status *hotfix.Status) (err error) {
	if len(status.Landed.Picks) == 0 && status.Landed.Unclear == "" {
		status.Landed, err = r.landing(ctx, pull)
	}
	return err
}

func numbers(pulls []hotfix.Pull) []int {
	list := make([]int, len(pulls))
	for i, p := range pulls {
		list[i] = p.Number
	}
	return list
}

// observeHotfix looks closely at one merged hotfix.
func (r *run) observeHotfix(ctx context.Context, pull hotfix.Pull, lists seen) (hotfix.Hotfix, error) {
	err := r.observeMergers(ctx, append([]hotfix.Pull{pull}, lists.backport[pull.Number]...)...)
	if err == nil {
		err = r.recallMerger(ctx, &pull)
	}
	if err != nil {
		return hotfix.Hotfix{}, err
	}
	h := hotfix.Hotfix{Pull: pull}
	if status, ok := lists.talk.status[pull.Number]; ok {
		h.Comment, h.Marker = &status.comment, status.marker
		if !r.sealed(status.marker) {
			h.Marker.Proved = nil
		}
	}
	for _, look := range []func(context.Context, *hotfix.Hotfix) error{
		r.observeMade, r.observeLanding, r.observeReverted, r.observeLines, r.observeReleases, r.observeIssue, r.observeCheck,
	} {
		if err := look(ctx, &h); err != nil {
			return h, err
		}
	}
	if err := r.observeStages(ctx, &h, lists); err != nil {
		return h, err
	}
	return h, r.observeTargets(ctx, &h, lists)
}

// observeLanding finds out which commits carry the hotfix (P8). A merged pull
// request never changes, so it is worked out once.
func (r *run) observeLanding(ctx context.Context, h *hotfix.Hotfix) error {
	var err error
	if h.Landing, err = r.landing(ctx, h.Pull); err != nil {
		return err
	}
	fact := fmt.Sprintf("commits/%d/%s", h.Pull.Number, h.Pull.HeadOID)
	if ok, err := r.ledger.Recall(ctx, r.About().ID, fact, &h.Commits); err != nil || ok {
		return err
	}
	commits, _, err := r.PullCommits(ctx, h.Pull.Number)
	if err != nil {
		return fmt.Errorf("list commits: %w", err)
	}
	for _, c := range commits {
		if len(c.Parents) == 1 {
			h.Commits = append(h.Commits, hotfix.Pick{Commit: c.OID, Base: c.Parents[0]})
		}
	}
	return r.ledger.Remember(ctx, r.About().ID, fact, h.Commits)
}

// landing is which commits carry a merged pull request.
func (r *run) landing(ctx context.Context, pull hotfix.Pull) (hotfix.Landing, error) {
	squash := r.snap.Config.Propagate.Commits == "squash"
	fact := fmt.Sprintf("landing/%d/%s/%t", pull.Number, pull.Landed, squash)
	var landing hotfix.Landing
	if ok, err := r.ledger.Recall(ctx, r.About().ID, fact, &landing); err != nil || ok {
		return landing, err
	}
	landing, err := r.readLanding(ctx, pull, squash)
	if refusal := (*hotfix.Refusal)(nil); errors.As(err, &refusal) { // by what is in the commits: other hotfixes go on
		return hotfix.Landing{Commit: pull.Landed, Unclear: refusal.What}, nil
	}
	if err != nil {
		return hotfix.Landing{Commit: pull.Landed}, err
	}
	return landing, r.ledger.Remember(ctx, r.About().ID, fact, landing)
}

func (r *run) readLanding(ctx context.Context, pull hotfix.Pull, squash bool) (hotfix.Landing, error) {
	commits, cut, err := r.PullCommits(ctx, pull.Number)
	if err != nil {
		return hotfix.Landing{}, fmt.Errorf("list commits: %w", err)
	}
	if err := r.git.Fetch(ctx, landingParts(pull, commits)...); err != nil {
		return hotfix.Landing{}, fmt.Errorf("fetch the merge: %w", err)
	}
	landed, err := r.git.Commit(ctx, pull.Landed)
	if err != nil {
		return hotfix.Landing{}, fmt.Errorf("read landing commit: %w", err)
	}
	merged := hotfix.Merged{
		Commit: pull.Landed, Head: pull.HeadOID, Commits: commits, Cut: cut, Squash: squash,
	}
	if len(landed.Parents) > 0 {
		if merged.MergeBase, err = r.leftAt(ctx, landed.Parents[0], pull.HeadOID, commits); err != nil {
			return hotfix.Landing{}, err
		}
	}
	landing, err := r.git.Landing(ctx, merged)
	if err != nil {
		return hotfix.Landing{}, fmt.Errorf("read the merge: %w", err)
	}
	return landing, nil
}

// landingParts are the commits that a merge is told by, but for what its own commit names.
func landingParts(pull hotfix.Pull, commits []hotfix.Commit) []hotfix.OID {
	parts := []hotfix.OID{pull.Landed, pull.HeadOID}
	for _, c := range commits {
		if len(c.Parents) <= 1 {
			parts = append(append(parts, c.OID), c.Parents...)
		}
	}
	return parts
}

// leftAt is where the commits of a pull request left a branch that stands at a
// commit: there itself, when they follow each other from it on.
func (r *run) leftAt(ctx context.Context, branch, head hotfix.OID, commits []hotfix.Commit) (hotfix.OID, error) {
	at := branch
	for _, c := range commits {
		if len(c.Parents) != 1 || c.Parents[0] != at {
			break
		}
		at = c.OID
	}
	if len(commits) > 0 && at == head {
		return branch, nil
	}
	compared, err := r.compare(ctx, branch, head)
	return compared.Base, err
}

// openedFact names which issue the bot opened for a hotfix, and madeFact what else it
// made once for it. People can take everything away that tells it on GitHub.
func openedFact(pull int) string { return fmt.Sprintf("opened/%d", pull) }
func madeFact(pull int) string   { return fmt.Sprintf("made/%d", pull) }

// observeMade reads what was made for a hotfix whose status comment does not tell it.
func (r *run) observeMade(ctx context.Context, h *hotfix.Hotfix) error {
	var made hotfix.StatusMarker
	known, err := r.ledger.Recall(ctx, r.About().ID, madeFact(h.Pull.Number), &made)
	if known && h.Comment == nil {
		h.Marker.Tags, h.Marker.Released = made.Tags, made.Released
	}
	return err
}

// observeIssue finds the hotfix's issue (P2): the one that carries the status
// comment, else the one that the bot opened for it, else the first closing
// reference, else the one that the branch names.
func (r *run) observeIssue(ctx context.Context, h *hotfix.Hotfix) error {
	if h.Comment != nil {
		return r.takeIssue(ctx, h, h.Comment.Issue)
	}
	for _, issue := range r.issues {
		var marker hotfix.IssueMarker
		if issue.ByBot && naming.FindMarker(issue.Body, naming.KindIssue, &marker) && marker.Pull == h.Pull.Number {
			return r.takeIssue(ctx, h, issue.Number)
		}
	}
	opened := 0 // a person took its label away
	if ok, err := r.ledger.Recall(ctx, r.About().ID, openedFact(h.Pull.Number), &opened); err != nil || ok {
		return errors.Join(err, r.takeIssue(ctx, h, opened))
	}
	closing, err := r.closing(ctx, h.Pull)
	if err != nil {
		return fmt.Errorf("read closing references: %w", err)
	}
	if closing != 0 {
		return r.takeIssue(ctx, h, closing)
	}
	if number, ok := naming.IssueFromBranch(h.Pull.Head); ok && slices.ContainsFunc(r.issues, func(i hotfix.Issue) bool {
		return i.Number == number && !i.IsPull
	}) {
		return r.takeIssue(ctx, h, number)
	}
	if !r.About().HasIssues {
		return r.takeIssue(ctx, h, h.Pull.Number)
	}
	return nil
}

// closing is the first issue that a pull request closes, or 0. GitHub reads keywords
// only in those against the default branch (docs, "Linking a pull request to an
// issue"); a Pre-Production is another.
func (r *run) closing(ctx context.Context, pull hotfix.Pull) (int, error) {
	links, err := r.Links(ctx, pull.Number)
	if closes := links[pull.Number].Closes; err != nil || len(closes) > 0 {
		return append(closes, 0)[0], err
	}
	if pull.Base == r.About().DefaultBranch {
		return 0, nil
	}
	for _, number := range naming.Closes(pull.Body, r.About().FullName()) {
		issue, err := r.Issue(ctx, number)
		if err == nil && !issue.IsPull {
			return number, nil
		}
		if err != nil && !isGone(err) {
			return 0, err
		}
	}
	return 0, nil
}

func (r *run) takeIssue(ctx context.Context, h *hotfix.Hotfix, number int) error {
	for _, issue := range r.issues {
		if issue.Number == number && !issue.Turned { // the list says all there is
			h.Issue = &issue
			return nil
		}
	}
	issue, err := r.Issue(ctx, number)
	if isGone(err) { // deleted or moved away, and its comments with it: the bot opens another
		h.Comment = nil
		return nil
	}
	if err != nil {
		return fmt.Errorf("read issue #%d: %w", number, err)
	}
	h.Issue = &issue
	return nil
}

// observeCheck looks for the check run Hotfix, which bears the buttons.
func (r *run) observeCheck(ctx context.Context, h *hotfix.Hotfix) error {
	var err error
	h.Check, err = r.checkRun(ctx, h.Pull.HeadOID, render.HotfixCheckName)
	return err
}

// orderByHistory sorts hotfixes as their landing commits follow each other. The
// merge time has seconds only, so within a second the history itself is asked.
func (r *run) orderByHistory(ctx context.Context) error {
	var failed error
	slices.SortStableFunc(r.snap.Hotfixes, func(a, b hotfix.Hotfix) int {
		if c := a.Pull.MergedAt.Compare(b.Pull.MergedAt); c != 0 || failed != nil {
			return c
		}
		compared, err := r.compare(ctx, a.Landing.Commit, b.Landing.Commit)
		failed = err
		switch compared.Relation {
		case hotfix.Ancestor:
			return -1
		case hotfix.Descendant:
			return 1
		}
		return a.Pull.Number - b.Pull.Number
	})
	return failed
}

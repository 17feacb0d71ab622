package githubsim

import (
	"context"
	"strings"
)

// moveRefs moves refs and lets everything follow that follows on GitHub. It is the only way
// by which branches and tags change. The lock is held.
func (g *GitHub) moveRefs(ctx context.Context, by Actor, r *Repo, changes ...refChange) error {
	if err := r.git.updateRefs(ctx, changes...); err != nil {
		return err
	}
	return g.refsChanged(ctx, by, r, changes)
}

// refsChanged tells the world that refs have moved: events, pull requests whose head or base
// it was, issues that commit messages close, check suites.
func (g *GitHub) refsChanged(ctx context.Context, by Actor, r *Repo, changes []refChange) error {
	r.PushedAt, r.UpdatedAt = g.clock(), g.clock()
	if err := g.emitRefs(ctx, by, r, changes); err != nil {
		return err
	}
	for _, ch := range changes {
		if ch.branch() == "" || ch.Old == ch.New {
			continue
		}
		if err := g.headsMoved(ctx, by, r, ch); err != nil {
			return err
		}
		if err := g.basesMoved(ctx, by, r, ch); err != nil {
			return err
		}
		if ch.New == zeroSHA {
			continue
		}
		if err := g.closeByCommits(ctx, by, r, ch); err != nil {
			return err
		}
		g.requestSuites(by, r, ch)
	}
	return nil
}

// emitRefs emits push, create and delete. Beyond three tags at once GitHub sends none for
// tags.
func (g *GitHub) emitRefs(ctx context.Context, by Actor, r *Repo, changes []refChange) error {
	tags := 0
	for _, ch := range changes {
		if strings.HasPrefix(ch.Ref, "refs/tags/") {
			tags++
		}
	}
	for _, ch := range changes {
		if ch.branch() == "" && (tags > 3 || !strings.HasPrefix(ch.Ref, "refs/tags/")) {
			continue
		}
		e := Event{Actor: by, Repo: r, Ref: ch.Ref, Before: ch.Old, After: ch.New}
		if ch.Old != zeroSHA && ch.New != zeroSHA {
			forward, err := r.git.isAncestor(ctx, ch.Old, ch.New)
			if err != nil {
				return err
			}
			e.Forced = !forward
		}
		for _, name := range refEvents(ch) {
			e.Name = name
			g.emit(e)
		}
	}
	return nil
}

// refEvents names the events of one change.
func refEvents(ch refChange) []string {
	switch {
	case ch.Old == zeroSHA:
		return []string{"create", "push"}
	case ch.New == zeroSHA:
		return []string{"delete", "push"}
	}
	return []string{"push"}
}

// openPulls lists the open pull requests, of any repository, that satisfy a condition.
func (g *GitHub) openPulls(want func(*Pull) bool) []*Pull {
	var list []*Pull
	for _, r := range g.repos {
		for _, i := range r.Issues {
			if i != nil && i.Pull != nil && !i.Closed && want(i.Pull) {
				list = append(list, i.Pull)
			}
		}
	}
	return list
}

// headsMoved updates pull requests that come from the branch.
func (g *GitHub) headsMoved(ctx context.Context, by Actor, r *Repo, ch refChange) error {
	pulls := g.openPulls(func(p *Pull) bool { return p.HeadRepo == r && p.HeadRef == ch.branch() })
	for _, p := range pulls {
		if err := g.leaveQueue(ctx, p, "UNKNOWN_REMOVAL_REASON"); err != nil {
			return err
		}
		if ch.New == zeroSHA {
			g.closeIssue(by, p.Issue, closing{})
			continue
		}
		if err := g.synchronize(ctx, by, p, ch); err != nil {
			return err
		}
	}
	return nil
}

// synchronize gives a pull request its new head. One that has nothing of its own any more is
// closed, not merged: nothing of it reached the base by this push.
func (g *GitHub) synchronize(ctx context.Context, by Actor, p *Pull, ch refChange) error {
	if err := g.fetchHead(ctx, p, ch.New); err != nil {
		return err
	}
	p.HeadSHA, p.mergeKnown, p.facts = ch.New, false, nil
	p.Issue.UpdatedAt = g.clock()
	g.emit(Event{Name: "pull_request", Action: "synchronize", Actor: by, Repo: p.Repo(),
		Issue: p.Issue, Pull: p, Before: ch.Old, After: ch.New})
	base, err := p.Repo().git.branch(p.BaseRef)
	if missing(err) {
		return nil // the base goes in the same push, and closes it
	}
	if err != nil {
		return err
	}
	in, err := p.Repo().git.isAncestor(ctx, p.HeadSHA, base)
	if err == nil && in {
		g.closeIssue(by, p.Issue, closing{})
	}
	return err
}

// fetchHead makes refs/pull/N/head of the base repository, with the objects of a fork.
func (g *GitHub) fetchHead(ctx context.Context, p *Pull, sha string) error {
	name := "refs/pull/" + itoa(int64(p.Number())) + "/head"
	if p.HeadRepo != p.Repo() {
		return p.Repo().git.take(ctx, p.HeadRepo.git, sha, name)
	}
	return p.Repo().git.updateRefs(ctx, refChange{Ref: name, New: sha})
}

// basesMoved updates pull requests into the branch: one whose head the branch now has is
// merged, whoever brought it there.
func (g *GitHub) basesMoved(ctx context.Context, by Actor, r *Repo, ch refChange) error {
	pulls := g.openPulls(func(p *Pull) bool { return p.Repo() == r && p.BaseRef == ch.branch() })
	for _, p := range pulls {
		p.mergeKnown, p.facts = false, nil
		if ch.New == zeroSHA {
			g.closeIssue(by, p.Issue, closing{})
			continue
		}
		in, err := r.git.isAncestor(ctx, p.HeadSHA, ch.New)
		if err != nil {
			return err
		}
		if !in {
			continue
		}
		sha, err := r.git.broughtBy(ctx, p.HeadSHA, ch.New)
		if err != nil {
			return err
		}
		if ch.Old != zeroSHA {
			p.BaseSHA = ch.Old
		}
		if err := g.leaveQueue(ctx, p, "ALREADY_MERGED"); err != nil {
			return err
		}
		g.markMerged(by, p, sha)
	}
	return g.regroup(ctx, r, ch.branch())
}

// broughtBy gives the first commit of tip's own line that has sha in its history.
func (d *gitDir) broughtBy(ctx context.Context, sha, tip string) (string, error) {
	list, err := d.log(ctx, "--first-parent", "--ancestry-path", tip, "^"+sha)
	if err != nil || len(list) == 0 {
		return sha, err
	}
	oldest, err := d.commit(list[len(list)-1])
	if err != nil {
		return "", err
	}
	if oldest.Parents[0] == sha { // a fast-forward, with more on top
		return sha, nil
	}
	return oldest.SHA, nil
}

// closeByCommits closes the issues that messages name, of commits that reach the default
// branch.
func (g *GitHub) closeByCommits(ctx context.Context, by Actor, r *Repo, ch refChange) error {
	if ch.branch() != r.DefaultBranch || ch.Old == zeroSHA {
		return nil
	}
	shas, err := r.git.log(ctx, "--reverse", ch.New, "^"+ch.Old)
	if err != nil {
		return err
	}
	for _, sha := range shas {
		c, err := r.git.commit(sha)
		if err != nil {
			return err
		}
		for _, n := range closingKeywords(r, c.Message) {
			if i := r.issue(n); i != nil && i.Pull == nil && !i.Closed {
				g.closeIssue(by, i, closing{commit: sha, reason: "completed"})
			}
		}
	}
	return nil
}

// requestSuites opens a check suite for each App that may check, and asks it to (the event
// goes to that App alone).
func (g *GitHub) requestSuites(by Actor, r *Repo, ch refChange) {
	for _, i := range g.installations {
		if !i.has(r) || !covers(i.Permissions["checks"], "write") {
			continue
		}
		s, isNew := g.suite(r, i.App, ch.New)
		if !isNew {
			continue
		}
		s.HeadBranch, s.Before = ch.branch(), ch.Old
		g.emit(Event{Name: "check_suite", Action: "requested", Actor: by, Repo: r, CheckSuite: s})
	}
}

// suite finds or opens the App's check suite of a commit.
func (g *GitHub) suite(r *Repo, app *App, sha string) (s *CheckSuite, isNew bool) {
	for _, s := range r.Suites {
		if s.App == app && s.HeadSHA == sha {
			return s, false
		}
	}
	now := g.clock()
	s = &CheckSuite{ID: g.nextID("suite"), Repo: r, App: app, HeadSHA: sha, CreatedAt: now, UpdatedAt: now}
	r.Suites = append(r.Suites, s)
	return s, true
}

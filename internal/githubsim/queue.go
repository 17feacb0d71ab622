package githubsim

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// MergeGroup is one pull request's place in the merge queue of its base: what the base will
// be after it and all before it are merged stands on a branch of its own, so that it can be
// checked first.
type MergeGroup struct {
	Pull    *Pull
	By      Actor  // who put it into the queue
	Branch  string // "gh-readonly-queue/main/pr-7-<BaseSHA>"
	BaseSHA string // the base's tip, or the head of the group before
	HeadSHA string
}

// queueLogin is the account that makes the groups and merges them.
const queueLogin = "github-merge-queue[bot]"

// queueActor gives that account, and makes it when it is needed first.
func (g *GitHub) queueActor() (Actor, error) {
	if u := g.user(queueLogin); u != nil {
		return Actor{User: u}, nil
	}
	u, err := g.addUser(User{Login: queueLogin, Name: queueLogin, Type: TypeBot})
	return Actor{User: u}, err
}

// queueMethod is how the queue of a branch merges; ok is false for a branch without a queue.
func (r *Repo) queueMethod(branch string) (method string, ok bool) {
	for _, rule := range r.rulesFor(Actor{}, "refs/heads/"+branch) {
		if rule.Type == "merge_queue" {
			method, _ = rule.Parameters["merge_method"].(string)
			return cmp.Or(strings.ToLower(method), "merge"), true
		}
	}
	return "", false
}

// group finds a pull request's place in the queue, or nil.
func (r *Repo) group(p *Pull) *MergeGroup {
	for _, m := range r.Queue {
		if m.Pull == p {
			return m
		}
	}
	return nil
}

// joinQueue puts a pull request at the end of the queue of its base.
func (g *GitHub) joinQueue(ctx context.Context, by Actor, p *Pull) error {
	if err := g.mayQueue(ctx, p); err != nil {
		return err
	}
	r := p.Repo()
	r.Queue = append(r.Queue, &MergeGroup{Pull: p, By: by})
	g.record(by, p.Issue, "added_to_merge_queue")
	g.emitIssue(by, p.Issue, "enqueued", Event{})
	return g.regroup(ctx, r, p.BaseRef)
}

// mayQueue refuses what may not enter the queue: what could not be merged either, but for
// the queue.
func (g *GitHub) mayQueue(ctx context.Context, p *Pull) error {
	_, queued := p.Repo().queueMethod(p.BaseRef)
	if err := g.workOut(ctx, p); err != nil {
		return err
	}
	switch {
	case !queued:
		return refuse(422, "%s has no merge queue", p.BaseRef)
	case p.Issue.Closed || p.Draft || !p.mergeable || len(g.blocked(p)) > 0:
		return refuse(422, "Pull request is not mergeable")
	case p.Repo().group(p) != nil:
		return refuse(422, "Pull request is already in the merge queue")
	}
	return nil
}

// regroup makes the groups of a branch anew from the first that does not stand where it must:
// on the branch's tip, or on the group before it. What conflicts there leaves the queue.
func (g *GitHub) regroup(ctx context.Context, r *Repo, base string) error {
	at, err := r.git.branch(base)
	if missing(err) {
		return nil // its pull requests are closed, and leave the queue by that
	}
	if err != nil {
		return err
	}
	for _, m := range slices.Clone(r.Queue) {
		if m.Pull.BaseRef != base {
			continue
		}
		if m.BaseSHA != at {
			err := g.group(ctx, m, at)
			if errors.Is(err, errConflict) {
				return g.leaveQueue(ctx, m.Pull, "MERGE_CONFLICT")
			}
			if err != nil {
				return err
			}
		}
		at = m.HeadSHA
	}
	return nil
}

// group makes the group of a pull request upon a commit, and asks for its checks.
func (g *GitHub) group(ctx context.Context, m *MergeGroup, at string) error {
	if err := g.ungroup(ctx, m, "invalidated"); err != nil {
		return err
	}
	queue, err := g.queueActor()
	if err != nil {
		return err
	}
	p := m.Pull
	method, _ := p.Repo().queueMethod(p.BaseRef)
	head, err := g.mergeCommit(ctx, m.By, p, mergeOrder{Method: method}, at)
	if err != nil {
		return err
	}
	m.BaseSHA, m.HeadSHA = at, head
	m.Branch = fmt.Sprintf("gh-readonly-queue/%s/pr-%d-%s", p.BaseRef, p.Number(), at)
	if err := g.moveRefs(ctx, queue, p.Repo(), refChange{Ref: "refs/heads/" + m.Branch, Old: zeroSHA, New: head}); err != nil {
		return err
	}
	asked := *m
	g.emit(Event{Name: "merge_group", Action: "checks_requested", Actor: queue, Repo: p.Repo(), Group: &asked})
	return nil
}

// ungroup takes the branch of a group away, if it has one; reason is "merged", "dequeued" or
// "invalidated".
func (g *GitHub) ungroup(ctx context.Context, m *MergeGroup, reason string) error {
	if m.HeadSHA == "" {
		return nil
	}
	queue, err := g.queueActor()
	if err != nil {
		return err
	}
	r, was := m.Pull.Repo(), *m
	g.emit(Event{Name: "merge_group", Action: "destroyed", Actor: queue, Repo: r, Group: &was, Reason: reason})
	gone := refChange{Ref: "refs/heads/" + m.Branch, Old: m.HeadSHA, New: zeroSHA}
	m.Branch, m.BaseSHA, m.HeadSHA = "", "", ""
	return g.moveRefs(ctx, queue, r, gone)
}

// leaveQueue takes a pull request out of the queue, if it is in it, and makes the groups
// behind it anew. reason is one of those of the event pull_request.dequeued.
func (g *GitHub) leaveQueue(ctx context.Context, p *Pull, reason string) error {
	r := p.Repo()
	m := r.group(p)
	if m == nil {
		return nil
	}
	r.Queue = slices.DeleteFunc(r.Queue, func(other *MergeGroup) bool { return other == m })
	if err := g.ungroup(ctx, m, "dequeued"); err != nil {
		return err
	}
	if err := g.tellDequeued(p, reason); err != nil {
		return err
	}
	return g.regroup(ctx, r, p.BaseRef)
}

func (g *GitHub) tellDequeued(p *Pull, reason string) error {
	queue, err := g.queueActor()
	if err != nil {
		return err
	}
	g.record(queue, p.Issue, "removed_from_merge_queue")
	g.emitIssue(queue, p.Issue, "dequeued", Event{Reason: reason})
	return nil
}

// mergeQueued merges the first pull request of its queue: the base becomes what was checked.
func (g *GitHub) mergeQueued(ctx context.Context, p *Pull) error {
	r := p.Repo()
	first := slices.IndexFunc(r.Queue, func(m *MergeGroup) bool { return m.Pull.BaseRef == p.BaseRef })
	if first < 0 || r.Queue[first].Pull != p {
		return refuse(405, "#%d is not the first of the merge queue", p.Number())
	}
	m := *r.Queue[first]
	if broken := g.unchecked(r, p.BaseRef, m.HeadSHA); len(broken) > 0 {
		return ruleRefusal(405, broken)
	}
	queue, err := g.queueActor()
	if err != nil {
		return err
	}
	ch := refChange{Ref: "refs/heads/" + p.BaseRef, Old: m.BaseSHA, New: m.HeadSHA}
	if err := r.git.updateRefs(ctx, ch); err != nil {
		return err
	}
	r.Queue = slices.Delete(r.Queue, first, first+1)
	p.BaseSHA = m.BaseSHA
	g.markMerged(queue, p, m.HeadSHA)
	if err := g.tellDequeued(p, "MERGE"); err != nil {
		return err
	}
	if err := g.refsChanged(ctx, queue, r, []refChange{ch}); err != nil {
		return err
	}
	return errors.Join(g.ungroup(ctx, &m, "merged"), g.deleteMergedHead(ctx, queue, p))
}

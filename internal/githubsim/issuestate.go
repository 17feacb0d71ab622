package githubsim

// closing says how an issue is closed.
type closing struct {
	reason string // state_reason; "" for pull requests
	commit string // the commit whose message closes it
	pull   *Pull  // the pull request whose merge closes it
}

// record writes a line of the issue's history and returns it for its details.
func (g *GitHub) record(by Actor, i *Issue, event string) *IssueEvent {
	e := &IssueEvent{
		ID: g.nextID("event"), Issue: i, Event: event, Actor: by.User, App: by.App, CreatedAt: g.clock(),
	}
	i.Events = append(i.Events, e)
	return e
}

// emitIssue emits an event of an issue, or of a pull request in place of its issue.
func (g *GitHub) emitIssue(by Actor, i *Issue, action string, e Event) {
	e.Name, e.Action, e.Actor, e.Repo, e.Issue = "issues", action, by, i.Repo, i
	if i.Pull != nil {
		e.Name, e.Pull = "pull_request", i.Pull
	}
	g.emit(e)
}

// closeIssue closes an issue, or a pull request without merging it.
func (g *GitHub) closeIssue(by Actor, i *Issue, how closing) {
	now := g.clock()
	i.Closed, i.ClosedAt, i.UpdatedAt, i.ClosedBy, i.StateReason = true, &now, now, by.User, how.reason
	e := g.record(by, i, "closed")
	e.CommitID, e.CloserPR, e.Reason = how.commit, how.pull, how.reason
	if i.Pull != nil {
		i.Pull.AutoMerge = nil
	}
	g.emitIssue(by, i, "closed", Event{})
}

// reopenIssue opens a closed issue or pull request again.
func (g *GitHub) reopenIssue(by Actor, i *Issue) {
	i.Closed, i.ClosedAt, i.ClosedBy, i.UpdatedAt = false, nil, nil, g.clock()
	if i.Pull == nil {
		i.StateReason = "reopened"
	}
	g.record(by, i, "reopened")
	g.emitIssue(by, i, "reopened", Event{})
}

// markMerged makes a pull request merged by the commit sha, which its base has by now or is
// about to get, and closes what it closes.
func (g *GitHub) markMerged(by Actor, p *Pull, sha string) {
	now := g.clock()
	linked := p.closingReferences()
	p.Merged, p.MergedAt, p.MergedBy, p.MergeCommitSHA = true, &now, by.User, sha
	p.AutoMerge, p.facts = nil, nil
	i := p.Issue
	i.Closed, i.ClosedAt, i.UpdatedAt, i.ClosedBy = true, &now, now, by.User
	g.record(by, i, "merged").CommitID = sha
	g.record(by, i, "closed")
	g.emitIssue(by, i, "closed", Event{})
	for _, x := range linked {
		if !x.Closed {
			g.closeIssue(by, x, closing{pull: p, reason: "completed"})
		}
	}
}

// deleteIssue removes an issue for good: its number leads to 410 from then on.
func (g *GitHub) deleteIssue(by Actor, i *Issue) {
	i.Repo.Issues[i.Number-1] = nil
	g.emitIssue(by, i, "deleted", Event{})
}

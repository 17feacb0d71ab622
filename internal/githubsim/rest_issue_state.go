package githubsim

// checkState refuses a state that cannot be: a merged pull request stays closed, and one
// whose branch or repository is gone too.
func (c *call) checkState(i *Issue, state string) error {
	if state != "open" && state != "closed" {
		return invalid("Issue", "state", "invalid")
	}
	if state == "closed" || !i.Closed || i.Pull == nil {
		return nil
	}
	p := i.Pull
	if p.Merged {
		return invalidBecause("PullRequest", "state", "state cannot be changed. The pull request cannot be reopened.")
	}
	if p.HeadRepo == nil {
		return invalidBecause("PullRequest", "state", "state cannot be changed. The repository that submitted this pull request has been deleted.")
	}
	tip, err := p.HeadRepo.git.branch(p.HeadRef)
	if err != nil {
		return invalidBecause("PullRequest", "state", "state cannot be changed. The "+p.HeadRef+" branch has been deleted.")
	}
	if tip != p.HeadSHA {
		return invalidBecause("PullRequest", "state", "state cannot be changed. The "+p.HeadRef+" branch was force-pushed or recreated.")
	}
	if other := c.openPullFor(p.HeadRepo, p.HeadRef, p.BaseRef); other != nil {
		return invalidBecause("PullRequest", "state", "state cannot be changed. There is already an open pull request from "+p.HeadRef+" to "+p.BaseRef+".")
	}
	return nil
}

// setState closes or reopens; what is in that state already stays as it is, but for its
// reason. A pull request that is closed leaves the merge queue.
func (c *call) setState(i *Issue, state string, reason *string) error {
	why := ""
	if i.Pull == nil {
		why = "completed"
		if reason != nil && *reason != "" {
			why = *reason
		}
	}
	switch {
	case state == "closed" && !i.Closed:
		if i.Pull != nil {
			if err := c.leaveQueue(c.ctx, i.Pull, "MANUAL"); err != nil {
				return err
			}
		}
		c.closeIssue(c.actor, i, closing{reason: why})
	case state == "closed" && reason != nil && i.Pull == nil:
		i.StateReason = why
	case state == "open" && i.Closed:
		c.reopenIssue(c.actor, i)
	}
	return nil
}

func (c *call) listIssueEvents() (answer, error) {
	i, err := c.issueParam("read")
	if err != nil {
		return answer{}, err
	}
	return list(c, i.Events, c.wireIssueEvent), nil
}

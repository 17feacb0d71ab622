package githubsim

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

func pullRoutes() []route {
	read, write := reads("pull_requests"), writes(RoleRead, "pull_requests")
	return []route{
		{"GET", "/repos/:owner/:repo/pulls", read, (*call).listPulls},
		{"POST", "/repos/:owner/:repo/pulls", write, (*call).createPull},
		{"GET", "/repos/:owner/:repo/pulls/:number", read, (*call).getPull},
		{"PATCH", "/repos/:owner/:repo/pulls/:number", write, (*call).patchPull},
		{"GET", "/repos/:owner/:repo/pulls/:number/commits", read, (*call).listPullCommits},
		{"GET", "/repos/:owner/:repo/pulls/:number/files", read, (*call).listPullFiles},
		{"GET", "/repos/:owner/:repo/pulls/:number/merge", read, (*call).isMerged},
		{"PUT", "/repos/:owner/:repo/pulls/:number/merge", writes(RoleWrite, "contents"), (*call).mergePull},
		{"PUT", "/repos/:owner/:repo/pulls/:number/update-branch", write, (*call).updatePullBranch},
	}
}

// pullParam finds the pull request that the path names.
func (c *call) pullParam() (*Pull, error) {
	n, err := c.number("number")
	if err != nil {
		return nil, err
	}
	i := c.repo.issue(int(n))
	if i == nil || i.Pull == nil {
		return nil, errNotFound
	}
	return i.Pull, nil
}

// listPulls lists open pull requests, newest first, unless asked otherwise.
func (c *call) listPulls() (answer, error) {
	q := c.query
	state := cmp.Or(q.Get("state"), "open")
	var some []*Pull
	for _, i := range c.repo.Issues {
		switch {
		case i == nil || i.Pull == nil,
			state != "all" && state != openOr(i.Closed),
			q.Get("base") != "" && i.Pull.BaseRef != q.Get("base"),
			!matchesHead(i.Pull, q.Get("head")):
			continue
		}
		some = append(some, i.Pull)
	}
	ascending := q.Get("direction") == "asc" || q.Get("direction") == "" && q.Get("sort") != "" && q.Get("sort") != "created"
	slices.SortStableFunc(some, func(a, b *Pull) int {
		order := cmp.Compare(a.Number(), b.Number())
		if q.Get("sort") == "updated" {
			order = cmp.Or(a.Issue.UpdatedAt.Compare(b.Issue.UpdatedAt), order)
		}
		if !ascending {
			order = -order
		}
		return order
	})
	return list(c, some, c.wirePullSimple), nil
}

// matchesHead compares with "owner:branch"; GitHub ignores what has no owner.
func matchesHead(p *Pull, head string) bool {
	owner, branch, found := strings.Cut(head, ":")
	return !found || strings.EqualFold(p.HeadOwner.Login, owner) && p.HeadRef == branch
}

// getPull shows a pull request. The first read after a change starts the test merge and
// does not see its outcome yet.
func (c *call) getPull() (answer, error) {
	p, err := c.pullParam()
	if err != nil {
		return answer{}, err
	}
	if c.wants("diff") {
		from, err := c.repo.git.mergeBase(c.ctx, c.pullBase(p), p.HeadSHA)
		if err != nil {
			return answer{}, err
		}
		return c.plainDiff(from, p.HeadSHA)
	}
	o := c.wirePull(p)
	return ok(o), c.workOut(c.ctx, p)
}

// patchPull changes text, state and base. Its author may, and who may write.
func (c *call) patchPull() (answer, error) {
	p, err := c.pullParam()
	if err != nil {
		return answer{}, err
	}
	var in pullBody
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if !c.mayEdit(p.Issue.User) && (in.State == nil || !c.atLeast(RoleTriage)) {
		return answer{}, errNeedsAdmin
	}
	if in.State != nil {
		if err := c.checkState(p.Issue, *in.State); err != nil {
			return answer{}, err
		}
	}
	if err := c.editText(p.Issue, in.Title, in.Body); err != nil {
		return answer{}, err
	}
	if in.Base != nil && *in.Base != p.BaseRef {
		if err := c.rebase(p, *in.Base); err != nil {
			return answer{}, err
		}
	}
	set(&p.MaintainerCanModify, in.Modify)
	if in.State != nil {
		if err := c.setState(p.Issue, *in.State, nil); err != nil {
			return answer{}, err
		}
	}
	return ok(c.wirePull(p)), nil
}

// rebase makes a pull request target another branch.
func (c *call) rebase(p *Pull, base string) error {
	sha, err := c.repo.git.branch(base)
	if err != nil || p.Issue.Closed {
		return invalid("PullRequest", "base", "invalid")
	}
	if c.openPullFor(p.HeadRepo, p.HeadRef, base) != nil {
		return invalidBecause("PullRequest", "base", fmt.Sprintf("A pull request already exists for base branch '%s' and head branch '%s'", base, p.HeadRef))
	}
	if err := c.leaveQueue(c.ctx, p, "MANUAL"); err != nil {
		return err
	}
	changes := map[string]string{"base": p.BaseRef, "base_sha": p.BaseSHA}
	p.BaseRef, p.BaseSHA, p.mergeKnown, p.facts = base, sha, false, nil
	p.Issue.UpdatedAt = c.clock()
	c.emitIssue(c.actor, p.Issue, "edited", Event{Changes: changes})
	return nil
}

// listPullCommits stops at 250.
func (c *call) listPullCommits() (answer, error) {
	p, err := c.pullParam()
	if err != nil {
		return answer{}, err
	}
	shas := c.pullCommits(p)
	commits, err := c.repo.git.commits(shas[:min(len(shas), 250)])
	if err != nil {
		return answer{}, err
	}
	return list(c, commits, func(x commit) object { return c.wireCommit(c.repo, x) }), nil
}

// listPullFiles stops at 3000.
func (c *call) listPullFiles() (answer, error) {
	p, err := c.pullParam()
	if err != nil {
		return answer{}, err
	}
	files := c.work(p).files
	return list(c, files[:min(len(files), 3000)], func(f fileChange) object { return c.wireFile(c.repo, f, p.HeadSHA) }), nil
}

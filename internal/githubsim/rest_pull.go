package githubsim

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
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
// does not see its outcome yet (GITHUB.md 13).
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

// pullBody is what POST and PATCH take.
type pullBody struct {
	Title    *string `json:"title"`
	Head     string  `json:"head"`
	HeadRepo string  `json:"head_repo"`
	Base     *string `json:"base"`
	Body     *string `json:"body"`
	State    *string `json:"state"`
	Draft    bool    `json:"draft"`
	Modify   *bool   `json:"maintainer_can_modify"`
}

// openPullFor finds the open pull request from one branch to another, or nil.
func (c *call) openPullFor(head *Repo, ref, base string) *Pull {
	found := c.openPulls(func(p *Pull) bool {
		return p.Repo() == c.repo && p.HeadRepo == head && p.HeadRef == ref && p.BaseRef == base
	})
	if len(found) == 0 {
		return nil
	}
	return found[0]
}

// headOf finds the branch "owner:branch", or "branch" of this repository.
func (c *call) headOf(in pullBody) (*Repo, string, string, error) {
	r, ref := c.repo, in.Head
	if owner, branch, found := strings.Cut(in.Head, ":"); found {
		var name []string
		if in.HeadRepo != "" {
			name = []string{in.HeadRepo[strings.LastIndexByte(in.HeadRepo, '/')+1:]}
		}
		r, ref = c.inNetwork(owner, name), branch
	}
	if r == nil || !sees(c.actor, c.token, r) {
		return nil, "", "", invalid("PullRequest", "head", "invalid")
	}
	sha, err := r.git.branch(ref)
	if missing(err) {
		err = invalid("PullRequest", "head", "invalid")
	}
	return r, ref, sha, err
}

func (c *call) createPull() (answer, error) {
	var in pullBody
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if in.Title == nil || *in.Title == "" {
		return answer{}, invalid("PullRequest", "title", "missing_field")
	}
	if in.Base == nil || in.Head == "" {
		return answer{}, invalid("PullRequest", "base", "missing_field")
	}
	if in.Body != nil {
		if err := checkText("PullRequest", *in.Body); err != nil {
			return answer{}, err
		}
	}
	head, ref, sha, err := c.headOf(in)
	if err != nil {
		return answer{}, err
	}
	if c.token == nil && head.role(c.actor.User) < RoleWrite && c.repo.role(c.actor.User) < RoleWrite {
		return answer{}, errNeedsAdmin
	}
	base, err := c.repo.git.branch(*in.Base)
	if err != nil {
		return answer{}, invalid("PullRequest", "base", "invalid")
	}
	if c.openPullFor(head, ref, *in.Base) != nil {
		return answer{}, invalidBecause("PullRequest", "", "A pull request already exists for "+head.Owner.Login+":"+ref+".")
	}
	p := &Pull{
		HeadRepo: head, HeadOwner: head.Owner, HeadRef: ref, HeadSHA: sha, BaseRef: *in.Base, BaseSHA: base,
		Draft: in.Draft, MaintainerCanModify: in.Modify == nil || *in.Modify,
	}
	if head == c.repo {
		p.MaintainerCanModify = false
	}
	if err := c.openPull(p, *in.Title, in.Body); err != nil {
		return answer{}, err
	}
	return created(c.wirePull(p)), nil
}

// openPull gives a new pull request its number, unless there is nothing in it.
func (c *call) openPull(p *Pull, title string, body *string) error {
	git := c.repo.git
	if p.HeadRepo != c.repo {
		if err := git.take(c.ctx, p.HeadRepo.git, p.HeadSHA, ""); err != nil {
			return err
		}
	}
	from, err := git.mergeBase(c.ctx, p.BaseSHA, p.HeadSHA)
	if err != nil {
		return err
	}
	if from == "" {
		return invalidBecause("PullRequest", "", fmt.Sprintf("The %s branch has no history in common with %s", p.BaseRef, p.HeadRef))
	}
	if from == p.HeadSHA {
		return invalidBecause("PullRequest", "", fmt.Sprintf("No commits between %s and %s", p.side(p.BaseRef, c.repo.Owner), p.side(p.HeadRef, p.HeadOwner)))
	}
	i := c.newIssue(title, body)
	p.ID, p.Issue, i.Pull = c.nextID("pull"), i, p
	if err := git.updateRefs(c.ctx, refChange{Ref: fmt.Sprintf("refs/pull/%d/head", i.Number), New: p.HeadSHA}); err != nil {
		return err
	}
	c.emitIssue(c.actor, i, "opened", Event{})
	return nil
}

// side names a branch in "No commits between …": with its owner when two repositories are
// concerned.
func (p *Pull) side(ref string, owner *User) string {
	if p.HeadOwner == owner && p.HeadRepo.Parent == nil {
		return ref
	}
	return owner.Login + ":" + ref
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
	if !c.mayEdit(p.Issue.User) && !(in.State != nil && c.atLeast(RoleTriage)) {
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
		c.setState(p.Issue, *in.State, nil)
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
	changes := map[string]string{"base": p.BaseRef, "base_sha": p.BaseSHA}
	p.BaseRef, p.BaseSHA, p.mergeKnown, p.facts = base, sha, false, nil
	p.Issue.UpdatedAt = c.clock()
	c.emitIssue(c.actor, p.Issue, "edited", Event{Changes: changes})
	return nil
}

// listPullCommits stops at 250 (GITHUB.md 13).
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

func (c *call) isMerged() (answer, error) {
	p, err := c.pullParam()
	if err != nil || !p.Merged {
		return answer{}, errors.Join(err, errNotFound)
	}
	return noContent(), nil
}

func (c *call) mergePull() (answer, error) {
	p, err := c.pullParam()
	if err != nil {
		return answer{}, err
	}
	var in mergeOrder
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	sha, err := c.merge(c.ctx, c.actor, p, in)
	if err != nil {
		return answer{}, err
	}
	return ok(object{"sha": sha, "merged": true, "message": "Pull Request successfully merged"}), nil
}

// updatePullBranch merges the base into the head.
func (c *call) updatePullBranch() (answer, error) {
	p, err := c.pullParam()
	if err != nil {
		return answer{}, err
	}
	var in struct {
		Expected string `json:"expected_head_sha"`
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	switch {
	case in.Expected != "" && in.Expected != p.HeadSHA:
		return answer{}, refuse(422, "expected head sha didn’t match current head ref.")
	case p.Issue.Closed || p.HeadRepo == nil || !c.canWrite(p.HeadRepo) && !(p.MaintainerCanModify && c.canWrite(c.repo)):
		return answer{}, refuse(403, "The head branch cannot be updated by you.")
	}
	head := *c
	head.repo = p.HeadRepo
	if p.HeadRepo != c.repo {
		if err := p.HeadRepo.git.take(c.ctx, c.repo.git, c.pullBase(p), ""); err != nil {
			return answer{}, err
		}
	}
	message := fmt.Sprintf("Merge branch '%s' into %s", p.BaseRef, p.HeadRef)
	sha, err := head.mergeInto(p.HeadRef, p.HeadSHA, c.pullBase(p), message)
	var r *refusal
	if errors.As(err, &r) && r.status == http.StatusConflict {
		return answer{}, refuse(422, "merge conflict between base and head")
	}
	if err == nil && sha == "" {
		return answer{}, refuse(422, "There are no new commits on the base branch.")
	}
	return accepted(object{"message": "Updating pull request branch.", "url": c.page(c.repo, "/pull/%d", p.Number())}), err
}

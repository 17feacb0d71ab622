package githubsim

import (
	"fmt"
	"strings"
)

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

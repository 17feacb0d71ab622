package githubsim

import (
	"errors"
	"fmt"
	"net/http"
)

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
	case p.Issue.Closed || p.HeadRepo == nil || !c.canWrite(p.HeadRepo) && (!p.MaintainerCanModify || !c.canWrite(c.repo)):
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

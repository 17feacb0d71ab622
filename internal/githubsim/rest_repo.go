package githubsim

import (
	"fmt"
	"os"
	"regexp"
)

func repoRoutes() []route {
	admin := writes(RoleAdmin, "administration")
	admin.archived = true
	fork := admin
	fork.role = RoleRead
	see := reads("metadata")
	see.through = true
	return []route{
		{"GET", "/repos/:owner/:repo", see, (*call).getRepo},
		{"PATCH", "/repos/:owner/:repo", admin, (*call).patchRepo},
		{"DELETE", "/repos/:owner/:repo", admin, (*call).deleteRepo},
		{"GET", "/repos/:owner/:repo/forks", reads("metadata"), (*call).listForks},
		{"POST", "/repos/:owner/:repo/forks", fork, (*call).createFork},
	}
}

func (c *call) getRepo() (answer, error) { return ok(c.wireFullRepo(c.repo)), nil }

func (c *call) listForks() (answer, error) {
	var forks []*Repo
	for _, r := range c.repos {
		if r.Parent == c.repo && sees(c.actor, c.token, r) {
			forks = append(forks, r)
		}
	}
	return list(c, forks, c.wireRepo), nil
}

// repoPatch is what PATCH /repos/{owner}/{repo} may change.
type repoPatch struct {
	Name          *string `json:"name"`
	Description   *string `json:"description"`
	Private       *bool   `json:"private"`
	Archived      *bool   `json:"archived"`
	DefaultBranch *string `json:"default_branch"`
	MergeCommit   *bool   `json:"allow_merge_commit"`
	Squash        *bool   `json:"allow_squash_merge"`
	Rebase        *bool   `json:"allow_rebase_merge"`
	AutoMerge     *bool   `json:"allow_auto_merge"`
	UpdateBranch  *bool   `json:"allow_update_branch"`
	Forking       *bool   `json:"allow_forking"`
	DeleteBranch  *bool   `json:"delete_branch_on_merge"`
	SquashTitle   *string `json:"squash_merge_commit_title"`
	SquashMessage *string `json:"squash_merge_commit_message"`
	MergeTitle    *string `json:"merge_commit_title"`
	MergeMessage  *string `json:"merge_commit_message"`
}

// set takes over a value that was given.
func set[T any](to *T, given *T) {
	if given != nil {
		*to = *given
	}
}

func (p repoPatch) settings(s *Settings) {
	set(&s.AllowMergeCommit, p.MergeCommit)
	set(&s.AllowSquashMerge, p.Squash)
	set(&s.AllowRebaseMerge, p.Rebase)
	set(&s.AllowAutoMerge, p.AutoMerge)
	set(&s.AllowUpdateBranch, p.UpdateBranch)
	set(&s.AllowForking, p.Forking)
	set(&s.DeleteBranchOnMerge, p.DeleteBranch)
	set(&s.SquashTitle, p.SquashTitle)
	set(&s.SquashMessage, p.SquashMessage)
	set(&s.MergeTitle, p.MergeTitle)
	set(&s.MergeMessage, p.MergeMessage)
}

func (c *call) patchRepo() (answer, error) {
	var in repoPatch
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	r := c.repo
	if r.Archived && (in.Archived == nil || *in.Archived) {
		return answer{}, errArchived
	}
	if err := c.checkPatch(in); err != nil {
		return answer{}, err
	}
	in.settings(&r.Settings)
	set(&r.Description, in.Description)
	set(&r.Private, in.Private)
	r.UpdatedAt = c.clock()
	if in.Archived != nil && *in.Archived != r.Archived {
		r.Archived = *in.Archived
		c.emitRepo(map[bool]string{true: "archived", false: "unarchived"}[r.Archived], nil)
	}
	if in.DefaultBranch != nil && *in.DefaultBranch != r.DefaultBranch {
		was := r.DefaultBranch
		r.DefaultBranch = *in.DefaultBranch
		if err := r.git.setHead(r.DefaultBranch); err != nil {
			return answer{}, err
		}
		c.emitRepo("edited", map[string]string{"default_branch": was})
	}
	if in.Name != nil && *in.Name != r.Name {
		if err := c.rename(r, *in.Name); err != nil {
			return answer{}, err
		}
	}
	return ok(c.wireFullRepo(r)), nil
}

var repoName = regexp.MustCompile(`^[A-Za-z0-9._-]{1,100}$`)

// checkPatch refuses before anything changes.
func (c *call) checkPatch(in repoPatch) error {
	if in.DefaultBranch != nil {
		if _, err := c.repo.git.branch(*in.DefaultBranch); err != nil {
			return invalidBecause("Repository", "default_branch", "The branch "+*in.DefaultBranch+" was not found. Please push that ref first or create it via the Git Data API.")
		}
	}
	if in.Name == nil || *in.Name == c.repo.Name {
		return nil
	}
	if !repoName.MatchString(*in.Name) {
		return invalid("Repository", "name", "invalid")
	}
	if other, former := c.findRepo(c.repo.Owner.Login, *in.Name); other != nil && other != c.repo && !former {
		return invalidBecause("Repository", "name", "name already exists on this account")
	}
	return nil
}

func (c *call) emitRepo(action string, changes map[string]string) {
	c.emit(Event{Name: "repository", Action: action, Actor: c.actor, Repo: c.repo, Changes: changes})
}

// rename gives the repository another name; the former one leads to it from now on.
func (c *call) rename(r *Repo, name string) error {
	was, to := r.Name, c.gitPath(r.Owner.Login, name)
	r.git.close()
	if err := os.Rename(r.git.path, to); err != nil {
		return fmt.Errorf("cannot rename the repository's folder: %w", err)
	}
	r.formerNames = append(r.formerNames, r.FullName())
	r.Name, r.git.path = name, to
	for _, f := range c.repos {
		if f.Parent == r {
			f.git.close()
			if err := f.git.borrow(r.git); err != nil {
				return err
			}
		}
	}
	c.emitRepo("renamed", map[string]string{"name": was})
	return nil
}

package githubsim

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

func repoRoutes() []route {
	admin := writes(RoleAdmin, "administration")
	admin.archived = true
	fork := admin
	fork.role = RoleRead
	return []route{
		{"GET", "/repos/:owner/:repo", reads("metadata"), (*call).getRepo},
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

// deleteRepo removes a repository. Its forks stay, with their own copies of the objects, and
// its pull requests elsewhere lose their head repository.
func (c *call) deleteRepo() (answer, error) {
	r := c.repo
	for _, f := range c.repos {
		if f.Parent != r {
			continue
		}
		if err := f.git.standAlone(c.ctx); err != nil {
			return answer{}, err
		}
		f.Parent = r.Parent
	}
	c.emitRepo("deleted", nil)
	for n, x := range c.repos {
		if x == r {
			c.GitHub.repos = append(c.repos[:n:n], c.repos[n+1:]...)
			break
		}
	}
	for _, p := range c.openPulls(func(p *Pull) bool { return p.HeadRepo == r }) {
		c.closeIssue(c.actor, p.Issue, closing{})
	}
	for _, other := range c.repos {
		for _, i := range other.Issues {
			if i != nil && i.Pull != nil && i.Pull.HeadRepo == r {
				i.Pull.HeadRepo = nil
			}
		}
	}
	c.dropFromInstallations(r)
	r.git.close()
	return noContent(), os.RemoveAll(r.git.path)
}

// dropFromInstallations takes a deleted repository out of every selection.
func (g *GitHub) dropFromInstallations(r *Repo) {
	for _, i := range g.installations {
		for n, x := range i.Repos {
			if x == r {
				i.Repos = append(i.Repos[:n:n], i.Repos[n+1:]...)
				break
			}
		}
	}
}

// standAlone copies all that the repository borrows.
func (d *gitDir) standAlone(ctx context.Context) error {
	if _, err := d.run(ctx, "repack", "-a", "-d", "-q"); err != nil {
		return err
	}
	d.close()
	return os.Remove(filepath.Join(d.path, "objects/info/alternates"))
}

// createFork makes a fork at once; GitHub does it soon, and answers 202.
func (c *call) createFork() (answer, error) {
	var in struct {
		Organization string `json:"organization"`
		Name         string `json:"name"`
		DefaultOnly  bool   `json:"default_branch_only"`
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	owner := c.actor.User
	if in.Organization != "" {
		owner = c.user(in.Organization)
	}
	switch {
	case owner == nil || owner != c.actor.User && (&Repo{Owner: owner}).role(c.actor.User) < RoleRead:
		return answer{}, errNotFound
	case owner.Type == TypeBot || owner == c.repo.Owner:
		return answer{}, refuse(403, "You cannot fork this repository to the account that owns it.")
	case !c.repo.Settings.AllowForking:
		return answer{}, refuse(403, "Forking is disabled for this repository.")
	}
	if in.Name == "" {
		in.Name = c.repo.Name
	}
	for _, r := range c.repos {
		if r.Owner == owner && r.Parent == c.repo {
			return accepted(c.wireFullRepo(r)), nil
		}
	}
	fork, err := c.fork(c.repo, owner, in.Name, in.DefaultOnly)
	if err != nil {
		return answer{}, err
	}
	return accepted(c.wireFullRepo(fork)), nil
}

// fork makes a repository with the branches and tags of another.
func (c *call) fork(of *Repo, owner *User, name string, defaultOnly bool) (*Repo, error) {
	f, err := c.addRepo(owner, name, of.DefaultBranch)
	if err != nil {
		return nil, invalidBecause("Repository", "name", err.Error())
	}
	f.Parent, f.Private, f.Description, f.Settings = of, of.Private, of.Description, of.Settings
	if err := f.git.borrow(of.git); err != nil {
		return nil, err
	}
	var changes []refChange
	for _, prefix := range []string{"refs/heads/", "refs/tags/"} {
		refs, err := of.git.refs(c.ctx, prefix)
		if err != nil {
			return nil, err
		}
		for _, x := range refs {
			if defaultOnly && strings.HasPrefix(x.Name, "refs/heads/") && x.Name != "refs/heads/"+of.DefaultBranch {
				continue
			}
			changes = append(changes, refChange{Ref: x.Name, New: x.SHA})
		}
	}
	return f, f.git.updateRefs(c.ctx, changes...)
}

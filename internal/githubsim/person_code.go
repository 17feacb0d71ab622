package githubsim

import (
	"context"
	"net/http"
)

// branchTip is the part of a branch that committing needs.
type branchTip struct {
	Commit struct {
		SHA    string `json:"sha"`
		Commit struct {
			Tree struct {
				SHA string `json:"sha"`
			} `json:"tree"`
		} `json:"commit"`
	} `json:"commit"`
}

// tip reads a branch.
func (p *Person) tip(ctx context.Context, repo, branch string) (branchTip, error) {
	var t branchTip
	err := p.Do(ctx, http.MethodGet, "/repos/"+repo+"/branches/"+escapeName(branch), nil, &t)
	return t, err
}

// Branch makes a branch at the tip of another (or at a commit id).
func (p *Person) Branch(ctx context.Context, repo, branch, from string) error {
	sha := from
	if !isSHA(from) {
		t, err := p.tip(ctx, repo, from)
		if err != nil {
			return err
		}
		sha = t.Commit.SHA
	}
	_, err := p.make(ctx, object{"ref": "refs/heads/" + branch, "sha": sha}, "/repos/%s/git/refs", repo)
	return err
}

// Commit adds a commit to a branch that exists and gives its id. Files are whole contents by
// path.
func (p *Person) Commit(ctx context.Context, repo, branch, message string, files map[string]string) (string, error) {
	var entries []object
	for path, content := range files {
		entries = append(entries, object{"path": path, "mode": modeFile, "type": "blob", "content": content})
	}
	return p.commit(ctx, repo, branch, message, entries)
}

// DeleteFile adds a commit that removes a file.
func (p *Person) DeleteFile(ctx context.Context, repo, branch, message, path string) (string, error) {
	return p.commit(ctx, repo, branch, message, []object{{"path": path, "mode": modeFile, "type": "blob", "sha": nil}})
}

func (p *Person) commit(ctx context.Context, repo, branch, message string, entries []object) (string, error) {
	t, err := p.tip(ctx, repo, branch)
	if err != nil {
		return "", err
	}
	tree, err := p.make(ctx, object{"base_tree": t.Commit.Commit.Tree.SHA, "tree": entries}, "/repos/%s/git/trees", repo)
	if err != nil {
		return "", err
	}
	made, err := p.make(ctx, object{"message": message, "tree": tree.SHA, "parents": []string{t.Commit.SHA}}, "/repos/%s/git/commits", repo)
	if err != nil {
		return "", err
	}
	return made.SHA, p.change(ctx, object{"sha": made.SHA}, "/repos/%s/git/refs/%s", repo, escapeName("heads/"+branch))
}

// ForceBranch moves a branch to any commit.
func (p *Person) ForceBranch(ctx context.Context, repo, branch, sha string) error {
	return p.change(ctx, object{"sha": sha, "force": true}, "/repos/%s/git/refs/%s", repo, escapeName("heads/"+branch))
}

// DeleteBranch deletes a branch.
func (p *Person) DeleteBranch(ctx context.Context, repo, branch string) error {
	return p.Do(ctx, http.MethodDelete, "/repos/"+repo+"/git/refs/"+escapeName("heads/"+branch), nil, nil)
}

// CreateTag makes an annotated tag (with a message) or a lightweight one (without) on a
// commit.
func (p *Person) CreateTag(ctx context.Context, repo, tag, sha, message string) error {
	if message != "" {
		made, err := p.make(ctx, object{"tag": tag, "message": message, "object": sha, "type": "commit"}, "/repos/%s/git/tags", repo)
		if err != nil {
			return err
		}
		sha = made.SHA
	}
	_, err := p.make(ctx, object{"ref": "refs/tags/" + tag, "sha": sha}, "/repos/%s/git/refs", repo)
	return err
}

// DeleteTag deletes a tag.
func (p *Person) DeleteTag(ctx context.Context, repo, tag string) error {
	return p.Do(ctx, http.MethodDelete, "/repos/"+repo+"/git/refs/"+escapeName("tags/"+tag), nil, nil)
}

// Fork forks a repository into the person's own account and gives the fork's full name.
func (p *Person) Fork(ctx context.Context, repo string) (string, error) {
	var out struct {
		FullName string `json:"full_name"`
	}
	err := p.Do(ctx, http.MethodPost, "/repos/"+repo+"/forks", object{}, &out)
	return out.FullName, err
}

// DeployStatus says how a deployment goes: "queued", "pending", "in_progress", "success",
// "failure", "error" or "inactive".
func (p *Person) DeployStatus(ctx context.Context, repo string, deployment int64, state string) error {
	_, err := p.make(ctx, object{"state": state}, "/repos/%s/deployments/%d/statuses", repo, deployment)
	return err
}

// Edit changes settings of a repository: the keys of PATCH /repos/{owner}/{repo}.
func (p *Person) Edit(ctx context.Context, repo string, settings map[string]any) error {
	return p.change(ctx, settings, "/repos/%s", repo)
}

// DeleteRepo deletes a repository.
func (p *Person) DeleteRepo(ctx context.Context, repo string) error {
	return p.Do(ctx, http.MethodDelete, "/repos/"+repo, nil, nil)
}

// SetPermission gives somebody a role ("admin", "maintain", "push", "triage", "pull").
func (p *Person) SetPermission(ctx context.Context, repo, login, role string) error {
	return p.Do(ctx, http.MethodPut, "/repos/"+repo+"/collaborators/"+escapeName(login), object{"permission": role}, nil)
}

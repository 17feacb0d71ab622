package githubsim

import (
	"context"
	"slices"
	"strings"
)

// maxPushCommits is how many commits a push event lists at most (docs, push: 2048).
const maxPushCommits = 2048

func (g *GitHub) pushBody(e Event) object {
	r := e.Repo
	list := g.pushedCommits(e)
	commits := []object{}
	for _, c := range list {
		commits = append(commits, g.hookCommit(r, c))
	}
	body := object{
		"ref": e.Ref, "before": e.Before, "after": e.After, "base_ref": nil, "commits": commits, "head_commit": nil,
		"created": e.Before == zeroSHA, "deleted": e.After == zeroSHA, "forced": e.Forced,
		"compare": g.compareURL(e), "pusher": object{"name": e.Actor.User.Login, "email": e.Actor.User.Email},
		"repository": g.pushRepo(r),
	}
	if e.After != zeroSHA {
		if c, err := r.git.commit(e.After); err == nil {
			body["head_commit"] = g.hookCommit(r, pushedCommit{commit: c, distinct: len(list) > 0})
		}
	}
	return body
}

// pushRepo is the repository as push events have it: with numbers for two of its times.
func (g *GitHub) pushRepo(r *Repo) object {
	o := g.wireRepo(r)
	o["created_at"], o["pushed_at"] = r.CreatedAt.Unix(), r.PushedAt.Unix()
	o["stargazers"], o["master_branch"] = 0, r.DefaultBranch
	owner := g.wireUser(r.Owner)
	owner["name"], owner["email"] = r.Owner.Login, r.Owner.Email
	o["owner"] = owner
	if r.Owner.Type == TypeOrganization {
		o["organization"] = r.Owner.Login
	}
	return o
}

func (g *GitHub) compareURL(e Event) string {
	if e.Before == zeroSHA {
		return g.page(e.Repo, "/commit/%s", e.After[:12])
	}
	return g.page(e.Repo, "/compare/%s...%s", e.Before[:12], e.After[:12])
}

// pushedCommit is a commit of a push; distinct tells that no other branch has it.
type pushedCommit struct {
	commit
	distinct                 bool
	added, removed, modified []string
}

// pushedCommits lists the commits that a push brought, oldest first. A new branch brings what
// no other branch has; a tag brings none.
func (g *GitHub) pushedCommits(e Event) []pushedCommit {
	branch, isBranch := strings.CutPrefix(e.Ref, "refs/heads/")
	if !isBranch || e.After == zeroSHA {
		return nil
	}
	ctx, git := context.Background(), e.Repo.git
	args := []string{"--exclude=" + branch, "--branches"}
	distinct, err := git.namesOfCommits(ctx, append([]string{e.After, "--not"}, args...)...)
	if err != nil {
		return nil
	}
	all := distinct
	if e.Before != zeroSHA {
		if all, err = git.namesOfCommits(ctx, e.After, "^"+e.Before); err != nil {
			return nil
		}
	}
	isDistinct := map[string]bool{}
	for _, c := range distinct {
		isDistinct[c.SHA] = true
	}
	for n := range all {
		all[n].distinct = isDistinct[all[n].SHA]
	}
	return all
}

// namesOfCommits lists the commits of a range, oldest first, with the files that each touches.
// A merge touches none, as GitHub has it.
func (d *gitDir) namesOfCommits(ctx context.Context, args ...string) ([]pushedCommit, error) {
	log := append([]string{"log", "--no-renames", "--name-status", "-z", "--format=%x01%H%x00",
		"--max-count=" + itoa(maxPushCommits)}, args...)
	out, err := d.run(ctx, append(log, "--")...)
	if err != nil {
		return nil, err
	}
	var list []pushedCommit
	for _, part := range strings.Split(out, "\x01")[1:] {
		fields := strings.Split(part, "\x00")
		c, err := d.commit(fields[0])
		if err != nil {
			return nil, err
		}
		p := pushedCommit{commit: c}
		p.files(fields[1:])
		list = append(list, p)
	}
	slices.Reverse(list)
	return list, nil
}

// files reads pairs of a status letter and a path.
func (p *pushedCommit) files(fields []string) {
	for n := 0; n+1 < len(fields); n++ {
		into := &p.modified
		switch strings.TrimSpace(fields[n]) {
		case "":
			continue
		case "A":
			into = &p.added
		case "D":
			into = &p.removed
		}
		n++
		*into = append(*into, fields[n])
	}
}

// hookCommit is a commit of a push.
func (g *GitHub) hookCommit(r *Repo, c pushedCommit) object {
	return object{
		"id": c.SHA, "tree_id": c.Tree, "distinct": c.distinct, "message": trimmed(c.Message),
		"timestamp": c.Committer.When.Format("2006-01-02T15:04:05Z07:00"), "url": g.page(r, "/commit/%s", c.SHA),
		"author": g.hookIdent(c.Author), "committer": g.hookIdent(c.Committer),
		"added": nonNil(c.added), "removed": nonNil(c.removed), "modified": nonNil(c.modified),
	}
}

func (g *GitHub) hookIdent(i ident) object {
	o := object{"name": i.Name, "email": i.Email}
	if u := g.userByEmail(i.Email); u != nil {
		o["username"] = u.Login
	}
	return o
}

// refKind splits a ref into the words of create and delete.
func refKind(name string) (kind, short string) {
	if t, ok := strings.CutPrefix(name, "refs/tags/"); ok {
		return "tag", t
	}
	return "branch", strings.TrimPrefix(name, "refs/heads/")
}

func (g *GitHub) createBody(e Event) object {
	body := g.deleteBody(e)
	body["master_branch"], body["description"] = e.Repo.DefaultBranch, orNull(e.Repo.Description)
	return body
}

func (g *GitHub) deleteBody(e Event) object {
	kind, short := refKind(e.Ref)
	return object{"ref": short, "ref_type": kind, "pusher_type": "user"}
}

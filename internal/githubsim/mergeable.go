package githubsim

import (
	"context"
	"errors"
)

// pullFacts is what git says of a pull request; it is asked once after each change.
type pullFacts struct {
	commits []string // oldest first
	files   []fileChange
}

// work gives the facts of a pull request.
func (g *GitHub) work(p *Pull) *pullFacts {
	if p.facts != nil {
		return p.facts
	}
	ctx, git := context.Background(), p.Repo().git
	base, f := g.pullBase(p), &pullFacts{}
	p.facts = f
	var err error
	if f.commits, err = git.log(ctx, "--reverse", "--topo-order", p.HeadSHA, "^"+base); err != nil {
		return f
	}
	from, err := git.mergeBase(ctx, base, p.HeadSHA)
	if err != nil {
		return f
	}
	if from == "" {
		from = base
	}
	f.files, _ = git.diff(ctx, from, p.HeadSHA)
	return f
}

// pullBase is the commit that a pull request is compared with: the base branch's tip while it
// is open, what that was after.
func (g *GitHub) pullBase(p *Pull) string {
	if p.Issue.Closed {
		return p.BaseSHA
	}
	tip, err := p.Repo().git.branch(p.BaseRef)
	if err != nil {
		return p.BaseSHA
	}
	return tip
}

// pullCommits lists the commits of a pull request, oldest first.
func (g *GitHub) pullCommits(p *Pull) []string { return g.work(p).commits }

// pullSize counts lines and files.
func (g *GitHub) pullSize(p *Pull) (added, deleted, files int) {
	for _, f := range g.work(p).files {
		added, deleted = added+f.Added, deleted+f.Deleted
	}
	return added, deleted, len(g.work(p).files)
}

// webFlow is who commits what is merged on the website.
func (g *GitHub) webFlow() ident {
	return ident{Name: "GitHub", Email: "noreply@github.com", When: g.clock()}
}

// person is an account as author or committer, now.
func (g *GitHub) person(u *User) ident {
	name := u.Name
	if name == "" {
		name = u.Login
	}
	return ident{Name: name, Email: u.Email, When: g.clock()}
}

// manyCommits is how long a pull request may be for rebaseable to be worked out by a read.
const manyCommits = 50

// workOut makes the test merge of a pull request: whether it can be merged, and the commit
// at refs/pull/N/merge, which is merge_commit_sha until the real merge.
func (g *GitHub) workOut(ctx context.Context, p *Pull) error {
	if p.mergeKnown || p.Issue.Closed {
		return nil
	}
	git, base := p.Repo().git, g.pullBase(p)
	name := "refs/pull/" + itoa(int64(p.Number())) + "/merge"
	tree, err := git.mergeTree(ctx, base, p.HeadSHA)
	if errors.Is(err, errConflict) {
		p.mergeKnown, p.mergeable, p.rebaseable, p.MergeCommitSHA = true, false, false, ""
		if _, err := git.ref(name); missing(err) {
			return nil
		}
		return git.updateRefs(ctx, refChange{Ref: name, New: zeroSHA})
	}
	if err != nil {
		return err
	}
	sha, err := git.writeCommit(commit{
		Tree: tree, Parents: []string{base, p.HeadSHA}, Author: g.person(p.Issue.User), Committer: g.webFlow(),
		Message: "Merge " + p.HeadSHA + " into " + base,
	})
	if err != nil {
		return err
	}
	p.mergeKnown, p.mergeable, p.MergeCommitSHA = true, true, sha
	p.rebaseable = g.rebases(ctx, p, base)
	return git.updateRefs(ctx, refChange{Ref: name, New: sha})
}

// rebases tells whether a rebase would go through; nil for a pull request too long to try.
func (g *GitHub) rebases(ctx context.Context, p *Pull, base string) any {
	if len(g.pullCommits(p)) > manyCommits {
		return nil
	}
	_, err := p.Repo().git.rebase(ctx, base, p.HeadSHA, g.webFlow())
	return err == nil
}

// mergeableState is the word for what stands in the way of a merge.
func (g *GitHub) mergeableState(p *Pull) string {
	switch {
	case !p.mergeable:
		return "dirty"
	case p.Draft:
		return "draft"
	case len(g.blocked(p)) > 0:
		return "blocked"
	case p.Repo().failing(p.HeadSHA):
		return "unstable"
	}
	return "clean"
}

// blocked lists the required checks that keep a pull request from merging.
func (g *GitHub) blocked(p *Pull) []violation {
	return g.unchecked(p.Repo(), p.BaseRef, p.HeadSHA)
}

// unchecked lists the checks that a branch requires and a commit lacks.
func (g *GitHub) unchecked(r *Repo, branch, sha string) []violation {
	var list []violation
	for _, rule := range r.rulesFor(Actor{}, "refs/heads/"+branch) {
		if rule.Type != "required_status_checks" {
			continue
		}
		if text := missingChecks(r, sha, rule.Rule); text != "" {
			list = append(list, violation{rule: rule.Rule, text: text})
		}
	}
	return list
}

// failing tells whether a check or status of the commit did not go well or is not done.
func (r *Repo) failing(sha string) bool {
	for _, k := range r.CheckRuns {
		if k.Suite.HeadSHA == sha && r.latest(k) && !r.succeeded(sha, k.Name) {
			return true
		}
	}
	for _, s := range r.Statuses {
		if s.SHA == sha && !r.succeeded(sha, s.Context) {
			return true
		}
	}
	return false
}

// latest tells whether no newer run of the same suite has the same name.
func (r *Repo) latest(k *CheckRun) bool {
	for _, other := range r.CheckRuns {
		if other.Suite == k.Suite && other.Name == k.Name && other.ID > k.ID {
			return false
		}
	}
	return true
}

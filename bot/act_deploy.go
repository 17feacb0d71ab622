package bot

import (
	"context"
	"fmt"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
	"github.com/hotfixbot/hotfixbot/internal/render"
)

// promote moves an environment's branch forward to a release, if it still stands
// where it was seen. It is a fast-forward: nothing of the branch is lost.
func (r *run) promote(ctx context.Context, a hotfix.Promote) error {
	if err := r.git.Push(ctx, "refs/heads/"+a.Environment.Branch, a.To, a.From); err != nil {
		return err
	}
	r.lookSoon()
	r.snap.Branches[a.Environment.Branch] = a.To
	for i := range r.snap.Environments {
		if env := &r.snap.Environments[i]; env.Branch == a.Environment.Branch {
			env.Tip = a.To
		}
	}
	for i := range r.snap.Hotfixes { // those before it on the landing branch came along
		before := &r.snap.Hotfixes[i]
		if stage := before.Stage(a.Environment.Branch); stage != nil {
			stage.Reached, stage.Environment.Tip = true, a.To
		}
		if before.Pull.Number == a.Pull {
			break
		}
	}
	return r.retell(ctx, a.Environment.Branch)
}

// openPromotion opens the pull request that brings a release to an environment
// which cannot be fast-forwarded. Its branch stands at the release itself.
func (r *run) openPromotion(ctx context.Context, a hotfix.OpenPromotion) error {
	h := r.snap.Find(a.Pull)
	branch := naming.Promotion(a.Environment, a.Tag)
	if tip := r.snap.Branches[branch]; tip != "" && tip != a.Commit {
		return render.BranchTaken(branch, tip, a) // somebody else's: never written over
	}
	if err := r.git.Fetch(ctx, a.Commit); err != nil {
		return err
	}
	if err := r.git.Push(ctx, "refs/heads/"+branch, a.Commit, ""); err != nil {
		return err
	}
	pull, err := r.openOwn(ctx, hotfix.NewPull{
		Head: branch, Base: a.Environment.Branch, Title: render.PromotionTitle(a.Tags, a.Environment),
		Body: render.PromotionBody(h.Pull, h.Issue, a),
	}, false)
	if err != nil {
		return err
	}
	r.snap.Branches[branch] = a.Commit
	for i := range r.snap.Hotfixes {
		if h := &r.snap.Hotfixes[i]; tagName(h) == a.Tag {
			stage := h.Stage(a.Environment.Branch)
			stage.Promotion, stage.Own = &pull, true
		}
	}
	return nil
}

// recordDeployment records on GitHub where a release runs.
func (r *run) recordDeployment(ctx context.Context, a hotfix.RecordDeployment) error {
	return r.once(ctx, a.Key(), func() error {
		made, err := r.CreateDeployment(ctx, a.Tag, a.Environment.Name, render.DeploymentText(a.Pull, a.Tag))
		if err != nil {
			return fmt.Errorf("record deployment: %w", err)
		}
		stage := r.snap.Find(a.Pull).Stage(a.Environment.Branch)
		stage.Deployments = append(stage.Deployments, made)
		return nil
	})
}

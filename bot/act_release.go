package bot

import (
	"context"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/render"
)

// createTag writes the annotated tag and pushes it create-only: a tag never
// moves. The object is the same however often it is written.
func (r *run) createTag(ctx context.Context, a hotfix.CreateTag) error {
	h := r.snap.Find(a.Pull)
	if err := r.git.Fetch(ctx, a.Commit); err != nil {
		return err
	}
	tag, err := r.git.Tag(ctx, a.Name, a.Commit, render.TagMessage(h.Pull, a.Version.String()), r.stamp(h.Pull))
	if err != nil {
		return err
	}
	if err := r.git.Push(ctx, "refs/tags/"+a.Name, tag.Object, ""); err != nil {
		return err
	}
	release := hotfix.ReleaseTag{Tag: tag, Prefix: a.Prefix, Version: a.Version}
	r.snap.Tags[a.Name] = tag
	r.snap.Releases = append(r.snap.Releases, release)
	for i := range r.snap.Hotfixes { // it holds those before it on the landing branch, too
		if before := &r.snap.Hotfixes[i]; before.Holding == nil {
			before.Holding = &release
		}
		if r.snap.Hotfixes[i].Pull.Number == a.Pull {
			break
		}
	}
	r.retell(h)
	return nil
}

// retell brings the landing environment's version up to date after a tag was
// made on its branch. The tree of the landing commit decides the mark.
func (r *run) retell(h *hotfix.Hotfix) {
	for i := range r.snap.Environments {
		env := &r.snap.Environments[i]
		if env.Branch != h.Pull.Base {
			continue
		}
		env.Version, env.Tag, env.Mark = h.Holding.Version.String(), h.Holding.Name, ""
		if env.Tip != h.Landing.Commit {
			env.Mark = "+"
		}
	}
}

// startBranch makes a hotfix branch where Production runs.
func (r *run) startBranch(ctx context.Context, a hotfix.StartBranch) error {
	if err := r.git.Fetch(ctx, a.Commit); err != nil {
		return err
	}
	if err := r.git.Push(ctx, "refs/heads/"+a.Branch, a.Commit, ""); err != nil {
		return err
	}
	r.snap.Branches[a.Branch] = a.Commit
	return nil
}

func (r *run) createRelease(ctx context.Context, a hotfix.CreateRelease) error {
	release, err := r.CreateRelease(ctx, a.Tag, a.Latest)
	if err != nil {
		return err
	}
	r.snap.Find(a.Pull).Release = &release
	return nil
}

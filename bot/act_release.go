package bot

import (
	"context"
	"slices"

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
	release := hotfix.ReleaseTag{Tag: tag, Application: a.Application, Prefix: a.Prefix, Version: a.Version}
	r.snap.Tags[a.Name], r.tagged[a.Name] = tag, true
	r.addRelease(release)
	for i := range r.snap.Hotfixes { // it holds those before it on the landing branch, too
		if before := r.snap.Hotfixes[i].Line(a.Application); before != nil && before.Holding == nil {
			before.Holding = &release
		}
		if r.snap.Hotfixes[i].Pull.Number == a.Pull {
			break
		}
	}
	return r.retell(ctx, h.Pull.Base)
}

// addRelease puts a new release among the others, below those that are higher.
func (r *run) addRelease(release hotfix.ReleaseTag) {
	list := r.snap.Releases
	at := slices.IndexFunc(list, func(other hotfix.ReleaseTag) bool {
		return other.Application == release.Application && other.Version.Compare(release.Version) > 0
	})
	if at < 0 {
		at = len(list)
	}
	r.snap.Releases = slices.Insert(list, at, release)
}

// retell brings what an environment runs up to date after a tag was made on its
// branch or its branch was moved.
func (r *run) retell(ctx context.Context, branch string) error {
	for i := range r.snap.Environments {
		env := &r.snap.Environments[i]
		if env.Branch != branch {
			continue
		}
		if err := r.git.Fetch(ctx, env.Tip); err != nil {
			return err
		}
		if err := r.observeRuns(ctx, env, maxLines); err != nil {
			return err
		}
	}
	return nil
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
	if a.Latest {
		r.snap.Latest = &release
	}
	for i := range r.snap.Hotfixes { // one release may hold several hotfixes
		for j, line := range r.snap.Hotfixes[i].Lines {
			if line.Holding != nil && line.Holding.Name == a.Tag {
				r.snap.Hotfixes[i].Lines[j].Release = &release
			}
		}
	}
	return nil
}

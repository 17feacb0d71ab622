package bot

import (
	"context"
	"fmt"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// maxTagsAsked bounds how many release tags are compared with one commit. The
// tag looked for is nearly always the highest or the second highest.
const maxTagsAsked = 60

// observeEnvironments reads what each environment runs.
func (r *run) observeEnvironments(ctx context.Context) error {
	var wanted []hotfix.OID
	for _, env := range r.snap.Config.Environments {
		state := hotfix.EnvironmentState{Environment: env, Tip: r.snap.Branches[env.Branch]}
		state.Absent = state.Tip == ""
		if !state.Absent {
			wanted = append(wanted, state.Tip)
		}
		r.snap.Environments = append(r.snap.Environments, state)
	}
	if err := r.git.Fetch(ctx, wanted...); err != nil {
		return fmt.Errorf("fetch environments: %w", err)
	}
	for i := range r.snap.Environments {
		if err := r.observeVersion(ctx, &r.snap.Environments[i]); err != nil {
			return err
		}
	}
	return nil
}

// observeVersion finds the highest release that the environment's branch
// reaches, or whose tree equals its tree.
func (r *run) observeVersion(ctx context.Context, env *hotfix.EnvironmentState) error {
	if env.Absent {
		return nil
	}
	tip, err := r.git.Commit(ctx, env.Tip)
	if err != nil {
		return fmt.Errorf("read tip of %s: %w", env.Branch, err)
	}
	env.Tree = tip.Tree
	for _, release := range r.candidates() {
		relation, err := r.relation(ctx, release.Commit, env.Tip)
		if err != nil {
			return err
		}
		tree, err := r.tree(ctx, release.Commit)
		if err != nil {
			return err
		}
		if relation != hotfix.Ancestor && relation != hotfix.Identical && tree != env.Tree {
			continue
		}
		env.Version, env.Tag = release.Version.String(), release.Name
		if tree != env.Tree {
			env.Mark = "+"
		}
		return nil
	}
	return nil
}

// candidates are the releases, highest first, pre-releases left out.
func (r *run) candidates() []hotfix.ReleaseTag {
	var list []hotfix.ReleaseTag
	for i := len(r.snap.Releases) - 1; i >= 0 && len(list) < maxTagsAsked; i-- {
		if r.snap.Releases[i].Version.Pre == "" {
			list = append(list, r.snap.Releases[i])
		}
	}
	return list
}

// observeLine finds the release that a landing commit descends from and the
// lowest release that contains it already (P4).
func (r *run) observeLine(ctx context.Context, h *hotfix.Hotfix) error {
	for _, release := range r.candidates() {
		relation, err := r.relation(ctx, release.Commit, h.Landing.Commit)
		if err != nil {
			return err
		}
		switch relation {
		case hotfix.Identical, hotfix.Descendant:
			h.Holding = &release // going down: the last one seen is the lowest
		case hotfix.Ancestor:
			h.Base = &release
			return nil
		}
	}
	return nil
}

// relation asks how two commits stand to each other. That never changes, so it
// is asked once.
func (r *run) relation(ctx context.Context, a, b hotfix.OID) (hotfix.Relation, error) {
	answer, _, err := r.compare(ctx, a, b)
	return answer, err
}

// comparison is a remembered answer of Forge.Relation.
type comparison struct {
	Relation hotfix.Relation `json:"relation"`
	Base     hotfix.OID      `json:"base"`
}

func (r *run) compare(ctx context.Context, a, b hotfix.OID) (hotfix.Relation, hotfix.OID, error) {
	if a == b {
		return hotfix.Identical, a, nil
	}
	fact, known := fmt.Sprintf("relation/%s/%s", a, b), comparison{}
	if ok, err := r.ledger.Recall(ctx, r.About().ID, fact, &known); err != nil || ok {
		return known.Relation, known.Base, err
	}
	relation, base, err := r.Relation(ctx, a, b)
	if err != nil {
		return "", "", fmt.Errorf("compare %s with %s: %w", a.Short(), b.Short(), err)
	}
	known = comparison{Relation: relation, Base: base}
	return relation, base, r.ledger.Remember(ctx, r.About().ID, fact, known)
}

// tree is the tree of a commit, asked once.
func (r *run) tree(ctx context.Context, commit hotfix.OID) (hotfix.OID, error) {
	var tree hotfix.OID
	fact := fmt.Sprintf("tree/%s", commit)
	if ok, err := r.ledger.Recall(ctx, r.About().ID, fact, &tree); err != nil || ok {
		return tree, err
	}
	read, err := r.git.Commit(ctx, commit)
	if err != nil {
		return "", fmt.Errorf("read commit %s: %w", commit.Short(), err)
	}
	return read.Tree, r.ledger.Remember(ctx, r.About().ID, fact, read.Tree)
}

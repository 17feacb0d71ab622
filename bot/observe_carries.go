package bot

import (
	"context"
	"fmt"
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/repoconfig"
)

// source is where the commits for an environment come from: the landing
// environment, or, in chain order, what the environment before it merged (P7).
type source struct {
	landing hotfix.Landing
	from    string // the environment; empty: the landing one
	pull    int    // its merged backport
}

// carries works out what an environment gets of a hotfix. A person's choice comes
// first and is made from the hotfix itself; then the source, without what the path
// policies keep out (P13, P14).
func carries(s *hotfix.Snapshot, h *hotfix.Hotfix, src source, choice hotfix.Choice, chosen bool) hotfix.Carries {
	landing := src.landing
	c := hotfix.Carries{From: src.from, FromPull: src.pull}
	if chosen {
		landing, c.From, c.FromPull = h.Landing, "", 0
		landing.Picks = choosable(h, choice)
	}
	keep := matching(s.Config, "keep-target", landing.Paths)
	c.Picks = hotfix.Without(choice.Only(landing.Picks), keep)
	c.Union = matching(s.Config, "union", landing.Paths)
	if out := unproved(s, landing.Paths, choice); len(out) > 0 {
		c.Proof = hotfix.Without(c.Picks, out)
	}
	for _, path := range landing.Paths {
		if !choice.Takes(path) || slices.Contains(keep, path) {
			c.LeftOut = append(c.LeftOut, path)
		}
	}
	for _, p := range landing.Picks {
		if len(choice.Commits) > 0 && !slices.Contains(choice.Commits, p.Commit) {
			c.LeftOut = append(c.LeftOut, p.Commit.Short())
		}
	}
	return c
}

// unproved are the paths that prove nothing: those that are to be ignored, and those
// whose lines stand wherever the environment put them, unless there are no others.
func unproved(s *hotfix.Snapshot, paths []string, choice hotfix.Choice) []string {
	ignored, union := matching(s.Config, "ignore-for-proof", paths), matching(s.Config, "union", paths)
	known := slices.Concat(ignored, union, matching(s.Config, "keep-target", paths))
	if slices.ContainsFunc(paths, func(path string) bool { return choice.Takes(path) && !slices.Contains(known, path) }) {
		return slices.Concat(ignored, union)
	}
	return ignored
}

// choosable are the picks of which a choice is one: those that landed, or, where it
// names others, the pull request's own commits.
func choosable(h *hotfix.Hotfix, choice hotfix.Choice) []hotfix.Pick {
	landed := func(commit hotfix.OID) bool {
		return slices.ContainsFunc(h.Landing.Picks, func(p hotfix.Pick) bool { return p.Commit == commit })
	}
	if h.Landing.Unclear == "" && !slices.ContainsFunc(choice.Commits, func(c hotfix.OID) bool { return !landed(c) }) {
		return h.Landing.Picks
	}
	return h.Commits
}

// matching are the paths to which a policy applies. Of several that match a path
// the first one in the file counts.
func matching(cfg hotfix.Config, policy string, paths []string) []string {
	var list []string
	for _, path := range paths {
		i := slices.IndexFunc(cfg.Paths, func(p hotfix.PathPolicy) bool { return repoconfig.MatchesPath(p.Match, path) })
		if i >= 0 && cfg.Paths[i].Policy == policy {
			list = append(list, path)
		}
	}
	return list
}

// observeCarries fills in what a target gets. Before is the target before it in
// the pipeline, looked at already, and the source that it had. A branch that is no
// environment gets the hotfix as it landed, and waits for none.
func (r *run) observeCarries(ctx context.Context, h *hotfix.Hotfix, t *hotfix.Target, before *hotfix.Target, src source) (source, error) {
	waits := ""
	if r.environment(t.Environment.Branch).Branch == "" {
		src = source{landing: h.Landing}
	} else if r.snap.Config.Propagate.Order == "chain" && before != nil {
		var err error
		if src, waits, err = r.chained(ctx, h, before, src); err != nil {
			return src, err
		}
	}
	choice, chosen := lastPick(r.snap, h.Pull.Number, t.Environment.Branch)
	t.Carries = carries(r.snap, h, src, choice, chosen)
	t.Carries.Waits = waits
	return src, nil
}

// chained is the source after an environment in chain order: what it merged,
// where that is all of the hotfix; else the source that it had itself. Waits is
// the environment, while it has not got the hotfix yet.
func (r *run) chained(ctx context.Context, h *hotfix.Hotfix, before *hotfix.Target, src source) (_ source, waits string, err error) {
	st := targetStanding(r.snap, h, before)
	if !st.Verdict.Final() {
		return src, before.Environment.Name, nil
	}
	_, chosen := lastPick(r.snap, h.Pull.Number, before.Environment.Branch)
	if st.Verdict == hotfix.VerdictSkipped || chosen || st.Proof == nil || st.Proof.Pull == 0 {
		return src, "", nil
	}
	if marked, err := r.mergedMarkers(ctx, h, before, st.Proof.Pull); err != nil || marked {
		return src, "", err
	}
	pull, err := r.Pull(ctx, st.Proof.Pull)
	if err != nil {
		return src, "", err
	}
	landing, err := r.landing(ctx, pull)
	if err != nil || landing.Unclear != "" {
		return src, "", err
	}
	return source{landing: landing, from: before.Environment.Name, pull: pull.Number}, "", nil
}

// mergedMarkers reports whether a backport was merged with conflict markers in it,
// which somebody resolved later on: what it brought is not to be carried anywhere.
func (r *run) mergedMarkers(ctx context.Context, h *hotfix.Hotfix, t *hotfix.Target, pull int) (bool, error) {
	for _, a := range t.Attempts {
		if a.Pull == nil || a.Pull.Number != pull || len(a.Marker.Conflicts) == 0 {
			continue
		}
		left, err := r.unresolvedAt(ctx, a.Pull.Landed, &a, a.Marker.Onto, h.Landing.Commit)
		return slices.ContainsFunc(left, func(c hotfix.PathConflict) bool { return c.Markers }), err
	}
	return false, nil
}

// recarry works out anew what the environments get of a hotfix after people were
// answered: by what they picked, and, in chain order, by what they skipped or
// resolved in the environment before.
func (r *run) recarry(ctx context.Context, h *hotfix.Hotfix, a hotfix.Answer) error {
	if !slices.ContainsFunc(a.Granted, func(g hotfix.Granted) bool { return slices.Contains(g.Hotfixes, h.Pull.Number) }) {
		return nil
	}
	src, before := source{landing: h.Landing}, (*hotfix.Target)(nil)
	for i := range h.Targets {
		t := &h.Targets[i]
		was := t.Carries
		var err error
		if src, err = r.observeCarries(ctx, h, t, before, src); err != nil {
			return fmt.Errorf("%s: %w", t.Environment.Name, err)
		}
		before = t
		if slices.EqualFunc(was.Needed(), t.Carries.Needed(), samePick) || t.Environment.Absent || len(t.Carries.Picks) == 0 {
			continue
		}
		if t.Replay, err = r.needed(ctx, h, t); err != nil {
			if err = r.noteRefusal(hotfix.BackportKey(h.Pull.Number, t.Environment.Branch), err); err != nil {
				return err
			}
		}
	}
	return nil
}

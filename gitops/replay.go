package gitops

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"github.com/go-git/go-git/v5/plumbing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Replay makes the picks, one after the other, on top of onto. A pick that
// changes nothing makes no commit; after one that conflicts the series goes on
// upon the tree with conflict markers, so that the last commit holds all of it.
// A conflict always makes a commit, even where git drafts our side unchanged.
// The result is a function of the arguments and the repository's content.
func (j *Job) Replay(ctx context.Context, onto hotfix.OID, wanted hotfix.Series) (hotfix.Replay, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	s, err := j.begin(ctx, onto, wanted)
	if err != nil {
		return hotfix.Replay{}, err
	}
	s.signer = j.engine.settings.Signer
	for _, p := range s.steps {
		if _, err := s.pick(ctx, p); err != nil {
			return hotfix.Replay{}, fmt.Errorf("pick %s onto %s: %w", p.commit.Short(), onto.Short(), err)
		}
	}
	if s.result.Outcome == hotfix.Conflict {
		held, err := s.holdsAll(ctx)
		if held || err != nil {
			return s.contained(), err
		}
	}
	return s.finish(ctx)
}

// series is a replay in the making.
type series struct {
	hotfix.Series
	job    *Job
	steps  []step // one for each of Picks
	signer Signer // nil: the commits are not signed

	onto      hotfix.OID
	tip       hotfix.OID // last commit, at first onto
	parent    commit     // what tip holds
	result    hotfix.Replay
	paths     map[string]bool
	conflicts map[string]bool // the paths of result.Conflicts
}

// begin fetches everything that the series needs: commits in one request, blobs
// in a second one.
func (j *Job) begin(ctx context.Context, onto hotfix.OID, wanted hotfix.Series) (*series, error) {
	if !onto.Valid() {
		return nil, fmt.Errorf("%q is no commit to pick onto", onto)
	}
	if err := j.engine.settings.Limits.checkPicks(len(wanted.Picks)); err != nil {
		return nil, err
	}
	if err := j.loadPicks(ctx, wanted.Picks, onto); err != nil {
		return nil, err
	}
	s := &series{Series: wanted, job: j, onto: onto, tip: onto, parent: j.commits[onto]}
	s.paths, s.conflicts = map[string]bool{}, map[string]bool{}
	s.result = hotfix.Replay{Onto: onto}
	for _, p := range wanted.Picks {
		one, err := j.stepOf(ctx, p)
		if err != nil {
			return nil, err
		}
		s.steps = append(s.steps, one)
	}
	return s, s.prefetch(ctx)
}

// loadPicks fetches and reads the commits of picks, and others, in one request.
func (j *Job) loadPicks(ctx context.Context, picks []hotfix.Pick, others ...hotfix.OID) error {
	ids := slices.Clone(others)
	for _, p := range picks {
		if !p.Commit.Valid() {
			return fmt.Errorf("%q is no commit to pick", p.Commit)
		}
		ids = append(ids, p.Commit, p.Base)
	}
	if err := j.load(ctx, ids...); err != nil {
		return err
	}
	for _, p := range picks {
		if p.Base == "" && len(j.commits[p.Commit].parents) > 0 {
			return fmt.Errorf("commit %s has parents: the pick must name the one to compare with", p.Commit.Short())
		}
	}
	return nil
}

// prefetch brings the blobs of all changed paths, at both ends of each pick and
// at the target, and those of attributes, so that merges and the push need no
// more of them.
func (s *series) prefetch(ctx context.Context) error {
	j, tree := s.job, s.parent.tree
	var blobs []hotfix.OID
	for _, p := range s.steps {
		changes, err := j.diff(ctx, p.trees)
		if err != nil {
			return err
		}
		held, err := j.filesAt(ctx, tree, pathsOf(changes))
		if err != nil {
			return err
		}
		for _, c := range changes {
			s.paths[c.path] = true
			for _, e := range []entry{c.old, c.new, held[c.path]} {
				if e.blob() {
					blobs = append(blobs, e.oid)
				}
			}
		}
		files, err := j.attributesFor(ctx, tree, p.trees)
		if err != nil {
			return err
		}
		blobs = append(blobs, attributeBlobs(files)...)
	}
	return j.fetchBlobs(ctx, blobs)
}

// pick makes one pick and reports what it came to. The attributes are those of
// the tree that it is made on, as in a work tree.
func (s *series) pick(ctx context.Context, p step) (hotfix.Picked, error) {
	m, err := s.merge(ctx, s.parent.tree, p)
	if err != nil {
		return hotfix.Picked{}, err
	}
	source := s.job.commits[p.commit]
	picked := hotfix.Picked{Source: p.commit, Outcome: hotfix.Clean, Subject: subject(source.message)}
	switch {
	case !m.clean:
		picked.Outcome = hotfix.Conflict
		err = s.conflict(ctx, p, m)
	case m.tree == s.parent.tree:
		picked.Outcome = hotfix.Contained
	}
	if err == nil && picked.Outcome != hotfix.Contained {
		picked.Commit, err = s.commit(source, p.commit, m.tree)
	}
	s.result.Commits = append(s.result.Commits, picked)
	return picked, err
}

// merge makes a pick on a tree, with that tree's attributes.
func (s *series) merge(ctx context.Context, ours hotfix.OID, p step) (merged, error) {
	files, err := s.job.attributesFor(ctx, ours, p.trees)
	if err != nil {
		return merged{}, err
	}
	if err := s.job.useAttributes(ctx, files, s.Union); err != nil {
		return merged{}, err
	}
	return s.job.merge(ctx, ours, p, s.Labels)
}

// commit writes the copy of source with a tree and goes on from there.
func (s *series) commit(source commit, id, tree hotfix.OID) (hotfix.OID, error) {
	made := commit{
		tree:      tree,
		parents:   []hotfix.OID{s.tip},
		author:    soundAuthor(source.author),
		committer: committerLine(s.By, s.parent),
		message:   pickMessage(source.message, id, s.By),
	}
	if s.Message != "" {
		made.author, made.message = made.committer, ownMessage(s.Message, s.By)
	}
	if err := made.sign(s.signer); err != nil {
		return "", err
	}
	oid := s.job.writeLater(plumbing.CommitObject, made.encode())
	s.tip, s.parent = oid, made
	s.job.commits[oid], s.job.here[oid] = made, true
	return oid, nil
}

// conflict notes the paths of a conflict, each path once in a series: where it
// arose first.
func (s *series) conflict(ctx context.Context, p step, m merged) error {
	marked, err := s.job.marked(ctx, m.tree, m.unmerged(), m.drafted(), []hotfix.OID{s.parent.tree, p.trees.after})
	if err != nil {
		return err
	}
	list := m.conflicts(p.commit, marked)
	if err := s.tellPointers(ctx, m.tree, list); err != nil {
		return err
	}
	for _, c := range list {
		if !s.conflicts[c.Path] || c.Path == "" {
			s.result.Conflicts = append(s.result.Conflicts, c)
		}
	}
	for _, c := range s.result.Conflicts {
		s.conflicts[c.Path] = true
	}
	s.result.Outcome = hotfix.Conflict
	return nil
}

// tellPointers tells the conflicts between two pointers of Git LFS from those of other
// contents: a pointer mixed from both names a file that nobody has. The first line of
// every pointer is the same (git-lfs, "The pointer").
func (s *series) tellPointers(ctx context.Context, tree hotfix.OID, list []hotfix.PathConflict) error {
	var paths []string
	for _, c := range list {
		if c.Markers && (c.Kind == hotfix.ConflictContent || c.Kind == hotfix.ConflictAddAdd) {
			paths = append(paths, c.Path)
		}
	}
	if len(paths) == 0 {
		return nil
	}
	drafts, err := s.job.contentsAt(ctx, tree, paths)
	if err != nil {
		return err
	}
	for i, c := range list {
		if slices.Contains(paths, c.Path) && bytes.HasPrefix(drafts[c.Path], []byte("version https://git-lfs.github.com/spec/")) {
			list[i].Kind = hotfix.ConflictLFS
		}
	}
	return nil
}

// finish sums the series up. Markers say what the last tree holds: a later pick
// may have changed or removed what an earlier one left.
func (s *series) finish(ctx context.Context) (hotfix.Replay, error) {
	r := &s.result
	r.Tree = s.parent.tree
	for name := range s.paths {
		r.Paths = append(r.Paths, name)
	}
	slices.Sort(r.Paths)
	switch {
	case r.Outcome == hotfix.Conflict:
		r.Tip = s.tip
		return *r, s.recheckMarkers(ctx)
	case r.Tree == s.job.commits[s.onto].tree:
		r.Outcome = hotfix.Contained
	default:
		r.Outcome, r.Tip = hotfix.Clean, s.tip
	}
	return *r, nil
}

func (s *series) recheckMarkers(ctx context.Context) error {
	if len(s.result.Commits) == 1 {
		return nil
	}
	var paths []string
	for _, c := range s.result.Conflicts {
		paths = append(paths, c.Path)
	}
	known := []hotfix.OID{s.job.commits[s.onto].tree}
	for _, c := range s.result.Commits {
		known = append(known, s.job.commits[c.Source].tree)
	}
	marked, err := s.job.marked(ctx, s.result.Tree, paths, nil, known)
	for i, c := range s.result.Conflicts {
		s.result.Conflicts[i].Markers = marked[c.Path]
	}
	return err
}

package gitops

import (
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
func (j *Job) Replay(ctx context.Context, onto hotfix.OID, picks []hotfix.Pick, by hotfix.Stamp, labels hotfix.Labels) (hotfix.Replay, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	s, err := j.begin(ctx, onto, picks, by, labels)
	if err != nil {
		return hotfix.Replay{}, err
	}
	s.signer = j.engine.settings.Signer
	for _, p := range picks {
		if _, err := s.pick(ctx, p); err != nil {
			return hotfix.Replay{}, fmt.Errorf("pick %s onto %s: %w", p.Commit.Short(), onto.Short(), err)
		}
	}
	if s.result.Outcome == hotfix.Conflict {
		held, err := s.holdsAll(ctx, picks)
		if held || err != nil {
			return s.contained(picks), err
		}
	}
	return s.finish(ctx)
}

// series is a replay in the making.
type series struct {
	job    *Job
	by     hotfix.Stamp
	labels hotfix.Labels
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
func (j *Job) begin(ctx context.Context, onto hotfix.OID, picks []hotfix.Pick, by hotfix.Stamp, labels hotfix.Labels) (*series, error) {
	if !onto.Valid() {
		return nil, fmt.Errorf("%q is no commit to pick onto", onto)
	}
	if err := j.engine.settings.Limits.checkPicks(len(picks)); err != nil {
		return nil, err
	}
	if err := j.loadPicks(ctx, picks, onto); err != nil {
		return nil, err
	}
	s := &series{job: j, by: by, labels: labels, onto: onto, tip: onto, parent: j.commits[onto]}
	s.paths, s.conflicts = map[string]bool{}, map[string]bool{}
	s.result = hotfix.Replay{Onto: onto}
	return s, s.prefetch(ctx, picks)
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
func (s *series) prefetch(ctx context.Context, picks []hotfix.Pick) error {
	j, tree := s.job, s.parent.tree
	var blobs []hotfix.OID
	for _, p := range picks {
		changes, err := j.diff(ctx, p)
		if err != nil {
			return err
		}
		for _, c := range changes {
			s.paths[c.path] = true
			at, err := j.find(ctx, tree, c.path)
			if err != nil {
				return err
			}
			for _, e := range []entry{c.old, c.new, at} {
				if e.blob() {
					blobs = append(blobs, e.oid)
				}
			}
		}
		files, err := j.attributesFor(ctx, tree, p)
		if err != nil {
			return err
		}
		blobs = append(blobs, attributeBlobs(files)...)
	}
	return j.fetchBlobs(ctx, blobs)
}

// pick makes one pick and reports what it came to. The attributes are those of
// the tree that it is made on, as in a work tree.
func (s *series) pick(ctx context.Context, p hotfix.Pick) (hotfix.Picked, error) {
	j := s.job
	source := j.commits[p.Commit]
	files, err := j.attributesFor(ctx, s.parent.tree, p)
	if err != nil {
		return hotfix.Picked{}, err
	}
	if err := j.useAttributes(ctx, files); err != nil {
		return hotfix.Picked{}, err
	}
	m, err := j.merge(ctx, s.parent.tree, p, s.labels)
	if err != nil {
		return hotfix.Picked{}, err
	}
	picked := hotfix.Picked{Source: p.Commit, Outcome: hotfix.Clean, Subject: subject(source.message)}
	switch {
	case !m.clean:
		picked.Outcome = hotfix.Conflict
		err = s.conflict(ctx, p, m)
	case m.tree == s.parent.tree:
		picked.Outcome = hotfix.Contained
	}
	if err == nil && picked.Outcome != hotfix.Contained {
		picked.Commit, err = s.commit(source, p.Commit, m.tree)
	}
	s.result.Commits = append(s.result.Commits, picked)
	return picked, err
}

// commit writes the copy of source with a tree and goes on from there.
func (s *series) commit(source commit, id, tree hotfix.OID) (hotfix.OID, error) {
	made := commit{
		tree:      tree,
		parents:   []hotfix.OID{s.tip},
		author:    soundAuthor(source.author),
		committer: committerLine(s.by, s.parent),
		message:   pickMessage(source.message, id, s.by),
	}
	if err := made.sign(s.signer); err != nil {
		return "", err
	}
	oid, err := s.job.write(plumbing.CommitObject, made.encode())
	if err != nil {
		return "", err
	}
	s.tip, s.parent = oid, made
	s.job.commits[oid], s.job.here[oid] = made, true
	return oid, nil
}

// conflict notes the paths of a conflict, each path once in a series: where it
// arose first.
func (s *series) conflict(ctx context.Context, p hotfix.Pick, m merged) error {
	var paths []string
	for _, stage := range m.stages {
		paths = append(paths, stage.path)
	}
	marked, err := s.job.marked(ctx, m.tree, paths, []hotfix.OID{s.parent.tree, s.job.commits[p.Commit].tree})
	if err != nil {
		return err
	}
	for _, c := range m.conflicts(p.Commit, marked) {
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
	marked, err := s.job.marked(ctx, s.result.Tree, paths, known)
	for i, c := range s.result.Conflicts {
		s.result.Conflicts[i].Markers = marked[c.Path]
	}
	return err
}

package gitops

import (
	"context"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Job is one throw-away repository with one remote. Its methods may be called
// by several goroutines and then run one after the other.
//
// A commit or repository that the server does not have is a *hotfix.Gone; what
// the server forbids is a *hotfix.Refusal.
type Job struct{}

// Close removes the job's folder.
func (j *Job) Close() error { return errUnwritten }

// Refs lists the branches and tags of the remote; tags are peeled and sorted by name.
func (j *Job) Refs(ctx context.Context) (hotfix.Refs, error) { return hotfix.Refs{}, errUnwritten }

// Fetch brings those of the commits that are not here yet, all in one request.
func (j *Job) Fetch(ctx context.Context, commits ...hotfix.OID) error { return errUnwritten }

// Commit reads a commit, and fetches it first when it is not here. Text in
// another encoding is converted to UTF-8.
func (j *Job) Commit(ctx context.Context, id hotfix.OID) (hotfix.Commit, error) {
	return hotfix.Commit{}, errUnwritten
}

// Replay makes the picks, one after the other, on top of onto. A pick that
// changes nothing makes no commit; after one that conflicts the series goes on
// upon the tree with conflict markers, so that the last commit holds all of it.
// The result is a function of the arguments and the repository's content.
func (j *Job) Replay(ctx context.Context, onto hotfix.OID, picks []hotfix.Pick, by hotfix.Stamp, labels hotfix.Labels) (hotfix.Replay, error) {
	return hotfix.Replay{}, errUnwritten
}

// Landing tells by content which commits carry a merged pull request. If no way
// to read the merge adds up, Landing.Unclear says so.
func (j *Job) Landing(ctx context.Context, m hotfix.Merged) (hotfix.Landing, error) {
	return hotfix.Landing{}, errUnwritten
}

// Markers tells for each path whether the file at commit holds a conflict block
// (<<<<<<< … ======= … >>>>>>>). A path that does not exist holds none.
func (j *Job) Markers(ctx context.Context, commit hotfix.OID, paths []string) (map[string]bool, error) {
	return nil, errUnwritten
}

// SamePaths tells for each path whether content and mode are equal at a and b.
// A path that exists at neither is the same.
func (j *Job) SamePaths(ctx context.Context, a, b hotfix.OID, paths []string) (map[string]bool, error) {
	return nil, errUnwritten
}

// Tag writes an annotated tag of a commit, which Push can then send as
// refs/tags/<name>. The same arguments give the same object.
func (j *Job) Tag(ctx context.Context, name string, target hotfix.OID, message string, by hotfix.Stamp) (hotfix.Tag, error) {
	return hotfix.Tag{}, errUnwritten
}

// Push sets ref (its full name) to an object of this job, or deletes it when to
// is empty. It does so only if the ref is at expect; an empty expect means that
// the ref must not exist. A ref that already is at to is success. Otherwise the
// error is a *Moved; a *hotfix.Refusal when a rule of the server forbids it.
func (j *Job) Push(ctx context.Context, ref string, to, expect hotfix.OID) error {
	return errUnwritten
}

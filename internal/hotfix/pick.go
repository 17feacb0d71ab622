package hotfix

import (
	"slices"
	"strings"
	"time"
)

// Pick is one change to be replayed: the difference between Base and Commit,
// with Commit's author and message. Base is Commit's parent (for a merge
// commit: the mainline parent), or empty for a root commit.
//
// Only and Except, where they are not empty, leave out what the commit does at
// other paths, or at these. They are literal paths as git lists them, or folders,
// which stand for all that is in them; "" is the root. The two names of a
// renamed file are two paths.
type Pick struct {
	Commit OID      `json:"commit"`
	Base   OID      `json:"base"`
	Only   []string `json:"only,omitempty"`
	Except []string `json:"except,omitempty"`
}

// Takes is a test for paths: whether the pick carries what its commit does there.
func (p Pick) Takes() func(path string) bool {
	only, except := pathSet(p.Only), pathSet(p.Except)
	return func(path string) bool {
		return (len(only) == 0 || covers(only, path)) && !covers(except, path)
	}
}

// SamePaths reports whether two picks leave out the same paths.
func (p Pick) SamePaths(q Pick) bool {
	return slices.Equal(p.Only, q.Only) && slices.Equal(p.Except, q.Except)
}

func pathSet(paths []string) map[string]bool {
	set := make(map[string]bool, len(paths))
	for _, path := range paths {
		set[strings.TrimSuffix(path, "/")] = true
	}
	return set
}

// covers reports whether a path or a folder above it is in a set.
func covers(set map[string]bool, path string) bool {
	for !set[path] {
		if path == "" {
			return false
		}
		path = path[:max(0, strings.LastIndexByte(path, '/'))]
	}
	return true
}

// Series is what is replayed: picks, one after the other, with who commits them
// and what the two sides are called in conflict markers. At the paths of Union
// (literal, as git lists them) conflicting hunks keep both sides' lines, as with
// git's attribute merge=union. Message, where it is not empty, is that of every commit,
// which is then By's own work: a pick of a difference the wrong way round is a revert.
type Series struct {
	Picks   []Pick
	By      Stamp
	Labels  Labels
	Union   []string
	Message string
}

// Outcome is what replaying a series of picks came to.
type Outcome string

// The outcomes.
const (
	Clean     Outcome = "clean"     // there is something to land and nothing conflicts
	Contained Outcome = "contained" // nothing changes: the target has it already
	Conflict  Outcome = "conflict"  // at least one path needs a person
)

// ConflictKind is why a path conflicts, in git's own words.
type ConflictKind string

// The kinds, after merge-ort's conflict messages.
const (
	ConflictContent       ConflictKind = "content"
	ConflictAddAdd        ConflictKind = "add/add"
	ConflictModifyDelete  ConflictKind = "modify/delete"
	ConflictRenameRename  ConflictKind = "rename/rename"
	ConflictRenameDelete  ConflictKind = "rename/delete"
	ConflictDirectory     ConflictKind = "directory rename"
	ConflictFileDirectory ConflictKind = "file/directory"
	ConflictMode          ConflictKind = "mode"
	ConflictBinary        ConflictKind = "binary"
	ConflictLFS           ConflictKind = "LFS pointer" // not git's word: a conflict of contents in two pointers
	ConflictSubmodule     ConflictKind = "submodule"
	ConflictSymlink       ConflictKind = "symlink"
	ConflictDistinctTypes ConflictKind = "distinct types"
	ConflictOther         ConflictKind = "other"
)

// PathConflict is one path that a person has to look at. Path is empty where git
// names none.
type PathConflict struct {
	Path    string       `json:"path"`
	Kind    ConflictKind `json:"kind"`
	Commit  OID          `json:"commit,omitempty"`  // the source commit at which it arose
	Markers bool         `json:"markers,omitempty"` // the drafted file holds <<<<<<< … >>>>>>> blocks
}

// Replay is a series of picks made on a target. It is a pure function of the
// series and the target.
type Replay struct {
	Onto      OID            `json:"onto"`
	Outcome   Outcome        `json:"outcome"`
	Tip       OID            `json:"tip,omitempty"`  // last commit made; empty when contained
	Tree      OID            `json:"tree,omitempty"` // its tree; the target's when contained
	Conflicts []PathConflict `json:"conflicts,omitempty"`
	Commits   []Picked       `json:"commits,omitempty"`
	Applied   []string       `json:"applied,omitempty"` // of a conflict: the paths that change without one
	Paths     []string       `json:"paths,omitempty"`   // what the picks change at their source
}

// Picked is what became of one source commit.
type Picked struct {
	Source  OID     `json:"source"`
	Outcome Outcome `json:"outcome"`
	Commit  OID     `json:"commit,omitempty"` // the new commit; empty when contained
	Subject string  `json:"subject"`
}

// Stamp is who commits and when. The time is the hotfix's own (its merge), never
// the present, so that the same pick made twice is the same commit.
type Stamp struct {
	Name, Email string
	When        time.Time
	SignOff     bool
}

// MergeMethod is how a pull request reached its base branch.
type MergeMethod string

// The methods.
const (
	MergedByMerge  MergeMethod = "merge commit"
	MergedBySquash MergeMethod = "squash"
	MergedByRebase MergeMethod = "rebase"
)

// Landing is how a hotfix reached the landing environment: which commits carry
// it and how that was found out (P8).
type Landing struct {
	Commit   OID         `json:"commit"` // merge_commit_sha: the merge, the squash, or the last rebased commit
	Method   MergeMethod `json:"method"`
	Picks    []Pick      `json:"picks"`
	Paths    []string    `json:"paths,omitempty"` // what the picks change at their source, sorted; both names of a renamed file
	Evidence string      `json:"evidence"`        // one sentence for people: how the method was told
	// Unclear, when not empty, says why no way to read the merge adds up; then
	// Picks is empty and a person must choose.
	Unclear string `json:"unclear,omitempty"`
}

// Refs are the branches and tags of a repository: name without refs/heads/ or
// refs/tags/ → commit.
type Refs struct {
	Branches map[string]OID
	Tags     []Tag
}

// Tag is a git tag. Object is the tag object, or the commit for a lightweight tag.
type Tag struct {
	Name   string `json:"name"`
	Object OID    `json:"object"`
	Commit OID    `json:"commit"`
}

// Commit is what is read of a commit object.
type Commit struct {
	OID            OID
	Tree           OID
	Parents        []OID
	AuthorName     string
	AuthorEmail    string
	AuthorLogin    string // the author's account, where GitHub knows it; git does not
	CommitterName  string
	CommitterEmail string
	CommittedAt    time.Time
	Message        string
}

// Relation is how commit a stands to commit b.
type Relation string

// Comparison is what GitHub says of two commits a and b. It never changes.
type Comparison struct {
	Relation Relation `json:"relation"`
	Base     OID      `json:"base,omitempty"` // their merge base; empty when they share no history
	Tree     OID      `json:"tree,omitempty"` // the tree of a; empty when they share no history
	// Ahead is how many commits b has that a has not.
	Ahead int `json:"ahead,omitempty"`
}

// Reached reports whether b has a in its history, or is a.
func (c Comparison) Reached() bool { return c.Relation == Ancestor || c.Relation == Identical }

// The relations. "a is Ancestor of b" is GitHub's compare a...b "ahead".
const (
	Identical  Relation = "identical"
	Ancestor   Relation = "ancestor"
	Descendant Relation = "descendant"
	Diverged   Relation = "diverged"
)

// Labels name the two sides in conflict markers. Both are valid branch names.
type Labels struct {
	Ours   string // the environment's branch
	Theirs string // the hotfix
}

// Merged is what GitHub says of a merged pull request, from which its Landing is
// told.
type Merged struct {
	Commit    OID      // merge_commit_sha after the merge
	Head      OID      // the pull request's head
	Commits   []Commit // the pull request's commits in its order; OID and Parents are filled in
	Cut       bool     // there are more than GitHub lists
	MergeBase OID      // of the base before the merge and Head; empty when unknown
	Squash    bool     // `propagate.commits: squash`: always one pick
}

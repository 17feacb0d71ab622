// Package gitops is git for one purpose: replaying commits onto branches of a
// repository that lies on a server, exactly as `git cherry-pick -x` would.
//
// There is no work tree, no mirror and no cache. A Job is one throw-away bare
// repository: it fetches exactly the commits it needs at depth 1 and without
// blobs, then the blobs of the changed paths in one batch, merges with
// `git merge-tree`, writes commits and tags itself, and pushes. Its folder is
// removed at the end, and what a killed process left behind is removed when
// the next Engine starts.
//
// The same works upon a Clone, a person's repository on this machine: a job
// reads its objects where they lie. Only Clone.Keep, Adopt and Push write there.
//
// What must always hold: the same inputs give the same object ids; nothing of a
// repository is run (no hook, filter, driver or configuration of it); a token
// reaches git in its environment only; nothing is written outside the job's
// folder. It never forces a ref: every push names what it expects to find. What a
// repository or a server may cost is bounded (Limits); more is an *Exceeded.
//
// It does not ask where a commit id comes from. A server hands out the commits of
// forks, too, so that ids must be GitHub's own word on a pull request (its
// merge_commit_sha, its list of commits), never a webhook's or a comment's.
package gitops

import (
	"context"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Remote is a repository on a server.
type Remote struct {
	// URL is https://host/owner/name.git, without credentials.
	URL string
	// Token is asked each time git goes to the network, so that it may renew
	// what has expired. Nil means that the repository is public.
	Token func(ctx context.Context) (string, error)
	// Denied is the error when the server does not take the token (401), or refuses a
	// request whatever it asks for (403, 429). Nil: 403 is a *hotfix.Refusal, the
	// others are errors of git.
	Denied func(status int, what string) error
}

// Moved is hotfix.Moved: the error of a push whose expectation was wrong.
type Moved = hotfix.Moved

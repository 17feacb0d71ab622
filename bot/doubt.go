package bot

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// GitHub answers reads late: what was made seconds ago may be answered with "not
// found" (GITHUB: "reads right after a webhook may 404"). Something else named what
// is read here: a list, a branch, a comment. So that it is gone is believed when it
// has been so for a while, and nothing is decided upon it before.
const (
	doubtFor   = time.Minute
	doubtAgain = 10 * time.Second
	// doubtStale is after how long without the thing being said to be gone that begins
	// anew. What is gone for good is said to be with each whole look, every restFor.
	doubtStale = 3 * restFor
)

// doubtMarker is the intent that notes since when a thing is said to be gone.
func doubtMarker(thing string) string { return "gone/" + thing }

// goneRepository is the thing that the repository itself is.
const goneRepository = "repository"

// doubt holds a *hotfix.Gone back until it has been said for doubtFor; until then the
// error is a *hotfix.Later. What is there again is noted.
func (r *run) doubt(ctx context.Context, thing string, err error) error {
	marker := doubtMarker(thing)
	_, doubted := r.begun[marker]
	switch {
	case err == nil && doubted:
		delete(r.begun, marker)
		return r.ledger.Settle(ctx, r.About().ID, marker)
	case !isGone(err):
		return err
	}
	return disbelieve(ctx, r.ledger, r.About().ID, marker, r.now(), err)
}

// disbelieve is a *hotfix.Later until something was missing for doubtFor, and then
// what was said.
func disbelieve(ctx context.Context, ledger Ledger, id hotfix.RepositoryID, marker string, now time.Time, said error) error {
	now = now.Truncate(time.Millisecond) // as fine as it is stored
	since, last, err := ledger.Intend(ctx, id, marker, now)
	if err == nil && !last.IsZero() && now.Sub(last) >= doubtStale {
		if err = ledger.Settle(ctx, id, marker); err == nil {
			since, _, err = ledger.Intend(ctx, id, marker, now)
		}
	}
	if err != nil {
		return fmt.Errorf("note what is missing: %w", err)
	}
	if since.IsZero() {
		since = now
	}
	if now.Sub(since) >= doubtFor {
		return said
	}
	return &hotfix.Later{At: earlier(now.Add(doubtAgain), since.Add(doubtFor)), Why: said.Error() + ", which is not believed yet"}
}

// Issue is Forge's.
func (r *run) Issue(ctx context.Context, number int) (hotfix.Issue, error) {
	issue, err := r.Forge.Issue(ctx, number)
	return issue, r.doubt(ctx, fmt.Sprintf("issue/%d", number), err)
}

// Issues is Forge's.
func (r *run) Issues(ctx context.Context, label string, since time.Time) ([]hotfix.Issue, error) {
	issues, err := r.Forge.Issues(ctx, label, since)
	return issues, r.doubt(ctx, "issues", err)
}

// Links is Forge's, asked once for each.
func (r *run) Links(ctx context.Context, pulls ...int) (map[int]hotfix.Links, error) {
	missing := slices.DeleteFunc(slices.Clone(pulls), func(pull int) bool {
		_, ok := r.links[pull]
		return ok
	})
	if len(missing) == 0 {
		return r.links, nil
	}
	links, err := r.Forge.Links(ctx, missing...)
	maps.Copy(r.links, links)
	return r.links, r.doubt(ctx, fmt.Sprintf("pull/%d/links", missing[0]), err)
}

// ClosedBy is Forge's.
func (r *run) ClosedBy(ctx context.Context, number int) (string, error) {
	login, err := r.Forge.ClosedBy(ctx, number)
	return login, r.doubt(ctx, fmt.Sprintf("issue/%d", number), err)
}

// Pull is Forge's.
func (r *run) Pull(ctx context.Context, number int) (hotfix.Pull, error) {
	pull, err := r.Forge.Pull(ctx, number)
	return pull, r.doubt(ctx, fmt.Sprintf("pull/%d", number), err)
}

// PullCommits is Forge's.
func (r *run) PullCommits(ctx context.Context, number int) ([]hotfix.Commit, bool, error) {
	commits, cut, err := r.Forge.PullCommits(ctx, number)
	return commits, cut, r.doubt(ctx, fmt.Sprintf("pull/%d/commits", number), err)
}

// Approvers is Forge's.
func (r *run) Approvers(ctx context.Context, number int) ([]string, error) {
	people, err := r.Forge.Approvers(ctx, number)
	return people, r.doubt(ctx, fmt.Sprintf("pull/%d/reviews", number), err)
}

// Compare is Forge's.
func (r *run) Compare(ctx context.Context, a, b hotfix.OID) (hotfix.Comparison, error) {
	key := fmt.Sprintf("compare/%s/%s", a, b)
	compared, err := r.Forge.Compare(ctx, a, b)
	if err == nil && compared.Relation == hotfix.Diverged && compared.Base == "" {
		lone := &hotfix.Gone{What: fmt.Sprintf("what %s and %s have in common", a.Short(), b.Short())}
		if err := r.doubt(ctx, key, lone); !isGone(err) {
			return compared, err
		}
		return compared, nil
	}
	return compared, r.doubt(ctx, key, err)
}

// History is Forge's.
func (r *run) History(ctx context.Context, from hotfix.OID, path string, limit int) ([]hotfix.Commit, error) {
	commits, err := r.Forge.History(ctx, from, path, limit)
	return commits, r.doubt(ctx, fmt.Sprintf("history/%s/%s", from, path), err)
}

// CheckRuns is Forge's.
func (r *run) CheckRuns(ctx context.Context, commit hotfix.OID) ([]hotfix.CheckRun, error) {
	runs, err := r.Forge.CheckRuns(ctx, commit)
	return runs, r.doubt(ctx, fmt.Sprintf("checks/%s", commit), err)
}

// Reactions is Forge's.
func (r *run) Reactions(ctx context.Context, comment int64) ([]string, error) {
	contents, err := r.Forge.Reactions(ctx, comment)
	return contents, r.doubt(ctx, fmt.Sprintf("comment/%d/reactions", comment), err)
}

// Permission is Forge's. Whom GitHub does not know here, for a while, may do what
// everybody may.
func (r *run) Permission(ctx context.Context, login string) (hotfix.Permission, error) {
	permission, err := r.Forge.Permission(ctx, login)
	if err = r.doubt(ctx, "permission/"+login, err); isGone(err) {
		return permission, nil
	}
	return permission, err
}

// Releases is Forge's.
func (r *run) Releases(ctx context.Context) ([]hotfix.Release, error) {
	releases, err := r.Forge.Releases(ctx)
	return releases, r.doubt(ctx, "releases", err)
}

package forge

import (
	"context"
	"fmt"

	"github.com/google/go-github/v60/github"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// relations translate GitHub's comparison a...b, which says how b stands to a.
var relations = map[string]hotfix.Relation{
	"identical": hotfix.Identical,
	"ahead":     hotfix.Ancestor,
	"behind":    hotfix.Descendant,
	"diverged":  hotfix.Diverged,
}

// Relation is how commit a stands to commit b, and their merge base (empty when
// they share no history). A commit that GitHub does not have is a *hotfix.Gone.
func (r *Repo) Relation(ctx context.Context, a, b hotfix.OID) (hotfix.Relation, hotfix.OID, error) {
	comparing := reading(fmt.Sprintf("the comparison of %s and %s", a.Short(), b.Short()), "Contents")
	// One commit a page, because only the status and the merge base matter.
	c, _, err := r.client.Repositories.CompareCommits(ctx, r.about.Owner, r.about.Name, string(a), string(b),
		&github.ListOptions{PerPage: 1})
	if err := comparing.fate(err); gone(err) {
		return r.unrelated(ctx, a, b)
	} else if err != nil {
		return "", "", err
	}
	relation, ok := relations[c.GetStatus()]
	if !ok {
		return "", "", fmt.Errorf("%s: GitHub says %q", comparing.doing, c.GetStatus())
	}
	return relation, hotfix.OID(c.GetMergeBaseCommit().GetSHA()), nil
}

// unrelated tells the two reasons of a 404 apart: GitHub gives it when the commits
// have no common ancestor, and when one of them does not exist.
func (r *Repo) unrelated(ctx context.Context, commits ...hotfix.OID) (hotfix.Relation, hotfix.OID, error) {
	for _, oid := range commits {
		thing := "commit " + oid.Short()
		there, err := r.exists(ctx, reading(thing, "Contents"), "git/commits/"+string(oid))
		if err != nil {
			return "", "", err
		}
		if !there {
			return "", "", &hotfix.Gone{What: thing}
		}
	}
	return hotfix.Diverged, "", nil
}

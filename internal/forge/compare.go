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

// Compare tells how commit a stands to commit b. A commit that GitHub does not
// have is a *hotfix.Gone.
func (r *Repo) Compare(ctx context.Context, a, b hotfix.OID) (hotfix.Comparison, error) {
	comparing := reading(fmt.Sprintf("the comparison of %s and %s", a.Short(), b.Short()), "Contents")
	// Only the status matters. The changed files, which are dear on a long way, stand
	// on the first page alone (docs: "Compare two commits"); it is asked for only
	// where a server has no second one.
	c, err := r.comparePage(ctx, a, b, 2)
	if gone(comparing.fate(err)) {
		c, err = r.comparePage(ctx, a, b, 1)
	}
	if err := comparing.fate(err); gone(err) {
		return r.unrelated(ctx, a, b)
	} else if err != nil {
		return hotfix.Comparison{}, err
	}
	relation, ok := relations[c.GetStatus()]
	if !ok {
		return hotfix.Comparison{}, fmt.Errorf("%s: GitHub says %q", comparing.doing, c.GetStatus())
	}
	return hotfix.Comparison{
		Relation: relation,
		Base:     hotfix.OID(c.GetMergeBaseCommit().GetSHA()),
		Tree:     hotfix.OID(c.GetBaseCommit().GetCommit().GetTree().GetSHA()),
		Ahead:    c.GetAheadBy(),
	}, nil
}

func (r *Repo) comparePage(ctx context.Context, a, b hotfix.OID, page int) (*github.CommitsComparison, error) {
	c, _, err := r.client.Repositories.CompareCommits(ctx, r.about.Owner, r.about.Name, string(a), string(b),
		&github.ListOptions{PerPage: 1, Page: page})
	return c, err
}

// unrelated tells the two reasons of a 404 apart: GitHub gives it when the commits
// have no common ancestor, and when one of them does not exist.
func (r *Repo) unrelated(ctx context.Context, commits ...hotfix.OID) (hotfix.Comparison, error) {
	for _, oid := range commits {
		thing := "commit " + oid.Short()
		there, err := r.exists(ctx, reading(thing, "Contents"), "git/commits/"+string(oid))
		if err != nil {
			return hotfix.Comparison{}, err
		}
		if !there {
			return hotfix.Comparison{}, &hotfix.Gone{What: thing}
		}
	}
	return hotfix.Comparison{Relation: hotfix.Diverged}, nil
}

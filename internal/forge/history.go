package forge

import (
	"context"

	"github.com/google/go-github/v60/github"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// History lists the commits, reachable from one, that changed a path (a file, a
// folder, or "": all), newest first: at most limit of them, which is one page of
// GitHub's list and so at most 100. GitHub follows no renames, and of a merge it
// lists those sides that differ from the result, as git log does. A commit that
// GitHub does not have is a *hotfix.Gone.
func (r *Repo) History(ctx context.Context, from hotfix.OID, path string, limit int) ([]hotfix.Commit, error) {
	list, _, err := r.client.Repositories.ListCommits(ctx, r.about.Owner, r.about.Name, &github.CommitsListOptions{
		SHA: string(from), Path: path, ListOptions: github.ListOptions{PerPage: min(max(limit, 1), perPage)},
	})
	if err != nil {
		thing := "commit " + from.Short()
		return nil, act{doing: "reading the history of " + thing, thing: thing, needs: needsContents + ": read"}.fate(err)
	}
	commits := make([]hotfix.Commit, 0, len(list))
	for _, c := range list {
		commits = append(commits, commit(c))
	}
	return commits, nil
}

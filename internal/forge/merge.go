package forge

import (
	"context"
	"strings"

	"github.com/google/go-github/v60/github"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Merge merges a pull request by "merge", "squash" or "rebase" if its head is still
// the given commit. It is a *hotfix.Refusal with GitHub's reason when it is not merged
// as things are (docs, "Merge a pull request"): it conflicts, is a draft, is closed or
// merged already, waits for a required check or review, the method is not allowed (all
// 405), or the head moved (409).
func (r *Repo) Merge(ctx context.Context, number int, method string, head hotfix.OID) error {
	_, _, err := r.client.PullRequests.Merge(ctx, r.about.Owner, r.about.Name, number, "", &github.PullRequestOptions{
		MergeMethod: method, SHA: string(head),
	})
	thing := "pull request " + numbered(number)
	return writing("merging "+thing, thing, needsContents).fate(err)
}

const autoMergeQuery = `mutation($id: ID!, $method: PullRequestMergeMethod!) {
  enablePullRequestAutoMerge(input: {pullRequestId: $id, mergeMethod: $method}) { pullRequest { number } }
}`

// AutoMerge tells a pull request to merge by itself, by "merge", "squash" or
// "rebase", when nothing stands in its way any more; one that was told already is
// left as it is. GitHub refuses (*hotfix.Refusal) a pull request that could be
// merged at once, a repository whose settings do not allow it, and a branch without
// required checks or reviews. Only GraphQL can do it.
func (r *Repo) AutoMerge(ctx context.Context, number int, method string) error {
	p, err := r.readPull(ctx, number)
	if err != nil || p.GetAutoMerge() != nil {
		return err
	}
	thing := "pull request " + numbered(number)
	telling := writing("telling "+thing+" to merge by itself", thing, needsPulls)
	variables := map[string]any{"id": p.GetNodeID(), "method": strings.ToUpper(method)}
	return r.ask(ctx, telling, autoMergeQuery, variables, &struct{}{})
}

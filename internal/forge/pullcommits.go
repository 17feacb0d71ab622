package forge

import (
	"context"

	"github.com/google/go-github/v60/github"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// mostPullCommits is where GitHub's list of a pull request's commits ends.
const mostPullCommits = 250

// PullCommits lists the commits of a pull request in its order. GitHub stops at
// 250: cut says that there are more.
func (r *Repo) PullCommits(ctx context.Context, number int) (commits []hotfix.Commit, cut bool, err error) {
	list, err := pages(func(page github.ListOptions) ([]*github.RepositoryCommit, *github.Response, error) {
		return r.client.PullRequests.ListCommits(ctx, r.about.Owner, r.about.Name, number, &page)
	})
	if err != nil {
		thing := "pull request " + numbered(number)
		return nil, false, act{doing: "reading the commits of " + thing, thing: thing, needs: needsPulls + ": read"}.fate(err)
	}
	for _, c := range list {
		commits = append(commits, commit(c))
	}
	if len(commits) < mostPullCommits {
		return commits, false, nil
	}
	p, err := r.readPull(ctx, number)
	if err != nil {
		return nil, false, err
	}
	return commits, p.GetCommits() > len(commits), nil
}

func commit(c *github.RepositoryCommit) hotfix.Commit {
	inner := c.GetCommit()
	made := hotfix.Commit{
		OID:            hotfix.OID(c.GetSHA()),
		Tree:           hotfix.OID(inner.GetTree().GetSHA()),
		AuthorName:     inner.GetAuthor().GetName(),
		AuthorEmail:    inner.GetAuthor().GetEmail(),
		AuthorLogin:    c.GetAuthor().GetLogin(),
		CommitterName:  inner.GetCommitter().GetName(),
		CommitterEmail: inner.GetCommitter().GetEmail(),
		CommittedAt:    inner.GetCommitter().GetDate().Time,
		Message:        inner.GetMessage(),
	}
	for _, parent := range c.Parents {
		made.Parents = append(made.Parents, hotfix.OID(parent.GetSHA()))
	}
	return made
}

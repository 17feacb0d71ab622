package forge

import (
	"context"
	"fmt"
	"time"

	"github.com/google/go-github/v60/github"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// needsPulls is the App's permission for pull requests, as GitHub's settings name it.
const needsPulls = "Pull requests"

// Pulls lists pull requests of any state and base that were updated at or after
// a time, newest update first. One that is updated while the pages are read may
// be missing; its own webhook wakes the bot again.
func (r *Repo) Pulls(ctx context.Context, since time.Time) ([]hotfix.Pull, error) {
	since = since.Truncate(time.Second) // GitHub's times have no fractions
	list, err := pagesUntil(func(page github.ListOptions) ([]*github.PullRequest, *github.Response, error) {
		return newestPulls(ctx, r.client, r.about.Owner, r.about.Name, page)
	}, func(page []*github.PullRequest) bool {
		return len(page) > 0 && page[len(page)-1].GetUpdatedAt().Before(since)
	})
	if err != nil {
		return nil, reading("the pull requests", needsPulls).fate(err)
	}
	var pulls []hotfix.Pull
	seen := map[int]bool{} // the pages shift when a pull request is updated meanwhile
	for _, p := range list {
		if !seen[p.GetNumber()] && !p.GetUpdatedAt().Before(since) {
			seen[p.GetNumber()] = true
			pulls = append(pulls, r.pull(p))
		}
	}
	return pulls, nil
}

// maxOlderPulls bounds how many open pull requests from before the App came are
// listed.
const maxOlderPulls = 1000

// OlderPulls lists the open pull requests that were last updated before a time,
// longest ago first, at most maxOlderPulls of them.
func (r *Repo) OlderPulls(ctx context.Context, before time.Time) ([]hotfix.Pull, error) {
	before = before.Truncate(time.Second)
	read := 0
	list, err := pagesUntil(func(page github.ListOptions) ([]*github.PullRequest, *github.Response, error) {
		return r.client.PullRequests.List(ctx, r.about.Owner, r.about.Name, &github.PullRequestListOptions{
			State: "open", Sort: "updated", Direction: "asc", ListOptions: page,
		})
	}, func(page []*github.PullRequest) bool {
		read += len(page)
		return read >= maxOlderPulls || len(page) > 0 && !page[len(page)-1].GetUpdatedAt().Before(before)
	})
	if err != nil {
		return nil, reading("the open pull requests", needsPulls).fate(err)
	}
	var pulls []hotfix.Pull
	for _, p := range list {
		if p.GetUpdatedAt().Before(before) {
			pulls = append(pulls, r.pull(p))
		}
	}
	return pulls, nil
}

// newestPulls is a page of the pull requests, newest update first.
func newestPulls(ctx context.Context, client *github.Client, owner, name string, page github.ListOptions) ([]*github.PullRequest, *github.Response, error) {
	return client.PullRequests.List(ctx, owner, name, &github.PullRequestListOptions{
		State: "all", Sort: "updated", Direction: "desc", ListOptions: page,
	})
}

// Pull reads one pull request whole.
func (r *Repo) Pull(ctx context.Context, number int) (hotfix.Pull, error) {
	p, err := r.readPull(ctx, number)
	if err != nil {
		return hotfix.Pull{}, err
	}
	return r.pull(p), nil
}

func (r *Repo) readPull(ctx context.Context, number int) (*github.PullRequest, error) {
	p, _, err := r.client.PullRequests.Get(ctx, r.about.Owner, r.about.Name, number)
	return p, reading("pull request "+numbered(number), needsPulls).fate(err)
}

// OpenPull opens a pull request, or finds the open one that there is already for
// the same branches. That there is nothing between them is a *hotfix.Refusal.
func (r *Repo) OpenPull(ctx context.Context, n hotfix.NewPull) (hotfix.Pull, error) {
	opening := writing(fmt.Sprintf("opening a pull request from %s to %s", n.Head, n.Base), r.about.FullName(), needsPulls)
	p, _, err := r.client.PullRequests.Create(withRank(ctx, rankPulls), r.about.Owner, r.about.Name, &github.NewPullRequest{
		Title: &n.Title, Head: &n.Head, Base: &n.Base, Body: &n.Body, Draft: &n.Draft,
	})
	if err == nil {
		return r.pull(p), nil
	}
	if !unprocessable(err) {
		return hotfix.Pull{}, opening.fate(err)
	}
	existing, readErr := r.pullsOf(ctx, n.Head, n.Base, "open")
	if readErr != nil {
		return hotfix.Pull{}, readErr
	}
	if len(existing) == 0 {
		return hotfix.Pull{}, opening.fate(err)
	}
	return existing[0], nil
}

// PullsOf lists the pull requests between two branches of the repository, open or not:
// the newest hundred, newest first.
func (r *Repo) PullsOf(ctx context.Context, head, base string) ([]hotfix.Pull, error) {
	return r.pullsOf(ctx, head, base, "all")
}

// pullsOf lists the pull requests in a state between two branches; GitHub allows one that
// is open.
func (r *Repo) pullsOf(ctx context.Context, head, base, state string) ([]hotfix.Pull, error) {
	list, _, err := r.client.PullRequests.List(ctx, r.about.Owner, r.about.Name, &github.PullRequestListOptions{
		State: state, Head: r.about.Owner + ":" + head, Base: base,
		ListOptions: github.ListOptions{PerPage: perPage},
	})
	if err != nil {
		return nil, reading("the pull requests from "+head, needsPulls).fate(err)
	}
	var pulls []hotfix.Pull
	for _, p := range list {
		if pull := r.pull(p); pull.Head == head && pull.Base == base && !pull.Fork {
			pulls = append(pulls, pull)
		}
	}
	return pulls, nil
}

// EditPull changes the title and the body of a pull request.
func (r *Repo) EditPull(ctx context.Context, number int, title, body string) error {
	_, _, err := r.client.PullRequests.Edit(ctx, r.about.Owner, r.about.Name, number, &github.PullRequest{
		Title: &title, Body: &body,
	})
	thing := "pull request " + numbered(number)
	return writing("editing "+thing, thing, needsPulls).fate(err)
}

func (r *Repo) pull(p *github.PullRequest) hotfix.Pull {
	head, base := p.GetHead(), p.GetBase()
	pull := hotfix.Pull{
		Number: p.GetNumber(), Title: p.GetTitle(), Body: p.GetBody(), URL: p.GetHTMLURL(),
		Author: p.GetUser().GetLogin(), AuthorID: p.GetUser().GetID(), ByBot: r.byBot(p.GetUser()),
		Head: head.GetRef(), HeadOwner: head.GetRepo().GetOwner().GetLogin(), HeadOID: hotfix.OID(head.GetSHA()),
		Fork: head.GetRepo().GetID() != int64(r.about.ID),
		Base: base.GetRef(), BaseOID: hotfix.OID(base.GetSHA()),
		Open: p.GetState() == "open", Draft: p.GetDraft(), AutoMerge: p.AutoMerge != nil,
		Merged: p.MergedAt != nil, MergedAt: p.GetMergedAt().Time, MergedBy: p.GetMergedBy().GetLogin(),
		Assignees: logins(p.Assignees), Reviewers: r.requested(p),
		Labels: labelNames(p.Labels), Milestone: p.GetMilestone().GetNumber(),
		CreatedAt: p.GetCreatedAt().Time, UpdatedAt: p.GetUpdatedAt().Time, MergeState: p.GetMergeableState(),
	}
	if pull.Merged { // before, it is the commit of a test merge
		pull.Landed = hotfix.OID(p.GetMergeCommitSHA())
	}
	return pull
}

func logins(people []*github.User) []string {
	var names []string
	for _, person := range people {
		names = append(names, person.GetLogin())
	}
	return names
}

// requested are the people and teams that are asked for a review. A team is one of
// the repository's owner.
func (r *Repo) requested(p *github.PullRequest) []string {
	names := logins(p.RequestedReviewers)
	for _, team := range p.RequestedTeams {
		names = append(names, r.about.Owner+"/"+team.GetSlug())
	}
	return names
}

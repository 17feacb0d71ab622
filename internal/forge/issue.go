package forge

import (
	"context"
	"strings"
	"time"

	"github.com/google/go-github/v60/github"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

const needsIssues = "Issues"

// Issue reads an issue with its turns. A pull request, which is an issue too, is
// read without turns: IsPull is true then.
func (r *Repo) Issue(ctx context.Context, number int) (hotfix.Issue, error) {
	i, err := r.readIssue(ctx, number)
	if err != nil {
		return hotfix.Issue{}, err
	}
	issue := r.issue(i)
	if issue.IsPull || !issue.Turned {
		return issue, nil
	}
	issue.Turns, err = r.turns(ctx, number)
	return issue, err
}

// ClosedBy is who closed an issue or pull request; empty when it is open.
func (r *Repo) ClosedBy(ctx context.Context, number int) (login string, err error) {
	i, err := r.readIssue(ctx, number)
	if err != nil || i.GetState() == "open" {
		return "", err
	}
	return i.GetClosedBy().GetLogin(), nil
}

func (r *Repo) readIssue(ctx context.Context, number int) (*github.Issue, error) {
	i, _, err := r.client.Issues.Get(ctx, r.about.Owner, r.about.Name, number)
	if err == nil && !r.holds(i, number) {
		return nil, &hotfix.Gone{What: numbered(number)}
	}
	return i, reading(numbered(number), needsIssues).fate(err)
}

// holds reports whether an issue is this repository's one with a number. GitHub answers
// for one that was transferred with where it is now (docs, "Get an issue"), and that
// redirect is followed like a renamed repository's.
func (r *Repo) holds(i *github.Issue, number int) bool {
	return i.GetNumber() == number && strings.HasSuffix(strings.ToLower(i.GetRepositoryURL()), strings.ToLower("/repos/"+r.about.FullName()))
}

// Issues lists issues (not pull requests) of any state with a label, updated at
// or after a time, the newest first. They come without turns.
func (r *Repo) Issues(ctx context.Context, label string, since time.Time) ([]hotfix.Issue, error) {
	list, err := pages(func(page github.ListOptions) ([]*github.Issue, *github.Response, error) {
		return r.client.Issues.ListByRepo(ctx, r.about.Owner, r.about.Name, &github.IssueListByRepoOptions{
			State: "all", Labels: []string{label}, Since: since.UTC(), Sort: "created", Direction: "desc", ListOptions: page,
		})
	})
	if err != nil {
		return nil, reading("the issues labelled "+label, needsIssues).fate(err)
	}
	var issues []hotfix.Issue
	for _, i := range list {
		if !i.IsPullRequest() {
			issues = append(issues, r.issue(i))
		}
	}
	return issues, nil
}

// OpenIssue opens an issue with labels that the repository has.
func (r *Repo) OpenIssue(ctx context.Context, title, body string, labels []string) (hotfix.Issue, error) {
	request := &github.IssueRequest{Title: &title, Body: &body}
	if len(labels) > 0 {
		request.Labels = &labels
	}
	i, _, err := r.client.Issues.Create(ctx, r.about.Owner, r.about.Name, request)
	if err != nil {
		return hotfix.Issue{}, writing("opening an issue", "the list of issues of "+r.about.FullName(), needsIssues).fate(err)
	}
	return r.issue(i), nil
}

// SetIssueOpen closes or reopens an issue or pull request. An issue that is
// closed without a reason is closed as completed.
func (r *Repo) SetIssueOpen(ctx context.Context, number int, open bool) error {
	doing, state := "closing ", "closed"
	if open {
		doing, state = "reopening ", "open"
	}
	return r.editIssue(ctx, number, doing, &github.IssueRequest{State: &state})
}

// SetMilestone puts an issue or pull request into a milestone.
func (r *Repo) SetMilestone(ctx context.Context, number, milestone int) error {
	return r.editIssue(ctx, number, "setting the milestone of ", &github.IssueRequest{Milestone: &milestone})
}

func (r *Repo) editIssue(ctx context.Context, number int, doing string, change *github.IssueRequest) error {
	_, _, err := r.client.Issues.Edit(ctx, r.about.Owner, r.about.Name, number, change)
	return writing(doing+numbered(number), numbered(number), needsIssues).fate(err)
}

func (r *Repo) issue(i *github.Issue) hotfix.Issue {
	return hotfix.Issue{
		Number: i.GetNumber(), Title: i.GetTitle(), Body: i.GetBody(), URL: i.GetHTMLURL(),
		Open: i.GetState() == "open", Labels: labelNames(i.Labels),
		ByBot: r.byBot(i.GetUser()), IsPull: i.IsPullRequest(),
		// An open issue has no reason for its state, unless it was reopened.
		Turned: i.GetState() != "open" || i.GetStateReason() != "",
	}
}

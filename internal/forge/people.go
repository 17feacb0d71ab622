package forge

import (
	"context"
	"strings"

	"github.com/google/go-github/v60/github"
)

// mostAssignees is how many GitHub allows on one issue or pull request.
const mostAssignees = 10

// Assign assigns those of the logins who can be assigned, and tells who is; GitHub
// leaves out the others by itself.
func (r *Repo) Assign(ctx context.Context, number int, logins []string) (assigned []string, err error) {
	assigning := writing("assigning people to "+numbered(number), numbered(number), needsIssues)
	err = oneByOne(assigning, logins[:min(len(logins), mostAssignees)], func(some []string) error {
		issue, _, err := r.client.Issues.AddAssignees(ctx, r.about.Owner, r.about.Name, number, some)
		if err == nil {
			assigned = loginsOf(issue.Assignees)
		}
		return err
	})
	return assigned, err
}

func loginsOf(users []*github.User) []string {
	var logins []string
	for _, user := range users {
		logins = append(logins, user.GetLogin())
	}
	return logins
}

// RequestReview asks people (login) and teams (org/team) for a review, and tells who
// is asked. Those who cannot review, like the author and people without access, are
// left out.
func (r *Repo) RequestReview(ctx context.Context, number int, reviewers []string) (asked []string, err error) {
	thing := "pull request " + numbered(number)
	err = oneByOne(writing("asking for a review of "+thing, thing, needsPulls), reviewers, func(some []string) error {
		p, _, err := r.client.PullRequests.RequestReviewers(ctx, r.about.Owner, r.about.Name, number, reviewersRequest(some))
		if err == nil {
			asked = r.pull(p).Reviewers
		}
		return err
	})
	return asked, err
}

// oneByOne tries names together and, when GitHub takes offence at one of them
// (422, and then it did nothing), each alone. Those that it will not have are
// left out.
func oneByOne(a act, names []string, try func(some []string) error) error {
	if len(names) == 0 {
		return nil
	}
	err := try(names)
	if !unprocessable(err) {
		return a.fate(err)
	}
	if len(names) == 1 {
		return nil
	}
	for _, name := range names {
		if err := try([]string{name}); err != nil && !unprocessable(err) {
			return a.fate(err)
		}
	}
	return nil
}

func reviewersRequest(names []string) github.ReviewersRequest {
	var request github.ReviewersRequest
	for _, name := range names {
		if _, team, ok := strings.Cut(name, "/"); ok {
			request.TeamReviewers = append(request.TeamReviewers, team)
		} else {
			request.Reviewers = append(request.Reviewers, name)
		}
	}
	return request
}

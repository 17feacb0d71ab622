package forge

import (
	"context"
	"slices"

	"github.com/google/go-github/v60/github"
)

// Approvers lists who approved a pull request and did not withdraw it, in the
// order of their first verdict. A person's last verdict counts; a mere comment is none, and a
// dismissed approval carries the state DISMISSED itself.
func (r *Repo) Approvers(ctx context.Context, number int) ([]string, error) {
	reviews, err := pages(func(page github.ListOptions) ([]*github.PullRequestReview, *github.Response, error) {
		return r.client.PullRequests.ListReviews(ctx, r.about.Owner, r.about.Name, number, &page)
	})
	if err != nil {
		thing := "pull request " + numbered(number)
		return nil, act{doing: "reading the reviews of " + thing, thing: thing, needs: needsPulls + ": read"}.fate(err)
	}
	var people []string
	verdicts := map[string]string{}
	for _, review := range reviews {
		login := review.GetUser().GetLogin()
		if login == "" || !isVerdict(review.GetState()) {
			continue
		}
		if verdicts[login] == "" {
			people = append(people, login)
		}
		verdicts[login] = review.GetState()
	}
	return slices.DeleteFunc(people, func(login string) bool { return verdicts[login] != "APPROVED" }), nil
}

func isVerdict(state string) bool {
	return state == "APPROVED" || state == "CHANGES_REQUESTED" || state == "DISMISSED"
}

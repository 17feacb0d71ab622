package githubsim

import (
	"slices"
)

func reviewRoutes() []route {
	read, write := reads("pull_requests"), writes(RoleRead, "pull_requests")
	return []route{
		{"GET", "/repos/:owner/:repo/pulls/:number/reviews", read, (*call).listReviews},
		{"POST", "/repos/:owner/:repo/pulls/:number/reviews", write, (*call).createReview},
		{"GET", "/repos/:owner/:repo/pulls/:number/requested_reviewers", read, (*call).listReviewers},
		{"POST", "/repos/:owner/:repo/pulls/:number/requested_reviewers", write, (*call).requestReviewers},
		{"DELETE", "/repos/:owner/:repo/pulls/:number/requested_reviewers", write, (*call).removeReviewers},
	}
}

func (c *call) listReviews() (answer, error) {
	p, err := c.pullParam()
	if err != nil {
		return answer{}, err
	}
	return list(c, p.Reviews, c.wireReview), nil
}

// reviewStates are the states that the events of a review make.
var reviewStates = map[string]string{"APPROVE": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED", "COMMENT": "COMMENTED"}

func (c *call) createReview() (answer, error) {
	p, err := c.pullParam()
	if err != nil {
		return answer{}, err
	}
	var in struct {
		Event  string `json:"event"`
		Body   string `json:"body"`
		Commit string `json:"commit_id"`
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	state, known := reviewStates[in.Event]
	switch {
	case in.Event == "":
		return answer{}, refuse(501, "the simulated GitHub does not keep pending reviews: send event")
	case !known:
		return answer{}, refuse(422, "Variable $event of type PullRequestReviewEvent was provided invalid value")
	case c.actor.User == p.Issue.User && state == "APPROVED":
		return answer{}, refuse(422, "Can not approve your own pull request")
	case c.actor.User == p.Issue.User && state == "CHANGES_REQUESTED":
		return answer{}, refuse(422, "Can not request changes on your own pull request")
	case state != "APPROVED" && in.Body == "":
		return answer{}, refuse(422, "Body cannot be blank")
	}
	if err := checkText("PullRequestReview", in.Body); err != nil {
		return answer{}, err
	}
	v := &Review{
		ID: c.nextID("review"), Pull: p, User: c.actor.User, State: state, Body: in.Body,
		CommitID: p.HeadSHA, SubmittedAt: c.clock(),
	}
	set(&v.CommitID, nonEmpty(in.Commit))
	p.Reviews, p.Issue.UpdatedAt = append(p.Reviews, v), c.clock()
	p.Reviewers = without(p.Reviewers, c.actor.User)
	c.emit(Event{Name: "pull_request_review", Action: "submitted", Actor: c.actor, Repo: c.repo, Issue: p.Issue, Pull: p, Review: v})
	c.tryAutoMerge(c.ctx, p) // an approval may be what it waited for
	return ok(c.wireReview(v)), nil
}

// nonEmpty is a pointer to the string, or nil for an empty one.
func nonEmpty(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// without is the list without one account.
func without(list []*User, u *User) []*User {
	return slices.DeleteFunc(slices.Clone(list), func(x *User) bool { return x == u })
}

func (c *call) listReviewers() (answer, error) {
	p, err := c.pullParam()
	if err != nil {
		return answer{}, err
	}
	return ok(object{"users": wireAll(p.Reviewers, c.wireUser), "teams": []object{}}), nil
}

// reviewersBody reads who is asked; the caller must be able to write.
func (c *call) reviewersBody() (*Pull, []*User, error) {
	p, err := c.pullParam()
	if err != nil {
		return nil, nil, err
	}
	if !c.atLeast(RoleWrite) && c.actor.User != p.Issue.User {
		return nil, nil, errNeedsAdmin
	}
	var in struct {
		Reviewers []string `json:"reviewers"`
		Teams     []string `json:"team_reviewers"`
	}
	if err := c.decode(&in); err != nil {
		return nil, nil, err
	}
	if len(in.Teams) > 0 {
		return nil, nil, refuse(422, "Could not resolve to a node with the global id of '%s'.", in.Teams[0])
	}
	var people []*User
	for _, login := range in.Reviewers {
		people = append(people, c.user(login))
	}
	return p, people, nil
}

// requestReviewers asks collaborators for a review. The author cannot be asked.
func (c *call) requestReviewers() (answer, error) {
	p, people, err := c.reviewersBody()
	if err != nil {
		return answer{}, err
	}
	for _, u := range people {
		if u == p.Issue.User {
			return answer{}, refuse(422, "Review cannot be requested from pull request author.")
		}
		if u == nil || u.Type != TypeUser || u != c.repo.Owner && c.repo.Collaborators[u] == RoleNone && !slices.Contains(c.repo.Owner.Members, u) {
			return answer{}, refuse(422, "Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the %s repository.", c.repo.FullName())
		}
	}
	for _, u := range people {
		if slices.Contains(p.Reviewers, u) {
			continue
		}
		p.Reviewers, p.Issue.UpdatedAt = append(slices.Clone(p.Reviewers), u), c.clock()
		c.record(c.actor, p.Issue, "review_requested").Reviewer = u
		c.emitIssue(c.actor, p.Issue, "review_requested", Event{Reviewer: u})
	}
	return created(c.wirePullSimple(p)), nil
}

func (c *call) removeReviewers() (answer, error) {
	p, people, err := c.reviewersBody()
	if err != nil {
		return answer{}, err
	}
	for _, u := range people {
		if !slices.Contains(p.Reviewers, u) {
			continue
		}
		p.Reviewers = without(p.Reviewers, u)
		c.record(c.actor, p.Issue, "review_request_removed").Reviewer = u
		c.emitIssue(c.actor, p.Issue, "review_request_removed", Event{Reviewer: u})
	}
	return ok(c.wirePullSimple(p)), nil
}

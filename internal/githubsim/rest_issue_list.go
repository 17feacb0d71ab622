package githubsim

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// since reads the parameter of that name; what is not a time filters nothing.
func (c *call) since() time.Time {
	t, err := time.Parse(time.RFC3339, c.query.Get("since"))
	if err != nil {
		return time.Time{}
	}
	return t
}

// listIssues lists issues and pull requests: open ones, newest first, unless asked
// otherwise.
func (c *call) listIssues() (answer, error) {
	var all []*Issue
	for _, i := range c.repo.Issues {
		if i != nil && c.wanted(i) && c.mayTouch(i, "read") == nil {
			all = append(all, i)
		}
	}
	c.sortIssues(all)
	return list(c, all, c.wireIssue), nil
}

// wanted tells whether an issue passes the filters of the query.
func (c *call) wanted(i *Issue) bool {
	q := c.query
	state := cmp.Or(q.Get("state"), "open")
	switch {
	case state != "all" && state != openOr(i.Closed),
		i.UpdatedAt.Before(c.since()),
		q.Get("creator") != "" && !strings.EqualFold(i.User.Login, q.Get("creator")),
		!matchesAssignee(i, q.Get("assignee")),
		!matchesMilestone(i, q.Get("milestone")):
		return false
	}
	for _, name := range strings.Split(q.Get("labels"), ",") {
		if name != "" && i.label(name) == nil {
			return false
		}
	}
	return true
}

func matchesAssignee(i *Issue, want string) bool {
	switch want {
	case "":
		return true
	case "none":
		return len(i.Assignees) == 0
	case "*":
		return len(i.Assignees) > 0
	}
	return slices.ContainsFunc(i.Assignees, func(u *User) bool { return strings.EqualFold(u.Login, want) })
}

func matchesMilestone(i *Issue, want string) bool {
	switch want {
	case "":
		return true
	case "none":
		return i.Milestone == nil
	case "*":
		return i.Milestone != nil
	}
	return i.Milestone != nil && itoa(int64(i.Milestone.Number)) == want
}

// sortIssues sorts by created, updated or comments, descending unless asked otherwise.
func (c *call) sortIssues(all []*Issue) {
	slices.SortStableFunc(all, func(a, b *Issue) int {
		order := cmp.Compare(a.Number, b.Number)
		switch c.query.Get("sort") {
		case "updated":
			order = cmp.Or(a.UpdatedAt.Compare(b.UpdatedAt), order)
		case "comments":
			order = cmp.Or(cmp.Compare(len(a.Comments), len(b.Comments)), order)
		}
		if c.query.Get("direction") != "asc" {
			order = -order
		}
		return order
	})
}

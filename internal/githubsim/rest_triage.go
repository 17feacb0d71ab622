package githubsim

import (
	"encoding/json"
	"slices"
	"strings"
)

// applyTriage changes labels, assignees and the milestone as far as they are given.
func (c *call) applyTriage(i *Issue, in issueBody) error {
	if in.Labels != nil {
		if err := c.setLabels(i, *in.Labels); err != nil {
			return err
		}
	}
	if in.Assignee != nil && in.Assignees == nil {
		in.Assignees = &[]string{*in.Assignee}
	}
	if in.Assignees != nil {
		if err := c.setAssignees(i, *in.Assignees); err != nil {
			return err
		}
	}
	if in.Milestone != nil {
		return c.setMilestone(i, in.Milestone)
	}
	return nil
}

// setAssignees makes the named people, and no others, the assignees.
func (c *call) setAssignees(i *Issue, logins []string) error {
	var people []*User
	for _, l := range logins {
		u := c.user(l)
		if l == "" {
			continue
		}
		if u == nil || !i.assignable(u) {
			return &refusal{status: 422, message: "Validation Failed", errors: []fieldError{
				{Resource: "Issue", Field: "assignees", Code: "invalid", Value: l},
			}}
		}
		people = append(people, u)
	}
	for _, u := range slices.Clone(i.Assignees) {
		if !slices.Contains(people, u) {
			c.unassign(i, u)
		}
	}
	for _, u := range people {
		c.assign(i, u)
	}
	return nil
}

// assignable is who may be assigned: writers, members, and who wrote here.
func (i *Issue) assignable(u *User) bool {
	if u.Type != TypeUser {
		return false
	}
	if i.Repo.role(u) >= RoleWrite || i.User == u || slices.Contains(i.Repo.Owner.Members, u) {
		return true
	}
	return slices.ContainsFunc(i.Comments, func(x *Comment) bool { return x.User == u })
}

func (c *call) assign(i *Issue, u *User) {
	if slices.Contains(i.Assignees, u) {
		return
	}
	i.Assignees, i.UpdatedAt = append(i.Assignees, u), c.clock()
	c.record(c.actor, i, "assigned").Assignee = u
	c.emitIssue(c.actor, i, "assigned", Event{Assignee: u})
}

func (c *call) unassign(i *Issue, u *User) {
	n := slices.Index(i.Assignees, u)
	if n < 0 {
		return
	}
	i.Assignees, i.UpdatedAt = slices.Delete(slices.Clone(i.Assignees), n, n+1), c.clock()
	c.record(c.actor, i, "unassigned").Assignee = u
	c.emitIssue(c.actor, i, "unassigned", Event{Assignee: u})
}

// namedPeople reads {"assignees": […]} and finds the issue.
func (c *call) namedPeople() (*Issue, []*User, error) {
	i, err := c.issueParam("write")
	if err != nil {
		return nil, nil, err
	}
	if !c.atLeast(RoleTriage) {
		return nil, nil, errNeedsAdmin
	}
	var in struct {
		Assignees []string `json:"assignees"`
	}
	if err := c.decode(&in); err != nil {
		return nil, nil, err
	}
	var people []*User
	for _, l := range in.Assignees {
		if u := c.user(l); u != nil {
			people = append(people, u)
		}
	}
	return i, people, nil
}

// addAssignees ignores in silence who cannot be assigned, as GitHub does here.
func (c *call) addAssignees() (answer, error) {
	i, people, err := c.namedPeople()
	if err != nil {
		return answer{}, err
	}
	for _, u := range people {
		if i.assignable(u) {
			c.assign(i, u)
		}
	}
	return created(c.wireIssue(i)), nil
}

func (c *call) removeAssignees() (answer, error) {
	i, people, err := c.namedPeople()
	if err != nil {
		return answer{}, err
	}
	for _, u := range people {
		c.unassign(i, u)
	}
	return ok(c.wireIssue(i)), nil
}

func (c *call) listAssignees() (answer, error) {
	var people []*User
	for _, u := range c.users {
		if (&Issue{Repo: c.repo}).assignable(u) {
			people = append(people, u)
		}
	}
	slices.SortFunc(people, func(a, b *User) int { return strings.Compare(a.Login, b.Login) })
	return list(c, people, c.wireUser), nil
}

// setMilestone gives the issue the milestone of that number; null takes it away.
func (c *call) setMilestone(i *Issue, raw json.RawMessage) error {
	var number *int
	if err := json.Unmarshal(raw, &number); err != nil {
		return invalid("Issue", "milestone", "invalid")
	}
	var to *Milestone
	if number != nil {
		for _, m := range c.repo.Milestones {
			if m.Number == *number {
				to = m
			}
		}
		if to == nil {
			return invalid("Issue", "milestone", "invalid")
		}
	}
	was := i.Milestone
	if was == to {
		return nil
	}
	i.Milestone, i.UpdatedAt = to, c.clock()
	if was != nil {
		c.record(c.actor, i, "demilestoned").Milestone = was
		c.emitIssue(c.actor, i, "demilestoned", Event{Milestone: was})
	}
	if to != nil {
		c.record(c.actor, i, "milestoned").Milestone = to
		c.emitIssue(c.actor, i, "milestoned", Event{Milestone: to})
	}
	return nil
}

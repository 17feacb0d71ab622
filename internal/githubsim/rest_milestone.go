package githubsim

import (
	"cmp"
	"time"
)

func milestoneRoutes() []route {
	read, write := reads("issues", "pull_requests"), writes(RoleWrite, "issues", "pull_requests")
	return []route{
		{"GET", "/repos/:owner/:repo/milestones", read, (*call).listMilestones},
		{"POST", "/repos/:owner/:repo/milestones", write, (*call).createMilestone},
		{"GET", "/repos/:owner/:repo/milestones/:number", read, (*call).getMilestone},
		{"PATCH", "/repos/:owner/:repo/milestones/:number", write, (*call).patchMilestone},
	}
}

func (c *call) listMilestones() (answer, error) {
	state := cmp.Or(c.query.Get("state"), "open")
	var some []*Milestone
	for _, m := range c.repo.Milestones {
		if state == "all" || state == openOr(m.Closed) {
			some = append(some, m)
		}
	}
	return list(c, some, c.wireMilestone), nil
}

type milestoneBody struct {
	Title       *string    `json:"title"`
	State       *string    `json:"state"`
	Description *string    `json:"description"`
	DueOn       *time.Time `json:"due_on"`
}

// apply takes the body over.
func (c *call) applyMilestone(m *Milestone, in milestoneBody) error {
	for _, other := range c.repo.Milestones {
		if in.Title != nil && other != m && other.Title == *in.Title {
			return invalid("Milestone", "title", "already_exists")
		}
	}
	set(&m.Title, in.Title)
	set(&m.Description, in.Description)
	if m.Title == "" {
		return invalid("Milestone", "title", "missing_field")
	}
	if in.DueOn != nil {
		m.DueOn = in.DueOn
	}
	m.UpdatedAt = c.clock()
	if in.State != nil {
		m.Closed, m.ClosedAt = *in.State == "closed", nil
		if m.Closed {
			m.ClosedAt = &m.UpdatedAt
		}
	}
	return nil
}

func (c *call) createMilestone() (answer, error) {
	var in milestoneBody
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	m := &Milestone{Repo: c.repo, Creator: c.actor.User, CreatedAt: c.clock()}
	if err := c.applyMilestone(m, in); err != nil {
		return answer{}, err
	}
	m.ID, m.Number = c.nextID("milestone"), len(c.repo.Milestones)+1
	c.repo.Milestones = append(c.repo.Milestones, m)
	return created(c.wireMilestone(m)), nil
}

func (c *call) milestoneParam() (*Milestone, error) {
	n, err := c.number("number")
	if err != nil || n < 1 || n > int64(len(c.repo.Milestones)) {
		return nil, errNotFound
	}
	return c.repo.Milestones[n-1], nil
}

func (c *call) getMilestone() (answer, error) {
	m, err := c.milestoneParam()
	if err != nil {
		return answer{}, err
	}
	return ok(c.wireMilestone(m)), nil
}

func (c *call) patchMilestone() (answer, error) {
	m, err := c.milestoneParam()
	if err != nil {
		return answer{}, err
	}
	var in milestoneBody
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	changed := *m
	if err := c.applyMilestone(&changed, in); err != nil {
		return answer{}, err
	}
	*m = changed
	return ok(c.wireMilestone(m)), nil
}

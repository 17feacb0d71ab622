package githubsim

import (
	"slices"
	"strings"
)

// addLabel puts a label on an issue. One that the repository does not have is made.
func (c *call) addLabel(i *Issue, name string) error {
	if i.label(name) != nil {
		return nil
	}
	l := c.repo.label(name)
	if l == nil {
		if err := (labelBody{}).check(name); err != nil {
			return err
		}
		l = c.newLabel(c.repo, name)
		c.emit(Event{Name: "label", Action: "created", Actor: c.actor, Repo: c.repo, Label: l})
	}
	i.Labels, i.UpdatedAt = append(slices.Clone(i.Labels), l), c.clock()
	c.record(c.actor, i, "labeled").Label = l
	c.emitIssue(c.actor, i, "labeled", Event{Label: l})
	return nil
}

func (c *call) unlabel(i *Issue, l *Label) {
	i.Labels = slices.DeleteFunc(slices.Clone(i.Labels), func(x *Label) bool { return x == l })
	i.UpdatedAt = c.clock()
	c.record(c.actor, i, "unlabeled").Label = l
	c.emitIssue(c.actor, i, "unlabeled", Event{Label: l})
}

// setLabels makes the named labels, and no others, those of the issue.
func (c *call) setLabels(i *Issue, names []labelName) error {
	for _, l := range slices.Clone(i.Labels) {
		if !slices.ContainsFunc(names, func(n labelName) bool { return strings.EqualFold(string(n), l.Name) }) {
			c.unlabel(i, l)
		}
	}
	for _, n := range names {
		if err := c.addLabel(i, string(n)); err != nil {
			return err
		}
	}
	return nil
}

// labelNames reads {"labels": […]} or a bare list.
func (c *call) labelNames() ([]labelName, error) {
	var bare []labelName
	if err := c.decode(&bare); err == nil {
		return bare, nil
	}
	var in struct {
		Labels []labelName `json:"labels"`
	}
	err := c.decode(&in)
	return in.Labels, err
}

// onIssue runs a change of an issue's labels and answers with those it has then.
func (c *call) onIssue(change func(*Issue) error) (answer, error) {
	i, err := c.issueParam("write")
	if err != nil {
		return answer{}, err
	}
	if err := change(i); err != nil {
		return answer{}, err
	}
	return ok(wireAll(i.Labels, c.wireLabel)), nil
}

func (c *call) listIssueLabels() (answer, error) {
	i, err := c.issueParam("read")
	if err != nil {
		return answer{}, err
	}
	return list(c, i.Labels, c.wireLabel), nil
}

func (c *call) addIssueLabels() (answer, error) {
	return c.onIssue(func(i *Issue) error {
		names, err := c.labelNames()
		if err != nil {
			return err
		}
		for _, n := range names {
			if err := c.addLabel(i, string(n)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (c *call) putIssueLabels() (answer, error) {
	return c.onIssue(func(i *Issue) error {
		names, err := c.labelNames()
		if err != nil {
			return err
		}
		return c.setLabels(i, names)
	})
}

func (c *call) clearIssueLabels() (answer, error) {
	a, err := c.onIssue(func(i *Issue) error { return c.setLabels(i, nil) })
	if err != nil {
		return a, err
	}
	return noContent(), nil
}

func (c *call) removeIssueLabel() (answer, error) {
	return c.onIssue(func(i *Issue) error {
		l := i.label(c.rest("name"))
		if l == nil {
			return refuse(404, "Label does not exist")
		}
		c.unlabel(i, l)
		return nil
	})
}

package githubsim

import (
	"regexp"
	"slices"
	"strings"
)

func labelRoutes() []route {
	read, write := reads("issues", "pull_requests"), writes(RoleWrite, "issues", "pull_requests")
	triage := writes(RoleTriage, "issues", "pull_requests")
	return []route{
		{"GET", "/repos/:owner/:repo/labels", read, (*call).listLabels},
		{"POST", "/repos/:owner/:repo/labels", write, (*call).createLabel},
		{"GET", "/repos/:owner/:repo/labels/*name", read, (*call).getLabel},
		{"PATCH", "/repos/:owner/:repo/labels/*name", write, (*call).patchLabel},
		{"DELETE", "/repos/:owner/:repo/labels/*name", write, (*call).deleteLabel},
		{"GET", "/repos/:owner/:repo/issues/:number/labels", read, (*call).listIssueLabels},
		{"POST", "/repos/:owner/:repo/issues/:number/labels", triage, (*call).addIssueLabels},
		{"PUT", "/repos/:owner/:repo/issues/:number/labels", triage, (*call).putIssueLabels},
		{"DELETE", "/repos/:owner/:repo/issues/:number/labels", triage, (*call).clearIssueLabels},
		{"DELETE", "/repos/:owner/:repo/issues/:number/labels/*name", triage, (*call).removeIssueLabel},
	}
}

// label finds a label of the repository, whatever the case, or nil.
func (r *Repo) label(name string) *Label {
	for _, l := range r.Labels {
		if strings.EqualFold(l.Name, name) {
			return l
		}
	}
	return nil
}

// label finds a label that the issue carries, or nil.
func (i *Issue) label(name string) *Label {
	for _, l := range i.Labels {
		if strings.EqualFold(l.Name, name) {
			return l
		}
	}
	return nil
}

func (c *call) listLabels() (answer, error) {
	all := slices.Clone(c.repo.Labels)
	slices.SortFunc(all, func(a, b *Label) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	return list(c, all, c.wireLabel), nil
}

// labelBody is what POST and PATCH of a label take.
type labelBody struct {
	Name        string  `json:"name"`
	NewName     *string `json:"new_name"`
	Color       *string `json:"color"`
	Description *string `json:"description"`
}

var labelColor = regexp.MustCompile(`^[0-9A-Fa-f]{6}$`)

// check refuses what GitHub does not take.
func (b labelBody) check(name string) error {
	switch {
	case name == "":
		return invalid("Label", "name", "missing_field")
	case len([]rune(name)) > 50:
		return invalidBecause("Label", "name", "name is too long (maximum is 50 characters)")
	case b.Color != nil && !labelColor.MatchString(*b.Color):
		return invalid("Label", "color", "invalid")
	case b.Description != nil && len([]rune(*b.Description)) > 100:
		return invalidBecause("Label", "description", "description is too long (maximum is 100 characters)")
	}
	return nil
}

func (c *call) createLabel() (answer, error) {
	var in labelBody
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if err := in.check(in.Name); err != nil {
		return answer{}, err
	}
	if c.repo.label(in.Name) != nil {
		return answer{}, invalid("Label", "name", "already_exists")
	}
	l := c.newLabel(c.repo, in.Name)
	set(&l.Color, in.Color)
	set(&l.Description, in.Description)
	c.emit(Event{Name: "label", Action: "created", Actor: c.actor, Repo: c.repo, Label: l})
	return created(c.wireLabel(l)), nil
}

// newLabel makes a label in GitHub's grey.
func (g *GitHub) newLabel(r *Repo, name string) *Label {
	l := &Label{ID: g.nextID("label"), Repo: r, Name: name, Color: "ededed"}
	r.Labels = append(r.Labels, l)
	return l
}

func (c *call) labelParam() (*Label, error) {
	if l := c.repo.label(c.rest("name")); l != nil {
		return l, nil
	}
	return nil, errNotFound
}

func (c *call) getLabel() (answer, error) {
	l, err := c.labelParam()
	if err != nil {
		return answer{}, err
	}
	return ok(c.wireLabel(l)), nil
}

func (c *call) patchLabel() (answer, error) {
	l, err := c.labelParam()
	if err != nil {
		return answer{}, err
	}
	var in labelBody
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	name := l.Name
	set(&name, in.NewName)
	if err := in.check(name); err != nil {
		return answer{}, err
	}
	if other := c.repo.label(name); other != nil && other != l {
		return answer{}, invalid("Label", "name", "already_exists")
	}
	changes := map[string]string{}
	for field, pair := range map[string]struct {
		at *string
		to *string
	}{"name": {&l.Name, in.NewName}, "color": {&l.Color, in.Color}, "description": {&l.Description, in.Description}} {
		if pair.to != nil && *pair.to != *pair.at {
			changes[field] = *pair.at
			*pair.at = *pair.to
		}
	}
	c.emit(Event{Name: "label", Action: "edited", Actor: c.actor, Repo: c.repo, Label: l, Changes: changes})
	return ok(c.wireLabel(l)), nil
}

func (c *call) deleteLabel() (answer, error) {
	l, err := c.labelParam()
	if err != nil {
		return answer{}, err
	}
	for _, i := range c.repo.Issues {
		if i != nil && slices.Contains(i.Labels, l) {
			c.unlabel(i, l)
		}
	}
	c.repo.Labels = slices.DeleteFunc(slices.Clone(c.repo.Labels), func(x *Label) bool { return x == l })
	c.emit(Event{Name: "label", Action: "deleted", Actor: c.actor, Repo: c.repo, Label: l})
	return noContent(), nil
}

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

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

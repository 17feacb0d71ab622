package githubsim

import (
	"encoding/json"
	"unicode/utf8"
)

func issueRoutes() []route {
	read, write := reads("issues", "pull_requests"), writes(RoleRead, "issues", "pull_requests")
	return []route{
		{"GET", "/repos/:owner/:repo/issues", read, (*call).listIssues},
		{"POST", "/repos/:owner/:repo/issues", writes(RoleRead, "issues"), (*call).createIssue},
		{"GET", "/repos/:owner/:repo/issues/:number", read, (*call).getIssue},
		{"PATCH", "/repos/:owner/:repo/issues/:number", write, (*call).patchIssue},
		{"GET", "/repos/:owner/:repo/issues/:number/events", read, (*call).listIssueEvents},
		{"GET", "/repos/:owner/:repo/issues/:number/timeline", read, (*call).listTimeline},
		{"POST", "/repos/:owner/:repo/issues/:number/assignees", write, (*call).addAssignees},
		{"DELETE", "/repos/:owner/:repo/issues/:number/assignees", write, (*call).removeAssignees},
		{"GET", "/repos/:owner/:repo/assignees", reads("metadata"), (*call).listAssignees},
	}
}

// maxText is how many characters a body may have.
const maxText = 65536

// checkText refuses a body that is too long.
func checkText(resource, text string) error {
	if utf8.RuneCountInString(text) > maxText {
		return invalidBecause(resource, "body", "body is too long (maximum is 65536 characters)")
	}
	return nil
}

// issueParam finds the issue or pull request that the path names. An App needs the
// permission for what it is.
func (c *call) issueParam(level string) (*Issue, error) {
	n, err := c.number("number")
	if err != nil {
		return nil, err
	}
	if n >= 1 && n <= int64(len(c.repo.Issues)) && c.repo.Issues[n-1] == nil {
		return nil, refuse(410, "This issue was deleted")
	}
	i := c.repo.issue(int(n))
	if i == nil {
		return nil, errNotFound
	}
	return i, c.mayTouch(i, level)
}

// mayTouch checks an App's permission for an issue or a pull request.
func (c *call) mayTouch(i *Issue, level string) error {
	permission := "issues"
	if i.Pull != nil {
		permission = "pull_requests"
	}
	if c.token != nil && c.token.reaches(c.repo) && !c.token.allows(permission, level) {
		return errIntegration
	}
	return nil
}

// atLeast tells whether the caller has a role here. An App that may write issues has all
// that concerns them.
func (c *call) atLeast(role Role) bool {
	return c.token != nil || c.repo.role(c.actor.User) >= role
}

// mayEdit tells whether the caller may change what an account wrote.
func (c *call) mayEdit(author *User) bool {
	return c.token != nil || c.actor.User == author || c.atLeast(RoleWrite)
}

func (c *call) getIssue() (answer, error) {
	i, err := c.issueParam("read")
	if err != nil {
		return answer{}, err
	}
	return ok(c.wireIssue(i)), nil
}

// issueBody is what POST and PATCH take. A milestone may be null, which removes it.
type issueBody struct {
	Title       *string         `json:"title"`
	Body        *string         `json:"body"`
	State       *string         `json:"state"`
	StateReason *string         `json:"state_reason"`
	Labels      *[]labelName    `json:"labels"`
	Assignee    *string         `json:"assignee"`
	Assignees   *[]string       `json:"assignees"`
	Milestone   json.RawMessage `json:"milestone"`
}

// labelName is a label in a request: a string or an object.
type labelName string

// UnmarshalJSON takes both forms.
func (l *labelName) UnmarshalJSON(data []byte) error {
	var o struct {
		Name string `json:"name"`
	}
	if json.Unmarshal(data, &o) == nil && o.Name != "" {
		*l = labelName(o.Name)
		return nil
	}
	return json.Unmarshal(data, (*string)(l))
}

func (c *call) createIssue() (answer, error) {
	var in issueBody
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if in.Title == nil || *in.Title == "" {
		return answer{}, invalid("Issue", "title", "missing_field")
	}
	if in.Body != nil {
		if err := checkText("Issue", *in.Body); err != nil {
			return answer{}, err
		}
	}
	i := c.newIssue(*in.Title, in.Body)
	c.emitIssue(c.actor, i, "opened", Event{})
	if c.atLeast(RoleTriage) { // GitHub drops these in silence otherwise
		if err := c.applyTriage(i, in); err != nil {
			return answer{}, err
		}
	}
	return created(c.wireIssue(i)), nil
}

// newIssue makes the issue of the next number.
func (c *call) newIssue(title string, body *string) *Issue {
	now := c.clock()
	i := &Issue{
		ID: c.nextID("issue"), Repo: c.repo, Number: len(c.repo.Issues) + 1, Title: title,
		User: c.actor.User, App: c.actor.App, CreatedAt: now, UpdatedAt: now,
	}
	set(&i.Body, body)
	c.repo.Issues = append(c.repo.Issues, i)
	return i
}

// patchIssue changes an issue. Its author may change text and state, triage the rest.
func (c *call) patchIssue() (answer, error) {
	i, err := c.issueParam("write")
	if err != nil {
		return answer{}, err
	}
	var in issueBody
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	triage := in.Labels != nil || in.Assignees != nil || in.Assignee != nil || in.Milestone != nil
	switch {
	case triage && !c.atLeast(RoleTriage),
		in.State != nil && !c.mayEdit(i.User) && !c.atLeast(RoleTriage),
		(in.Title != nil || in.Body != nil) && !c.mayEdit(i.User):
		return answer{}, errNeedsAdmin
	}
	if in.State != nil {
		if err := c.checkState(i, *in.State); err != nil {
			return answer{}, err
		}
	}
	if err := c.editText(i, in.Title, in.Body); err != nil {
		return answer{}, err
	}
	if err := c.applyTriage(i, in); err != nil {
		return answer{}, err
	}
	if in.State != nil {
		if err := c.setState(i, *in.State, in.StateReason); err != nil {
			return answer{}, err
		}
	}
	return ok(c.wireIssue(i)), nil
}

// editText changes title and body.
func (c *call) editText(i *Issue, title, body *string) error {
	changes := map[string]string{}
	if title != nil && *title == "" {
		return invalid("Issue", "title", "missing_field")
	}
	if body != nil {
		if err := checkText("Issue", *body); err != nil {
			return err
		}
	}
	if title != nil && *title != i.Title {
		changes["title"] = i.Title
		e := c.record(c.actor, i, "renamed")
		e.From, e.To = i.Title, *title
		i.Title = *title
	}
	if body != nil && *body != i.Body {
		changes["body"] = i.Body
		i.Body = *body
	}
	if len(changes) > 0 {
		i.UpdatedAt = c.clock()
		c.emitIssue(c.actor, i, "edited", Event{Changes: changes})
	}
	return nil
}

package githubsim

import (
	"cmp"
	"slices"
)

func commentRoutes() []route {
	read, write := reads("issues", "pull_requests"), writes(RoleRead, "issues", "pull_requests")
	return []route{
		{"GET", "/repos/:owner/:repo/issues/comments", read, (*call).listAllComments},
		{"GET", "/repos/:owner/:repo/issues/comments/:id", read, (*call).getComment},
		{"PATCH", "/repos/:owner/:repo/issues/comments/:id", write, (*call).patchComment},
		{"DELETE", "/repos/:owner/:repo/issues/comments/:id", write, (*call).deleteComment},
		{"GET", "/repos/:owner/:repo/issues/:number/comments", read, (*call).listComments},
		{"POST", "/repos/:owner/:repo/issues/:number/comments", write, (*call).createComment},
	}
}

// commentParam finds the comment that the path names.
func (c *call) commentParam(level string) (*Comment, error) {
	id, err := c.number("id")
	if err != nil {
		return nil, err
	}
	for _, i := range c.repo.Issues {
		if i == nil {
			continue
		}
		for _, x := range i.Comments {
			if x.ID == id {
				return x, c.mayTouch(i, level)
			}
		}
	}
	return nil, errNotFound
}

// listAllComments lists the comments of all issues and pull requests, by creation unless
// asked otherwise.
func (c *call) listAllComments() (answer, error) {
	var all []*Comment
	for _, i := range c.repo.Issues {
		if i == nil || c.mayTouch(i, "read") != nil {
			continue
		}
		for _, x := range i.Comments {
			if !x.UpdatedAt.Before(c.since()) {
				all = append(all, x)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b *Comment) int {
		order := cmp.Compare(a.ID, b.ID)
		if c.query.Get("sort") == "updated" {
			order = cmp.Or(a.UpdatedAt.Compare(b.UpdatedAt), order)
		}
		if c.query.Get("sort") != "" && c.query.Get("direction") == "desc" { // ignored without sort
			order = -order
		}
		return order
	})
	return list(c, all, c.wireComment), nil
}

func (c *call) listComments() (answer, error) {
	i, err := c.issueParam("read")
	if err != nil {
		return answer{}, err
	}
	var all []*Comment
	for _, x := range i.Comments {
		if !x.UpdatedAt.Before(c.since()) {
			all = append(all, x)
		}
	}
	return list(c, all, c.wireComment), nil
}

func (c *call) getComment() (answer, error) {
	x, err := c.commentParam("read")
	if err != nil {
		return answer{}, err
	}
	return ok(c.wireComment(x)), nil
}

// commentText reads and checks the body of a comment.
func (c *call) commentText() (string, error) {
	var in struct {
		Body string `json:"body"`
	}
	if err := c.decode(&in); err != nil {
		return "", err
	}
	if in.Body == "" {
		return "", invalid("IssueComment", "body", "missing_field")
	}
	return in.Body, checkText("IssueComment", in.Body)
}

func (c *call) createComment() (answer, error) {
	i, err := c.issueParam("write")
	if err != nil {
		return answer{}, err
	}
	if i.Locked && !c.atLeast(RoleWrite) {
		return answer{}, refuse(403, "Unable to create comment because issue is locked.")
	}
	text, err := c.commentText()
	if err != nil {
		return answer{}, err
	}
	now := c.clock()
	x := &Comment{
		ID: c.nextID("comment"), Issue: i, User: c.actor.User, App: c.actor.App, Body: text, CreatedAt: now, UpdatedAt: now,
	}
	i.Comments, i.UpdatedAt = append(i.Comments, x), now
	c.emitComment(x, "created", nil)
	return created(c.wireComment(x)), nil
}

func (c *call) emitComment(x *Comment, action string, changes map[string]string) {
	c.emit(Event{Name: "issue_comment", Action: action, Actor: c.actor, Repo: c.repo,
		Issue: x.Issue, Pull: x.Issue.Pull, Comment: x, Changes: changes})
}

// patchComment changes a comment. updated_at tells that it was changed, nothing by whom.
func (c *call) patchComment() (answer, error) {
	x, err := c.commentParam("write")
	if err != nil {
		return answer{}, err
	}
	if !c.mayEdit(x.User) {
		return answer{}, errNeedsAdmin
	}
	text, err := c.commentText()
	if err != nil {
		return answer{}, err
	}
	if was := x.Body; was != text {
		x.Body, x.UpdatedAt, x.Issue.UpdatedAt = text, c.clock(), c.clock()
		c.emitComment(x, "edited", map[string]string{"body": was})
	}
	return ok(c.wireComment(x)), nil
}

func (c *call) deleteComment() (answer, error) {
	x, err := c.commentParam("write")
	if err != nil {
		return answer{}, err
	}
	if !c.mayEdit(x.User) {
		return answer{}, errNeedsAdmin
	}
	x.Issue.Comments = slices.DeleteFunc(slices.Clone(x.Issue.Comments), func(y *Comment) bool { return y == x })
	c.emitComment(x, "deleted", nil)
	return noContent(), nil
}

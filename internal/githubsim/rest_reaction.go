package githubsim

import (
	"net/http"
	"slices"
)

func reactionRoutes() []route {
	read, write := reads("issues", "pull_requests"), writes(RoleRead, "issues", "pull_requests")
	routes := []route{}
	for place, find := range map[string]func(*call, string) (*[]*Reaction, error){
		"/repos/:owner/:repo/issues/comments/:id/reactions": (*call).commentReactions,
		"/repos/:owner/:repo/issues/:number/reactions":      (*call).issueReactions,
	} {
		routes = append(routes,
			route{"GET", place, read, func(c *call) (answer, error) { return c.listReactions(find) }},
			route{"POST", place, write, func(c *call) (answer, error) { return c.react(find) }},
			route{"DELETE", place + "/:reaction", write, func(c *call) (answer, error) { return c.unreact(find) }})
	}
	return routes
}

func (c *call) commentReactions(level string) (*[]*Reaction, error) {
	x, err := c.commentParam(level)
	if err != nil {
		return nil, err
	}
	return &x.Reactions, nil
}

func (c *call) issueReactions(level string) (*[]*Reaction, error) {
	i, err := c.issueParam(level)
	if err != nil {
		return nil, err
	}
	return &i.Reactions, nil
}

func (c *call) listReactions(find func(*call, string) (*[]*Reaction, error)) (answer, error) {
	at, err := find(c, "read")
	if err != nil {
		return answer{}, err
	}
	var some []*Reaction
	for _, r := range *at {
		if want := c.query.Get("content"); want == "" || want == r.Content {
			some = append(some, r)
		}
	}
	return list(c, some, c.wireReaction), nil
}

// react leaves a reaction: 201, or 200 where the caller left the same before.
func (c *call) react(find func(*call, string) (*[]*Reaction, error)) (answer, error) {
	at, err := find(c, "write")
	if err != nil {
		return answer{}, err
	}
	var in struct {
		Content string `json:"content"`
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if !slices.Contains(reactionKinds[:], in.Content) {
		return answer{}, invalid("Reaction", "content", "invalid")
	}
	for _, r := range *at {
		if r.User == c.actor.User && r.Content == in.Content {
			return ok(c.wireReaction(r)), nil
		}
	}
	r := &Reaction{ID: c.nextID("reaction"), User: c.actor.User, Content: in.Content, CreatedAt: c.clock()}
	*at = append(*at, r)
	return answer{status: http.StatusCreated, body: c.wireReaction(r)}, nil
}

// unreact takes the caller's own reaction away.
func (c *call) unreact(find func(*call, string) (*[]*Reaction, error)) (answer, error) {
	at, err := find(c, "write")
	if err != nil {
		return answer{}, err
	}
	id, err := c.number("reaction")
	if err != nil {
		return answer{}, err
	}
	n := slices.IndexFunc(*at, func(r *Reaction) bool { return r.ID == id })
	if n < 0 || (*at)[n].User != c.actor.User {
		return answer{}, errNotFound
	}
	*at = slices.Delete(slices.Clone(*at), n, n+1)
	return noContent(), nil
}

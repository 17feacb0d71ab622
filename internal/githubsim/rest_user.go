package githubsim

func userRoutes() []route {
	return []route{
		{"GET", "/user", need{login: true, through: true}, (*call).getSelf},
		{"GET", "/users/:login", need{}, (*call).getUser},
	}
}

func (c *call) getSelf() (answer, error) {
	if c.token != nil {
		return answer{}, errIntegration
	}
	return ok(c.wirePublicUser(c.actor.User)), nil
}

func (c *call) getUser() (answer, error) {
	u := c.user(c.param("login"))
	if u == nil {
		return answer{}, errNotFound
	}
	return ok(c.wirePublicUser(u)), nil
}

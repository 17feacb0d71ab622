package githubsim

import (
	"cmp"
	"slices"
	"strconv"
)

// refCommit is the commit that a path names by ref.
func (c *call) refCommit() (commit, error) {
	x, err := c.repo.git.resolve(c.rest("ref"))
	if missing(err) {
		return x, refuse(422, "No commit found for SHA: %s", c.rest("ref"))
	}
	return x, err
}

// byApp tells whether the app_id filter lets an App's objects through.
func (c *call) byApp(a *App) bool {
	want := c.query.Get("app_id")
	return want == "" || want == strconv.FormatInt(a.ID, 10)
}

// listCheckRuns lists the check runs of a commit, newest first; of several with one name in
// a suite only the latest, unless filter=all.
func (c *call) listCheckRuns() (answer, error) {
	x, err := c.refCommit()
	if err != nil {
		return answer{}, err
	}
	q := c.query
	var some []*CheckRun
	for _, k := range c.repo.CheckRuns {
		switch {
		case k.Suite.HeadSHA != x.SHA, !c.byApp(k.Suite.App),
			q.Get("check_name") != "" && k.Name != q.Get("check_name"),
			q.Get("status") != "" && k.Status != q.Get("status"),
			cmp.Or(q.Get("filter"), "latest") == "latest" && !c.repo.latest(k):
			continue
		}
		some = append(some, k)
	}
	slices.Reverse(some)
	return listIn(c, "check_runs", some, c.wireCheckRun), nil
}

func (c *call) listCheckSuites() (answer, error) {
	x, err := c.refCommit()
	if err != nil {
		return answer{}, err
	}
	var some []*CheckSuite
	for _, s := range c.repo.Suites {
		if s.HeadSHA == x.SHA && c.byApp(s.App) {
			some = append(some, s)
		}
	}
	return listIn(c, "check_suites", some, c.wireCheckSuite), nil
}

func (c *call) suiteParam() (*CheckSuite, error) {
	id, err := c.number("id")
	if err != nil {
		return nil, err
	}
	for _, s := range c.repo.Suites {
		if s.ID == id {
			return s, nil
		}
	}
	return nil, errNotFound
}

func (c *call) getCheckSuite() (answer, error) {
	s, err := c.suiteParam()
	if err != nil {
		return answer{}, err
	}
	return ok(c.wireCheckSuite(s)), nil
}

func (c *call) rerequestSuite() (answer, error) {
	s, err := c.suiteParam()
	if err != nil {
		return answer{}, err
	}
	c.emit(Event{Name: "check_suite", Action: "rerequested", Actor: c.actor, Repo: c.repo, CheckSuite: s})
	return answer{status: 201, body: object{}}, nil
}

// state is what a suite's runs come to: as bad as the worst of them.
func (s *CheckSuite) state() (status, conclusion string) {
	worst := map[string]int{"": 0, "skipped": 1, "neutral": 2, "success": 3, "cancelled": 4, "action_required": 5, "timed_out": 6, "failure": 7}
	status = "queued"
	for _, k := range s.Repo.CheckRuns {
		if k.Suite != s || !s.Repo.latest(k) {
			continue
		}
		if k.Status != "completed" {
			return k.Status, ""
		}
		status = "completed"
		if worst[k.Conclusion] > worst[conclusion] {
			conclusion = k.Conclusion
		}
	}
	return status, conclusion
}

func (c *call) createStatus() (answer, error) {
	in := struct {
		State       string `json:"state"`
		TargetURL   string `json:"target_url"`
		Description string `json:"description"`
		Context     string `json:"context"`
	}{Context: "default"}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	sha := c.param("sha")
	if _, err := c.repo.git.commit(sha); err != nil || !isSHA(sha) {
		return answer{}, refuse(422, "No commit found for SHA: %s", sha)
	}
	if !slices.Contains([]string{"error", "failure", "pending", "success"}, in.State) {
		return answer{}, invalid("Status", "state", "invalid")
	}
	s := &Status{
		ID: c.nextID("status"), SHA: sha, State: in.State, Context: in.Context, Description: in.Description,
		TargetURL: in.TargetURL, Creator: c.actor.User, CreatedAt: c.clock(),
	}
	c.repo.Statuses = append(c.repo.Statuses, s)
	c.emit(Event{Name: "status", Actor: c.actor, Repo: c.repo, Status: s})
	for _, p := range c.openPulls(func(p *Pull) bool { return p.AutoMerge != nil && p.HeadSHA == sha }) {
		c.tryAutoMerge(c.ctx, p)
	}
	return created(c.wireStatus(c.repo, s)), nil
}

// statusesOf lists the statuses of the named commit, newest first.
func (c *call) statusesOf() (commit, []*Status, error) {
	x, err := c.refCommit()
	var some []*Status
	for _, s := range c.repo.Statuses {
		if s.SHA == x.SHA {
			some = append(some, s)
		}
	}
	slices.Reverse(some)
	return x, some, err
}

func (c *call) listStatuses() (answer, error) {
	_, some, err := c.statusesOf()
	if err != nil {
		return answer{}, err
	}
	return list(c, some, func(s *Status) object { return c.wireStatus(c.repo, s) }), nil
}

// combinedStatus has the latest status of each context and what they come to.
func (c *call) combinedStatus() (answer, error) {
	x, some, err := c.statusesOf()
	if err != nil {
		return answer{}, err
	}
	seen, out, state := map[string]bool{}, []object{}, "success"
	for _, s := range some {
		if seen[s.Context] {
			continue
		}
		seen[s.Context] = true
		o := c.wireStatus(c.repo, s)
		delete(o, "creator")
		out = append(out, o)
		switch {
		case s.State == "failure" || s.State == "error":
			state = "failure"
		case s.State == "pending" && state == "success":
			state = "pending"
		}
	}
	if len(out) == 0 {
		state = "pending"
	}
	return ok(object{
		"state": state, "statuses": out, "sha": x.SHA, "total_count": len(out), "repository": c.wireRepo(c.repo),
		"commit_url": c.inRepo(c.repo, "/commits/%s", x.SHA), "url": c.inRepo(c.repo, "/commits/%s/status", x.SHA),
	}), nil
}

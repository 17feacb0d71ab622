package githubsim

import (
	"fmt"
	"slices"
	"time"
)

func checkRoutes() []route {
	read, write := reads("checks"), writes(RoleWrite, "checks")
	return []route{
		{"POST", "/repos/:owner/:repo/check-runs", write, (*call).createCheckRun},
		{"GET", "/repos/:owner/:repo/check-runs/:id", read, (*call).getCheckRun},
		{"PATCH", "/repos/:owner/:repo/check-runs/:id", write, (*call).patchCheckRun},
		{"GET", "/repos/:owner/:repo/check-runs/:id/annotations", read, (*call).listAnnotations},
		{"POST", "/repos/:owner/:repo/check-runs/:id/rerequest", write, (*call).rerequestRun},
		{"GET", "/repos/:owner/:repo/commits/*ref/check-runs", read, (*call).listCheckRuns},
		{"GET", "/repos/:owner/:repo/commits/*ref/check-suites", read, (*call).listCheckSuites},
		{"GET", "/repos/:owner/:repo/check-suites/:id", read, (*call).getCheckSuite},
		{"POST", "/repos/:owner/:repo/check-suites/:id/rerequest", write, (*call).rerequestSuite},
		{"POST", "/repos/:owner/:repo/statuses/:sha", writes(RoleWrite, "statuses"), (*call).createStatus},
		{"GET", "/repos/:owner/:repo/commits/*ref/status", reads("statuses"), (*call).combinedStatus},
		{"GET", "/repos/:owner/:repo/commits/*ref/statuses", reads("statuses"), (*call).listStatuses},
	}
}

// checkBody is what POST and PATCH of a check run take.
type checkBody struct {
	Name        *string        `json:"name"`
	HeadSHA     string         `json:"head_sha"`
	DetailsURL  *string        `json:"details_url"`
	ExternalID  *string        `json:"external_id"`
	Status      *string        `json:"status"`
	Conclusion  *string        `json:"conclusion"`
	StartedAt   *time.Time     `json:"started_at"`
	CompletedAt *time.Time     `json:"completed_at"`
	Output      *checkOutput   `json:"output"`
	Actions     *[]CheckAction `json:"actions"`
}

type checkOutput struct {
	Title       *string      `json:"title"`
	Summary     *string      `json:"summary"`
	Text        *string      `json:"text"`
	Annotations []Annotation `json:"annotations"`
}

// The conclusions and statuses that a check run may be given.
var (
	checkConclusions = []string{"action_required", "cancelled", "failure", "neutral", "success", "skipped", "timed_out"}
	checkStatuses    = []string{"queued", "in_progress", "completed"}
)

// check refuses what GitHub does not take.
func (b checkBody) check() error {
	if b.Conclusion != nil && !slices.Contains(checkConclusions, *b.Conclusion) {
		return invalid("CheckRun", "conclusion", "invalid")
	}
	if b.Status != nil && !slices.Contains(checkStatuses, *b.Status) {
		return invalid("CheckRun", "status", "invalid")
	}
	if b.Status != nil && *b.Status == "completed" && b.Conclusion == nil {
		return invalid("CheckRun", "conclusion", "missing_field")
	}
	if b.Output != nil {
		if err := b.Output.check(); err != nil {
			return err
		}
	}
	if b.Actions == nil {
		return nil
	}
	if len(*b.Actions) > 3 {
		return invalidBecause("CheckRun", "actions", "No subschema in \"anyOf\" matched: more than 3 items.")
	}
	for _, a := range *b.Actions {
		if !within(a.Label, 20) || !within(a.Description, 40) || !within(a.Identifier, 20) {
			return invalidBecause("CheckRun", "actions", fmt.Sprintf("the action %q has a part that is empty or too long", a.Label))
		}
	}
	return nil
}

// within tells whether a text has between 1 and n characters.
func within(s string, n int) bool { return s != "" && len([]rune(s)) <= n }

func (o *checkOutput) check() error {
	switch {
	case o.Summary == nil:
		return invalid("CheckRun", "output.summary", "missing_field")
	case len([]rune(*o.Summary)) > 65535 || o.Text != nil && len([]rune(*o.Text)) > 65535:
		return invalidBecause("CheckRun", "output", "Only 65535 characters are allowed")
	case len(o.Annotations) > 50:
		return invalidBecause("CheckRun", "output.annotations", "only 50 annotations are allowed in one request")
	}
	for _, a := range o.Annotations {
		if a.Path == "" || a.Message == "" || !slices.Contains([]string{"notice", "warning", "failure"}, a.Level) {
			return invalid("CheckRun", "output.annotations", "invalid")
		}
	}
	return nil
}

// apply takes the body over. Annotations are added to those from before.
func (g *GitHub) applyCheck(k *CheckRun, b checkBody) {
	set(&k.Name, b.Name)
	set(&k.DetailsURL, b.DetailsURL)
	set(&k.ExternalID, b.ExternalID)
	set(&k.Status, b.Status)
	if b.StartedAt != nil {
		k.StartedAt = b.StartedAt
	}
	if b.Output != nil {
		k.HasOutput = true
		set(&k.Title, b.Output.Title)
		set(&k.Summary, b.Output.Summary)
		set(&k.Text, b.Output.Text)
		k.Annotations = append(slices.Clone(k.Annotations), b.Output.Annotations...)
	}
	if b.Actions != nil {
		k.Actions = *b.Actions
	}
	if b.Conclusion != nil {
		now := g.clock()
		k.Conclusion, k.Status, k.CompletedAt = *b.Conclusion, "completed", &now
		if b.CompletedAt != nil {
			k.CompletedAt = b.CompletedAt
		}
	} else if k.Status != "completed" {
		k.Conclusion, k.CompletedAt = "", nil
	}
	k.Suite.UpdatedAt = g.clock()
}

// emitCheck emits an event of a check run.
func (g *GitHub) emitCheck(by Actor, k *CheckRun, action string) {
	g.emit(Event{Name: "check_run", Action: action, Actor: by, Repo: k.Suite.Repo, CheckRun: k, CheckSuite: k.Suite})
}

// createCheckRun makes a check run; only an App can.
func (c *call) createCheckRun() (answer, error) {
	if c.token == nil {
		return answer{}, refuse(403, "You must authenticate via a GitHub App.")
	}
	var in checkBody
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if in.Name == nil || *in.Name == "" {
		return answer{}, invalid("CheckRun", "name", "missing_field")
	}
	if err := in.check(); err != nil {
		return answer{}, err
	}
	if _, err := c.repo.git.commit(in.HeadSHA); err != nil || !isSHA(in.HeadSHA) {
		return answer{}, refuse(422, "No commit found for SHA: %s", in.HeadSHA)
	}
	suite, _ := c.suite(c.repo, c.actor.App, in.HeadSHA)
	now := c.clock()
	k := &CheckRun{ID: c.nextID("checkrun"), Suite: suite, Status: "queued", StartedAt: &now}
	c.applyCheck(k, in)
	c.repo.CheckRuns = append(c.repo.CheckRuns, k)
	c.emitCheck(c.actor, k, "created")
	if k.Status == "completed" {
		c.emitCheck(c.actor, k, "completed")
		c.checkDone(k)
	}
	return created(c.wireCheckRun(k)), nil
}

// checkRunParam finds the check run that the path names.
func (c *call) checkRunParam() (*CheckRun, error) {
	id, err := c.number("id")
	if err != nil {
		return nil, err
	}
	for _, k := range c.repo.CheckRuns {
		if k.ID == id {
			return k, nil
		}
	}
	return nil, errNotFound
}

func (c *call) getCheckRun() (answer, error) {
	k, err := c.checkRunParam()
	if err != nil {
		return answer{}, err
	}
	return ok(c.wireCheckRun(k)), nil
}

func (c *call) patchCheckRun() (answer, error) {
	k, err := c.checkRunParam()
	if err != nil {
		return answer{}, err
	}
	if c.actor.App != k.Suite.App {
		return answer{}, refuse(403, "Invalid app_id `%d` - check run can only be modified by the GitHub App that created it.", k.Suite.App.ID)
	}
	var in checkBody
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if in.Status != nil && *in.Status == "completed" && in.Conclusion == nil && k.Conclusion != "" {
		in.Conclusion = &k.Conclusion
	}
	if err := in.check(); err != nil {
		return answer{}, err
	}
	was := k.Status
	c.applyCheck(k, in)
	if k.Status == "completed" && was != "completed" {
		c.emitCheck(c.actor, k, "completed")
	}
	if k.Status == "completed" {
		c.checkDone(k)
	}
	return ok(c.wireCheckRun(k)), nil
}

// checkDone lets pull requests that wait for the check merge by themselves.
func (c *call) checkDone(k *CheckRun) {
	for _, p := range c.openPulls(func(p *Pull) bool { return p.AutoMerge != nil && p.HeadSHA == k.Suite.HeadSHA }) {
		c.tryAutoMerge(c.ctx, p)
	}
}

func (c *call) listAnnotations() (answer, error) {
	k, err := c.checkRunParam()
	if err != nil {
		return answer{}, err
	}
	return list(c, k.Annotations, func(a Annotation) object {
		return object{
			"path": a.Path, "start_line": a.StartLine, "end_line": a.EndLine, "start_column": a.StartColumn,
			"end_column": a.EndColumn, "annotation_level": a.Level, "title": orNull(a.Title), "message": a.Message,
			"raw_details": orNull(a.RawDetails), "blob_href": c.page(c.repo, "/blob/%s/%s", k.Suite.HeadSHA, escapePath(a.Path)),
		}
	}), nil
}

// rerequestRun asks the App to check again.
func (c *call) rerequestRun() (answer, error) {
	k, err := c.checkRunParam()
	if err != nil {
		return answer{}, err
	}
	k.Status, k.Conclusion, k.CompletedAt = "queued", "", nil
	c.emitCheck(c.actor, k, "rerequested")
	return answer{status: 201, body: object{}}, nil
}

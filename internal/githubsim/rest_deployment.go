package githubsim

import (
	"cmp"
	"net/http"
	"slices"
)

func deploymentRoutes() []route {
	read, write := reads("deployments"), writes(RoleWrite, "deployments")
	return []route{
		{"GET", "/repos/:owner/:repo/deployments", read, (*call).listDeployments},
		{"POST", "/repos/:owner/:repo/deployments", write, (*call).createDeployment},
		{"GET", "/repos/:owner/:repo/deployments/:id", read, (*call).getDeployment},
		{"GET", "/repos/:owner/:repo/deployments/:id/statuses", read, (*call).listDeploymentStatuses},
		{"POST", "/repos/:owner/:repo/deployments/:id/statuses", write, (*call).createDeploymentStatus},
	}
}

// listDeployments lists deployments, newest first.
func (c *call) listDeployments() (answer, error) {
	var some []*Deployment
	q := c.query
	for _, d := range c.repo.Deploys {
		if is(q.Get("sha"), d.SHA) && is(q.Get("ref"), d.Ref) && is(q.Get("task"), d.Task) && is(q.Get("environment"), d.Environment) {
			some = append(some, d)
		}
	}
	slices.Reverse(some)
	return list(c, some, c.wireDeployment), nil
}

// is compares with a filter that may be absent.
func is(want, have string) bool { return want == "" || want == "none" || want == have }

// deploymentBody is what POST deployments takes.
type deploymentBody struct {
	Ref         string    `json:"ref"`
	Task        string    `json:"task"`
	AutoMerge   *bool     `json:"auto_merge"`
	Contexts    *[]string `json:"required_contexts"`
	Payload     any       `json:"payload"`
	Environment string    `json:"environment"`
	Description string    `json:"description"`
	Transient   bool      `json:"transient_environment"`
	Production  *bool     `json:"production_environment"`
}

func (c *call) createDeployment() (answer, error) {
	var in deploymentBody
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if in.Ref == "" {
		return answer{}, invalid("Deployment", "ref", "missing_field")
	}
	at, err := c.repo.git.resolve(in.Ref)
	if err != nil {
		return answer{}, invalidBecause("Deployment", "ref", "No ref found for: "+in.Ref)
	}
	if a, done, err := c.autoMerged(in, at); done || err != nil {
		return a, err
	}
	if !c.contextsGood(in, at.SHA) {
		return answer{}, refuse(409, "Conflict: Commit status checks failed for %s.", in.Ref)
	}
	d := &Deployment{
		ID: c.nextID("deployment"), Repo: c.repo, SHA: at.SHA, Ref: in.Ref, Task: cmp.Or(in.Task, "deploy"),
		Payload: in.Payload, Environment: cmp.Or(in.Environment, "production"), Description: in.Description,
		Transient: in.Transient, Creator: c.actor.User, App: c.actor.App, CreatedAt: c.clock(), UpdatedAt: c.clock(),
	}
	if d.Payload == nil {
		d.Payload = object{}
	}
	d.Production = d.Environment == "production"
	set(&d.Production, in.Production)
	c.repo.Deploys = append(c.repo.Deploys, d)
	c.emit(Event{Name: "deployment", Action: "created", Actor: c.actor, Repo: c.repo, Deployment: d})
	return created(c.wireDeployment(d)), nil
}

// autoMerged brings a branch that is behind up to date, which is done instead of deploying
// unless auto_merge is false.
func (c *call) autoMerged(in deploymentBody, at commit) (answer, bool, error) {
	git := c.repo.git
	if in.AutoMerge != nil && !*in.AutoMerge {
		return answer{}, false, nil
	}
	tip, err := git.branch(in.Ref)
	if missing(err) || err == nil && tip != at.SHA {
		return answer{}, false, nil // a tag or a commit
	}
	if err != nil {
		return answer{}, false, err
	}
	base, err := git.branch(c.repo.DefaultBranch)
	if err != nil {
		return answer{}, false, err
	}
	words := "Merge " + c.repo.DefaultBranch + " into " + in.Ref
	sha, err := c.mergeInto(in.Ref, tip, base, words)
	if err != nil || sha == "" {
		return answer{}, false, err
	}
	return accepted(object{"message": "Auto-merged " + c.repo.DefaultBranch + " into " + in.Ref + " on deployment."}), true, nil
}

// contextsGood tells whether the required statuses, or all that there are, went well.
func (c *call) contextsGood(in deploymentBody, sha string) bool {
	if in.Contexts == nil {
		return !c.repo.failing(sha)
	}
	for _, name := range *in.Contexts {
		if !c.repo.succeeded(sha, name) {
			return false
		}
	}
	return true
}

func (c *call) deploymentParam() (*Deployment, error) {
	id, err := c.number("id")
	if err != nil {
		return nil, err
	}
	for _, d := range c.repo.Deploys {
		if d.ID == id {
			return d, nil
		}
	}
	return nil, errNotFound
}

func (c *call) getDeployment() (answer, error) {
	d, err := c.deploymentParam()
	if err != nil {
		return answer{}, err
	}
	return ok(c.wireDeployment(d)), nil
}

// listDeploymentStatuses lists statuses, newest first.
func (c *call) listDeploymentStatuses() (answer, error) {
	d, err := c.deploymentParam()
	if err != nil {
		return answer{}, err
	}
	all := slices.Clone(d.Statuses)
	slices.Reverse(all)
	return list(c, all, c.wireDeploymentStatus), nil
}

var deploymentStates = []string{"error", "failure", "inactive", "in_progress", "queued", "pending", "success"}

func (c *call) createDeploymentStatus() (answer, error) {
	d, err := c.deploymentParam()
	if err != nil {
		return answer{}, err
	}
	in := struct {
		State          string `json:"state"`
		TargetURL      string `json:"target_url"`
		LogURL         string `json:"log_url"`
		Description    string `json:"description"`
		Environment    string `json:"environment"`
		EnvironmentURL string `json:"environment_url"`
		AutoInactive   *bool  `json:"auto_inactive"`
	}{Environment: d.Environment}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if !slices.Contains(deploymentStates, in.State) {
		return answer{}, invalid("DeploymentStatus", "state", "invalid")
	}
	if len([]rune(in.Description)) > 140 {
		return answer{}, invalidBecause("DeploymentStatus", "description", "description is too long (maximum is 140 characters)")
	}
	s := c.newDeploymentStatus(d, in.State)
	s.Description, s.Environment = in.Description, in.Environment
	s.LogURL, s.EnvironmentURL = cmp.Or(in.LogURL, in.TargetURL), in.EnvironmentURL
	if in.State != "inactive" { // GitHub sends no event for it
		c.emit(Event{Name: "deployment_status", Action: "created", Actor: c.actor, Repo: c.repo, Deployment: d, DeploymentStatus: s})
	}
	if in.State == "success" && (in.AutoInactive == nil || *in.AutoInactive) {
		c.retireOthers(d)
	}
	a := answer{status: http.StatusCreated, body: c.wireDeploymentStatus(s)}
	return a, nil
}

func (c *call) newDeploymentStatus(d *Deployment, state string) *DeploymentStatus {
	s := &DeploymentStatus{
		ID: c.nextID("deploymentstatus"), Deployment: d, State: state, Environment: d.Environment,
		Creator: c.actor.User, App: c.actor.App, CreatedAt: c.clock(), UpdatedAt: c.clock(),
	}
	d.Statuses, d.UpdatedAt = append(d.Statuses, s), s.UpdatedAt
	return s
}

// retireOthers makes earlier successful deployments to the same environment inactive.
func (c *call) retireOthers(d *Deployment) {
	for _, other := range c.repo.Deploys {
		n := len(other.Statuses)
		if other == d || other.Environment != d.Environment || other.Transient || other.Production ||
			n == 0 || other.Statuses[n-1].State != "success" {
			continue
		}
		c.newDeploymentStatus(other, "inactive")
	}
}

package githubsim

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// gqlNotFound is what GraphQL says of what is not there, or may not be seen.
func gqlNotFound(format string, args ...any) error {
	return &gqlError{Type: "NOT_FOUND", Message: fmt.Sprintf(format, args...)}
}

// errGQLForbidden is a permission that an App lacks.
var errGQLForbidden = &gqlError{Type: "FORBIDDEN", Message: errIntegration.message}

// gqlRef is a branch.
type gqlRef struct {
	repo *Repo
	ref
}

// gqlAutoMerge is a pull request that shall merge by itself.
type gqlAutoMerge struct{ *Pull }

func autoMergeOf(p *Pull) any {
	if p.AutoMerge == nil {
		return nil
	}
	return gqlAutoMerge{p}
}

// may refuses what an App's token does not allow. A public repository that the App is not
// installed on is read as by anybody.
func (q *gqlRun) may(r *Repo, permission, level string) error {
	if q.token == nil || !q.token.reaches(r) && level == "read" {
		return nil
	}
	if !q.token.reaches(r) || !q.token.allows(permission, level) {
		return errGQLForbidden
	}
	return nil
}

func (q *gqlRun) repository(_ any, args map[string]any) (any, error) {
	owner, name := args["owner"].(string), args["name"].(string)
	r, former := q.findRepo(owner, name)
	if r == nil || !sees(q.actor, q.token, r) || former && args["followRenames"] == false {
		return nil, gqlNotFound("Could not resolve to a Repository with the name '%s/%s'.", owner, name)
	}
	return r, nil
}

// node finds an object by its global id.
func (q *gqlRun) node(id string) (any, error) {
	found, repo := q.findNode(id)
	if found == nil || repo != nil && !sees(q.actor, q.token, repo) {
		return nil, gqlNotFound("Could not resolve to a node with the global id of '%s'", id)
	}
	return found, nil
}

// findNode gives the object of an id, and the repository that it belongs to.
func (q *gqlRun) findNode(id string) (any, *Repo) {
	kind, number, ok := parseNodeID(id)
	if !ok {
		return q.findCommitNode(id)
	}
	for _, u := range q.users {
		if u.ID == number && (kind == "U" || kind == "BOT" || kind == "O") {
			return u, nil
		}
	}
	for _, r := range q.repos {
		if kind == "R" && r.ID == number {
			return r, r
		}
		for _, i := range r.Issues {
			if i == nil || i.nodeKind() != kind || i.nodeNumber() != number {
				continue
			}
			if i.Pull != nil {
				return i.Pull, r
			}
			return i, r
		}
	}
	return nil, nil
}

func (q *gqlRun) findCommitNode(id string) (any, *Repo) {
	kind, repoID, sha, ok := parseNodeName(id)
	for _, r := range q.repos {
		if !ok || kind != "C" || r.ID != repoID {
			continue
		}
		if c, err := r.git.commit(sha); err == nil {
			return gqlCommit{r, c}, r
		}
	}
	return nil, nil
}

func (q *gqlRun) defaultBranch(r *Repo, _ map[string]any) (any, error) {
	x, err := r.git.ref("refs/heads/" + r.DefaultBranch)
	if missing(err) {
		return nil, nil
	}
	return gqlRef{r, x}, err
}

func (q *gqlRun) target(x gqlRef, _ map[string]any) (any, error) { return q.commitOf(x.repo, x.Peeled) }

// commitOf gives a commit, null for one that is not there.
func (q *gqlRun) commitOf(r *Repo, sha string) (any, error) {
	if sha == "" {
		return nil, nil
	}
	c, err := r.git.commit(sha)
	if errors.Is(err, errNoObject) {
		return nil, nil
	}
	return gqlCommit{r, c}, err
}

func (q *gqlRun) issueOf(r *Repo, args map[string]any) (any, error) {
	if err := q.may(r, "issues", "read"); err != nil {
		return nil, err
	}
	n := gqlInt(args["number"])
	if i := r.issue(n); i != nil && i.Pull == nil {
		return i, nil
	}
	return nil, gqlNotFound("Could not resolve to an Issue with the number of %d.", n)
}

func (q *gqlRun) pullOf(r *Repo, args map[string]any) (any, error) {
	if err := q.may(r, "pull_requests", "read"); err != nil {
		return nil, err
	}
	n := gqlInt(args["number"])
	if i := r.issue(n); i != nil && i.Pull != nil {
		return i.Pull, nil
	}
	return nil, gqlNotFound("Could not resolve to a PullRequest with the number of %d.", n)
}

func (q *gqlRun) issueOrPull(r *Repo, args map[string]any) (any, error) {
	i := r.issue(gqlInt(args["number"]))
	switch {
	case i == nil:
		return nil, gqlNotFound("Could not resolve to an issue or pull request with the number of %d.", gqlInt(args["number"]))
	case i.Pull != nil:
		return q.pullOf(r, args)
	}
	return q.issueOf(r, args)
}

// timeline lists the events of the asked types. Without types GitHub would give all it has,
// which is more than the model keeps.
func (q *gqlRun) timeline(i *Issue, args map[string]any) (any, error) {
	types, _ := args["itemTypes"].([]any)
	if len(types) == 0 {
		q.violations = append(q.violations, "GraphQL: timelineItems without itemTypes")
		return nil, errors.New("the simulated GitHub lists timelineItems by itemTypes only")
	}
	var list []*IssueEvent
	for _, e := range i.Events {
		if slices.Contains(types, any(strings.ToUpper(e.Event)+"_EVENT")) {
			list = append(list, e)
		}
	}
	return gqlPageOf("timelineItems", list, args)
}

// closer is the pull request or the commit that closed an issue, null for a person; null also
// for what the asker may not see.
func (q *gqlRun) closer(e *IssueEvent, _ map[string]any) (any, error) {
	switch {
	case e.CloserPR != nil && sees(q.actor, q.token, e.CloserPR.Repo()):
		return e.CloserPR, nil
	case e.CloserPR == nil && e.CommitID != "":
		return q.commitOf(e.Issue.Repo, e.CommitID)
	}
	return nil, nil
}

func (q *gqlRun) closing(p *Pull, args map[string]any) (any, error) {
	if err := q.may(p.Repo(), "issues", "read"); err != nil {
		return nil, err
	}
	return gqlPageOf("closingIssuesReferences", p.closingReferences(), args)
}

func (p *Pull) graphQLState() string {
	if p.Merged {
		return "MERGED"
	}
	return strings.ToUpper(openOr(p.Issue.Closed))
}

func (q *gqlRun) mergeCommit(p *Pull, _ map[string]any) (any, error) {
	if !p.Merged {
		return nil, nil
	}
	return q.commitOf(p.Repo(), p.MergeCommitSHA)
}

// mergeable is UNKNOWN until somebody asked, as in the REST API.
func (q *gqlRun) mergeable(p *Pull, _ map[string]any) (any, error) {
	known := p.mergeKnown && !p.Issue.Closed
	word := "UNKNOWN"
	if known && p.mergeable {
		word = "MERGEABLE"
	}
	if known && !p.mergeable {
		word = "CONFLICTING"
	}
	return word, q.workOut(q.ctx, p)
}

func (q *gqlRun) mergeState(p *Pull, _ map[string]any) (any, error) {
	word := "UNKNOWN"
	if p.mergeKnown && !p.Issue.Closed {
		word = strings.ToUpper(q.mergeableState(p))
	}
	return word, q.workOut(q.ctx, p)
}

package githubsim

import (
	"context"
	"fmt"
	"slices"
)

// PressButton presses an action button of a check run, which only the website can do, so it
// is a verb without a request. Who presses must be able to write.
func (p *Person) PressButton(_ context.Context, repo string, checkRun int64, identifier string) error {
	g := p.github
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, r := range g.repos {
		for _, k := range r.CheckRuns {
			if r.FullName() != repo || k.ID != checkRun {
				continue
			}
			if p.user == nil || r.role(p.user) < RoleWrite {
				return &Refused{Status: 403, Message: "only who may write to the repository sees the buttons"}
			}
			if !slices.ContainsFunc(k.Actions, func(a CheckAction) bool { return a.Identifier == identifier }) {
				return &Refused{Status: 404, Message: fmt.Sprintf("check run %d has no button %q", checkRun, identifier)}
			}
			g.emit(Event{Name: "check_run", Action: "requested_action", Actor: Actor{User: p.user}, Repo: r,
				CheckRun: k, CheckSuite: k.Suite, RequestedAction: identifier})
			return nil
		}
	}
	return &Refused{Status: 404, Message: fmt.Sprintf("%s has no check run %d", repo, checkRun)}
}

// DeleteIssue deletes an issue for good, as an administrator does on the website.
func (p *Person) DeleteIssue(_ context.Context, repo string, number int) error {
	g := p.github
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, r := range g.repos {
		i := r.issue(number)
		if r.FullName() != repo || i == nil || i.Pull != nil {
			continue
		}
		if p.user == nil || r.role(p.user) < RoleAdmin {
			return &Refused{Status: 403, Message: "only an administrator of the repository deletes issues"}
		}
		g.deleteIssue(Actor{User: p.user}, i)
		return nil
	}
	return &Refused{Status: 404, Message: fmt.Sprintf("%s has no issue %d", repo, number)}
}

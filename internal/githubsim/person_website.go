package githubsim

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
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

// Enqueue puts a pull request into the merge queue of its base, and gives the branch on which
// its group stands. Who does it must be able to write.
func (p *Person) Enqueue(ctx context.Context, repo string, number int) (branch string, err error) {
	err = p.onPull(repo, number, func(by Actor, pull *Pull) error {
		if err := p.github.joinQueue(ctx, by, pull); err != nil {
			return err
		}
		if m := pull.Repo().group(pull); m != nil {
			branch = m.Branch
		}
		return nil
	})
	return branch, err
}

// Dequeue takes a pull request out of the merge queue.
func (p *Person) Dequeue(ctx context.Context, repo string, number int) error {
	return p.onPull(repo, number, func(_ Actor, pull *Pull) error {
		return p.github.leaveQueue(ctx, pull, "MANUAL")
	})
}

// onPull does what the website does with a pull request, for somebody who may write.
func (p *Person) onPull(repo string, number int, do func(Actor, *Pull) error) error {
	return p.github.onPull(repo, number, func(pull *Pull) error {
		if p.user == nil || pull.Repo().role(p.user) < RoleWrite {
			return refuse(http.StatusForbidden, "only who may write to the repository uses its merge queue")
		}
		return do(Actor{User: p.user}, pull)
	})
}

// MergeQueued is the moment when the merge queue has waited long enough for the first pull
// request in it: it is merged if the checks that its base requires went well on its group. The
// simulated queue has no time of its own, so it waits to be told.
func (g *GitHub) MergeQueued(ctx context.Context, repo string, number int) error {
	return g.onPull(repo, number, func(pull *Pull) error { return g.mergeQueued(ctx, pull) })
}

// onPull does something with a pull request that no request does; it is refused as requests
// are.
func (g *GitHub) onPull(repo string, number int, do func(*Pull) error) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	owner, name, _ := strings.Cut(repo, "/")
	r, _ := g.findRepo(owner, name)
	if r == nil || r.issue(number) == nil || r.issue(number).Pull == nil {
		return &Refused{Status: http.StatusNotFound, Message: fmt.Sprintf("%s has no pull request %d", repo, number)}
	}
	err := do(r.issue(number).Pull)
	var no *refusal
	if errors.As(err, &no) {
		return &Refused{Status: no.status, Message: no.message}
	}
	return err
}

// Button is an action button of a check run, as the website shows it to those who may write.
type Button struct {
	CheckRun int64
	Check    string // the check run's name
	CheckAction
}

// Buttons lists the buttons of the latest check runs on a commit. No request tells them.
func (g *GitHub) Buttons(repo, commit string) []Button {
	g.mu.Lock()
	defer g.mu.Unlock()
	owner, name, _ := strings.Cut(repo, "/")
	r, _ := g.findRepo(owner, name)
	if r == nil {
		return nil
	}
	var list []Button
	for _, k := range r.CheckRuns {
		if k.Suite.HeadSHA != commit || !r.latest(k) {
			continue
		}
		for _, a := range k.Actions {
			list = append(list, Button{CheckRun: k.ID, Check: k.Name, CheckAction: a})
		}
	}
	return list
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

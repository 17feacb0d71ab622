package githubsim

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/contract"
)

// happenings are all events that the simulated GitHub can send, each with every action that
// the model emits.
func (w *world) happenings() []Event {
	now := w.clock()
	label := &Label{ID: 1, Repo: w.repo, Name: "hotfix", Color: "d73a4a"}
	milestone := &Milestone{ID: 2, Repo: w.repo, Number: 1, Title: "1.7", Creator: w.alice, CreatedAt: now, UpdatedAt: now}
	comment := &Comment{ID: 3, Issue: w.issue, User: w.bob, Body: "/hotfix status", CreatedAt: now, UpdatedAt: now}
	byApp := &Comment{ID: 4, Issue: w.pull.Issue, User: w.app.Bot, App: w.app, Body: "Done.", CreatedAt: now, UpdatedAt: now}
	review := &Review{ID: 5, Pull: w.pull, User: w.bob, State: "APPROVED", CommitID: w.topic, SubmittedAt: now}
	suite := &CheckSuite{ID: 6, Repo: w.repo, App: w.app, HeadSHA: w.topic, HeadBranch: "hotfix/cart", Before: w.second, CreatedAt: now, UpdatedAt: now}
	run := &CheckRun{ID: 7, Suite: suite, Name: "Hotfix", Status: "completed", Conclusion: "success", StartedAt: &now, CompletedAt: &now}
	release := &Release{ID: 8, Repo: w.repo, TagName: "v1.7.1", Target: "main", Name: "v1.7.1", Author: w.app.Bot, CreatedAt: now, PublishedAt: &now, UpdatedAt: now}
	deployment := &Deployment{ID: 9, Repo: w.repo, SHA: w.second, Ref: "main", Task: "deploy", Payload: object{}, Environment: "production", Creator: w.app.Bot, App: w.app, CreatedAt: now, UpdatedAt: now}
	step := &DeploymentStatus{ID: 10, Deployment: deployment, State: "success", Environment: "production", Creator: w.alice, CreatedAt: now, UpdatedAt: now}
	status := &Status{ID: 11, SHA: w.topic, State: "success", Context: "ci/test", Creator: w.bob, CreatedAt: now}

	for _, i := range []*Issue{w.issue, w.pull.Issue} {
		i.Labels, i.Assignees, i.Milestone = []*Label{label}, []*User{w.alice, w.bob}, milestone
		i.Reactions = []*Reaction{{ID: 12, User: w.bob, Content: "eyes", CreatedAt: now}}
	}
	w.pull.Reviewers = []*User{w.bob}
	w.pull.AutoMerge = &AutoMerge{By: w.alice, Method: "merge"}
	w.repo.CheckRuns, w.repo.Suites = []*CheckRun{run}, []*CheckSuite{suite}

	var all []Event
	add := func(e Event, actions ...string) {
		e.Actor, e.Repo = w.by, w.repo
		for _, e.Action = range actions {
			all = append(all, e)
		}
	}
	add(Event{Name: "ping"}, "")
	add(Event{Name: "installation", Installation: w.at, Added: []*Repo{w.repo}, Removed: []*Repo{w.repo}}, "created", "deleted")
	add(Event{Name: "installation_repositories", Installation: w.at, Added: []*Repo{w.repo}}, "added")
	add(Event{Name: "installation_repositories", Installation: w.at, Removed: []*Repo{w.repo}}, "removed")
	add(Event{Name: "push", Ref: "refs/heads/main", Before: w.first, After: w.second}, "")
	add(Event{Name: "push", Ref: "refs/heads/hotfix/cart", Before: zeroSHA, After: w.topic}, "")
	add(Event{Name: "push", Ref: "refs/heads/hotfix/cart", Before: w.topic, After: zeroSHA}, "")
	add(Event{Name: "push", Ref: "refs/tags/v1.7.1", Before: zeroSHA, After: w.second}, "")
	add(Event{Name: "create", Ref: "refs/tags/v1.7.1", Before: zeroSHA, After: w.second}, "")
	add(Event{Name: "create", Ref: "refs/heads/hotfix/cart", Before: zeroSHA, After: w.topic}, "")
	add(Event{Name: "delete", Ref: "refs/heads/hotfix/cart", Before: w.topic, After: zeroSHA}, "")

	pull := Event{Name: "pull_request", Pull: w.pull, Issue: w.pull.Issue}
	add(pull, "opened", "closed", "reopened", "ready_for_review", "converted_to_draft", "auto_merge_enabled", "auto_merge_disabled")
	add(pull, "enqueued")
	pull.Reason = "MANUAL"
	add(pull, "dequeued")
	group := &MergeGroup{Pull: w.pull, Branch: "gh-readonly-queue/main/pr-2-" + w.second, BaseSHA: w.second, HeadSHA: w.topic}
	add(Event{Name: "merge_group", Group: group}, "checks_requested")
	add(Event{Name: "merge_group", Group: group, Reason: "merged"}, "destroyed")
	pull.Before, pull.After = w.second, w.topic
	add(pull, "synchronize")
	pull.Label, pull.Assignee, pull.Reviewer, pull.Milestone = label, w.bob, w.bob, milestone
	add(pull, "labeled", "unlabeled", "assigned", "unassigned", "review_requested", "review_request_removed", "milestoned", "demilestoned")
	pull.Changes = map[string]string{"title": "Old", "body": "Old", "base": "qa"}
	add(pull, "edited")
	add(Event{Name: "pull_request_review", Pull: w.pull, Issue: w.pull.Issue, Review: review}, "submitted", "dismissed")

	issue := Event{Name: "issues", Issue: w.issue, Label: label, Assignee: w.bob, Milestone: milestone}
	add(issue, "opened", "closed", "reopened", "labeled", "unlabeled", "assigned", "unassigned", "milestoned", "demilestoned", "deleted")
	issue.Changes = map[string]string{"title": "Old", "body": "Old"}
	add(issue, "edited")
	add(Event{Name: "issue_comment", Issue: w.issue, Comment: comment}, "created", "deleted")
	add(Event{Name: "issue_comment", Issue: w.pull.Issue, Pull: w.pull, Comment: byApp}, "created")
	add(Event{Name: "issue_comment", Issue: w.issue, Comment: comment, Changes: map[string]string{"body": "Old"}}, "edited")
	add(Event{Name: "label", Label: label}, "created", "deleted")
	add(Event{Name: "label", Label: label, Changes: map[string]string{"name": "old", "color": "ffffff"}}, "edited")
	add(Event{Name: "milestone", Milestone: milestone}, "created", "opened", "deleted")
	done := *milestone
	done.Closed, done.ClosedAt = true, &now
	add(Event{Name: "milestone", Milestone: &done}, "closed")
	add(Event{Name: "milestone", Milestone: milestone, Changes: map[string]string{"title": "1.6"}}, "edited")

	add(Event{Name: "release", Release: release}, "created", "published", "released", "unpublished", "deleted")
	early := *release
	early.Prerelease = true
	add(Event{Name: "release", Release: &early}, "prereleased")
	add(Event{Name: "release", Release: release, Changes: map[string]string{"name": "v1.7", "body": "Old"}}, "edited")
	add(Event{Name: "check_run", CheckRun: run, RequestedAction: "deploy"}, "created", "completed", "rerequested", "requested_action")
	add(Event{Name: "check_suite", CheckSuite: suite}, "requested", "rerequested", "completed")
	add(Event{Name: "status", Status: status}, "")
	add(Event{Name: "deployment", Deployment: deployment}, "created")
	add(Event{Name: "deployment_status", Deployment: deployment, DeploymentStatus: step}, "created")
	add(Event{Name: "member", Member: w.alice}, "added", "removed")
	add(Event{Name: "member", Member: w.alice, Changes: map[string]string{"permission": "read"}}, "edited")
	add(Event{Name: "repository"}, "archived", "unarchived", "deleted")
	add(Event{Name: "repository", Changes: map[string]string{"name": "store"}}, "renamed")
	add(Event{Name: "repository", Changes: map[string]string{"default_branch": "master"}}, "edited")
	return all
}

// emitted prepares an event as the model emits it.
func (w *world) emitted(e Event) Event {
	switch e.Name {
	case "ping":
		return Event{Name: "ping", Actor: Actor{App: w.app}}
	case "installation", "installation_repositories":
		e.Repo = nil
	}
	return e
}

// Every body and header fits GitHub's description of that event, without a property more.
func TestEveryWebhook(t *testing.T) {
	t.Parallel()
	for _, owner := range []string{TypeUser, TypeOrganization} {
		t.Run(owner, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, owner)
			checker := contract.ForTest(t)
			judged := map[string]bool{}
			for _, e := range w.happenings() {
				w.Take()
				w.mu.Lock()
				w.emit(w.emitted(e))
				w.mu.Unlock()
				list := w.Take()
				if len(list) != 1 {
					t.Errorf("%s.%s went to %d Apps", e.Name, e.Action, len(list))
					continue
				}
				judged[e.Name] = true
				h := http.Header{}
				for k, v := range w.hookHeaders(list[0]) {
					h.Set(k, v)
				}
				checker.Webhook(h, list[0].Body)
			}
			for name := range hookBodies {
				if !judged[name] {
					t.Errorf("the event %s was never tried", name)
				}
			}
			if v := w.Violations(); len(v) > 0 {
				t.Errorf("%s", strings.Join(v, "\n"))
			}
		})
	}
}

// A push lists what it brought, oldest first, with the files; a new branch only what no other
// branch has.
func TestPushedCommits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, TypeUser)
	w.mu.Lock()
	defer w.mu.Unlock()
	gone := w.commit(w.topic, "cart.txt", "4\n", "Fix it again")
	got := w.pushedCommits(Event{Repo: w.repo, Ref: "refs/heads/main", Before: w.first, After: gone})
	var lines []string
	for _, c := range got {
		lines = append(lines, fmt.Sprintf("%s %t +%d ~%d -%d", c.subject(), c.distinct, len(c.added), len(c.modified), len(c.removed)))
	}
	const want = "Add a cart false +1 ~0 -0, Fix the cart false +0 ~1 -0, Fix it again true +0 ~1 -0"
	if s := strings.Join(lines, ", "); s != want {
		t.Errorf("got %s", s)
	}
	if list := w.pushedCommits(Event{Repo: w.repo, Ref: "refs/heads/hotfix/cart", Before: zeroSHA, After: w.topic}); len(list) != 1 {
		t.Errorf("a new branch brought %d commits", len(list))
	}
	if list := w.pushedCommits(Event{Repo: w.repo, Ref: "refs/tags/v1", Before: zeroSHA, After: w.topic}); len(list) != 0 {
		t.Errorf("a tag brought %d commits", len(list))
	}
}

package githubsim

import (
	"maps"
	"strings"
)

// gqlPayload is what a mutation gives back.
type gqlPayload struct {
	mutationID any
	pull       *Pull
	actor      *User
}

func mutationFields() map[string]gqlField {
	return map[string]gqlField{
		"Mutation.markPullRequestReadyForReview": mutation("MarkPullRequestReadyForReview", (*gqlRun).markReady),
		"Mutation.convertPullRequestToDraft":     mutation("ConvertPullRequestToDraft", (*gqlRun).toDraft),
		"Mutation.enablePullRequestAutoMerge":    mutation("EnablePullRequestAutoMerge", (*gqlRun).enableAutoMerge),
		"Mutation.disablePullRequestAutoMerge":   mutation("DisablePullRequestAutoMerge", (*gqlRun).disableAutoMerge),
	}
}

func payloadFields() map[string]gqlField {
	all := map[string]gqlField{}
	for _, kind := range []string{
		"MarkPullRequestReadyForReview", "ConvertPullRequestToDraft", "EnablePullRequestAutoMerge", "DisablePullRequestAutoMerge",
	} {
		maps.Copy(all, prefixed(kind+"Payload", map[string]gqlField{
			"clientMutationId": on(func(_ *gqlRun, p gqlPayload) any { return p.mutationID }),
			"pullRequest":      on(func(_ *gqlRun, p gqlPayload) any { return p.pull }),
		}))
		if strings.HasSuffix(kind, "AutoMerge") {
			all[kind+"Payload.actor"] = on(func(_ *gqlRun, p gqlPayload) any { return p.actor })
		}
	}
	return all
}

// mutation finds the pull request, asks for the permission to change it, and changes it.
func mutation(name string, change func(*gqlRun, *Pull, map[string]any) error) gqlField {
	return func(q *gqlRun, _ any, args map[string]any) (any, error) {
		input := args["input"].(map[string]any)
		id, _ := input["pullRequestId"].(string)
		found, err := q.node(id)
		p, isPull := found.(*Pull)
		if err != nil || !isPull {
			return nil, gqlNotFound("Could not resolve to a node with the global id of '%s'", id)
		}
		if err := q.mayChange(p, name); err != nil {
			return nil, err
		}
		if err := change(q, p, input); err != nil {
			return nil, err
		}
		return gqlPayload{mutationID: input["clientMutationId"], pull: p, actor: q.actor.User}, nil
	}
}

// mayChange admits the author of a pull request, those who may push to the repository, and
// Apps with the permission.
func (q *gqlRun) mayChange(p *Pull, name string) error {
	if p.Repo().Archived {
		return unprocessable(errArchived.message)
	}
	if q.token != nil {
		return q.may(p.Repo(), "pull_requests", "write")
	}
	autoMerge := strings.HasSuffix(name, "AutoMerge")
	if q.canWrite(p.Repo()) || q.actor.User == p.Issue.User && !autoMerge {
		return nil
	}
	return &gqlError{Type: "FORBIDDEN", Message: q.actor.User.Login + " does not have the correct permissions to execute `" + name + "`"}
}

func unprocessable(message string) error {
	return &gqlError{Type: "UNPROCESSABLE", Message: message}
}

// markReady takes a draft out of its state. What GitHub says to one that is no draft was not
// verified: here it is left as it is, without an event.
func (q *gqlRun) markReady(p *Pull, _ map[string]any) error {
	if !p.Draft {
		return nil
	}
	p.Draft = false
	q.draftChanged(p, "ready_for_review", "ready_for_review")
	q.tryAutoMerge(q.ctx, p)
	return nil
}

func (q *gqlRun) toDraft(p *Pull, _ map[string]any) error {
	if p.Draft {
		return nil
	}
	p.Draft = true
	q.draftChanged(p, "convert_to_draft", "converted_to_draft")
	return nil
}

func (q *gqlRun) draftChanged(p *Pull, line, action string) {
	p.Issue.UpdatedAt = q.clock()
	q.record(q.actor, p.Issue, line)
	q.emitIssue(q.actor, p.Issue, action, Event{})
}

// enableAutoMerge refuses what GitHub refuses: a pull request that could be merged at once, a
// repository that forbids it, a branch without rules. The words are reported ones.
func (q *gqlRun) enableAutoMerge(p *Pull, input map[string]any) error {
	method, _ := input["mergeMethod"].(string)
	method = strings.ToLower(method)
	if err := q.may(p.Repo(), "contents", "write"); err != nil {
		return err
	}
	if err := q.mayAutoMerge(p, method); err != nil {
		return err
	}
	if head, ok := input["expectedHeadOid"].(string); ok && head != p.HeadSHA {
		return unprocessable("Head sha didn't match expected sha")
	}
	title, _ := input["commitHeadline"].(string)
	message, _ := input["commitBody"].(string)
	p.AutoMerge = &AutoMerge{By: q.actor.User, App: q.actor.App, Method: method, Title: title, Message: message}
	q.record(q.actor, p.Issue, "auto_merge_enabled")
	q.emitIssue(q.actor, p.Issue, "auto_merge_enabled", Event{})
	return nil
}

func (q *gqlRun) mayAutoMerge(p *Pull, method string) error {
	r := p.Repo()
	allowed := map[string]bool{
		"merge": r.Settings.AllowMergeCommit, "squash": r.Settings.AllowSquashMerge, "rebase": r.Settings.AllowRebaseMerge,
	}
	if err := q.workOut(q.ctx, p); err != nil {
		return err
	}
	switch {
	case !r.Settings.AllowAutoMerge:
		return unprocessable("Auto merge is not allowed for this repository")
	case p.Issue.Closed:
		return unprocessable("Can't enable auto-merge for this pull request.")
	case !allowed[method]:
		return unprocessable("Merge method " + method + " is not allowed on this repository")
	case len(r.rulesFor(Actor{}, "refs/heads/"+p.BaseRef)) == 0:
		return unprocessable("Pull request Protected branch rules not configured for this branch")
	}
	if state := q.mergeableState(p); state == "clean" || state == "unstable" {
		return unprocessable("Pull request Pull request is in " + state + " status")
	}
	return nil
}

func (q *gqlRun) disableAutoMerge(p *Pull, _ map[string]any) error {
	if p.AutoMerge == nil {
		return unprocessable("Can't disable auto-merge for this pull request.")
	}
	p.AutoMerge = nil
	q.record(q.actor, p.Issue, "auto_merge_disabled")
	q.emitIssue(q.actor, p.Issue, "auto_merge_disabled", Event{})
	return nil
}

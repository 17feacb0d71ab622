package githubsim

import (
	"maps"
	"strings"
)

// gqlFields is how each field of the schema gets its value. A test compares its keys with the
// schema.
var gqlFields = collectFields(
	queryFields(), mutationFields(), payloadFields(), accountFields("User"), accountFields("Bot"), accountFields("Organization"),
	repositoryFields(), issueFields(), eventFields(), pullFields(), commitFields(),
	pageInfoFields(), pageFields("IssueConnection"), pageFields("LabelConnection"), pageFields("IssueTimelineItemsConnection"),
)

func collectFields(groups ...map[string]gqlField) map[string]gqlField {
	all := map[string]gqlField{}
	for _, g := range groups {
		maps.Copy(all, g)
	}
	return all
}

// on makes a field of a function of its parent.
func on[T any](get func(*gqlRun, T) any) gqlField {
	return func(q *gqlRun, parent any, _ map[string]any) (any, error) { return get(q, parent.(T)), nil }
}

// with makes a field of a function of its parent and its arguments.
func with[T any](get func(*gqlRun, T, map[string]any) (any, error)) gqlField {
	return func(q *gqlRun, parent any, args map[string]any) (any, error) { return get(q, parent.(T), args) }
}

func queryFields() map[string]gqlField {
	return map[string]gqlField{
		"Query.viewer":     func(q *gqlRun, _ any, _ map[string]any) (any, error) { return q.actor.User, nil },
		"Query.repository": (*gqlRun).repository,
		"Query.node":       func(q *gqlRun, _ any, args map[string]any) (any, error) { return q.node(args["id"].(string)) },
	}
}

// accountFields has a bot's login without "[bot]", unlike the REST API.
func accountFields(kind string) map[string]gqlField {
	all := map[string]gqlField{
		"id":         on(func(q *gqlRun, u *User) any { return q.wireUser(u)["node_id"] }),
		"databaseId": on(func(_ *gqlRun, u *User) any { return u.ID }),
		"login":      on(func(_ *gqlRun, u *User) any { return strings.TrimSuffix(u.Login, "[bot]") }),
		"url":        on(func(q *gqlRun, u *User) any { return q.wireUser(u)["html_url"] }),
	}
	if kind != TypeBot {
		all["name"] = on(func(_ *gqlRun, u *User) any { return orNull(u.Name) })
	}
	if kind == TypeUser {
		all["email"] = on(func(_ *gqlRun, u *User) any { return u.Email })
		// The viewer is a User even where an App asks, and then has the bot's full login.
		all["login"] = on(func(_ *gqlRun, u *User) any { return u.Login })
	}
	return prefixed(kind, all)
}

func prefixed(kind string, fields map[string]gqlField) map[string]gqlField {
	out := map[string]gqlField{}
	for name, f := range fields {
		out[kind+"."+name] = f
	}
	return out
}

func repositoryFields() map[string]gqlField {
	all := prefixed("Repository", map[string]gqlField{
		"id":                  on(func(_ *gqlRun, r *Repo) any { return nodeID("R", r.ID) }),
		"databaseId":          on(func(_ *gqlRun, r *Repo) any { return r.ID }),
		"name":                on(func(_ *gqlRun, r *Repo) any { return r.Name }),
		"nameWithOwner":       on(func(_ *gqlRun, r *Repo) any { return r.FullName() }),
		"owner":               on(func(_ *gqlRun, r *Repo) any { return r.Owner }),
		"url":                 on(func(q *gqlRun, r *Repo) any { return q.page(r, "") }),
		"isArchived":          on(func(_ *gqlRun, r *Repo) any { return r.Archived }),
		"isFork":              on(func(_ *gqlRun, r *Repo) any { return r.Parent != nil }),
		"isPrivate":           on(func(_ *gqlRun, r *Repo) any { return r.Private }),
		"autoMergeAllowed":    on(func(_ *gqlRun, r *Repo) any { return r.Settings.AllowAutoMerge }),
		"deleteBranchOnMerge": on(func(_ *gqlRun, r *Repo) any { return r.Settings.DeleteBranchOnMerge }),
		"mergeCommitAllowed":  on(func(_ *gqlRun, r *Repo) any { return r.Settings.AllowMergeCommit }),
		"rebaseMergeAllowed":  on(func(_ *gqlRun, r *Repo) any { return r.Settings.AllowRebaseMerge }),
		"squashMergeAllowed":  on(func(_ *gqlRun, r *Repo) any { return r.Settings.AllowSquashMerge }),
		"defaultBranchRef":    with((*gqlRun).defaultBranch),
		"issue":               with((*gqlRun).issueOf),
		"pullRequest":         with((*gqlRun).pullOf),
		"issueOrPullRequest":  with((*gqlRun).issueOrPull),
	})
	maps.Copy(all, prefixed("Ref", map[string]gqlField{
		"id":     on(func(_ *gqlRun, x gqlRef) any { return nodeIDOf("REF", x.repo, x.Name) }),
		"name":   on(func(_ *gqlRun, x gqlRef) any { return strings.TrimPrefix(x.Name, "refs/heads/") }),
		"prefix": on(func(_ *gqlRun, _ gqlRef) any { return "refs/heads/" }),
		"target": with((*gqlRun).target),
	}))
	return all
}

func commitFields() map[string]gqlField {
	return prefixed("Commit", map[string]gqlField{
		"id":              on(func(_ *gqlRun, c gqlCommit) any { return nodeIDOf("C", c.repo, c.SHA) }),
		"oid":             on(func(_ *gqlRun, c gqlCommit) any { return c.SHA }),
		"abbreviatedOid":  on(func(_ *gqlRun, c gqlCommit) any { return c.SHA[:7] }),
		"committedDate":   on(func(_ *gqlRun, c gqlCommit) any { return stamp(c.Committer.When) }),
		"message":         on(func(_ *gqlRun, c gqlCommit) any { return trimmed(c.Message) }),
		"messageHeadline": on(func(_ *gqlRun, c gqlCommit) any { return c.subject() }),
		"repository":      on(func(_ *gqlRun, c gqlCommit) any { return c.repo }),
		"url":             on(func(q *gqlRun, c gqlCommit) any { return q.page(c.repo, "/commit/%s", c.SHA) }),
	})
}

func issueFields() map[string]gqlField {
	all := talkFields("Issue", func(i *Issue) *Issue { return i })
	maps.Copy(all, prefixed("Issue", map[string]gqlField{
		"state":         on(func(_ *gqlRun, i *Issue) any { return strings.ToUpper(openOr(i.Closed)) }),
		"stateReason":   on(func(_ *gqlRun, i *Issue) any { return upperOrNull(i.StateReason) }),
		"timelineItems": with((*gqlRun).timeline),
	}))
	maps.Copy(all, prefixed("Label", map[string]gqlField{
		"id":          on(func(_ *gqlRun, l *Label) any { return nodeID("LA", l.ID) }),
		"name":        on(func(_ *gqlRun, l *Label) any { return l.Name }),
		"color":       on(func(_ *gqlRun, l *Label) any { return l.Color }),
		"description": on(func(_ *gqlRun, l *Label) any { return orNull(l.Description) }),
	}))
	return all
}

// upperOrNull writes an enum.
func upperOrNull(s string) any { return orNull(strings.ToUpper(s)) }

// talkFields are those that issues and pull requests share.
func talkFields[T any](kind string, issue func(T) *Issue) map[string]gqlField {
	of := func(get func(*gqlRun, *Issue) any) gqlField {
		return on(func(q *gqlRun, v T) any { return get(q, issue(v)) })
	}
	return prefixed(kind, map[string]gqlField{
		"id":         of(func(_ *gqlRun, i *Issue) any { return nodeID(i.nodeKind(), i.nodeNumber()) }),
		"databaseId": of(func(_ *gqlRun, i *Issue) any { return i.nodeNumber() }),
		"number":     of(func(_ *gqlRun, i *Issue) any { return i.Number }),
		"title":      of(func(_ *gqlRun, i *Issue) any { return i.Title }),
		"body":       of(func(_ *gqlRun, i *Issue) any { return i.Body }),
		"author":     of(func(_ *gqlRun, i *Issue) any { return i.User }),
		"closed":     of(func(_ *gqlRun, i *Issue) any { return i.Closed }),
		"closedAt":   of(func(_ *gqlRun, i *Issue) any { return stampOr(i.ClosedAt) }),
		"createdAt":  of(func(_ *gqlRun, i *Issue) any { return stamp(i.CreatedAt) }),
		"updatedAt":  of(func(_ *gqlRun, i *Issue) any { return stamp(i.UpdatedAt) }),
		"repository": of(func(_ *gqlRun, i *Issue) any { return i.Repo }),
		"url":        of(func(q *gqlRun, i *Issue) any { return q.wireIssue(i)["html_url"] }),
		"labels": with(func(_ *gqlRun, v T, args map[string]any) (any, error) {
			return gqlPageOf("labels", issue(v).Labels, args)
		}),
	})
}

func eventFields() map[string]gqlField {
	all := map[string]gqlField{}
	for _, kind := range []string{"ClosedEvent", "ReopenedEvent", "LabeledEvent", "UnlabeledEvent"} {
		maps.Copy(all, prefixed(kind, map[string]gqlField{
			"id":        on(func(_ *gqlRun, e *IssueEvent) any { return nodeID("EV", e.ID) }),
			"actor":     on(func(_ *gqlRun, e *IssueEvent) any { return e.Actor }),
			"createdAt": on(func(_ *gqlRun, e *IssueEvent) any { return stamp(e.CreatedAt) }),
		}))
	}
	all["ClosedEvent.closer"] = with((*gqlRun).closer)
	all["ClosedEvent.stateReason"] = on(func(_ *gqlRun, e *IssueEvent) any { return upperOrNull(e.Reason) })
	all["LabeledEvent.label"] = on(func(_ *gqlRun, e *IssueEvent) any { return e.Label })
	all["UnlabeledEvent.label"] = on(func(_ *gqlRun, e *IssueEvent) any { return e.Label })
	return all
}

func pullFields() map[string]gqlField {
	all := talkFields("PullRequest", func(p *Pull) *Issue { return p.Issue })
	maps.Copy(all, prefixed("PullRequest", map[string]gqlField{
		"fullDatabaseId":          on(func(_ *gqlRun, p *Pull) any { return itoa(p.ID) }),
		"state":                   on(func(_ *gqlRun, p *Pull) any { return p.graphQLState() }),
		"isDraft":                 on(func(_ *gqlRun, p *Pull) any { return p.Draft }),
		"isCrossRepository":       on(func(_ *gqlRun, p *Pull) any { return p.HeadRepo != p.Repo() }),
		"maintainerCanModify":     on(func(_ *gqlRun, p *Pull) any { return p.MaintainerCanModify }),
		"merged":                  on(func(_ *gqlRun, p *Pull) any { return p.Merged }),
		"mergedAt":                on(func(_ *gqlRun, p *Pull) any { return stampOr(p.MergedAt) }),
		"mergedBy":                on(func(_ *gqlRun, p *Pull) any { return p.MergedBy }),
		"baseRefName":             on(func(_ *gqlRun, p *Pull) any { return p.BaseRef }),
		"baseRefOid":              on(func(_ *gqlRun, p *Pull) any { return p.BaseSHA }),
		"headRefName":             on(func(_ *gqlRun, p *Pull) any { return p.HeadRef }),
		"headRefOid":              on(func(_ *gqlRun, p *Pull) any { return p.HeadSHA }),
		"headRepository":          on(func(_ *gqlRun, p *Pull) any { return p.HeadRepo }),
		"autoMergeRequest":        on(func(_ *gqlRun, p *Pull) any { return autoMergeOf(p) }),
		"mergeCommit":             with((*gqlRun).mergeCommit),
		"mergeable":               with((*gqlRun).mergeable),
		"mergeStateStatus":        with((*gqlRun).mergeState),
		"closingIssuesReferences": with((*gqlRun).closing),
	}))
	maps.Copy(all, prefixed("AutoMergeRequest", map[string]gqlField{
		"enabledBy":      on(func(_ *gqlRun, p gqlAutoMerge) any { return p.AutoMerge.By }),
		"mergeMethod":    on(func(_ *gqlRun, p gqlAutoMerge) any { return strings.ToUpper(p.AutoMerge.Method) }),
		"commitHeadline": on(func(_ *gqlRun, p gqlAutoMerge) any { return orNull(p.AutoMerge.Title) }),
		"commitBody":     on(func(_ *gqlRun, p gqlAutoMerge) any { return orNull(p.AutoMerge.Message) }),
		"pullRequest":    on(func(_ *gqlRun, p gqlAutoMerge) any { return p.Pull }),
	}))
	return all
}

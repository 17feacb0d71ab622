package githubsim

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
)

// Dump renders the whole state of a repository as text, so that two simulations can be
// compared line by line: what people can see on GitHub, in an order that does not depend on
// how it came to be. Numbers and commit ids are in it; times, raw ids and the history of
// events are not.
func (g *GitHub) Dump(ctx context.Context, repo string) (string, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	owner, name, _ := strings.Cut(repo, "/")
	r, _ := g.findRepo(owner, name)
	if r == nil {
		return "", fmt.Errorf("there is no repository %s", repo)
	}
	d := &dump{}
	d.line(0, "repository %s default %s archived %v private %v", r.FullName(), r.DefaultBranch, r.Archived, r.Private)
	if err := d.refs(ctx, r); err != nil {
		return "", err
	}
	d.lists(r)
	for _, i := range r.Issues {
		if i != nil {
			d.issue(i)
		}
	}
	d.checks(r)
	d.deployments(r)
	return d.b.String(), nil
}

// dump collects lines.
type dump struct{ b strings.Builder }

// line writes a line at a depth.
func (d *dump) line(depth int, format string, args ...any) {
	d.b.WriteString(strings.Repeat("  ", depth))
	fmt.Fprintf(&d.b, format, args...)
	d.b.WriteString("\n")
}

// text writes a text of several lines, each marked, so that it cannot be taken for state.
func (d *dump) text(depth int, what, text string) {
	if text == "" {
		return
	}
	d.line(depth, "%s", what)
	for _, l := range strings.Split(text, "\n") {
		d.line(depth+1, "| %s", l)
	}
}

// refs writes branches and tags; of an annotated tag, what it points to and says.
func (d *dump) refs(ctx context.Context, r *Repo) error {
	for _, kind := range []string{"heads", "tags"} {
		refs, err := r.git.refs(ctx, "refs/"+kind+"/")
		if err != nil {
			return err
		}
		for _, x := range refs {
			if x.Type != "tag" {
				d.line(0, "%s %s", x.Name, x.SHA)
				continue
			}
			o, err := r.git.object(x.SHA)
			if err != nil {
				return err
			}
			t := parseTag(o)
			d.line(0, "%s annotated, on %s by %s", x.Name, t.Object, t.Tagger.Name)
			d.text(1, "message", trimmed(t.Message))
		}
	}
	return nil
}

// lists writes what is named: labels, milestones, collaborators, rulesets, releases.
func (d *dump) lists(r *Repo) {
	var all []string
	add := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	for _, l := range r.Labels {
		add("label %s #%s %q", l.Name, l.Color, l.Description)
	}
	for _, m := range r.Milestones {
		add("milestone %d %q %s", m.Number, m.Title, openOr(m.Closed))
	}
	for u, role := range r.Collaborators {
		add("collaborator %s %s", u.Login, role)
	}
	for _, s := range r.Rulesets {
		add("ruleset %q %s %s include %v exclude %v rules %v bypass %v", s.Name, s.Target, s.Enforcement, s.Include, s.Exclude, s.Rules, s.Bypass)
	}
	slices.Sort(all)
	for _, l := range all {
		d.line(0, "%s", l)
	}
	releases := slices.Clone(r.Releases)
	slices.SortStableFunc(releases, func(a, b *Release) int { return strings.Compare(a.TagName, b.TagName) })
	for _, x := range releases {
		d.line(0, "release %s %q by %s target %s draft %v prerelease %v latest %v", x.TagName, x.Name, x.Author.Login,
			x.Target, x.Draft, x.Prerelease, x == r.latestRelease())
		d.text(1, "body", x.Body)
	}
}

// logins gives the sorted logins of a list.
func logins(list []*User) string {
	var names []string
	for _, u := range list {
		names = append(names, u.Login)
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// login is who did something, or "nobody".
func login(u *User) string {
	if u == nil {
		return "nobody"
	}
	return u.Login
}

// reactions gives "eyes:alice" for each, sorted.
func reactions(list []*Reaction) string {
	var all []string
	for _, r := range list {
		all = append(all, r.Content+":"+r.User.Login)
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

func (d *dump) issue(i *Issue) {
	kind := "issue"
	if i.Pull != nil {
		kind = "pull"
	}
	var labels []string
	for _, l := range i.Labels {
		labels = append(labels, l.Name)
	}
	slices.Sort(labels)
	d.line(0, "%s #%d %q by %s %s", kind, i.Number, i.Title, login(i.User), openOr(i.Closed))
	if i.Closed {
		d.line(1, "closed by %s %s", login(i.ClosedBy), i.StateReason)
	}
	if i.Milestone != nil {
		d.line(1, "milestone %q", i.Milestone.Title)
	}
	d.line(1, "labels [%s] assignees [%s] reactions [%s]", strings.Join(labels, ", "), logins(i.Assignees), reactions(i.Reactions))
	d.text(1, "body", i.Body)
	if i.Pull != nil {
		d.pull(i.Pull)
	}
	for _, c := range i.Comments {
		d.line(1, "comment by %s reactions [%s]", login(c.User), reactions(c.Reactions))
		d.text(2, "body", c.Body)
	}
}

func (d *dump) pull(p *Pull) {
	d.line(1, "from %s:%s %s into %s draft %v", login(p.HeadOwner), p.HeadRef, p.HeadSHA, p.BaseRef, p.Draft)
	if p.Merged {
		d.line(1, "merged as %s by %s", p.MergeCommitSHA, login(p.MergedBy))
	}
	if p.AutoMerge != nil {
		d.line(1, "merges by itself: %s", p.AutoMerge.Method)
	}
	if len(p.Reviewers) > 0 {
		d.line(1, "review asked of %s", logins(p.Reviewers))
	}
	for _, v := range p.Reviews {
		d.line(1, "review by %s %s of %s", login(v.User), v.State, v.CommitID)
		d.text(2, "body", v.Body)
	}
}

// checks writes check runs and statuses by commit and name; several of one name in the order
// in which they were made.
func (d *dump) checks(r *Repo) {
	runs := slices.Clone(r.CheckRuns)
	slices.SortStableFunc(runs, func(a, b *CheckRun) int {
		return strings.Compare(a.Suite.HeadSHA+" "+a.Name, b.Suite.HeadSHA+" "+b.Name)
	})
	for _, k := range runs {
		d.line(0, "check %q on %s by %s %s %s external %q", k.Name, k.Suite.HeadSHA, k.Suite.App.Slug, k.Status, k.Conclusion, k.ExternalID)
		d.text(1, "title", k.Title)
		d.text(1, "summary", k.Summary)
		d.text(1, "text", k.Text)
		for _, a := range k.Annotations {
			d.line(1, "annotation %s:%d-%d %s %q %q", a.Path, a.StartLine, a.EndLine, a.Level, a.Title, a.Message)
		}
		for _, a := range k.Actions {
			d.line(1, "button %q %q %q", a.Label, a.Description, a.Identifier)
		}
	}
	for _, s := range r.Statuses {
		d.line(0, "status %q on %s by %s %s", s.Context, s.SHA, login(s.Creator), s.State)
	}
}

func (d *dump) deployments(r *Repo) {
	sorted := slices.Clone(r.Deploys)
	slices.SortStableFunc(sorted, func(a, b *Deployment) int {
		return cmp.Or(strings.Compare(a.Environment, b.Environment), strings.Compare(a.Ref, b.Ref))
	})
	for _, x := range sorted {
		d.line(0, "deployment of %s %s to %s by %s: %s", x.Ref, x.SHA, x.Environment, login(x.Creator), x.Description)
		for _, s := range x.Statuses {
			d.line(1, "%s by %s %q", s.State, login(s.Creator), s.Description)
		}
	}
}

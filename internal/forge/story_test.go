package forge_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/contract"
	"github.com/hotfixbot/hotfixbot/internal/forge"
	"github.com/hotfixbot/hotfixbot/internal/githubsim"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

const project = "acme/shop"

// world is a simulated GitHub with the repository acme/shop: main, and dev at the
// same commit. alice administers it, bob maintains, carol triages, mallory is
// nobody. Everything that passes is held to GitHub's descriptions.
type world struct {
	*githubsim.GitHub
	t    *testing.T
	ctx  context.Context
	app  *forge.App
	main string // the first commit
}

func newWorld(t *testing.T) *world {
	t.Helper()
	checker := contract.ForTest(t)
	now := func() time.Time { return time.Date(2031, 2, 3, 4, 5, 6, 0, time.UTC) }
	sim, err := githubsim.New(githubsim.Options{Dir: t.TempDir(), Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sim.Close)
	server := httptest.NewServer(checker.Handler(sim))
	t.Cleanup(server.Close)
	t.Cleanup(func() {
		for _, violation := range sim.Violations() {
			t.Errorf("the simulator does not know %s", violation)
		}
	})
	sim.SetURL(server.URL)
	plant(t, sim)
	app, err := forge.New(forge.Config{AppID: 5, Key: testKey(), APIURL: server.URL, WebURL: server.URL, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{GitHub: sim, t: t, ctx: t.Context(), app: app}
	w.begin()
	return w
}

// plant makes the accounts, the repository and the App.
func plant(t *testing.T, sim *githubsim.GitHub) {
	t.Helper()
	seed := githubsim.Seed{
		App: &githubsim.SeedApp{
			ID: 5, Slug: "hotfixbot", Key: testKey(),
			ClientID: signIn.ClientID, ClientSecret: signIn.ClientSecret, CallbackURL: signIn.Callback,
		},
		Repositories: []githubsim.SeedRepository{{
			Name: project, Installed: true,
			Collaborators: map[string]string{"alice": "admin", "bob": "maintain", "carol": "triage"},
		}},
	}
	for _, login := range []string{"alice", "bob", "carol", "mallory"} {
		seed.Users = append(seed.Users, githubsim.SeedUser{Login: login, Token: login + "-token"})
	}
	grant := githubsim.Grant{Permissions: map[string]string{
		"metadata": "read", "contents": "write", "workflows": "write",
		"issues": "write", "pull_requests": "write", "checks": "write", "deployments": "write",
	}}
	if _, err := sim.Plant(t.Context(), seed, grant); err != nil {
		t.Fatal(err)
	}
}

// begin makes main with one commit, and dev at the same.
func (w *world) begin() {
	w.t.Helper()
	var made struct {
		Commit struct{ SHA string }
	}
	w.ok(w.Person("alice").Do(w.ctx, "PUT", "/repos/"+project+"/contents/README.md", map[string]string{
		"message": "Begin", "content": "aGVsbG8K",
	}, &made))
	w.main = made.Commit.SHA
	w.ok(w.Person("alice").Branch(w.ctx, project, "dev", "main"))
}

// must fails the test on an error of a person's doing.
func must[T any](t *testing.T) func(T, error) T {
	t.Helper()
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// repo is the repository, looked up as the bot does.
func (w *world) repo() *forge.Repo {
	w.t.Helper()
	all := must[[]hotfix.Repository](w.t)(w.app.Repositories(w.ctx))
	if len(all) != 1 || all[0].FullName() != project {
		w.t.Fatalf("installed in %+v", all)
	}
	return must[*forge.Repo](w.t)(w.app.Repository(w.ctx, all[0].ID))
}

// hotfix opens issue and pull request, has it approved and merged: alice's issue,
// bob's pull request that fixes it, carol's and alice's reviews, alice's merge.
func (w *world) hotfix() (issue, pull int) {
	w.t.Helper()
	alice, bob := w.Person("alice"), w.Person("bob")
	issue = must[int](w.t)(alice.OpenIssue(w.ctx, project, "The cart is empty", "Always."))
	w.ok(bob.Branch(w.ctx, project, "hotfix/cart", "main"))
	must[string](w.t)(bob.Commit(w.ctx, project, "hotfix/cart", "Fix the cart", map[string]string{"cart.txt": "full\n"}))
	pull = must[int](w.t)(bob.OpenPull(w.ctx, project, githubsim.NewPull{
		Title: "Fix the cart", Body: "Fixes #1", Head: "hotfix/cart", Base: "main",
	}))
	w.ok(w.Person("carol").Review(w.ctx, project, pull, "COMMENT", "fine"))
	w.ok(alice.Approve(w.ctx, project, pull))
	must[string](w.t)(alice.Merge(w.ctx, project, pull, "squash"))
	return issue, pull
}

// TestStoryOfAMergedHotfix reads what a hotfix looks like after its merge.
func TestStoryOfAMergedHotfix(t *testing.T) {
	w := newWorld(t)
	issue, number := w.hotfix()
	repo := w.repo()
	pull := must[hotfix.Pull](t)(repo.Pull(w.ctx, number))
	if !pull.Merged || pull.MergedBy != "alice" || pull.Author != "bob" || !pull.Landed.Valid() || pull.Fork || pull.Open || pull.HeadOwner != "acme" {
		t.Errorf("got %+v", pull)
	}
	listed := must[[]hotfix.Pull](t)(repo.Pulls(w.ctx, time.Time{}))
	if len(listed) != 1 || !listed[0].Merged || listed[0].Landed != pull.Landed || listed[0].MergedBy != "" {
		t.Errorf("listed %+v", listed)
	}
	commits, cut, err := repo.PullCommits(w.ctx, number)
	if err != nil || cut || len(commits) != 1 || commits[0].OID != pull.HeadOID || commits[0].Parents[0] != hotfix.OID(w.main) {
		t.Errorf("got %+v, %v, %v", commits, cut, err)
	}
	if approvers := must[[]string](t)(repo.Approvers(w.ctx, number)); !slices.Equal(approvers, []string{"alice"}) {
		t.Errorf("approved by %v", approvers)
	}
	if closing := must[map[int]hotfix.Links](t)(repo.Links(w.ctx, number))[number].Closes; !slices.Equal(closing, []int{issue}) {
		t.Errorf("closes %v", closing)
	}
	seen := must[hotfix.Issue](t)(repo.Issue(w.ctx, issue))
	if seen.Open || len(seen.Turns) != 1 || seen.Turns[0].CloserPull != number || seen.Turns[0].By != "alice" {
		t.Errorf("got %+v", seen)
	}
}

// TestStoryOfAnIssue: the bot undoes the closing, labels and talks.
func TestStoryOfAnIssue(t *testing.T) {
	w := newWorld(t)
	issue, pull := w.hotfix()
	repo := w.repo()
	w.ok(repo.SetIssueOpen(w.ctx, issue, true))
	w.ok(repo.SetIssueOpen(w.ctx, issue, true))
	w.ok(repo.AddLabels(w.ctx, issue, "hotfix", "size/XS 1%"))
	w.ok(repo.AddLabels(w.ctx, issue, "hotfix"))
	w.ok(repo.AddLabels(w.ctx, pull, "hotfix"))
	found := must[[]hotfix.Issue](t)(repo.Issues(w.ctx, "hotfix", time.Time{}))
	if len(found) != 1 || found[0].Number != issue || !found[0].Open || !found[0].HasLabel("size/XS 1%") {
		t.Errorf("found %+v", found)
	}
	seen := must[hotfix.Issue](t)(repo.Issue(w.ctx, issue))
	if turns := seen.Turns; len(turns) != 2 || turns[1].Closed || !turns[1].ByBot || turns[1].By != "hotfixbot[bot]" {
		t.Errorf("turns are %+v", turns)
	}
	if by := must[string](t)(repo.ClosedBy(w.ctx, issue)); by != "" {
		t.Errorf("an open issue is closed by %q", by)
	}
	w.ok(repo.SetIssueOpen(w.ctx, issue, false))
	if by := must[string](t)(repo.ClosedBy(w.ctx, issue)); by != "hotfixbot[bot]" {
		t.Errorf("closed by %q", by)
	}
	made := must[hotfix.Issue](t)(repo.OpenIssue(w.ctx, "Hotfix", "body", []string{"hotfix"}))
	if !made.ByBot || !made.HasLabel("hotfix") || made.IsPull {
		t.Errorf("opened %+v", made)
	}
	if _, err := repo.Issue(w.ctx, 99); fateOf(err, time.Time{}) != "gone: #99" {
		t.Errorf("got %v", err)
	}
}

// TestStoryOfComments: a command, a reaction, an answer.
func TestStoryOfComments(t *testing.T) {
	w := newWorld(t)
	issue := must[int](t)(w.Person("alice").OpenIssue(w.ctx, project, "t", "b"))
	asked := must[int64](t)(w.Person("carol").Comment(w.ctx, project, issue, "/hotfix status"))
	repo := w.repo()
	w.ok(repo.React(w.ctx, asked, "eyes"))
	w.ok(repo.React(w.ctx, asked, "eyes"))
	w.ok(w.Person("alice").React(w.ctx, project, asked, "confused"))
	if own := must[[]string](t)(repo.Reactions(w.ctx, asked)); !slices.Equal(own, []string{"eyes"}) {
		t.Errorf("own reactions are %v", own)
	}
	answer := must[hotfix.Comment](t)(repo.Comment(w.ctx, issue, "one"))
	w.ok(repo.EditComment(w.ctx, answer.ID, "two"))
	all := must[[]hotfix.Comment](t)(repo.Comments(w.ctx, time.Time{}))
	if len(all) != 2 {
		t.Fatalf("got %+v", all)
	}
	if c := all[0]; c.ID != asked || c.Issue != issue || c.Author != "carol" || c.ByBot || c.Machine || c.Edited || c.Eyes != 1 || c.Confused != 1 {
		t.Errorf("got %+v", c)
	}
	if c := all[1]; c.ID != answer.ID || c.Body != "two" || !c.ByBot || !c.Machine {
		t.Errorf("got %+v", c)
	}
	if err := repo.EditComment(w.ctx, 12345, "x"); fateOf(err, time.Time{}) != "gone: comment 12345" {
		t.Errorf("got %v", err)
	}
	long := make([]byte, 70_000)
	for i := range long {
		long[i] = 'x'
	}
	if _, err := repo.Comment(w.ctx, issue, string(long)); fateOf(err, time.Time{}) != "refusal" {
		t.Errorf("got %v", err)
	}
}

// TestStoryOfABackport: a pull request is opened once, and given to people.
func TestStoryOfABackport(t *testing.T) {
	w := newWorld(t)
	w.ok(w.Person("bob").Branch(w.ctx, project, "backport/dev/2-cart", "dev"))
	repo := w.repo()
	wanted := hotfix.NewPull{Head: "backport/dev/2-cart", Base: "dev", Title: "Backport", Body: "b", Draft: true}
	if _, err := repo.OpenPull(w.ctx, wanted); fateOf(err, time.Time{}) != "refusal" {
		t.Errorf("nothing between the branches: got %v", err)
	}
	must[string](t)(w.Person("bob").Commit(w.ctx, project, wanted.Head, "Fix", map[string]string{"cart.txt": "full\n"}))
	pull := must[hotfix.Pull](t)(repo.OpenPull(w.ctx, wanted))
	again := must[hotfix.Pull](t)(repo.OpenPull(w.ctx, wanted))
	if pull.Number != again.Number || !pull.Draft || !pull.ByBot || pull.Base != "dev" || again.HeadOID != pull.HeadOID {
		t.Errorf("opened %+v, then %+v", pull, again)
	}
	w.ok(repo.EditPull(w.ctx, pull.Number, "New title", "new body"))
	assigned, err := repo.Assign(w.ctx, pull.Number, []string{"bob", "mallory"})
	w.ok(err)
	asked, err := repo.RequestReview(w.ctx, pull.Number, []string{"alice", "mallory"})
	w.ok(err)
	if !slices.Equal(assigned, []string{"bob"}) || !slices.Equal(asked, []string{"alice"}) {
		t.Errorf("assigned %v, asked %v", assigned, asked)
	}
	w.ok(repo.AddLabels(w.ctx, pull.Number, "backport"))
	var got struct {
		Title, Body string
		Assignees   []struct{ Login string }
		Reviewers   []struct{ Login string } `json:"requested_reviewers"`
	}
	w.ok(w.Person("alice").Do(w.ctx, "GET", "/repos/"+project+"/pulls/1", nil, &got))
	if got.Title != "New title" || got.Body != "new body" || len(got.Assignees) != 1 || len(got.Reviewers) != 1 ||
		got.Assignees[0].Login != "bob" || got.Reviewers[0].Login != "alice" {
		t.Errorf("got %+v", got)
	}
	w.ok(w.Person("alice").Do(w.ctx, "POST", "/repos/"+project+"/milestones", map[string]string{"title": "1.8"}, nil))
	w.ok(repo.SetMilestone(w.ctx, pull.Number, 1))
	if seen := must[hotfix.Pull](t)(repo.Pull(w.ctx, pull.Number)); seen.Milestone != 1 {
		t.Errorf("got %+v", seen)
	}
	wanted.Base = "nowhere"
	if _, err := repo.OpenPull(w.ctx, wanted); fateOf(err, time.Time{}) != "refusal" {
		t.Errorf("got %v", err)
	}
}

// TestStoryOfCommits: relations, files, releases and checks.
func TestStoryOfCommits(t *testing.T) {
	w := newWorld(t)
	alice := w.Person("alice")
	ahead := must[string](t)(alice.Commit(w.ctx, project, "main", "Ahead", map[string]string{"a": "a\n"}))
	w.ok(alice.CreateTag(w.ctx, project, "v1.7.1", ahead, "v1.7.1"))
	repo := w.repo()
	dev := must[string](t)(alice.Commit(w.ctx, project, "dev", "Aside", map[string]string{"b": "b\n"}))
	for _, c := range []struct {
		a, b string
		want hotfix.Relation
	}{
		{w.main, w.main, hotfix.Identical},
		{w.main, ahead, hotfix.Ancestor},
		{ahead, w.main, hotfix.Descendant},
		{ahead, dev, hotfix.Diverged},
	} {
		got, err := repo.Compare(w.ctx, hotfix.OID(c.a), hotfix.OID(c.b))
		if err != nil || got.Relation != c.want || string(got.Base) != w.main || !got.Tree.Valid() {
			t.Errorf("%s: got %v, %v", c.want, got, err)
		}
	}
	if _, err := repo.Compare(w.ctx, oidA, hotfix.OID(ahead)); fateOf(err, time.Time{}) != "gone: commit aaaaaaa" {
		t.Errorf("got %v", err)
	}
	data, ok, err := repo.FileAt(w.ctx, "a", hotfix.OID(ahead))
	if err != nil || !ok || string(data) != "a\n" {
		t.Errorf("got %q, %v, %v", data, ok, err)
	}
	if _, ok, err := repo.FileAt(w.ctx, ".github/hotfix.yml", hotfix.OID(w.main)); ok || err != nil {
		t.Errorf("got %v, %v", ok, err)
	}
	w.releases(repo)
	w.checks(repo, hotfix.OID(ahead))
}

func (w *world) releases(repo *forge.Repo) {
	t := w.t
	t.Helper()
	if _, ok, err := repo.Release(w.ctx, "v1.7.1"); ok || err != nil {
		t.Errorf("got %v, %v", ok, err)
	}
	made := must[hotfix.Release](t)(repo.CreateRelease(w.ctx, "v1.7.1", true))
	again := must[hotfix.Release](t)(repo.CreateRelease(w.ctx, "v1.7.1", true))
	found, ok, err := repo.Release(w.ctx, "v1.7.1")
	if err != nil || !ok || made != again || made != found || made.Tag != "v1.7.1" {
		t.Errorf("made %+v, then %+v; found %+v, %v", made, again, found, err)
	}
	if _, err := repo.CreateRelease(w.ctx, "v9", false); fateOf(err, time.Date(2031, 2, 3, 4, 5, 6, 0, time.UTC)) != "later 10s" {
		t.Errorf("got %v", err)
	}
}

func (w *world) checks(repo *forge.Repo, commit hotfix.OID) {
	t := w.t
	t.Helper()
	run := must[hotfix.CheckRun](t)(repo.CreateCheckRun(w.ctx, hotfix.CheckRun{
		Name: "Hotfix", Commit: commit, ExternalID: "x", Status: "in_progress", Title: "T", Summary: "S",
	}))
	run.Status, run.Conclusion = "completed", "failure"
	run.Annotations = []hotfix.Annotation{{Path: "a", Line: 1, Column: 1, Message: "m"}}
	w.ok(repo.UpdateCheckRun(w.ctx, run))
	w.ok(repo.UpdateCheckRun(w.ctx, run))
	runs := must[[]hotfix.CheckRun](t)(repo.CheckRuns(w.ctx, commit))
	if len(runs) != 1 || runs[0].ID != run.ID || runs[0].Conclusion != "failure" || runs[0].ExternalID != "x" || !slices.Equal(runs[0].Annotations, run.Annotations) {
		t.Errorf("got %+v", runs)
	}
}

func TestStoryOfPermissions(t *testing.T) {
	w := newWorld(t)
	repo := w.repo()
	for login, want := range map[string]hotfix.Permission{
		"alice": hotfix.Admin, "bob": hotfix.Maintain, "carol": hotfix.Triage, "mallory": hotfix.Read, "nobody": hotfix.Read,
	} {
		if got, err := repo.Permission(w.ctx, login); isGone(err) != (login == "nobody") || got != want {
			t.Errorf("%s: got %v, %v; want %v", login, got, err, want)
		}
	}
}

// TestStoryOfARename: the id is enough, and what is read twice is read for nothing.
func TestStoryOfARename(t *testing.T) {
	w := newWorld(t)
	repo := w.repo()
	id := repo.About().ID
	w.ok(w.Person("alice").Edit(w.ctx, project, map[string]any{"name": "store"}))
	moved := must[*forge.Repo](t)(w.app.Repository(w.ctx, id))
	if got := moved.About(); got.Name != "store" || got.ID != id {
		t.Errorf("got %+v", got)
	}
	// Under its old name it still answers, to writes as well.
	issue := must[hotfix.Issue](t)(repo.OpenIssue(w.ctx, "t", "b", nil))
	must[hotfix.Issue](t)(moved.Issue(w.ctx, issue.Number))
	must[*forge.Repo](t)(w.app.Repository(w.ctx, id)) // the first time by the new name
	mark := w.Mark()
	must[*forge.Repo](t)(w.app.Repository(w.ctx, id))
	asked := w.Requests()[mark:]
	if len(asked) != 2 { // for its pull requests, of which there are none, and for itself
		t.Errorf("asked %+v, want two questions", asked)
	}
	for _, request := range asked {
		if request.Status != 304 {
			t.Errorf("%s %s was answered %d, want 304", request.Method, request.Path, request.Status)
		}
	}
	token := must[string](t)(w.app.Token(w.ctx, moved.About()))
	if token == "" {
		t.Error("no token for git")
	}
	w.ok(w.Person("alice").DeleteRepo(w.ctx, "acme/store"))
	if _, err := w.app.Repository(w.ctx, id); !isGone(err) {
		t.Errorf("got %v", err)
	}
}

func isGone(err error) bool {
	var gone *hotfix.Gone
	return errors.As(err, &gone)
}

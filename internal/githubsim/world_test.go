package githubsim

import (
	"context"
	"testing"
	"time"
)

// world is a small GitHub with one of everything, made without a request: what the views
// (webhooks, GraphQL) render is here, whoever would have made it.
type world struct {
	*GitHub
	t     *testing.T
	owner *User
	alice *User
	bob   *User
	app   *App
	at    *Installation
	repo  *Repo
	by    Actor

	first, second, topic string // commits: main has the first two, topic stands on the second
	issue                *Issue
	pull                 *Pull
}

// newWorld makes the world in a repository of a person or of an organisation.
func newWorld(t *testing.T, ownerType string) *world {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }
	g, err := New(Options{Dir: t.TempDir(), Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	w := &world{GitHub: g, t: t}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.owner = w.account(User{Login: "acme", Type: ownerType, Token: "acme-token"})
	w.alice = w.account(User{Login: "alice", Name: "Alice", Email: "alice@example.com", Token: "alice-token"})
	w.bob = w.account(User{Login: "bob", Email: "bob@example.com", Token: "bob-token"})
	w.by = Actor{User: w.alice}
	if w.repo, err = g.addRepo(w.owner, "shop", "main"); err != nil {
		t.Fatal(err)
	}
	w.repo.Collaborators[w.alice] = RoleWrite
	w.first = w.commit("", "base.txt", "1\n", "Begin")
	w.second = w.commit(w.first, "cart.txt", "2\n", "Add a cart\n\nIt is small.")
	w.topic = w.commit(w.second, "cart.txt", "3\n", "Fix the cart")
	w.move("refs/heads/main", zeroSHA, w.second)
	w.move("refs/heads/hotfix/cart", zeroSHA, w.topic)
	w.installApp()
	w.talk()
	return w
}

func (w *world) account(u User) *User {
	w.t.Helper()
	made, err := w.addUser(u)
	if err != nil {
		w.t.Fatal(err)
	}
	return made
}

// installApp makes an App that may do all, gets all, and is installed on the repository.
func (w *world) installApp() {
	w.t.Helper()
	permissions := map[string]string{}
	var events []string
	for event, permission := range readableBy {
		permissions[permission] = "write"
		events = append(events, event)
	}
	permissions["metadata"] = "read"
	app, err := w.addApp(App{
		ID: 7, Slug: "hotfixbot", Name: "hotfixbot", Owner: w.alice, Permissions: permissions, Events: events,
		Hook: Hook{URL: "http://127.0.0.1:1/webhooks/github", Secret: "s3cret"},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.app = app
	w.at = w.install(app, w.owner, w.by, w.repo)
}

// commit writes a commit that puts one file.
func (w *world) commit(parent, path, content, message string) string {
	w.t.Helper()
	git := w.repo.git
	blob, err := git.write("blob", []byte(content))
	if err != nil {
		w.t.Fatal(err)
	}
	c := commit{Author: w.person(w.alice), Committer: w.person(w.alice), Message: message + "\n"}
	base := ""
	if parent != "" {
		c.Parents = []string{parent}
		base = parent
	}
	if c.Tree, err = git.editTree(base, map[string]*treeEntry{path: {Mode: modeFile, SHA: blob}}); err != nil {
		w.t.Fatal(err)
	}
	sha, err := git.writeCommit(c)
	if err != nil {
		w.t.Fatal(err)
	}
	return sha
}

func (w *world) move(name, from, to string) {
	w.t.Helper()
	if err := w.moveRefs(context.Background(), w.by, w.repo, refChange{Ref: name, Old: from, New: to}); err != nil {
		w.t.Fatal(err)
	}
}

// talk opens an issue and a pull request that fixes it.
func (w *world) talk() {
	now := w.clock()
	r := w.repo
	w.issue = &Issue{
		ID: w.nextID("issue"), Repo: r, Number: 1, Title: "Carts lose items", Body: "Every second one.",
		User: w.bob, CreatedAt: now, UpdatedAt: now,
	}
	side := &Issue{
		ID: w.nextID("issue"), Repo: r, Number: 2, Title: "Fix the cart", Body: "Fixes #1",
		User: w.alice, CreatedAt: now, UpdatedAt: now,
	}
	w.pull = &Pull{
		ID: w.nextID("pull"), Issue: side, HeadRepo: r, HeadOwner: r.Owner, HeadRef: "hotfix/cart", HeadSHA: w.topic,
		BaseRef: "main", BaseSHA: w.second,
	}
	side.Pull = w.pull
	r.Issues = append(r.Issues, w.issue, side)
}

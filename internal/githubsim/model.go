package githubsim

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"path/filepath"
	"strings"
)

// user finds an account by login, whatever the case, or nil.
func (g *GitHub) user(login string) *User { return g.users[strings.ToLower(login)] }

// addUser makes an account. The lock is held.
func (g *GitHub) addUser(u User) (*User, error) {
	if u.Login == "" || g.user(u.Login) != nil {
		return nil, fmt.Errorf("the login %q is empty or taken", u.Login)
	}
	if u.Type == "" {
		u.Type = TypeUser
	}
	u.ID, u.CreatedAt = g.nextID("user"), g.clock()
	if u.Email == "" {
		u.Email = fmt.Sprintf("%d+%s@users.noreply.github.com", u.ID, u.Login)
	}
	g.users[strings.ToLower(u.Login)] = &u
	return &u, nil
}

// gitPath is where the bare repository of that name lies.
func (g *GitHub) gitPath(owner, name string) string {
	return filepath.Join(g.dir, "git", owner, name+".git")
}

// findRepo finds a repository by its name, or, telling so, by a former one.
func (g *GitHub) findRepo(owner, name string) (repo *Repo, former bool) {
	full := owner + "/" + name
	for _, r := range g.repos {
		if strings.EqualFold(r.FullName(), full) {
			return r, false
		}
	}
	for _, r := range g.repos {
		for _, f := range r.formerNames {
			if strings.EqualFold(f, full) {
				return r, true
			}
		}
	}
	return nil, false
}

// addRepo makes an empty repository. The lock is held.
func (g *GitHub) addRepo(owner *User, name, defaultBranch string) (*Repo, error) {
	if r, former := g.findRepo(owner.Login, name); r != nil && !former {
		return nil, fmt.Errorf("the repository %s exists", r.FullName())
	}
	dir, err := initGitDir(g.gitPath(owner.Login, name), defaultBranch, g.known)
	if err != nil {
		return nil, err
	}
	now := g.clock()
	r := &Repo{
		ID: g.nextID("repo"), Owner: owner, Name: name, DefaultBranch: defaultBranch,
		Settings: defaultSettings(), Collaborators: map[*User]Role{},
		CreatedAt: now, UpdatedAt: now, PushedAt: now, git: dir,
	}
	g.repos = append(g.repos, r)
	return r, nil
}

// addApp makes an App with its bot account. The lock is held.
func (g *GitHub) addApp(a App) (*App, error) {
	for _, other := range g.apps {
		if other.ID == a.ID || other.Slug == a.Slug {
			return nil, fmt.Errorf("the App %s (%d) exists", other.Slug, other.ID)
		}
	}
	app := &a
	bot, err := g.addUser(User{Login: a.Slug + "[bot]", Name: a.Slug + "[bot]", Type: TypeBot, App: app})
	if err != nil {
		return nil, err
	}
	app.Bot, app.CreatedAt = bot, g.clock()
	if app.ClientID == "" {
		app.ClientID = fmt.Sprintf("Iv1.%016x", app.ID)
	}
	app.Hook.ID = g.nextID("hook")
	g.apps = append(g.apps, app)
	g.emit(Event{Name: "ping", Actor: Actor{App: app}}) // once, at registration
	return app, nil
}

// install puts an App on an account, for the given repositories or (none given) for all, and
// tells so by the event installation.created. The lock is held.
func (g *GitHub) install(app *App, account *User, by Actor, repos ...*Repo) *Installation {
	now := g.clock()
	i := &Installation{
		ID: g.nextID("installation"), App: app, Account: account,
		All: len(repos) == 0, Repos: repos,
		Permissions: app.Permissions, Events: app.Events, CreatedAt: now, UpdatedAt: now,
	}
	g.installations = append(g.installations, i)
	g.emit(Event{Name: "installation", Action: "created", Actor: by, Installation: i, Added: g.reposOf(i)})
	return i
}

// installation finds an installation by its id, or nil.
func (g *GitHub) installation(id int64) *Installation {
	for _, i := range g.installations {
		if i.ID == id {
			return i
		}
	}
	return nil
}

// installationOn finds the App's installation that reaches a repository, or nil.
func (g *GitHub) installationOn(app *App, r *Repo) *Installation {
	for _, i := range g.installations {
		if i.App == app && i.has(r) {
			return i
		}
	}
	return nil
}

// reposOf lists the repositories of an installation.
func (g *GitHub) reposOf(i *Installation) []*Repo {
	var list []*Repo
	for _, r := range g.repos {
		if i.has(r) {
			list = append(list, r)
		}
	}
	return list
}

// nodeID gives the global id of an object: a prefix for its kind ("PR", "I", "IC", "R", …)
// and its number, in the shape of GitHub's. parseNodeID is the way back.
func nodeID(kind string, id int64) string {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(id))
	return kind + "_kwDO" + base64.RawURLEncoding.EncodeToString(b[:])
}

// parseNodeID reads what nodeID made.
func parseNodeID(s string) (kind string, id int64, ok bool) {
	kind, rest, found := strings.Cut(s, "_kwDO")
	b, err := base64.RawURLEncoding.DecodeString(rest)
	if !found || err != nil || len(b) != 8 {
		return "", 0, false
	}
	return kind, int64(binary.BigEndian.Uint64(b)), true
}

// nodeIDOf gives the global id of what has a name in a repository instead of a number: a
// commit, a ref, a blob.
func nodeIDOf(kind string, r *Repo, name string) string {
	return kind + "_kwDO" + base64.RawURLEncoding.EncodeToString([]byte(fmt.Sprintf("%d:%s", r.ID, name)))
}

// parseNodeName reads what nodeIDOf made.
func parseNodeName(s string) (kind string, repoID int64, name string, ok bool) {
	kind, rest, found := strings.Cut(s, "_kwDO")
	b, err := base64.RawURLEncoding.DecodeString(rest)
	if !found || err != nil {
		return "", 0, "", false
	}
	if _, err := fmt.Sscanf(string(b), "%d:", &repoID); err != nil {
		return "", 0, "", false
	}
	_, name, _ = strings.Cut(string(b), ":")
	return kind, repoID, name, true
}

package githubsim

import (
	"html/template"
	"net/http"
	"net/url"
	"slices"
)

// installing is what the page that installs an App knows.
type installing struct {
	App      *App
	Accounts []*User
	Repos    []*Repo
	People   []*User
	Done     *Installation
}

// newInstallation is the page on which people install an App: one that is not public on its
// owner's account alone.
func (g *GitHub) newInstallation(w http.ResponseWriter, r *http.Request, slug string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	page, ok := g.readInstalling(slug)
	status := http.StatusOK
	if !ok {
		status = http.StatusNotFound
	}
	g.note(r, r.URL.EscapedPath(), Actor{}, status, false)
	if !ok {
		http.Error(w, "there is no App "+slug, status)
		return
	}
	show(w, status, installPage, page)
}

func (g *GitHub) readInstalling(slug string) (installing, bool) {
	i := slices.IndexFunc(g.apps, func(a *App) bool { return a.Slug == slug })
	if i < 0 {
		return installing{}, false
	}
	page := installing{App: g.apps[i], People: g.whoCanSignIn()}
	for _, u := range g.users {
		if u == page.App.Owner || page.App.Public && u.Type != TypeBot {
			page.Accounts = append(page.Accounts, u)
		}
	}
	slices.SortFunc(page.Accounts, func(a, b *User) int { return int(a.ID - b.ID) })
	for _, r := range g.repos {
		if slices.Contains(page.Accounts, r.Owner) {
			page.Repos = append(page.Repos, r)
		}
	}
	return page, true
}

// createInstallation is a press of a button on that page. Without a repository it is installed
// on all. Afterwards the person is sent to the App's setup URL, if it has one.
func (g *GitHub) createInstallation(w http.ResponseWriter, r *http.Request, slug string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	page, ok := g.readInstalling(slug)
	person, account := g.user(r.PostFormValue("login")), g.user(r.PostFormValue("account"))
	repos := slices.DeleteFunc(slices.Clone(page.Repos), func(repo *Repo) bool {
		return repo.Owner != account || !slices.Contains(r.PostForm["repository"], repo.FullName())
	})
	if !ok || !slices.Contains(page.Accounts, account) || !slices.Contains(page.People, person) || !g.runs(person, account) ||
		len(repos) < len(r.PostForm["repository"]) {
		g.note(r, r.URL.EscapedPath(), Actor{User: person}, http.StatusNotFound, false)
		http.Error(w, "they cannot install this App there", http.StatusNotFound)
		return
	}
	page.Done = g.install(page.App, account, Actor{User: person}, repos...)
	if setup := page.App.SetupURL; setup != "" {
		g.note(r, r.URL.EscapedPath(), Actor{User: person}, http.StatusFound, true)
		query := url.Values{"installation_id": {itoa(page.Done.ID)}, "setup_action": {"install"}}
		http.Redirect(w, r, setup+"?"+query.Encode(), http.StatusFound)
		return
	}
	g.note(r, r.URL.EscapedPath(), Actor{User: person}, http.StatusOK, true)
	show(w, http.StatusOK, installPage, page)
}

var installPage = template.Must(template.New("install").Parse(`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Install {{.App.Name}}</title></head>
<body>
<main>
<h1>{{if .Done}}{{.App.Name}} is installed on {{.Done.Account.Login}}{{else}}Install {{.App.Name}}{{end}}</h1>
<p>This is the simulated GitHub.</p>
{{if not .Done}}<form method="post" action="/apps/{{.App.Slug}}/installations/new">
<p><label>Account <select name="account">{{range .Accounts}}<option>{{.Login}}</option>{{end}}</select></label></p>
<fieldset><legend>Only these repositories; none chosen: all</legend>
{{range .Repos}}<p><label><input type="checkbox" name="repository" value="{{.FullName}}"> {{.FullName}}</label></p>
{{end}}</fieldset>
{{range .People}}<p><button name="login" value="{{.Login}}">Install as {{.Login}}</button></p>
{{end}}</form>{{end}}
</main>
</body>
</html>
`))

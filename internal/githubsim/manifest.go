package githubsim

import (
	"crypto/rsa"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// manifestLife is how long a registration from a manifest may take (docs, "Registering a
// GitHub App from a manifest").
const manifestLife = time.Hour

// conversion is an App whose credentials have not been fetched yet.
type conversion struct {
	app     *App
	key     *rsa.PrivateKey
	expires time.Time
}

// registration is what the page that registers an App knows.
type registration struct {
	Account  string // an organisation's login; "" = the person's own account
	State    string
	Manifest string // as it was sent
	Name     string // as people see and change it
	Problem  string
	People   []*User
	asked    manifest
}

// newApp is the page on which a person registers an App from a manifest. The simulated website
// signs nobody in: the page has a button for each person who can.
func (g *GitHub) newApp(w http.ResponseWriter, r *http.Request, organisation string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	page, status := g.readRegistration(r, organisation, r.URL.Query().Get("state"))
	if page.Problem == "" {
		page.Name = page.asked.Name
	}
	g.note(r, r.URL.EscapedPath(), Actor{}, status, false)
	show(w, status, newAppPage, page)
}

// createApp is a press of a button on that page.
func (g *GitHub) createApp(w http.ResponseWriter, r *http.Request, organisation string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	page, status := g.readRegistration(r, organisation, r.PostFormValue("state"))
	page.Name = r.PostFormValue("name")
	person := g.user(r.PostFormValue("login"))
	switch {
	case page.Problem != "":
	case !slices.Contains(page.People, person):
		page.Problem, status = "nobody of that name may register an App there", http.StatusForbidden
	default:
		if page.Problem = g.nameProblem(page.Name); page.Problem != "" {
			status = http.StatusUnprocessableEntity
		}
	}
	if page.Problem == "" {
		code, err := g.registerApp(page, person)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		g.note(r, r.URL.EscapedPath(), Actor{User: person}, http.StatusFound, true)
		sendBack(w, r, request{To: page.asked.RedirectURL, State: page.State}, url.Values{"code": {code}})
		return
	}
	g.note(r, r.URL.EscapedPath(), Actor{User: person}, status, false)
	show(w, status, newAppPage, page)
}

// readRegistration reads what both the page and its buttons are sent.
func (g *GitHub) readRegistration(r *http.Request, organisation, state string) (registration, int) {
	page := registration{Account: organisation, State: state, Manifest: r.PostFormValue("manifest")}
	account := g.user(organisation)
	if organisation != "" && (account == nil || account.Type != TypeOrganization) {
		page.Problem = "there is no organization " + organisation
		return page, http.StatusNotFound
	}
	for _, u := range g.whoCanSignIn() {
		if account == nil || g.runs(u, account) {
			page.People = append(page.People, u)
		}
	}
	page.asked, page.Problem = readManifest(page.Manifest)
	if page.Problem != "" {
		return page, http.StatusUnprocessableEntity
	}
	return page, http.StatusOK
}

// runs tells whether a person may register and install Apps for an account. Owners of an
// organisation are those who administer one of its repositories.
func (g *GitHub) runs(u, account *User) bool {
	if u == account || slices.Contains(account.Members, u) {
		return true
	}
	return slices.ContainsFunc(g.repos, func(r *Repo) bool { return r.Owner == account && r.role(u) >= RoleAdmin })
}

// show answers with a page.
func show(w http.ResponseWriter, status int, page *template.Template, with any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = page.Execute(w, with) // the browser went away
}

var newAppPage = template.Must(template.New("new app").Parse(`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Create GitHub App</title></head>
<body>
<main>
<h1>Create GitHub App for {{if .Account}}{{.Account}}{{else}}your account{{end}}</h1>
<p>This is the simulated GitHub.</p>
{{with .Problem}}<p role="alert">{{.}}</p>{{end}}
<form method="post" action="{{if .Account}}/organizations/{{.Account}}{{end}}/settings/apps">
<input type="hidden" name="state" value="{{.State}}">
<input type="hidden" name="manifest" value="{{.Manifest}}">
<p><label>GitHub App name <input name="name" value="{{.Name}}"></label></p>
{{range .People}}<p><button name="login" value="{{.Login}}">Create GitHub App for {{or $.Account .Login}} as {{.Login}}</button></p>
{{end}}</form>
</main>
</body>
</html>
`))

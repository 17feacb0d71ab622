package githubsim

import (
	"crypto/rand"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// How long what GitHub gives out lasts (docs, "Generating a user access token for a GitHub
// App"): a code ten minutes, a token eight hours, the token that renews it half a year.
const (
	codeLife         = 10 * time.Minute
	userTokenLife    = 8 * time.Hour
	refreshTokenLife = 184 * 24 * time.Hour
)

// grant is a code that a person let an App have, to be changed for a token once.
type grant struct {
	user      *User
	app       *App
	redirect  string // "" when the request named none
	challenge string // of PKCE; "" = the App did not use it
	expires   time.Time
}

// userToken lets an App act for a person, where both may.
type userToken struct {
	user    *User
	app     *App
	expires time.Time // zero: never
	refresh string
	renew   time.Time // until when refresh works
}

// oauth is what the website remembers of people who authorised Apps.
type oauth struct {
	codes   map[string]*grant
	tokens  map[string]*userToken // by their text
	refresh map[string]*userToken // by their refresh token
}

func newOAuth() oauth {
	return oauth{codes: map[string]*grant{}, tokens: map[string]*userToken{}, refresh: map[string]*userToken{}}
}

// request is what an App asks of the website for a person.
type request struct {
	App      *App
	ClientID string
	Redirect string // as it was sent
	To       string // where the person is sent back to
	State    string
	Method   string // of PKCE
	PKCE     string // the challenge
	People   []*User
}

// authorize is the page on which a person lets an App act for them. The simulated website
// signs nobody in: the page has a button for each person who can.
func (g *GitHub) authorize(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.note(r, r.URL.EscapedPath(), Actor{}, http.StatusOK, false)
	asked, problem := g.readRequest(r.URL.Query())
	switch {
	case asked.App == nil:
		http.Error(w, problem, http.StatusNotFound)
	case problem != "":
		sendBack(w, r, asked, url.Values{"error": {problem}})
	default:
		asked.People = g.whoCanSignIn()
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		_ = authorizePage.Execute(w, asked) // the browser went away
	}
}

// readRequest reads what both the page and its buttons are told. GitHub sends a person with an
// address that is none of the App's to the App's own, with an error.
func (g *GitHub) readRequest(query url.Values) (asked request, problem string) {
	asked = request{
		ClientID: query.Get("client_id"), Redirect: query.Get("redirect_uri"), State: query.Get("state"),
		Method: query.Get("code_challenge_method"), PKCE: query.Get("code_challenge"),
	}
	i := slices.IndexFunc(g.apps, func(a *App) bool { return a.ClientID == asked.ClientID })
	if asked.ClientID == "" || i < 0 || len(g.apps[i].Callbacks) == 0 {
		return asked, "there is no App of that client_id with a callback URL"
	}
	asked.App = g.apps[i]
	asked.To = asked.App.Callbacks[0]
	switch {
	case asked.Redirect != "" && !slices.Contains(asked.App.Callbacks, asked.Redirect):
		return asked, "redirect_uri_mismatch"
	case (asked.PKCE == "") != (asked.Method == ""), asked.Method != "" && asked.Method != "S256":
		return asked, "invalid_request"
	}
	if asked.Redirect != "" {
		asked.To = asked.Redirect
	}
	return asked, ""
}

// whoCanSignIn are the people with a password, which here is a token.
func (g *GitHub) whoCanSignIn() []*User {
	var people []*User
	for _, u := range g.users {
		if u.Type == TypeUser && u.Token != "" {
			people = append(people, u)
		}
	}
	slices.SortFunc(people, func(a, b *User) int { return int(a.ID - b.ID) })
	return people
}

// authorized is a press of a button on that page.
func (g *GitHub) authorized(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if err := r.ParseForm(); err != nil {
		http.Error(w, "the form cannot be read", http.StatusBadRequest)
		return
	}
	asked, problem := g.readRequest(r.PostForm)
	person := g.user(r.PostForm.Get("login"))
	g.note(r, r.URL.EscapedPath(), Actor{User: person}, http.StatusFound, false)
	switch {
	case asked.App == nil || problem != "":
		http.Error(w, "the form was changed: "+problem, http.StatusUnprocessableEntity)
	case r.PostForm.Get("cancel") != "":
		sendBack(w, r, asked, url.Values{"error": {"access_denied"}})
	case person == nil || person.Token == "":
		http.Error(w, "nobody of that name can sign in", http.StatusUnprocessableEntity)
	default:
		code := rand.Text()[:20]
		g.oauth.codes[code] = &grant{
			user: person, app: asked.App, redirect: asked.Redirect, challenge: asked.PKCE, expires: g.clock().Add(codeLife),
		}
		sendBack(w, r, asked, url.Values{"code": {code}})
	}
}

// sendBack redirects a person to the App, with the state that came with them.
func sendBack(w http.ResponseWriter, r *http.Request, asked request, say url.Values) {
	if asked.State != "" {
		say.Set("state", asked.State)
	}
	http.Redirect(w, r, asked.To+"?"+say.Encode(), http.StatusFound)
}

var authorizePage = template.Must(template.New("authorize").Parse(`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Authorize {{.App.Name}}</title></head>
<body>
<main>
<h1>Authorize {{.App.Name}}</h1>
<p>This is the simulated GitHub. {{.App.Name}} wants to know who you are and which repositories you can read.</p>
<form method="post" action="/login/oauth/authorize">
<input type="hidden" name="client_id" value="{{.ClientID}}">
<input type="hidden" name="redirect_uri" value="{{.Redirect}}">
<input type="hidden" name="state" value="{{.State}}">
<input type="hidden" name="code_challenge" value="{{.PKCE}}">
<input type="hidden" name="code_challenge_method" value="{{.Method}}">
{{range .People}}<p><button name="login" value="{{.Login}}">Authorize as {{.Login}}</button></p>
{{end}}<p><button name="cancel" value="yes">Cancel</button></p>
</form>
</main>
</body>
</html>
`))

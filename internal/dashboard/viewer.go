package dashboard

import (
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// viewer is who asks. The zero viewer is a stranger, who sees nothing.
type viewer struct {
	session  *session     // of somebody who is signed in
	pass     *hotfix.Pass // of a machine
	all      bool         // sits at this machine, where nobody has to sign in
	operator bool
	badge    bool // brought a token that is for badges alone
}

const viewerKey = "viewer"

// viewerOf is who made a request that passed the gate.
func viewerOf(c *gin.Context) viewer {
	v, _ := c.Value(viewerKey).(viewer)
	return v
}

// identify finds out who asks.
func (p *Pages) identify(c *gin.Context) (viewer, error) {
	if bearer, ok := bearerOf(c.Request); ok {
		return p.machine(c, bearer)
	}
	s, err := p.sessionOf(c)
	if err != nil {
		return viewer{}, err
	}
	here := p.config.SignIn.Open && local(c.Request)
	if s == nil {
		return viewer{all: here, operator: here}, nil
	}
	named := func(login string) bool { return strings.EqualFold(login, s.Account.Login) }
	return viewer{session: s, operator: slices.ContainsFunc(p.config.SignIn.Operators, named)}, nil
}

// bearerOf is the token of a request that brings one. Pages are for browsers.
func bearerOf(r *http.Request) (token string, ok bool) {
	kind, token, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	return strings.TrimSpace(token), ok && strings.EqualFold(kind, "bearer") && isAPI(r)
}

func isAPI(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/api/") }

// machine is the viewer of a token.
func (p *Pages) machine(c *gin.Context, token string) (viewer, error) {
	pass, ok, err := p.config.SignIn.Sessions.Pass(c.Request.Context(), hotfix.PassDigest(token))
	if err != nil || !ok || pass.Kind != hotfix.PassRead {
		return viewer{badge: ok && pass.Kind == hotfix.PassBadge}, err
	}
	return viewer{pass: &pass}, nil
}

// known tells whether the viewer may ask for anything at all.
func (v viewer) known() bool { return v.all || v.session != nil || v.pass != nil }

// enter lets those pass who are known, and shows the others where to sign in.
func (p *Pages) enter(c *gin.Context) {
	v, err := p.identify(c)
	if err != nil {
		p.broken(c, err)
		return
	}
	c.Set(viewerKey, v)
	if !v.known() && !forStrangers(c.Request.URL.Path) {
		p.askToSignIn(c)
	}
}

// forStrangers are the paths that show nothing of any repository.
func forStrangers(path string) bool {
	return strings.HasPrefix(path, "/assets/") || path == "/sign-in" || strings.HasPrefix(path, "/sign-in/")
}

// askToSignIn answers who is not signed in: every address in the same way, whether or
// not there is something.
func (p *Pages) askToSignIn(c *gin.Context) {
	c.Abort()
	if isAPI(c.Request) || c.Request.URL.Path == "/live" {
		c.Header("WWW-Authenticate", `Bearer realm="hotfixbot"`)
		sentence := "Sign in, or send a token that was made on the page: Authorization: Bearer …"
		if viewerOf(c).badge {
			sentence = "This token is for badges: it stands in a badge's address, and reads nothing else. The API needs one that was made for the API."
		}
		c.JSON(http.StatusUnauthorized, gin.H{"error": sentence})
		return
	}
	to := "/"
	if c.Request.Method == http.MethodGet {
		to = c.Request.URL.RequestURI()
	}
	c.Redirect(http.StatusSeeOther, signInPath(to))
}

// signInPath is the page that asks people to sign in and then leads to an address.
func signInPath(to string) string { return "/sign-in?" + url.Values{"to": {inside(to)}}.Encode() }

// operators lets only operators pass; for others there is nothing here.
func (p *Pages) operators(c *gin.Context) {
	if !viewerOf(c).operator {
		p.nothing(c)
	}
}

// ownForm lets pass only what was sent from a page of the same origin, or by no
// browser at all: another site can make a browser send a form. Of somebody who is
// signed in, the form must say what only that session's pages know.
func (p *Pages) ownForm(c *gin.Context) {
	err := p.origin.Check(c.Request)
	if s := viewerOf(c).session; s != nil && err == nil {
		c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, maxForm)
		if subtle.ConstantTimeCompare([]byte(c.PostForm("form")), []byte(s.form())) != 1 {
			err = errors.New("the form is another session's")
		}
	}
	if err != nil {
		p.fail(c, http.StatusForbidden, "This was not sent from a page of the bot's own. Open the page and try it there.")
	}
}

// maxForm bounds a form, in bytes.
const maxForm = 64 << 10

// visitor is what pages show of who looks.
type visitor struct {
	Login  string // empty: nobody is signed in
	Form   string // what every form repeats
	SignIn string // where they can; empty: nowhere, or here
}

func (p *Pages) visitor(c *gin.Context) visitor {
	if s := viewerOf(c).session; s != nil {
		return visitor{Login: s.Account.Login, Form: s.form()}
	}
	if p.config.SignIn == nil || forStrangers(c.Request.URL.Path) {
		return visitor{}
	}
	return visitor{SignIn: signInPath(c.Request.URL.RequestURI())}
}

package dashboard

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/gin-gonic/gin"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// attemptLife is how long somebody may take on GitHub's page; its codes work as long.
const attemptLife = 10 * time.Minute

// attempt is a sign-in that was begun. The browser keeps it, sealed, so that nobody
// fills a database who is not signed in.
type attempt struct {
	State    string    `json:"state"`
	Verifier string    `json:"verifier"` // of PKCE
	To       string    `json:"to"`       // where the person wanted to go
	Until    time.Time `json:"until"`
}

// welcome is the page that asks people to sign in.
type welcome struct {
	To      string
	Problem string
}

// Path is where signing in begins.
func (w welcome) Path() string { return "/sign-in/github?" + url.Values{"to": {w.To}}.Encode() }

// signIn is the page that asks people to sign in.
func (p *Pages) signIn(c *gin.Context) {
	to := inside(c.Query("to"))
	if viewerOf(c).session != nil {
		c.Redirect(http.StatusSeeOther, to)
		return
	}
	p.show(c, http.StatusOK, "signin.html", page{Title: "Sign in", Body: welcome{To: to}})
}

// turnBack shows that page again, with what went wrong.
func (p *Pages) turnBack(c *gin.Context, status int, to, problem string) {
	c.Abort()
	p.show(c, status, "signin.html", page{Title: "Sign in", Body: welcome{To: to, Problem: problem}})
}

// signInAtGitHub sends a person to GitHub. GitHub sends them back to BaseURL, where a
// browser has no cookies of another name of this host ("localhost"), so the sign-in is
// begun there. A proxy may hide that name: it is tried once.
func (p *Pages) signInAtGitHub(c *gin.Context) {
	if base := p.config.SignIn.BaseURL; !strings.HasSuffix(base, "://"+c.Request.Host) && c.Query("moved") == "" {
		c.Redirect(http.StatusSeeOther, base+"/sign-in/github?"+url.Values{"to": {inside(c.Query("to"))}, "moved": {"1"}}.Encode())
		return
	}
	begun := attempt{State: secret(), Verifier: secret(), To: inside(c.Query("to")), Until: p.config.Now().Add(attemptLife)}
	sealed, err := p.config.SignIn.seal(sealsAttempt, nil, begun)
	if err != nil {
		p.broken(c, err)
		return
	}
	p.keep(c, attemptCookie, base64.RawURLEncoding.EncodeToString(sealed), attemptLife)
	challenge := sha256.Sum256([]byte(begun.Verifier))
	c.Redirect(http.StatusSeeOther, p.config.SignIn.People.AuthorizeURL(begun.State, base64.RawURLEncoding.EncodeToString(challenge[:])))
}

// attemptOf is the sign-in that this browser began, if it is the one that GitHub
// answers.
func (p *Pages) attemptOf(c *gin.Context) (begun attempt, ok bool) {
	sealed, err := base64.RawURLEncoding.DecodeString(p.cookieOf(c, attemptCookie))
	if err != nil || p.config.SignIn.unseal(sealsAttempt, nil, sealed, &begun) != nil {
		return attempt{}, false
	}
	same := subtle.ConstantTimeCompare([]byte(begun.State), []byte(c.Query("state"))) == 1
	return begun, same && p.config.Now().Before(begun.Until)
}

// callback is where GitHub sends people back to.
func (p *Pages) callback(c *gin.Context) {
	begun, ok := p.attemptOf(c)
	if !ok {
		p.turnBack(c, http.StatusBadRequest, "/", "This sign-in was not begun in this browser, or it took longer than ten minutes.")
		return
	}
	p.keep(c, attemptCookie, "", 0)
	if refused := c.Query("error"); refused != "" || c.Query("code") == "" {
		p.config.Log.Info().Str("error", short(refused)).Msg("github signed nobody in")
		p.turnBack(c, http.StatusForbidden, begun.To, "GitHub did not let you in: it was cancelled there, or the App's settings do not name this address.")
		return
	}
	if !p.signing.pass(p.config.Now()) {
		p.config.Log.Warn().Msg("too many sign in at once: github is not asked about more this minute")
		c.Header("Retry-After", "60")
		p.turnBack(c, http.StatusTooManyRequests, begun.To, "Very many people sign in right now. Try it again in a minute.")
		return
	}
	token, err := p.config.SignIn.People.Exchange(c.Request.Context(), c.Query("code"), begun.Verifier)
	if out := (*hotfix.SignedOut)(nil); errors.As(err, &out) {
		p.turnBack(c, http.StatusBadRequest, begun.To, "GitHub does not know this sign-in any more.")
		return
	}
	if err != nil {
		p.unanswered(c, err)
		return
	}
	who, err := p.config.SignIn.People.Who(c.Request.Context(), token.Access)
	if err != nil {
		p.unanswered(c, err)
		return
	}
	if err := p.begin(c, who, token); err != nil {
		p.broken(c, err)
		return
	}
	p.config.Log.Info().Str("login", who.Login).Msg("signed in")
	c.Redirect(http.StatusSeeOther, begun.To)
}

// unanswered says that GitHub could not be asked.
func (p *Pages) unanswered(c *gin.Context, err error) {
	p.config.Log.Warn().Err(err).Msg("github could not be asked about a person")
	p.fail(c, http.StatusServiceUnavailable, "GitHub cannot be asked right now who may see what. Loading the page again in a minute may help.")
}

// signOut ends the session and makes the person's token worthless.
func (p *Pages) signOut(c *gin.Context) {
	s := viewerOf(c).session
	if s == nil {
		c.Redirect(http.StatusSeeOther, "/sign-in")
		return
	}
	mine := p.reaches.of(s.ID, p.config.Now())
	token, err := p.token(c.Request.Context(), s)
	mine.mu.Unlock()
	if err := p.config.SignIn.Sessions.End(c.Request.Context(), s.ID); err != nil {
		p.broken(c, err)
		return
	}
	p.keep(c, sessionCookie, "", 0)
	p.reaches.forget(s.ID)
	if err == nil {
		err = p.config.SignIn.People.Revoke(c.Request.Context(), token)
	}
	if err != nil {
		p.config.Log.Warn().Err(err).Msg("the token of somebody who signed out was not revoked; it ends by itself")
	}
	c.Redirect(http.StatusSeeOther, "/sign-in")
}

// signedOut answers somebody whose token GitHub does not take any more.
func (p *Pages) signedOut(c *gin.Context) {
	if s := viewerOf(c).session; s != nil {
		if err := p.config.SignIn.Sessions.End(c.Request.Context(), s.ID); err != nil {
			p.config.Log.Warn().Err(err).Msg("a session could not be ended")
		}
		p.keep(c, sessionCookie, "", 0)
		p.reaches.forget(s.ID)
	}
	p.askToSignIn(c)
}

// inside is an address of this page's own, and "/" for everything else: browsers take
// "//host" and "/\host" for other hosts, and leave out control characters.
func inside(to string) string {
	u, err := url.Parse(to)
	odd := strings.ContainsFunc(to, func(r rune) bool { return r == '\\' || unicode.IsControl(r) })
	if err != nil || odd || u.Scheme != "" || u.Host != "" || u.User != nil || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") {
		return "/"
	}
	if forStrangers(u.Path) {
		return "/"
	}
	return u.RequestURI()
}

// short keeps what a stranger sent short enough for a log.
func short(text string) string { return text[:min(len(text), 100)] }

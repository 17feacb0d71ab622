package dashboard

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// sessionLife is how long somebody stays signed in. GitHub remembers them, so that
// signing in again is one click.
const sessionLife = 7 * 24 * time.Hour

// session is one that a browser holds the secret of. The database has the secret's
// digest, and the person's token sealed with the secret itself and with the App's: who
// has the database, even with the App's secrets, cannot act as anybody who is signed
// in.
type session struct {
	hotfix.Session
	secret string
}

// secret is a new one that nobody can guess.
func secret() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

// cookie is the name of a cookie. The prefix makes browsers refuse one that another
// host, or a page without TLS, wants to put in its place.
func (s *SignIn) cookie(name string) string {
	if s.secure() {
		return "__Host-" + name
	}
	return name
}

const (
	sessionCookie = "hotfixbot"
	attemptCookie = "hotfixbot-sign-in"
)

// keep gives the browser a cookie; life 0 takes it away.
func (p *Pages) keep(c *gin.Context, name, value string, life time.Duration) {
	cookie := &http.Cookie{
		Name: p.config.SignIn.cookie(name), Value: value, Path: "/", MaxAge: int(life / time.Second),
		HttpOnly: true, Secure: p.config.SignIn.secure(), SameSite: http.SameSiteLaxMode,
	}
	if life == 0 {
		cookie.MaxAge = -1
	}
	http.SetCookie(c.Writer, cookie)
}

// cookieOf is the value of a cookie, or "".
func (p *Pages) cookieOf(c *gin.Context, name string) string {
	cookie, err := c.Request.Cookie(p.config.SignIn.cookie(name))
	if err != nil {
		return ""
	}
	return cookie.Value
}

// sessionOf is the session of a request, or nil.
func (p *Pages) sessionOf(c *gin.Context) (*session, error) {
	held := p.cookieOf(c, sessionCookie)
	if held == "" {
		return nil, nil
	}
	stored, ok, err := p.config.SignIn.Sessions.Session(c.Request.Context(), digest(held))
	if err != nil || !ok {
		return nil, err
	}
	return &session{Session: stored, secret: held}, nil
}

// begin signs somebody in. The secret is always a new one: one that was in the browser
// before may be known to others.
func (p *Pages) begin(c *gin.Context, who hotfix.Account, token hotfix.UserToken) error {
	if old := p.cookieOf(c, sessionCookie); old != "" {
		if err := p.config.SignIn.Sessions.End(c.Request.Context(), digest(old)); err != nil {
			return err
		}
	}
	held := secret()
	sealed, err := p.config.SignIn.seal(sealsToken, []byte(held), token)
	if err != nil {
		return err
	}
	err = p.config.SignIn.Sessions.Begin(c.Request.Context(), hotfix.Session{
		ID: digest(held), Account: who, Token: sealed, Expires: p.config.Now().Add(sessionLife),
	})
	if err == nil {
		p.keep(c, sessionCookie, held, sessionLife)
	}
	return err
}

// form is what every form of a session has to repeat, so that nobody else's page can
// send one.
func (s *session) form() string {
	mac := hmac.New(sha256.New, []byte(s.secret))
	mac.Write([]byte("form"))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// token is the person's token, renewed if it is due. It is called for one session at a
// time.
func (p *Pages) token(ctx context.Context, s *session) (string, error) {
	var token hotfix.UserToken
	if err := p.config.SignIn.unseal(sealsToken, []byte(s.secret), s.Token, &token); err != nil {
		return "", &hotfix.SignedOut{Why: "the token was sealed with another secret"}
	}
	if !token.Due(p.config.Now()) {
		return token.Access, nil
	}
	if token.Refresh == "" {
		return "", &hotfix.SignedOut{Why: "the token ended"}
	}
	fresh, err := p.config.SignIn.People.Refresh(ctx, token.Refresh)
	if out := (*hotfix.SignedOut)(nil); errors.As(err, &out) {
		return p.renewedElsewhere(ctx, s, err)
	}
	if err != nil {
		return "", err
	}
	sealed, err := p.config.SignIn.seal(sealsToken, []byte(s.secret), fresh)
	if err != nil {
		return "", err
	}
	if err := p.config.SignIn.Sessions.Renew(context.WithoutCancel(ctx), s.ID, s.Token, sealed); err != nil {
		return "", err
	}
	s.Token = sealed
	return fresh.Access, nil
}

// renewedElsewhere is the token that another request, perhaps to another process,
// renewed at the same time: a refresh token works once.
func (p *Pages) renewedElsewhere(ctx context.Context, s *session, refused error) (string, error) {
	now, ok, err := p.config.SignIn.Sessions.Session(ctx, s.ID)
	if err != nil {
		return "", err
	}
	var token hotfix.UserToken
	if !ok || p.config.SignIn.unseal(sealsToken, []byte(s.secret), now.Token, &token) != nil || token.Due(p.config.Now()) {
		return "", refused
	}
	s.Token = now.Token
	return token.Access, nil
}

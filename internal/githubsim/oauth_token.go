package githubsim

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// oauthError is how the website refuses: with status 200 (docs, "Troubleshooting OAuth app
// access token request errors").
type oauthError struct{ code, description string }

func (e oauthError) Error() string { return e.code }

var (
	errClient   = oauthError{"incorrect_client_credentials", "The client_id and/or client_secret passed are incorrect."}
	errCode     = oauthError{"bad_verification_code", "The code passed is incorrect or expired."}
	errRedirect = oauthError{"redirect_uri_mismatch", "The redirect_uri MUST match the registered callback URL for this application."}
	errRefresh  = oauthError{"bad_refresh_token", "The refresh token passed is incorrect or expired."}
	errGrant    = oauthError{"unsupported_grant_type", "The grant type is not supported."}
)

// accessToken changes a code or a refresh token for a token.
func (g *GitHub) accessToken(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	form, err := readForm(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	token, err := g.tokenFor(form)
	say := url.Values{}
	who := Actor{}
	if refused := (oauthError{}); errors.As(err, &refused) {
		say.Set("error", refused.code)
		say.Set("error_description", refused.description)
		say.Set("error_uri", "https://docs.github.com/apps/managing-oauth-apps/troubleshooting-oauth-app-access-token-request-errors/#"+strings.ReplaceAll(refused.code, "_", "-"))
	} else {
		who.User = g.oauth.tokens[token].user
		say = g.tell(token)
	}
	g.note(r, r.URL.EscapedPath(), who, http.StatusOK, false)
	sendForm(w, r, say)
}

// readForm reads parameters from the query, a form or JSON, as GitHub does.
func readForm(r *http.Request) (url.Values, error) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "application/json" {
		err := r.ParseForm()
		return r.Form, err
	}
	var in map[string]string
	err := json.NewDecoder(r.Body).Decode(&in)
	form := url.Values{}
	for name, value := range in {
		form.Set(name, value)
	}
	return form, err
}

// sendForm answers in JSON where it is asked for, else as a form.
func sendForm(w http.ResponseWriter, r *http.Request, say url.Values) {
	w.Header().Set("Cache-Control", "no-store")
	if !strings.Contains(r.Header.Get("Accept"), "json") {
		w.Header().Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
		_, _ = w.Write([]byte(say.Encode())) // the client went away
		return
	}
	out := object{}
	for name := range say {
		out[name] = say.Get(name)
		if strings.HasSuffix(name, "expires_in") {
			out[name] = json.Number(say.Get(name))
		}
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(out)
}

// tokenFor gives the text of a new token, or an oauthError.
func (g *GitHub) tokenFor(form url.Values) (string, error) {
	var app *App
	for _, a := range g.apps {
		secret := form.Get("client_secret")
		if a.ClientID == form.Get("client_id") && a.ClientSecret != "" && subtle.ConstantTimeCompare([]byte(secret), []byte(a.ClientSecret)) == 1 {
			app = a
		}
	}
	switch kind := form.Get("grant_type"); {
	case app == nil:
		return "", errClient
	case kind == "refresh_token":
		return g.refreshed(app, form.Get("refresh_token"))
	case kind != "" && kind != "authorization_code":
		return "", errGrant
	}
	return g.redeem(app, form)
}

// redeem changes a code, which works once.
func (g *GitHub) redeem(app *App, form url.Values) (string, error) {
	given := g.oauth.codes[form.Get("code")]
	if given == nil || given.app != app || !g.clock().Before(given.expires) {
		return "", errCode
	}
	delete(g.oauth.codes, form.Get("code"))
	sum := sha256.Sum256([]byte(form.Get("code_verifier")))
	switch to := form.Get("redirect_uri"); {
	case given.challenge != "" && base64.RawURLEncoding.EncodeToString(sum[:]) != given.challenge:
		return "", errCode
	case to != "" && to != given.redirect:
		return "", errRedirect
	}
	return g.newUserToken(given.user, app), nil
}

// refreshed makes a new pair; both old ones end.
func (g *GitHub) refreshed(app *App, text string) (string, error) {
	old := g.oauth.refresh[text]
	if old == nil || old.app != app || !g.clock().Before(old.renew) {
		return "", errRefresh
	}
	g.forget(old)
	return g.newUserToken(old.user, app), nil
}

// forget ends a person's token.
func (g *GitHub) forget(t *userToken) {
	delete(g.oauth.refresh, t.refresh)
	for text, other := range g.oauth.tokens {
		if other == t {
			delete(g.oauth.tokens, text)
		}
	}
}

func (g *GitHub) newUserToken(u *User, app *App) string {
	t := &userToken{user: u, app: app}
	text := "ghu_" + rand.Text() + rand.Text()[:10]
	if app.ExpireUserTokens {
		t.expires, t.renew = g.clock().Add(userTokenLife), g.clock().Add(refreshTokenLife)
		t.refresh = "ghr_" + rand.Text() + rand.Text() + rand.Text()[:24]
		g.oauth.refresh[t.refresh] = t
	}
	g.oauth.tokens[text] = t
	return text
}

// tell is what the App learns of a token.
func (g *GitHub) tell(text string) url.Values {
	say := url.Values{"access_token": {text}, "scope": {""}, "token_type": {"bearer"}}
	if t := g.oauth.tokens[text]; t.refresh != "" {
		say.Set("expires_in", itoa(int64(userTokenLife/time.Second)))
		say.Set("refresh_token", t.refresh)
		say.Set("refresh_token_expires_in", itoa(int64(refreshTokenLife/time.Second)))
	}
	return say
}

// deleteUserToken ends a token at the App's word: DELETE /applications/{client_id}/token.
func (c *call) deleteUserToken() (answer, error) {
	c.write = false
	var in struct {
		Token string `json:"access_token"`
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	t := c.oauth.tokens[in.Token]
	if t == nil || t.app != c.actor.App {
		return answer{}, errNotFound
	}
	c.forget(t)
	return noContent(), nil
}

// Revoke is a person taking back, in their settings, what they let an App do for them.
func (p *Person) Revoke() {
	g := p.github
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, t := range g.oauth.tokens {
		if t.user == p.user {
			g.forget(t)
		}
	}
}

package githubsim

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// token is an installation token.
type token struct {
	text         string
	installation *Installation
	repos        []*Repo // what it was narrowed to; nil = all of the installation
	permissions  map[string]string
	expires      time.Time
}

// reaches tells whether the token may touch the repository at all.
func (t *token) reaches(r *Repo) bool {
	if !t.installation.has(r) {
		return false
	}
	if t.repos == nil {
		return true
	}
	for _, x := range t.repos {
		if x == r {
			return true
		}
	}
	return false
}

// allows tells whether the token has a permission ("contents") at a level ("read", "write").
func (t *token) allows(permission, level string) bool {
	if permission == "metadata" && level == "read" {
		return true // every token has it
	}
	return covers(t.installation.Permissions[permission], level) && covers(t.permissions[permission], level)
}

// covers tells whether having one level includes another.
func covers(have, want string) bool {
	rank := map[string]int{"read": 1, "write": 2, "admin": 3}
	return rank[have] >= rank[want] && rank[have] > 0
}

// credentials finds the secret in a request: "token x", "Bearer x", or a Basic password.
func credentials(r *http.Request) string {
	kind, rest, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	switch strings.ToLower(kind) {
	case "bearer", "token":
		return strings.TrimSpace(rest)
	case "basic":
		_, password, _ := r.BasicAuth()
		return password
	}
	return ""
}

// authenticate tells who sends the request. Without credentials it is nobody; with wrong or
// expired ones the answer is 401.
func (g *GitHub) authenticate(r *http.Request) (Actor, *token, error) {
	secret := credentials(r)
	if secret == "" {
		if r.Header.Get("Authorization") != "" {
			return Actor{}, nil, errBadCredentials
		}
		return Actor{}, nil, nil
	}
	if t := g.tokens[secret]; t != nil {
		return g.byToken(t)
	}
	if t := g.oauth.tokens[secret]; t != nil {
		if !t.expires.IsZero() && !g.clock().Before(t.expires) {
			return Actor{}, nil, errBadCredentials
		}
		return Actor{User: t.user, Through: t.app}, nil, nil
	}
	if app := g.byClient(r); app != nil {
		return Actor{App: app}, nil, nil
	}
	for _, u := range g.users {
		if u.Token != "" && u.Token == secret {
			return Actor{User: u}, nil, nil
		}
	}
	if strings.Count(secret, ".") == 2 {
		app, err := g.verifyJWT(secret)
		return Actor{App: app}, nil, err
	}
	return Actor{}, nil, errBadCredentials
}

// byClient is the App that proves itself by its client id and secret, or nil.
func (g *GitHub) byClient(r *http.Request) *App {
	name, password, ok := r.BasicAuth()
	for _, a := range g.apps {
		if ok && a.ClientSecret != "" && a.ClientID == name && a.ClientSecret == password {
			return a
		}
	}
	return nil
}

// byToken is the bot of the App, unless the token or its installation has ended.
func (g *GitHub) byToken(t *token) (Actor, *token, error) {
	i := t.installation
	if !g.clock().Before(t.expires) || g.installation(i.ID) == nil {
		return Actor{}, nil, errBadCredentials
	}
	if i.Suspended != nil {
		return Actor{}, nil, refuse(403, "This installation has been suspended")
	}
	return Actor{User: i.App.Bot, App: i.App, Installation: i}, t, nil
}

// claims are the parts of an App's JWT that GitHub looks at.
type claims struct {
	Issuer  any         `json:"iss"`
	Issued  json.Number `json:"iat"`
	Expires json.Number `json:"exp"`
}

// verifyJWT checks an App's own token: RS256, exp at most 10 minutes ahead,
// iat not in the future, each with a minute for clocks that differ.
func (g *GitHub) verifyJWT(text string) (*App, error) {
	parts := strings.Split(text, ".")
	var head struct {
		Alg string `json:"alg"`
	}
	var cl claims
	if unpackJWT(parts[0], &head) != nil || unpackJWT(parts[1], &cl) != nil || head.Alg != "RS256" {
		return nil, refuse(401, "A JSON web token could not be decoded")
	}
	app := g.appOf(cl.Issuer)
	if app == nil {
		return nil, refuse(404, "Integration not found")
	}
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	sig, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil || rsa.VerifyPKCS1v15(app.Key, crypto.SHA256, sum[:], sig) != nil {
		return nil, refuse(401, "A JSON web token could not be decoded")
	}
	return app, g.checkTimes(cl)
}

func unpackJWT(part string, into any) error {
	data, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, into)
}

// appOf finds the App by its id (a number or a string) or its client id.
func (g *GitHub) appOf(issuer any) *App {
	id := ""
	switch x := issuer.(type) {
	case string:
		id = x
	case float64:
		id = strconv.FormatInt(int64(x), 10)
	}
	for _, a := range g.apps {
		if strconv.FormatInt(a.ID, 10) == id || a.ClientID == id {
			return a
		}
	}
	return nil
}

func (g *GitHub) checkTimes(cl claims) error {
	exp, err1 := cl.Expires.Float64()
	iat, err2 := cl.Issued.Float64()
	now, skew := float64(g.clock().Unix()), 60.0
	switch {
	case errors.Join(err1, err2) != nil:
		return refuse(401, "Missing 'issued at' claim ('iat') or 'expiration time' claim ('exp') in assertion")
	case exp > now+600+skew:
		return refuse(401, "'Expiration time' claim ('exp') is too far in the future")
	case exp <= now:
		return refuse(401, "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires")
	case iat > now+skew:
		return refuse(401, "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued")
	}
	return nil
}

// Package forge is GitHub as the bot sees it: the App, the repositories in
// which it is installed, and every call that reads or changes one of them.
//
// What must always hold:
//
//   - An error has one of the fates of package hotfix (Gone, Refusal, Later) or is plain
//     and may be tried again soon. The fate is told by status codes, headers, GitHub's
//     machine-readable codes and by reading again; never by GitHub's English.
//   - A write is sent once. Only a 401, which GitHub answers before it does anything,
//     lets a request be sent a second time, with a fresh token.
//   - No answer is taken from memory without asking: the ETag cache revalidates always.
//   - With Config.Purses, the requests of an installation stay below GitHub's limits,
//     however many processes send them (budget.go).
//   - Tokens and keys appear in no error and no log line.
//
// It never sleeps, never decides what the bot should do, and never talks git.
package forge

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v4"
	"github.com/google/go-github/v60/github"
	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Defaults of Config.
const (
	DefaultAPIURL = "https://api.github.com"
	DefaultWebURL = "https://github.com"
)

// Config is what is needed to be an App.
type Config struct {
	AppID int64
	Key   *rsa.PrivateKey // see ParseKey
	// APIURL is the root of the REST API, used as given: on a GitHub Enterprise
	// Server it ends in /api/v3.
	APIURL string
	WebURL string // root of the pages and of git: https://github.com
	// Transport makes the HTTP requests. The default is net/http's with a
	// limit on the wait for an answer.
	Transport http.RoundTripper
	// Purses keep the budget of each installation. Without them requests are held
	// back only when GitHub says so: its Enterprise Servers have no limits by default.
	Purses Purses
	// Allowed is asked before each change with the request's context; its error keeps
	// the change from being sent. nil allows all.
	Allowed func(context.Context) error
	Now     func() time.Time // default time.Now
	Log     zerolog.Logger
}

// App is the GitHub App. It is safe for concurrent use.
type App struct {
	id      int64
	key     *rsa.PrivateKey
	api     *url.URL // with a trailing slash, as go-github wants it
	graphql string
	web     string
	base    http.RoundTripper
	purses  Purses
	allowed func(context.Context) error
	now     func() time.Time
	log     zerolog.Logger
	client  *github.Client // authenticated by JWT, for /app/…

	mu            sync.Mutex
	bot           hotfix.Bot // zero until it was asked
	installations map[int64]*installation
	places        map[hotfix.RepositoryID]place
	tokens        map[hotfix.RepositoryID]gitToken
}

// ParseKey reads the App's private key, PEM as GitHub hands it out.
func ParseKey(pem []byte) (*rsa.PrivateKey, error) {
	key, err := jwt.ParseRSAPrivateKeyFromPEM(pem)
	if err != nil {
		return nil, errors.New("the private key is no RSA key in PEM form")
	}
	return key, nil
}

// New makes an App. It asks GitHub nothing yet; Check does.
func New(c Config) (*App, error) {
	if c.AppID <= 0 {
		return nil, fmt.Errorf("the App's id must be a positive number, not %d", c.AppID)
	}
	if c.Key == nil {
		return nil, errors.New("the App's private key is missing")
	}
	c = withDefaults(c)
	api, err := url.Parse(strings.TrimRight(c.APIURL, "/") + "/")
	if err != nil || api.Host == "" {
		return nil, errors.New("the API url must look like " + DefaultAPIURL)
	}
	a := &App{
		id: c.AppID, key: c.Key, api: api, graphql: graphqlURL(c.APIURL),
		web:  strings.TrimRight(c.WebURL, "/"),
		base: c.Transport, purses: c.Purses, allowed: c.Allowed, now: c.Now, log: c.Log,
		installations: map[int64]*installation{},
		places:        map[hotfix.RepositoryID]place{},
		tokens:        map[hotfix.RepositoryID]gitToken{},
	}
	a.client = a.newClient(a.asApp(a.newWire("app")))
	return a, nil
}

func withDefaults(c Config) Config {
	if c.APIURL == "" {
		c.APIURL = DefaultAPIURL
	}
	if c.WebURL == "" {
		c.WebURL = DefaultWebURL
	}
	if c.Transport == nil {
		transport := http.DefaultTransport.(*http.Transport).Clone()
		transport.ResponseHeaderTimeout = 30 * time.Second
		c.Transport = transport
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}

// graphqlURL is where GraphQL lives: beside the REST root on github.com, and at
// /api/graphql on an Enterprise Server, whose REST root is /api/v3
// (docs.github.com, "Forming calls with GraphQL").
func graphqlURL(api string) string {
	api = strings.TrimRight(api, "/")
	if strings.HasSuffix(api, "/api/v3") {
		api = strings.TrimSuffix(api, "/v3")
	}
	return api + "/graphql"
}

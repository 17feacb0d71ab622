// Package dashboard shows people where the hotfixes of every repository stand:
// pages that need no JavaScript and are live with it, the same boards as JSON, and
// the two health checks.
//
// What must always hold: a page says what the last reconcile found and nothing
// else; whatever comes from GitHub is escaped; no page makes a browser ask
// another host; and people see only the repositories that GitHub lets them read, or,
// as long as nobody can sign in, boards are shown only to whoever sits at this
// machine. What somebody may not see is answered as what does not exist. No secret of
// a session or a token stands in a log, in the database, or in an address, but for the
// tokens of badges, which are good for nothing else.
//
// The package never talks to GitHub but through People, and never computes a verdict
// of its own. All that can be changed from a page is asked for by a form of its own
// origin.
package dashboard

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Boards are what is shown.
type Boards interface {
	// Boards are those of all repositories, in the order in which they are shown.
	Boards(ctx context.Context) ([]hotfix.Board, error)
	// History is that of one hotfix, oldest line first.
	History(ctx context.Context, id hotfix.RepositoryID, pull int) ([]hotfix.Event, error)
	// Mark is another one after something changed. It is asked once a second.
	Mark(ctx context.Context) (hotfix.Mark, error)
}

// Deliveries are what operators look at.
type Deliveries interface {
	// Receipts lists what was received last, newest first, at most limit of it.
	Receipts(ctx context.Context, limit int) ([]hotfix.Receipt, error)
	// Debts lists the repositories that are owed a look, longest first.
	Debts(ctx context.Context) ([]hotfix.Debt, error)
}

// Config is what Pages need.
type Config struct {
	Boards     Boards
	Deliveries Deliveries
	// Replay has everything that a delivery concerns looked at again; known is false
	// when the delivery is not stored, or not any more.
	Replay func(ctx context.Context, guid string) (known bool, err error)
	// Ready returns why no work can be accepted, or nil.
	Ready   func(ctx context.Context) error
	Metrics http.Handler     // for this machine alone; nil: there are none
	SignIn  *SignIn          // nil: nobody can sign in, and only this machine is served
	Name    string           // what the pages call the bot; default "hotfixbot"
	WebURL  string           // root of GitHub's pages, to link to: https://github.com
	Now     func() time.Time // default time.Now
	Look    time.Duration    // how often Watch looks whether something changed; default 1 s
	Log     zerolog.Logger
}

func (c Config) withDefaults() Config {
	if c.Name == "" {
		c.Name = "hotfixbot"
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Look == 0 {
		c.Look = time.Second
	}
	c.WebURL = strings.TrimSuffix(c.WebURL, "/")
	return c
}

// Pages is the http.Handler of everything that is not a webhook.
type Pages struct {
	config    Config
	templates *template.Template
	router    *gin.Engine
	origin    *http.CrossOriginProtection
	tide      *tide
	kept      kept
	reaches   reaches
	signing   turnstile
}

//go:embed assets
var assets embed.FS

// Assets are the files that the pages are made of, by their names: layout.html,
// style.css, icon.svg, live.js and the templates. Other pages of the program look like
// these with them.
func Assets() fs.FS {
	files, err := fs.Sub(assets, "assets")
	if err != nil {
		return assets // never: the folder is embedded above
	}
	return files
}

// New makes Pages. A missing part or a WebURL that is no http or https URL is an
// error.
func New(config Config) (*Pages, error) {
	if config.Boards == nil || config.Deliveries == nil || config.Replay == nil || config.Ready == nil {
		return nil, errors.New("dashboard: Boards, Deliveries, Replay and Ready are needed")
	}
	web, err := url.Parse(config.WebURL)
	if err != nil || web.Host == "" || (web.Scheme != "http" && web.Scheme != "https") {
		return nil, fmt.Errorf("dashboard: %q is no http or https URL", config.WebURL)
	}
	templates, err := template.ParseFS(assets, "assets/*.html", "assets/badge.svg")
	if err != nil {
		return nil, fmt.Errorf("dashboard: %w", err)
	}
	p := &Pages{config: config.withDefaults(), templates: templates, origin: http.NewCrossOriginProtection(), tide: newTide()}
	if s := p.config.SignIn; s != nil {
		s.BaseURL = strings.TrimSuffix(s.BaseURL, "/")
		if err := errors.Join(s.check(), p.origin.AddTrustedOrigin(s.BaseURL)); err != nil {
			return nil, err
		}
	}
	p.router = p.routes()
	return p, nil
}

// ServeHTTP answers one request.
func (p *Pages) ServeHTTP(w http.ResponseWriter, req *http.Request) { p.router.ServeHTTP(w, req) }

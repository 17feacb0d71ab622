package app

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/hotfixbot/hotfixbot/bot"
	"github.com/hotfixbot/hotfixbot/gitops"
	"github.com/hotfixbot/hotfixbot/internal/forge"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// forges is forge.App as the bot's port.
type forges struct{ *forge.App }

// Repository looks a repository up by its id.
func (f forges) Repository(ctx context.Context, id hotfix.RepositoryID) (bot.Forge, error) {
	repo, err := f.App.Repository(ctx, id)
	if err != nil {
		return nil, err
	}
	return repo, nil
}

// gits is gitops.Engine as the bot's port: it knows where a repository's git is
// and how to get a token for it.
type gits struct {
	engine *gitops.Engine
	tokens *forge.App
	// allowed keeps a branch or tag from being pushed.
	allowed func(context.Context) error
	web     string
	now     func() time.Time
}

// Open makes a throw-away workspace on a repository.
func (g gits) Open(ctx context.Context, repository hotfix.Repository) (bot.Git, error) {
	job, err := g.engine.Open(ctx, gitops.Remote{
		URL:    strings.TrimSuffix(g.web, "/") + "/" + repository.FullName() + ".git",
		Token:  func(ctx context.Context) (string, error) { return g.tokens.Token(ctx, repository) },
		Denied: func(status int, what string) error { return g.denied(repository, status, what) },
	})
	if err != nil {
		return nil, err
	}
	return workspace{Git: job, allowed: g.allowed, forget: func() { g.tokens.ForgetToken(repository.ID) }}, nil
}

// gitAgain is how long git is left alone after GitHub refused it with 403 or 429.
const gitAgain = time.Minute

// denied is what it means that GitHub turned git away. A token that may write was
// given out for it, else there would have been none: so a 403 comes from GitHub's
// limits, or from a permission that was taken back since, and then the next token is
// refused and says why. Nothing is decided upon it.
func (g gits) denied(repository hotfix.Repository, status int, what string) error {
	g.tokens.ForgetToken(repository.ID)
	if status == http.StatusUnauthorized {
		return errors.New("the server did not accept the token: " + what)
	}
	return &hotfix.Later{At: g.now().Add(gitAgain), Why: what}
}

// workspace is a git job that asks for a new token after a push was refused: the
// permission may have been granted since the old one was made.
type workspace struct {
	bot.Git
	allowed func(context.Context) error
	forget  func()
}

// Push moves a ref of the repository.
func (w workspace) Push(ctx context.Context, ref string, to, expect hotfix.OID) error {
	if err := w.allowed(ctx); err != nil {
		return err
	}
	err := w.Git.Push(ctx, ref, to, expect)
	if err != nil {
		w.forget()
	}
	return err
}

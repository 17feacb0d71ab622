package app

import (
	"context"
	"strings"

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
	web    string
}

// Open makes a throw-away workspace on a repository.
func (g gits) Open(ctx context.Context, repository hotfix.Repository) (bot.Git, error) {
	job, err := g.engine.Open(ctx, gitops.Remote{
		URL:   strings.TrimSuffix(g.web, "/") + "/" + repository.FullName() + ".git",
		Token: func(ctx context.Context) (string, error) { return g.tokens.Token(ctx, repository) },
	})
	if err != nil {
		return nil, err
	}
	return workspace{Git: job, forget: func() { g.tokens.ForgetToken(repository.ID) }}, nil
}

// workspace is a git job that asks for a new token after a push was refused: the
// permission may have been granted since the old one was made.
type workspace struct {
	bot.Git
	forget func()
}

// Push moves a ref of the repository.
func (w workspace) Push(ctx context.Context, ref string, to, expect hotfix.OID) error {
	err := w.Git.Push(ctx, ref, to, expect)
	if err != nil {
		w.forget()
	}
	return err
}

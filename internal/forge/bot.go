package forge

import (
	"context"
	"fmt"
	"net/url"

	"github.com/google/go-github/v60/github"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Bot is the App's account. It is asked once: neither the slug's account nor its
// id changes while the App lives, and a renamed App is noticed at the next start.
func (a *App) Bot(ctx context.Context) (hotfix.Bot, error) {
	a.mu.Lock()
	bot := a.bot
	a.mu.Unlock()
	if bot.UserID != 0 {
		return bot, nil
	}
	bot, err := a.askBot(ctx)
	if err != nil {
		return hotfix.Bot{}, err
	}
	a.mu.Lock()
	a.bot = bot
	a.mu.Unlock()
	return bot, nil
}

// IsBot reports whether an account is the App's own. Until GitHub was asked for it,
// none is.
func (a *App) IsBot(account int64) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return account != 0 && account == a.bot.UserID
}

// Check asks GitHub whether the App's credentials work.
func (a *App) Check(ctx context.Context) error {
	_, err := a.self(ctx)
	return err
}

// self reads the App as GitHub knows it.
func (a *App) self(ctx context.Context) (*github.App, error) {
	about := act{doing: "asking GitHub who the App is", thing: fmt.Sprintf("App %d", a.id)}
	app, _, err := a.client.Apps.Get(ctx, "")
	if err != nil {
		return nil, about.fate(err)
	}
	if app.GetID() != a.id {
		return nil, fmt.Errorf("the private key belongs to App %d, not %d", app.GetID(), a.id)
	}
	return app, nil
}

func (a *App) askBot(ctx context.Context) (hotfix.Bot, error) {
	app, err := a.self(ctx)
	if err != nil {
		return hotfix.Bot{}, err
	}
	bot := hotfix.Bot{AppID: a.id, Slug: app.GetSlug()}
	user, err := a.account(ctx, bot.Login())
	bot.UserID = user.GetID()
	return bot, err
}

// account looks a login up.
func (a *App) account(ctx context.Context, login string) (*github.User, error) {
	clients, err := a.anyClients(ctx)
	if err != nil {
		return nil, err
	}
	for _, client := range clients {
		var user *github.User
		if user, _, err = client.Users.Get(ctx, url.PathEscape(login)); err == nil {
			return user, nil
		}
	}
	return nil, reading("the account "+login, "Metadata").fate(err)
}

// Person looks a person up by login. One that GitHub does not know, and an
// organisation, is a *hotfix.Gone.
func (a *App) Person(ctx context.Context, login string) (hotfix.Account, error) {
	user, err := a.account(ctx, login)
	if err != nil {
		return hotfix.Account{}, err
	}
	if user.GetType() == "Organization" {
		return hotfix.Account{}, &hotfix.Gone{What: "a person called " + login}
	}
	return hotfix.Account{ID: user.GetID(), Login: user.GetLogin()}, nil
}

// anyClients are clients that may read public accounts, which the App's own JWT may
// not: those of the installations, of which any may sleep or give no token now, or one
// without credentials when there is none yet.
func (a *App) anyClients(ctx context.Context) ([]*github.Client, error) {
	installed, err := a.listInstallations(ctx)
	if err != nil {
		return nil, err
	}
	if len(installed) == 0 {
		return []*github.Client{a.newClient(a.newWire("nobody"))}, nil
	}
	const tried = 5
	var clients []*github.Client
	for _, i := range installed[:min(len(installed), tried)] {
		clients = append(clients, a.installation(i.GetID()).client)
	}
	return clients, nil
}

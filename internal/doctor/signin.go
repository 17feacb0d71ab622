package doctor

import (
	"context"
	"errors"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

func signInKinds() []Kind {
	return []Kind{
		{"sign-in", "signing in", well, "GitHub knows CLIENT_ID and CLIENT_SECRET; it must send people back to {callback}", ""},
		{"sign-in-off", "signing in", unseen, "CLIENT_ID is not set: the page is for this machine only", ""},
		{"sign-in-other", "signing in", ill, "CLIENT_ID is not that of this App, which is {client}: nobody who signs in sees anything", "set CLIENT_ID and CLIENT_SECRET to those of the App's settings page"},
		{"sign-in-refused", "signing in", ill, "nobody can sign in: {error}", "`incorrect_client_credentials`: generate a client secret on the App's settings page and set it as CLIENT_SECRET; `redirect_uri_mismatch`: enter {callback} there as callback URL"},
		{"operators", "operators", well, "{operators} may see the deliveries on the page", ""},
		{"operators-unknown", "operators", uneasy, "GitHub knows no person called {operators}: whoever takes that login there may see the deliveries on the page", "correct OPERATORS, or take the login out"},
		{"operators-none", "operators", uneasy, "people can sign in, but nobody sees the deliveries on the page", "name who runs the bot in OPERATORS"},
	}
}

// Client is how people sign in through the App.
type Client struct {
	ID        string // the App's client id
	Callback  string // where GitHub is to send people back to
	Operators []string
	// Try shows GitHub the client's id and secret. A *hotfix.Refusal says that it does
	// not take them.
	Try func(ctx context.Context) error
	// Person looks a login up. A *hotfix.Gone says that GitHub knows no such person.
	Person func(ctx context.Context, login string) error
}

// SignIn looks whether people can sign in; client is nil where they are not meant to.
// Whether the callback URL is one of the App's GitHub tells nobody but a browser.
func SignIn(github GitHub, client *Client) Check {
	return Check{Name: "signing in", Do: func(ctx context.Context) []hotfix.Finding {
		if client == nil {
			return one(found("sign-in-off"))
		}
		return append(one(client.finding(ctx, github)), client.operators(ctx)...)
	}}
}

// operators looks at those who may see deliveries. Where GitHub does not say who they
// are, they are taken to be there.
func (c Client) operators(ctx context.Context) (list []hotfix.Finding) {
	var known, unknown []string
	for _, login := range c.Operators {
		if err := c.Person(ctx, login); errors.As(err, new(*hotfix.Gone)) {
			unknown = append(unknown, login)
		} else {
			known = append(known, login)
		}
	}
	if len(known) > 0 {
		list = append(list, found("operators", "operators", quoted(known...)))
	}
	if len(unknown) > 0 {
		list = append(list, found("operators-unknown", "operators", quoted(unknown...)))
	}
	return or(list, found("operators-none"))
}

func (c Client) finding(ctx context.Context, github GitHub) hotfix.Finding {
	app, err := github.Grants(ctx)
	if err != nil {
		return withoutAnswer("signing in", err)
	}
	if app.ClientID != "" && app.ClientID != c.ID {
		return found("sign-in-other", "client", quoted(app.ClientID))
	}
	err = c.Try(ctx)
	switch {
	case errors.As(err, new(*hotfix.Refusal)):
		return found("sign-in-refused", "error", err.Error(), "callback", address(c.Callback))
	case err != nil:
		return found("cannot-tell", "check", "signing in", "error", err.Error())
	}
	return found("sign-in", "callback", address(c.Callback))
}

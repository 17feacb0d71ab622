package forge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/google/go-github/v60/github"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// granted is the part of an App or an installation that says what it may do. The
// permissions of go-github's types are a fixed list; GitHub's is not.
type granted struct {
	ID          int64             `json:"id"`
	Slug        string            `json:"slug"`
	ClientID    string            `json:"client_id"` // of an App
	Owner       account           `json:"owner"`     // of an App
	Account     account           `json:"account"`   // of an installation
	HTMLURL     string            `json:"html_url"`
	Permissions map[string]string `json:"permissions"`
	Events      []string          `json:"events"`
	SuspendedAt *time.Time        `json:"suspended_at"`
}

type account struct {
	Login string `json:"login"`
	Slug  string `json:"slug"` // of an enterprise, which has no login
	Type  string `json:"type"`
}

// Grants are what the App asks for. A *hotfix.Refusal says that GitHub does not accept
// the key, a *hotfix.Gone that it knows no such App.
func (a *App) Grants(ctx context.Context) (hotfix.Grants, error) {
	var app granted
	about := act{doing: "asking GitHub who the App is", thing: fmt.Sprintf("App %d", a.id)}
	_, err := a.get(ctx, "app", &app)
	if answer := (*github.ErrorResponse)(nil); errors.As(err, &answer) && answer.Response != nil && answer.Response.StatusCode == http.StatusUnauthorized {
		return hotfix.Grants{}, &hotfix.Refusal{What: "GitHub does not accept what the key signs (401): " + complaint(answer), Topic: hotfix.TopicAppKey}
	}
	if err := about.fate(err); err != nil {
		return hotfix.Grants{}, err
	}
	if app.ID != a.id {
		return hotfix.Grants{}, fmt.Errorf("the private key belongs to App %d, not %d", app.ID, a.id)
	}
	settings := a.web + "/settings/apps/" + app.Slug
	if app.Owner.Type == "Organization" {
		settings = a.web + "/organizations/" + app.Owner.Login + "/settings/apps/" + app.Slug
	}
	return hotfix.Grants{
		Account: app.Slug, ClientID: app.ClientID, Permissions: app.Permissions, Events: app.Events,
		URL: settings + "/permissions", InstallURL: a.web + "/apps/" + app.Slug + "/installations/new",
	}, nil
}

// Installations are what each installation was given, the suspended ones too.
func (a *App) Installations(ctx context.Context) ([]hotfix.Grants, error) {
	about := act{doing: "listing the App's installations", thing: "the App"}
	all, err := pages(func(page github.ListOptions) ([]granted, *github.Response, error) {
		var list []granted
		resp, err := a.get(ctx, fmt.Sprintf("app/installations?per_page=%d&page=%d", page.PerPage, page.Page), &list)
		return list, resp, err
	})
	if err != nil {
		return nil, about.fate(err)
	}
	grants := make([]hotfix.Grants, len(all))
	for i, one := range all {
		grants[i] = one.grants()
	}
	return grants, nil
}

// Grants are what the App was given for this repository, asked now.
func (r *Repo) Grants(ctx context.Context) (hotfix.Grants, error) {
	var one granted
	about := act{doing: "reading what the App was given", thing: "the App's installation on " + r.about.Owner}
	if _, err := r.app.get(ctx, fmt.Sprintf("app/installations/%d", r.about.Installation), &one); err != nil {
		return hotfix.Grants{}, about.fate(err)
	}
	return one.grants(), nil
}

func (g granted) grants() hotfix.Grants {
	who := g.Account.Login
	if who == "" {
		who = g.Account.Slug
	}
	return hotfix.Grants{
		Account: who, Permissions: g.Permissions, Events: g.Events, Suspended: g.SuspendedAt != nil, URL: g.HTMLURL,
	}
}

// Hook is where GitHub sends the App's webhooks; a *hotfix.Gone where it has none.
// GitHub shows stars for a secret, and does not say whether the hook is switched on.
func (a *App) Hook(ctx context.Context) (hotfix.Hook, error) {
	var hook struct {
		URL         string          `json:"url"`
		ContentType string          `json:"content_type"`
		Secret      string          `json:"secret"`
		Insecure    json.RawMessage `json:"insecure_ssl"` // "0", or the number
	}
	about := act{doing: "reading the App's webhook", thing: "the App's webhook"}
	if _, err := a.get(ctx, "app/hook/config", &hook); err != nil {
		return hotfix.Hook{}, about.fate(err)
	}
	insecure := string(hook.Insecure)
	return hotfix.Hook{
		URL: hook.URL, ContentType: hook.ContentType, Secret: hook.Secret != "",
		Insecure: insecure == `"1"` || insecure == "1",
	}, nil
}

// get reads something as the App itself.
func (a *App) get(ctx context.Context, path string, into any) (*github.Response, error) {
	return fetch(ctx, a.client, path, into)
}

// fetch reads what go-github has no method or no fitting type for.
func fetch(ctx context.Context, client *github.Client, path string, into any) (*github.Response, error) {
	req, err := client.NewRequest(http.MethodGet, path, nil)
	if err != nil {
		return nil, err
	}
	return client.Do(ctx, req, into)
}

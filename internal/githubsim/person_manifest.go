package githubsim

import (
	"context"
	"net/http"
	"net/url"
	"strings"
)

// RegisterApp sends a manifest to an address of /settings/apps/new as a browser does, and
// presses the person's own button under the name that the page shows, or under another one. It
// gives the address to which the website then sends the browser, which is not followed. Where
// the website shows the page again, the error is what that says is wrong.
func (p *Person) RegisterApp(ctx context.Context, address, manifest, name string) (to string, err error) {
	page, err := p.visit(ctx, http.MethodPost, address, url.Values{"manifest": {manifest}})
	if err != nil {
		return "", err
	}
	form := hiddenFields(page.body)
	form.Set("login", p.login)
	if form.Set("name", name); name == "" {
		asked, _ := readManifest(manifest) // the page was shown, so it can be read
		form.Set("name", asked.Name)
	}
	where, _, _ := strings.Cut(address, "/new")
	page, err = p.visit(ctx, http.MethodPost, where, form)
	return page.to, err
}

// InstallFrom opens the page that installs an App, chooses an account and repositories of it
// (none: all) and presses the person's own button.
func (p *Person) InstallFrom(ctx context.Context, address, account string, repositories ...string) error {
	if _, err := p.visit(ctx, http.MethodGet, address, nil); err != nil {
		return err
	}
	_, err := p.visit(ctx, http.MethodPost, address, url.Values{"login": {p.login}, "account": {account}, "repository": repositories})
	return err
}

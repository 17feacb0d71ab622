package githubsim

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// Authorize opens an address of /login/oauth/authorize as a browser does and presses the
// person's own button. It gives the address to which the website then sends the browser, which
// is not followed.
func (p *Person) Authorize(ctx context.Context, address string) (to string, err error) {
	page, err := p.visit(ctx, http.MethodGet, address, nil)
	if err != nil || page.to != "" {
		return page.to, err
	}
	form := hiddenFields(page.body)
	form.Set("login", p.login)
	page, err = p.visit(ctx, http.MethodPost, p.github.URL()+"/login/oauth/authorize", form)
	return page.to, err
}

// visited is what a browser was answered: a page, or where to go instead.
type visited struct{ body, to string }

func (p *Person) visit(ctx context.Context, method, address string, form url.Values) (visited, error) {
	req, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(form.Encode()))
	if err != nil {
		return visited{}, err
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	browser := *p.github.client
	browser.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := browser.Do(req)
	if err != nil {
		return visited{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode >= 400 {
		err = &Refused{Status: resp.StatusCode, Message: strings.TrimSpace(string(body)), Body: string(body)}
	}
	if err != nil {
		return visited{}, fmt.Errorf("%s %s: %w", method, req.URL.Path, err)
	}
	return visited{body: string(body), to: resp.Header.Get("Location")}, nil
}

// hiddenFields are what a page's form sends without anybody seeing it.
func hiddenFields(page string) url.Values {
	form := url.Values{}
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return form
	}
	for n := range root.Descendants() {
		fields := map[string]string{}
		for _, a := range n.Attr {
			fields[a.Key] = a.Val
		}
		if n.Data == "input" && fields["type"] == "hidden" {
			form.Set(fields["name"], fields["value"])
		}
	}
	return form
}

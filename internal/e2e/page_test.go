package e2e_test

import (
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"

	"golang.org/x/net/html"

	"github.com/hotfixbot/hotfixbot/internal/app"
	"github.com/hotfixbot/hotfixbot/internal/githubsim"
)

// The App's OAuth client.
const (
	clientID     = "Iv1.0000000000004711"
	clientSecret = "The client's secret"
)

// signIn lets people sign in where the App's webhooks go.
func (w *world) signIn() *app.SignIn {
	return &app.SignIn{ClientID: clientID, ClientSecret: clientSecret, BaseURL: w.hook.root}
}

// ask NUMBER ACTION [ENVIRONMENT [REASON]]: send a form on a hotfix's page, which must
// offer it, as whoever is signed in there. REASON stands after "-" where the form is about
// no environment.
func (p *playing) ask(who *githubsim.Person, w []string) error {
	press, err := p.button(who, w)
	if err != nil {
		return err
	}
	if err := press(); err != nil {
		return err
	}
	return p.idle(p.ctx)
}

// button opens a hotfix's page, and gives what sends the form there.
func (p *playing) button(who *githubsim.Person, w []string) (press func() error, err error) {
	browser, err := p.browser(who)
	if err != nil {
		return nil, err
	}
	at, err := p.hotfixPage(w[0])
	if err != nil {
		return nil, err
	}
	page, err := browser.visit(p, http.MethodGet, at, nil)
	if err != nil {
		return nil, err
	}
	w = append(w, "", "")[:4]
	if w[2] == "-" {
		w[2] = ""
	}
	form := formOf(page, w[1], w[2])
	if form == nil {
		return nil, &githubsim.Refused{Message: fmt.Sprintf("the page does not offer %q", w[1:3])}
	}
	form.Set("reason", w[3])
	return func() error {
		_, err := browser.visit(p, http.MethodPost, at+"/ask", form)
		return err
	}, nil
}

// browser is one that keeps cookies.
type browser struct{ http.Client }

// browser is the person's, who is signed in on the page.
func (p *playing) browser(who *githubsim.Person) (*browser, error) {
	if b := p.browsers[p.login]; b != nil {
		return b, nil
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	b := &browser{http.Client{Jar: jar}}
	b.CheckRedirect = func(next *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(next.URL.String(), p.hook.root) {
			return nil
		}
		return http.ErrUseLastResponse // GitHub's page is looked at by a person
	}
	begun, err := b.Get(p.hook.root + "/sign-in/github")
	if err != nil {
		return nil, err
	}
	_ = begun.Body.Close()
	back, err := who.Authorize(p.ctx, begun.Header.Get("Location"))
	if err != nil {
		return nil, err
	}
	if _, err := b.visit(p, http.MethodGet, back, nil); err != nil {
		return nil, err
	}
	p.browsers[p.login] = b
	return b, nil
}

// visit gives a page. One that says no is a refusal.
func (b *browser) visit(p *playing, method, address string, form url.Values) (*html.Node, error) {
	req, err := http.NewRequestWithContext(p.ctx, method, address, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	answer, err := b.Do(req)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	page, err := html.Parse(answer.Body)
	if err == nil && answer.StatusCode >= http.StatusBadRequest {
		err = &githubsim.Refused{Status: answer.StatusCode, Message: "the page says no"}
	}
	return page, err
}

// formOf is what the page's form for an action sends, or nil.
func formOf(page *html.Node, word, environment string) url.Values {
	for n := range page.Descendants() {
		if n.Data != "form" {
			continue
		}
		form := url.Values{}
		for field := range n.Descendants() {
			if name := attribute(field, "name"); field.Data == "input" && name != "" {
				form.Set(name, attribute(field, "value"))
			}
		}
		if form.Get("word") == word && form.Get("environment") == environment {
			return form
		}
	}
	return nil
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// page NUMBER contains|lacks TEXT: what the person who acted last reads on a hotfix's page.
func (p *playing) expectPage(w []string) error {
	at, err := p.hotfixPage(w[0])
	if err != nil {
		return err
	}
	who := p.browsers[p.login]
	if who == nil {
		return fmt.Errorf("%s is not signed in", p.login)
	}
	page, err := who.visit(p, http.MethodGet, at, nil)
	if err != nil {
		return err
	}
	var read strings.Builder
	for n := range page.Descendants() {
		if n.Type == html.TextNode {
			read.WriteString(n.Data)
		}
	}
	return contains("the page of #"+w[0], strings.Join(strings.Fields(read.String()), " "), w[1:])
}

// hotfixPage is the address of a hotfix's page.
func (p *playing) hotfixPage(pull string) (string, error) {
	var repository struct{ ID int64 }
	err := p.get(&repository, "")
	return fmt.Sprintf("%s/hotfixes/%d/%s", p.hook.root, repository.ID, pull), err
}

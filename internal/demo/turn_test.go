package demo

import (
	"bufio"
	"context"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// visitor is somebody with a browser.
type visitor struct {
	t   *testing.T
	ctx context.Context
	http.Client
}

func newVisitor(ctx context.Context, t *testing.T) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t: t, ctx: ctx, Client: http.Client{Jar: jar}}
}

// open gets a page, or sends a form to it, and gives what is shown at last.
func (v *visitor) open(address string, form url.Values) string {
	method, kind := http.MethodGet, ""
	if form != nil {
		method, kind = http.MethodPost, "application/x-www-form-urlencoded"
	}
	request, err := http.NewRequestWithContext(v.ctx, method, address, strings.NewReader(form.Encode()))
	if err != nil {
		v.t.Error(err)
		return ""
	}
	request.Header.Set("Accept", "text/html")
	request.Header.Set("Content-Type", kind)
	answer, err := v.Do(request)
	if err != nil {
		v.t.Error(err)
		return ""
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		v.t.Errorf("%s %s: %s %v\n%s", method, address, answer.Status, err, text)
	}
	return string(text)
}

var (
	forms  = regexp.MustCompile(`(?s)<form method="post" action="([^"]*)">.*?</form>`)
	fields = regexp.MustCompile(`<(?:input type="hidden"|button) name="([^"]*)" value="([^"]*)"`)
)

// form finds the form on a page in which some words stand, filled in as it is.
func (v *visitor) form(page, words string) (action string, filled url.Values) {
	for _, form := range forms.FindAllStringSubmatch(page, -1) {
		if !strings.Contains(form[0], words) {
			continue
		}
		filled = url.Values{}
		for _, field := range fields.FindAllStringSubmatch(form[0], -1) {
			if field[1] != "login" && field[1] != "cancel" {
				filled.Set(field[1], html.UnescapeString(field[2]))
			}
		}
		return form[1], filled
	}
	v.t.Errorf("there is no form with %q on\n%s", words, page)
	return "", nil
}

// takeTurn does what the end of the story proposes: somebody signs in, presses the
// button, and sees what becomes of it, told by the page's own stream.
func takeTurn(ctx context.Context, t *testing.T, look Look, button string, also url.Values, then string) {
	t.Helper()
	v := newVisitor(ctx, t)
	page := strings.TrimSuffix(look.Page, "/")
	action, filled := v.form(v.open(page+"/sign-in/github?to="+url.QueryEscape(strings.TrimPrefix(look.Hotfix, page)), nil), "Authorize as bob")
	filled.Set("login", "bob")
	action, filled = v.form(v.open(look.GitHub+action, filled), button)
	for name, value := range also {
		filled[name] = value
	}
	stream, err := http.NewRequestWithContext(ctx, http.MethodGet, page+"/live", nil)
	if err != nil {
		t.Error(err)
		return
	}
	live, err := v.Do(stream)
	if err != nil {
		t.Error(err)
		return
	}
	defer live.Body.Close()
	v.open(page+action, filled)
	for lines := bufio.NewScanner(live.Body); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "data:") && strings.Contains(v.open(look.Hotfix, nil), then) {
			return
		}
	}
	t.Errorf("the page does not say %q:\n%s", then, v.open(look.Hotfix, nil))
}

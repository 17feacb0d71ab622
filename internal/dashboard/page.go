package dashboard

import (
	"bytes"
	"net/http"
	"unicode"

	"github.com/gin-gonic/gin"
)

// page is what every template gets.
type page struct {
	Bot     string
	Title   string
	Menu    []item
	Visitor visitor
	Live    string // what the page is fetched again for; empty: nothing
	Mark    string // as of which it is shown
	Body    any
}

// item is a page in the menu.
type item struct {
	Path, Name string
	Here       bool
}

// menu is the same on every page for the same viewer.
func menu(v viewer, path string) []item {
	var items []item
	if v.known() {
		items = append(items, item{Path: "/", Name: "Environments"}, item{Path: "/hotfixes", Name: "Hotfixes"})
	}
	if v.operator {
		items = append(items, item{Path: "/deliveries", Name: "Deliveries"})
	}
	if v.session != nil {
		items = append(items, item{Path: "/tokens", Name: "Tokens"})
	}
	for i := range items {
		items[i].Here = items[i].Path == path
	}
	return items
}

// show answers with a page. It is rendered completely before the first byte is
// sent: no half page ever looks like a whole one.
func (p *Pages) show(c *gin.Context, status int, template string, content page) {
	content.Bot, content.Menu, content.Visitor = p.config.Name, menu(viewerOf(c), c.Request.URL.Path), p.visitor(c)
	var body bytes.Buffer
	if err := p.templates.ExecuteTemplate(&body, template, content); err != nil {
		p.config.Log.Error().Err(err).Str("template", template).Msg("a page could not be rendered")
		c.String(http.StatusInternalServerError, "This page could not be rendered; the log says why.\n")
		return
	}
	c.Data(status, "text/html; charset=utf-8", straight(body.Bytes()))
}

// straight leaves out what turns the direction of text around: in a title it would
// mix up the words beside it.
func straight(page []byte) []byte {
	return bytes.Map(func(r rune) rune {
		if unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, page)
}

package dashboard

import (
	"bytes"
	"net/http"

	"github.com/gin-gonic/gin"
)

// page is what every template gets.
type page struct {
	Bot   string
	Title string
	Body  any
}

// show answers with a page. It is rendered completely before the first byte is
// sent: no half page ever looks like a whole one.
func (p *Pages) show(c *gin.Context, status int, template string, content page) {
	content.Bot = p.config.Name
	var body bytes.Buffer
	if err := p.templates.ExecuteTemplate(&body, template, content); err != nil {
		p.config.Log.Error().Err(err).Str("template", template).Msg("a page could not be rendered")
		c.String(http.StatusInternalServerError, "This page could not be rendered; the log says why.\n")
		return
	}
	c.Data(status, "text/html; charset=utf-8", body.Bytes())
}

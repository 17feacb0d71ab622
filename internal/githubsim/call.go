package githubsim

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// call is one REST request on its way through a handler. The model's lock is held.
type call struct {
	*GitHub
	ctx   context.Context
	req   *http.Request
	body  []byte
	actor Actor
	token *token // the installation token in use, or nil
	param func(string) string
	query url.Values
	repo  *Repo // of routes below /repos/{owner}/{repo}
	write bool
}

// decode reads the JSON body. An absent body is an empty object, as GitHub takes it.
func (c *call) decode(into any) error {
	if len(strings.TrimSpace(string(c.body))) == 0 {
		return nil
	}
	if err := json.Unmarshal(c.body, into); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) {
			return refuse(422, "Invalid request.\n\n%s", err)
		}
		return refuse(400, "Problems parsing JSON")
	}
	return nil
}

// number reads a parameter that is a number; what is not leads nowhere.
func (c *call) number(name string) (int64, error) {
	n, err := strconv.ParseInt(c.param(name), 10, 64)
	if err != nil {
		return 0, errNotFound
	}
	return n, nil
}

// rest gives a catch-all parameter without its leading slash.
func (c *call) rest(name string) string { return strings.TrimPrefix(c.param(name), "/") }

// bounds gives the limits of the asked page in a list of n, and the header that leads to the
// others.
func (c *call) bounds(n int) (from, to int, link http.Header) {
	page, per := c.paging(30)
	last := max(1, (n+per-1)/per)
	from, to = min(n, (page-1)*per), min(n, page*per)
	return from, to, c.links(page, last)
}

// paging reads page and per_page; GitHub caps the latter at 100.
func (c *call) paging(per int) (page, perPage int) {
	page, perPage = 1, per
	if n, err := strconv.Atoi(c.query.Get("page")); err == nil && n > 0 {
		page = n
	}
	if n, err := strconv.Atoi(c.query.Get("per_page")); err == nil && n > 0 {
		perPage = min(n, 100)
	}
	return page, perPage
}

// links is the Link header of a page among last pages.
func (c *call) links(page, last int) http.Header {
	if last <= 1 {
		return nil
	}
	var parts []string
	add := func(n int, rel string) {
		q := c.req.URL.Query()
		q.Set("page", strconv.Itoa(n))
		parts = append(parts, "<"+c.url+c.req.URL.EscapedPath()+"?"+q.Encode()+`>; rel="`+rel+`"`)
	}
	if page > 1 {
		add(page-1, "prev")
	}
	if page < last {
		add(page+1, "next")
		add(last, "last")
	}
	if page > 1 {
		add(1, "first")
	}
	return http.Header{"Link": {strings.Join(parts, ", ")}}
}

// list answers the asked page of a list.
func list[T any](c *call, all []T, render func(T) object) answer {
	return listIn(c, "", all, render)
}

// listIn is list inside {total_count, key}.
func listIn[T any](c *call, key string, all []T, render func(T) object) answer {
	from, to, link := c.bounds(len(all))
	out := []object{}
	for _, x := range all[from:to] {
		out = append(out, render(x))
	}
	var body any = out
	if key != "" {
		body = object{"total_count": len(all), key: out}
	}
	return answer{status: http.StatusOK, body: body, header: link}
}

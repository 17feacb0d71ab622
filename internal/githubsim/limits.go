package githubsim

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Limits are the rates that the server enforces for each account. 0 means that
// a rate has no limit.
type Limits struct {
	PerHour          int // requests; answers of 304 are free
	PointsPerMinute  int // a GET is one point, any other request five
	ContentPerMinute int // requests that change something
	ContentPerHour   int
}

// SetLimits changes the enforced rates from now on.
func (g *GitHub) SetLimits(l Limits) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.limits = l
}

// spending is one request in the books.
type spending struct {
	at      time.Time
	points  int
	content bool
	free    bool // answered 304
}

// usualLimit is what X-RateLimit-Limit says when nothing is enforced.
const usualLimit = 5000

// spent sums up an account's requests since a moment.
func (g *GitHub) spent(who string, since time.Time) (requests, points, content int) {
	for _, s := range g.spendings[who] {
		if s.at.Before(since) {
			continue
		}
		points += s.points
		if !s.free {
			requests++
		}
		if s.content {
			content++
		}
	}
	return requests, points, content
}

// spend books a request, or refuses it because a rate is used up.
func (g *GitHub) spend(c *call) error {
	if g.limits == (Limits{}) {
		return nil
	}
	now, who := g.clock(), c.actor.name()
	hour, _, contentHour := g.spent(who, now.Add(-time.Hour))
	_, points, contentMinute := g.spent(who, now.Add(-time.Minute))
	s := spending{at: now, points: 1, content: c.write && !asks(c.req)}
	if c.req.Method != http.MethodGet && !queries(c) {
		s.points = 5
	}
	over := func(limit, used int) bool { return limit > 0 && used > limit }
	switch {
	case over(g.limits.PerHour, hour+1):
		return &refusal{status: 403, message: fmt.Sprintf("API rate limit exceeded for %s.", who), header: g.rateHeaders(c.actor)}
	case over(g.limits.PointsPerMinute, points+s.points), s.content && over(g.limits.ContentPerMinute, contentMinute+1):
		return g.secondary("60")
	case s.content && over(g.limits.ContentPerHour, contentHour+1):
		return g.secondary("3600")
	}
	kept := g.spendings[who]
	for len(kept) > 0 && kept[0].at.Before(now.Add(-time.Hour)) {
		kept = kept[1:]
	}
	g.spendings[who] = append(kept, s)
	return nil
}

// asks tells of the requests that are a POST and create no content.
func asks(r *http.Request) bool {
	return r.URL.Path == "/graphql" || strings.HasSuffix(r.URL.Path, "/access_tokens") || strings.HasSuffix(r.URL.Path, "/generate-notes")
}

// queries tells of a GraphQL request that changes nothing: it costs one point
// (docs.github.com, "Calculating points for the secondary rate limit").
func queries(c *call) bool {
	return c.req.URL.Path == "/graphql" && !bytes.Contains(c.body, []byte(`"mutation`))
}

// secondary refuses for a secondary limit; clients know it by its page and by retry-after.
func (g *GitHub) secondary(seconds string) error {
	return &refusal{
		status: 403, message: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
		docs:   docs + "/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits",
		header: http.Header{"Retry-After": {seconds}},
	}
}

// refund makes the latest request free, which an answer of 304 is.
func (g *GitHub) refund(who Actor) {
	if list := g.spendings[who.name()]; len(list) > 0 {
		list[len(list)-1].free = true
	}
}

// rateHeaders tell an account what is left of its hour. When nothing is enforced, much is.
func (g *GitHub) rateHeaders(who Actor) http.Header {
	now, limit := g.clock(), usualLimit
	used, reset := 1, now.Add(time.Hour)
	if g.limits.PerHour > 0 {
		limit = g.limits.PerHour
		used, _, _ = g.spent(who.name(), now.Add(-time.Hour))
		for _, s := range g.spendings[who.name()] {
			if !s.at.Before(now.Add(-time.Hour)) {
				reset = s.at.Add(time.Hour + time.Second)
				break
			}
		}
	}
	return http.Header{
		"X-Ratelimit-Limit":     {strconv.Itoa(limit)},
		"X-Ratelimit-Remaining": {strconv.Itoa(max(0, limit-used))},
		"X-Ratelimit-Used":      {strconv.Itoa(used)},
		"X-Ratelimit-Reset":     {strconv.FormatInt(reset.Unix(), 10)},
		"X-Ratelimit-Resource":  {"core"},
	}
}

package githubsim

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// keptDeliveries is how long an attempt can be seen and repeated.
const keptDeliveries = 3 * 24 * time.Hour

func deliveryRoutes() []route {
	jwt := need{jwt: true}
	return []route{
		{"GET", "/app/hook/deliveries", jwt, (*call).listDeliveries},
		{"GET", "/app/hook/deliveries/:id", jwt, (*call).getDelivery},
		{"POST", "/app/hook/deliveries/:id/attempts", jwt, (*call).redeliver},
	}
}

// attempts lists what can still be seen of the App's deliveries, newest first.
func (c *call) attempts() []*attempt {
	c.hooks.mu.Lock()
	defer c.hooks.mu.Unlock()
	var mine []*attempt
	for n := len(c.hooks.attempts) - 1; n >= 0; n-- {
		a := c.hooks.attempts[n]
		if a.delivery.app == c.actor.App && c.clock().Sub(a.at) < keptDeliveries {
			mine = append(mine, a)
		}
	}
	return mine
}

// listDeliveries pages by a cursor, which is in the Link header only.
func (c *call) listDeliveries() (answer, error) {
	before, err := parseCursor(c.query.Get("cursor"))
	if err != nil {
		return answer{}, err
	}
	_, per := c.paging(30)
	var page []*attempt
	var link http.Header
	for _, a := range c.attempts() {
		if before != 0 && a.ID >= before || !a.hasStatus(c.query.Get("status")) {
			continue
		}
		if len(page) == per {
			link = c.nextCursor(page[per-1].ID)
			break
		}
		page = append(page, a)
	}
	return answer{status: http.StatusOK, body: wireAll(page, wireAttempt), header: link}, nil
}

func parseCursor(s string) (int64, error) {
	if s == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(strings.TrimPrefix(s, "v1_"), 10, 64)
	if err != nil {
		return 0, refuse(http.StatusBadRequest, "Invalid cursor")
	}
	return n, nil
}

func (c *call) nextCursor(id int64) http.Header {
	q := url.Values{}
	for k, v := range c.query {
		q[k] = v
	}
	q.Set("cursor", "v1_"+itoa(id))
	return http.Header{"Link": {"<" + c.url + c.req.URL.EscapedPath() + "?" + q.Encode() + `>; rel="next"`}}
}

// hasStatus filters by the query's "success" or "failure".
func (a *attempt) hasStatus(want string) bool {
	return want == "" || a.ok() == (want == "success")
}

// wireAttempt is a delivery in a list.
func wireAttempt(a *attempt) object {
	d := a.delivery
	return object{
		"id": a.ID, "guid": d.GUID, "delivered_at": stamp(a.at), "redelivery": d.redelivery,
		"duration": a.duration.Seconds(), "status": a.status, "status_code": a.code,
		"event": d.Event, "action": orNull(d.Action), "throttled_at": nil,
		"installation_id": orNone(d.installation), "repository_id": orNone(d.repository),
	}
}

// orNone is null for the id 0.
func orNone(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

// attemptParam finds the attempt that the path names.
func (c *call) attemptParam() (*attempt, error) {
	id, err := c.number("id")
	if err != nil {
		return nil, err
	}
	for _, a := range c.attempts() {
		if a.ID == id {
			return a, nil
		}
	}
	return nil, errNotFound
}

func (c *call) getDelivery() (answer, error) {
	a, err := c.attemptParam()
	if err != nil {
		return answer{}, err
	}
	o := wireAttempt(a)
	o["url"] = a.url
	o["request"] = object{"headers": a.sent, "payload": json.RawMessage(a.delivery.Body)}
	o["response"] = object{"headers": a.got, "payload": orNull(a.answer)}
	return ok(o), nil
}

// redeliver queues the same webhook again, with its GUID.
func (c *call) redeliver() (answer, error) {
	a, err := c.attemptParam()
	if err != nil {
		return answer{}, err
	}
	again := *a.delivery
	again.redelivery = true
	c.hooks.add(&again)
	return accepted(object{}), nil
}

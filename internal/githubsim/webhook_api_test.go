package githubsim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// delivery is what the tests read of the deliveries API.
type delivery struct {
	ID         int64   `json:"id"`
	GUID       string  `json:"guid"`
	Event      string  `json:"event"`
	Action     *string `json:"action"`
	Status     string  `json:"status"`
	Code       int     `json:"status_code"`
	Redelivery bool    `json:"redelivery"`
	Request    struct {
		Headers map[string]string `json:"headers"`
		Payload map[string]any    `json:"payload"`
	} `json:"request"`
	Response struct {
		Payload string `json:"payload"`
	} `json:"response"`
}

// inbox points the App's webhooks at a new receiver.
func (s *server) inbox(answer func(string) int) *inbox {
	s.t.Helper()
	w := &world{GitHub: s.GitHub, t: s.t, app: s.app}
	s.app.Hook.Secret = "s3cret"
	return w.receive(answer)
}

// asApp sends a request as the App itself and reads the answer.
func (s *server) asApp(method, path string, out any) http.Header {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.ctx, method, s.URL()+path, nil)
	s.must(err)
	r.Header.Set("Authorization", "Bearer "+s.goodJWT())
	answer, err := http.DefaultClient.Do(r)
	s.must(err)
	defer answer.Body.Close()
	if answer.StatusCode >= 300 {
		s.t.Fatalf("%s %s: %s", method, path, answer.Status)
	}
	if out != nil {
		s.must(json.NewDecoder(answer.Body).Decode(out))
	}
	return answer.Header
}

// The deliveries API knows what became of each, and repeats one under its GUID.
func TestDeliveries(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.mu.Lock()
	s.outbox = s.enqueue
	s.mu.Unlock()
	status := http.StatusInternalServerError
	b := s.inbox(func(string) int { return status })
	for n := range 3 {
		s.must(s.alice.CreateTag(s.ctx, shop, fmt.Sprintf("v%d", n), s.head("main"), ""))
	}
	waiting := s.Take() // a push for each tag: the App does not subscribe to create
	if err := s.Deliver(s.ctx, waiting[0]); err == nil {
		t.Error("a failed delivery went unnoticed")
	}
	status = http.StatusAccepted
	s.must(s.Deliver(s.ctx, waiting[1]))
	s.Miss(waiting[2])

	var all []delivery
	s.asApp("GET", "/app/hook/deliveries", &all)
	var got []string
	for _, d := range all {
		got = append(got, fmt.Sprintf("%s %d %s", d.Event, d.Code, d.Status))
	}
	const want = "push 502 failed to connect to host, push 202 OK, push 500 Invalid HTTP Response: 500"
	if strings.Join(got, ", ") != want {
		t.Errorf("deliveries %q", got)
	}
	var failed []delivery
	s.asApp("GET", "/app/hook/deliveries?status=failure", &failed)
	if len(failed) != 2 || failed[0].ID != all[0].ID {
		t.Errorf("failures %+v", failed)
	}

	var one delivery
	s.asApp("GET", fmt.Sprintf("/app/hook/deliveries/%d", all[2].ID), &one)
	if one.Response.Payload != "noted" || one.Request.Payload["ref"] != "refs/tags/v0" || one.Request.Headers["X-GitHub-Delivery"] != one.GUID {
		t.Errorf("delivery %+v", one)
	}
	s.asApp("POST", fmt.Sprintf("/app/hook/deliveries/%d/attempts", one.ID), nil)
	s.must(s.Deliver(s.ctx, s.Take()...))
	if b.got[0] != b.got[2] {
		t.Errorf("received %q", b.got)
	}
	s.asApp("GET", "/app/hook/deliveries?per_page=1", &all)
	if !all[0].Redelivery || all[0].GUID != one.GUID {
		t.Errorf("the latest delivery is %+v", all[0])
	}
}

// Pages are led through by a cursor; after three days nothing is left.
func TestDeliveryPages(t *testing.T) {
	t.Parallel()
	late := present
	s := newServer(t, func(o *Options) { o.Now = func() time.Time { return late } })
	s.mu.Lock()
	for range 5 {
		s.hooks.keep(&attempt{ID: s.nextID("delivery"), delivery: &Delivery{Event: "push", app: s.app, Body: []byte("{}")}, at: s.clock(), status: "OK", code: 200})
	}
	s.mu.Unlock()
	seen := map[int64]bool{}
	path, pages := "/app/hook/deliveries?per_page=2", 0
	for ; path != ""; pages++ {
		var page []delivery
		link := s.asApp("GET", path, &page).Get("Link")
		for _, d := range page {
			seen[d.ID] = true
		}
		next, _, _ := strings.Cut(strings.TrimPrefix(link, "<"+s.URL()), ">")
		path = next
	}
	if len(seen) != 5 || pages != 3 {
		t.Errorf("%d deliveries on %d pages", len(seen), pages)
	}
	late = present.Add(keptDeliveries)
	var none []delivery
	if s.asApp("GET", "/app/hook/deliveries", &none); len(none) != 0 {
		t.Errorf("%d deliveries after three days", len(none))
	}
}

package githubsim

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
)

// Delivery is one webhook for one App. Its body is what was true when the event happened,
// however late it is delivered; its signature is made when it is sent.
type Delivery struct {
	GUID   string // X-GitHub-Delivery; a redelivery keeps it
	Event  string // X-GitHub-Event
	Action string // "" where the event has none
	Body   []byte

	app          *App
	installation int64 // 0 = none
	repository   int64 // 0 = none
	redelivery   bool
}

// String names the delivery in messages: "pull_request.closed 0b989ba4-…".
func (d *Delivery) String() string {
	if d.Action == "" {
		return d.Event + " " + d.GUID
	}
	return d.Event + "." + d.Action + " " + d.GUID
}

// hooks holds the webhooks that wait, and what became of those that were sent. Who takes its
// lock may hold that of the model, never the other way round.
type hooks struct {
	mu       sync.Mutex
	waiting  []*Delivery
	attempts []*attempt    // oldest first
	news     chan struct{} // has a value when something waits that Pump did not see
}

func newHooks() *hooks { return &hooks{news: make(chan struct{}, 1)} }

// add puts deliveries at the end of the queue.
func (h *hooks) add(list ...*Delivery) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.waiting = append(h.waiting, list...)
	select {
	case h.news <- struct{}{}:
	default:
	}
}

// Pending lists the webhooks that wait to be delivered, oldest first.
func (g *GitHub) Pending() []*Delivery {
	g.hooks.mu.Lock()
	defer g.hooks.mu.Unlock()
	return slices.Clone(g.hooks.waiting)
}

// Take empties the queue and gives what waited, oldest first. It is the caller's to deliver
// it: in this order or another, twice, or not at all.
func (g *GitHub) Take() []*Delivery {
	g.hooks.mu.Lock()
	defer g.hooks.mu.Unlock()
	list := g.hooks.waiting
	g.hooks.waiting = nil
	return list
}

// maxHookBody is the greatest body that GitHub delivers; it drops what is larger.
const maxHookBody = 25 << 20

// enqueue is the outbox of the model: it renders the event for each App that gets it. The
// lock is held.
func (g *GitHub) enqueue(e Event) {
	for _, to := range g.audience(e) {
		if to.app.Hook.URL == "" {
			continue // the App has no active webhook
		}
		body, err := g.hookBody(e, to.installation)
		if err != nil {
			g.violations = append(g.violations, fmt.Sprintf("webhook %s.%s: %v", e.Name, e.Action, err))
			continue
		}
		if len(body) > maxHookBody {
			continue
		}
		d := &Delivery{GUID: uuid.NewString(), Event: e.Name, Action: e.Action, Body: body, app: to.app}
		if to.installation != nil {
			d.installation = to.installation.ID
		}
		if e.Repo != nil {
			d.repository = e.Repo.ID
		}
		g.hooks.add(d)
	}
}

// attempt is one sending of a delivery, as the deliveries API shows it.
type attempt struct {
	ID       int64
	delivery *Delivery
	url      string
	at       time.Time
	duration time.Duration
	status   string // "OK", or why not
	code     int    // of HTTP, or what GitHub puts in its place

	sent, got map[string]string // headers
	answer    string
}

// ok tells whether GitHub counts the attempt as delivered.
func (a *attempt) ok() bool { return a.code >= 200 && a.code < 300 }

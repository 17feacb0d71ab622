package dashboard

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// What a page is fetched again for: names of hotfix.Mark in JSON.
const (
	liveBoards     = "boards"
	liveDeliveries = "deliveries"
)

const (
	// beat is how often a stream on which nothing happens says so, for proxies that
	// close what is silent.
	beat = 20 * time.Second
	// patience is how long a client may take to accept what is sent to it.
	patience = 10 * time.Second
	// mostStreams is how many pages one process keeps up to date. Whoever comes after
	// them has pages that have to be loaded again by hand.
	mostStreams = 2000
)

// tide is the last mark that was seen, and who waits for the next.
type tide struct {
	mu       sync.Mutex
	mark     hotfix.Mark
	next     chan struct{} // closed when the mark changes
	ebb      chan struct{} // closed when nobody looks any more
	listened int
}

func newTide() *tide { return &tide{next: make(chan struct{}), ebb: make(chan struct{})} }

// join counts a listener in, unless there are too many.
func (t *tide) join() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.listened >= mostStreams {
		return false
	}
	t.listened++
	return true
}

func (t *tide) leave() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.listened--
}

func (t *tide) heard() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.listened > 0
}

// wait gives the mark that was seen last, and what is closed when there is another.
func (t *tide) wait() (hotfix.Mark, <-chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.mark, t.next
}

func (t *tide) rise(mark hotfix.Mark) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.mark != mark {
		t.mark = mark
		close(t.next)
		t.next = make(chan struct{})
	}
}

// Watch looks once in Config.Look whether something is different, as long as some
// page is open, and tells all open pages. It looks once for all of them, into the
// database, so that it also sees what another process did. It ends with ctx, and
// all streams with it. It must be called once at most.
func (p *Pages) Watch(ctx context.Context) {
	defer close(p.tide.ebb)
	ticker := time.NewTicker(p.config.Look)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if !p.tide.heard() {
			continue
		}
		mark, err := p.config.Boards.Mark(ctx)
		if err != nil {
			p.config.Log.Warn().Err(err).Msg("open pages are not up to date")
			continue
		}
		p.tide.rise(mark)
	}
}

// live is the stream of marks (server-sent events): at once the present one, then
// each that is different for its viewer.
func (p *Pages) live(c *gin.Context) {
	if !p.tide.join() {
		p.fail(c, http.StatusServiceUnavailable, "Too many pages are open.")
		return
	}
	defer p.tide.leave()
	header := c.Writer.Header()
	header.Set("Content-Type", "text/event-stream")
	header.Set("X-Accel-Buffering", "no") // nginx would keep events back
	control := http.NewResponseController(c.Writer)
	// The server's limits are for requests with an end. A writer that cannot lift
	// them ends the stream early, and the browser comes again.
	_ = control.SetReadDeadline(time.Time{})
	see := func(mark hotfix.Mark) (hotfix.Mark, error) { return p.seenNow(c, mark) }
	p.stream(c.Request.Context(), see, func(text string) error {
		_ = control.SetWriteDeadline(time.Now().Add(patience))
		if _, err := fmt.Fprint(c.Writer, text); err != nil {
			return err
		}
		return control.Flush()
	})
}

// stream sends marks of what its viewer sees, until the client is gone, the server ends or
// nobody knows what the viewer may see. The first is read for it alone: nobody may have
// looked for a while.
func (p *Pages) stream(ctx context.Context, see func(hotfix.Mark) (hotfix.Mark, error), send func(string) error) {
	silence := time.NewTicker(beat)
	defer silence.Stop()
	_, changed := p.tide.wait()
	mark, err := p.config.Boards.Mark(ctx)
	for sent := (hotfix.Mark{}); ; mark, changed = p.tide.wait() {
		if err == nil {
			mark, err = see(mark)
		}
		if err != nil || mark != sent && send(event(mark)) != nil {
			return // the browser comes again
		}
		sent = mark
		select {
		case <-changed:
		case <-silence.C:
			if send(": still here\n\n") != nil {
				return
			}
		case <-ctx.Done():
			return
		case <-p.tide.ebb:
			return
		}
	}
}

// event is a mark as a server-sent event.
func event(mark hotfix.Mark) string {
	text, err := json.Marshal(mark)
	if err != nil {
		return ": no mark\n\n"
	}
	return "data: " + string(text) + "\n\n"
}

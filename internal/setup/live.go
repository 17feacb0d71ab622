package setup

import (
	"fmt"
	"net/http"
	"time"
)

// beat is how often a stream on which nothing happens says so.
const beat = 20 * time.Second

// live tells an open page when something is different (server-sent events), in the
// form that the dashboard's script reads.
func (s *Setup) live(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	control := http.NewResponseController(w)
	// The server's limits are for requests with an end. A writer that cannot lift them
	// ends the stream early, and the browser comes again.
	_ = control.SetWriteDeadline(time.Time{})
	silence := time.NewTicker(beat)
	defer silence.Stop()
	for {
		s.mu.Lock()
		mark, changed, life := s.mark, s.changed, s.ctx
		s.mu.Unlock()
		if _, err := fmt.Fprintf(w, "data: {\"setup\":\"%d\"}\n\n", mark); err != nil || control.Flush() != nil {
			return
		}
		select {
		case <-changed:
		case <-silence.C:
		case <-r.Context().Done():
			return
		case <-life.Done():
			return
		case <-s.done:
			return
		}
	}
}

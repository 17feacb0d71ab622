package bench_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/store"
	"github.com/hotfixbot/hotfixbot/webhooks"
)

// BenchmarkReceiver accepts deliveries within this process, sixteen at once: for
// profiles.
func BenchmarkReceiver(b *testing.B) {
	kept, err := store.Open(b.Context(), store.Config{DataDir: disk(b), Log: zerolog.Nop()})
	if err != nil {
		b.Fatal(err)
	}
	defer kept.Close()
	receiver, err := webhooks.New(webhooks.Config{Secrets: []string{secret}, Acceptor: kept, Log: zerolog.Nop()})
	if err != nil {
		b.Fatal(err)
	}
	bodies := deliveries(b, acceptRepositories)
	var n atomic.Int64
	b.SetParallelism(8) // on two cores
	b.ReportAllocs()
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			s := bodies[int(n.Add(1))%len(bodies)]
			req := httptest.NewRequest(http.MethodPost, webhooks.Path, bytes.NewReader(s.body))
			req.Header.Set("X-GitHub-Event", "pull_request")
			req.Header.Set("X-GitHub-Delivery", uuid.NewString())
			req.Header.Set("X-Hub-Signature-256", s.signature)
			w := httptest.NewRecorder()
			receiver.ServeHTTP(w, req)
			if w.Code != http.StatusAccepted {
				b.Error(w.Code, w.Body)
				return
			}
		}
	})
}

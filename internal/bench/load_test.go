package bench_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
)

// load is what one run of requests came to.
type load struct {
	requests  int
	took      time.Duration
	cpu       time.Duration // of the server
	latencies []time.Duration
}

func (l load) perRequest() time.Duration { return l.cpu / time.Duration(l.requests) }
func (l load) rate() float64             { return float64(l.requests) / l.took.Seconds() }

// quantile is the latency that so many of the requests did not exceed.
func (l load) quantile(q float64) time.Duration {
	return l.latencies[min(len(l.latencies)-1, int(q*float64(len(l.latencies))))]
}

// post sends deliveries over so many connections, each waiting for its answer before it
// sends the next, until n are answered.
func post(tb testing.TB, to *server, bodies []signed, connections, n int) load {
	tb.Helper()
	transport := &http.Transport{MaxIdleConnsPerHost: connections, MaxConnsPerHost: connections, DisableCompression: true}
	defer transport.CloseIdleConnections()
	var left atomic.Int64
	left.Store(int64(n))
	each, failed := make([][]time.Duration, connections), make([]error, connections)
	var group sync.WaitGroup
	before, began := to.cpu(tb), time.Now()
	for i := range connections {
		group.Go(func() {
			for failed[i] == nil {
				k := left.Add(-1)
				if k < 0 {
					return
				}
				var took time.Duration
				took, failed[i] = deliver(transport, to.url, bodies[int(k)%len(bodies)])
				each[i] = append(each[i], took)
			}
		})
	}
	group.Wait()
	l := load{requests: n, took: time.Since(began), cpu: to.cpu(tb) - before, latencies: slices.Concat(each...)}
	for _, err := range failed {
		if err != nil {
			tb.Fatalf("%s: %v", to.name, err)
		}
	}
	slices.Sort(l.latencies)
	return l
}

// deliver sends one as GitHub does, under a GUID of its own.
func deliver(transport *http.Transport, url string, s signed) (time.Duration, error) {
	req, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(s.body))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "GitHub-Hookshot/bench")
	req.Header.Set("X-GitHub-Event", "pull_request")
	req.Header.Set("X-GitHub-Delivery", uuid.NewString())
	req.Header.Set("X-Hub-Signature-256", s.signature)
	began := time.Now()
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return 0, err
	}
	said, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil {
		return 0, err
	}
	if resp.StatusCode/100 != 2 {
		return 0, fmt.Errorf("answered %d: %s", resp.StatusCode, said)
	}
	return time.Since(began), nil
}

package bench_test

import (
	"cmp"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/webhooks"
)

const (
	acceptRounds       = 5
	acceptRequests     = 1500 // of a round
	acceptRepositories = 1000
)

// BenchmarkAccept sends `pull_request` deliveries to `hotfixbot serve`, which has each
// on disk before it answers, and in turn to Probot with a handler that does nothing, and
// to two floors. Each server has the first core for itself, the sender the second.
func BenchmarkAccept(b *testing.B) {
	bodies := deliveries(b, acceptRepositories)
	pin(b, "0")
	b.Cleanup(func() { pin(b, "0,1") })
	servers := []*server{serveAlone(b, disk(b)), startFloor(b, "floor"), startFloor(b, "floor with fsync", floorFile+"="+filepath.Join(disk(b), "floor"))}
	if probot := startProbot(b); probot != nil {
		servers = append(servers, probot)
	}
	pin(b, "1")
	for _, s := range servers {
		post(b, s, bodies, 16, acceptRequests) // warm
		s.freeze()
	}
	for b.Loop() {
		fmt.Println("| connections | server | CPU a request | requests a second | p50 | p99 | our CPU / its | our rate / its |\n|---|---|---|---|---|---|---|---|")
		for _, connections := range []int{1, 16, 64} {
			compare(b, servers, bodies, connections)
		}
	}
}

// compare measures the servers in turn, and prints medians. A ratio is that of two runs
// of the same round.
func compare(b *testing.B, servers []*server, bodies []signed, connections int) {
	b.Helper()
	runs := make([][]load, len(servers))
	for range acceptRounds {
		for i, s := range servers {
			s.thaw()
			runs[i] = append(runs[i], post(b, s, bodies, connections, acceptRequests))
			s.freeze()
		}
	}
	for i, s := range servers {
		var cpu, rate []float64
		for round, ours := range runs[0] {
			cpu = append(cpu, float64(ours.perRequest())/float64(max(runs[i][round].perRequest(), 1)))
			rate = append(rate, ours.rate()/runs[i][round].rate())
		}
		fmt.Printf("| %d | %s | %d µs | %.0f | %s | %s | %.2f (%.2f–%.2f) | %.2f (%.2f–%.2f) |\n", connections, s.name,
			middle(runs[i], load.perRequest).Microseconds(), middle(runs[i], load.rate),
			round(middle(runs[i], func(l load) time.Duration { return l.quantile(0.5) })),
			round(middle(runs[i], func(l load) time.Duration { return l.quantile(0.99) })),
			median(cpu), slices.Min(cpu), slices.Max(cpu), median(rate), slices.Min(rate), slices.Max(rate))
	}
}

// middle is the median of one figure over some runs.
func middle[T cmp.Ordered](runs []load, figure func(load) T) T {
	var all []T
	for _, l := range runs {
		all = append(all, figure(l))
	}
	return median(all)
}

func median[T cmp.Ordered](all []T) T {
	return slices.Sorted(slices.Values(all))[len(all)/2]
}

func round(d time.Duration) time.Duration { return d.Round(10 * time.Microsecond) }

// disk is a folder that is on a disk, where there is one: tests' own folders are in
// memory, and an fsync costs nothing there.
func disk(tb testing.TB) string {
	tb.Helper()
	root := cmp.Or(os.Getenv("HOTFIXBOT_BENCH_DISK"), filepath.Join("..", "..", "tmp"))
	if err := os.MkdirAll(root, 0o700); err != nil {
		tb.Fatal(err)
	}
	dir, err := os.MkdirTemp(root, "bench-")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// serveAlone runs `hotfixbot serve` on a data folder, beside a GitHub that never answers: what it wakes
// waits, so that what is measured is the acceptance alone.
func serveAlone(tb testing.TB, data string) *server {
	tb.Helper()
	stop := make(chan struct{})
	mute := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-stop:
		case <-r.Context().Done():
		}
	}))
	tb.Cleanup(func() { close(stop); mute.Close() })
	_, key := privateKey(tb)
	return startServe(tb, mute.URL, key, data, freeAddress(tb))
}

// startServe runs `hotfixbot serve` with the data folder and the address.
func startServe(tb testing.TB, github, key, data, address string, more ...string) *server {
	tb.Helper()
	env := append([]string{
		"APP_ID=1", "PRIVATE_KEY_PATH=" + key, "WEBHOOK_SECRET=" + secret, "GITHUB_API_URL=" + github, "GITHUB_URL=" + github,
		"LISTEN=" + address, "DATA_DIR=" + data,
	}, more...)
	return start(tb, "hotfixbot", "http://"+address+webhooks.Path, env, build(tb), "serve")
}

// startFloor runs a floor.
func startFloor(tb testing.TB, name string, env ...string) *server {
	tb.Helper()
	address := freeAddress(tb)
	self, err := os.Executable()
	if err != nil {
		tb.Fatal(err)
	}
	return start(tb, name, "http://"+address+webhooks.Path, append(env, floorVariable+"="+address), self)
}

// peers is where internal/tools/peers/setup.sh installs what is measured beside us.
var peers = filepath.Join("..", "..", "tmp", "peers")

// startProbot runs Probot, where internal/tools/peers/setup.sh has installed it.
func startProbot(tb testing.TB) *server {
	tb.Helper()
	if _, err := os.Stat(filepath.Join(peers, "installed")); err != nil {
		fmt.Println("Probot is not measured: bash internal/tools/peers/setup.sh installs it")
		return nil
	}
	_, key := privateKey(tb)
	address := freeAddress(tb)
	return start(tb, "Probot", "http://"+address+"/api/github/webhooks",
		[]string{"NODE_ENV=production", "PRIVATE_KEY_PATH=" + key, "WEBHOOK_SECRET=" + secret, "PORT=" + address[len("127.0.0.1:"):]},
		"node", filepath.Join(peers, "probot.mjs"))
}

package bench_test

import (
	"net/http"
	"testing"
)

// The measuring itself: a few deliveries to a floor, which refuses what is not signed.
func TestDelivery(t *testing.T) {
	s := startFloor(t, "floor")
	l := post(t, s, []signed{sign([]byte("{}"))}, 2, 5)
	if len(l.latencies) != 5 || l.took <= 0 || l.quantile(0.5) > l.quantile(1) || s.memory(t) == 0 {
		t.Errorf("%+v, %d bytes", l, s.memory(t))
	}
	if _, err := deliver(&http.Transport{}, s.url, signed{body: []byte("{}"), signature: "sha256=00"}); err == nil {
		t.Error("what was not signed was taken")
	}
}

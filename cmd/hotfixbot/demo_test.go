package main

import (
	"net"
	"testing"
)

// TestDemoListens: a port that is taken must not keep a story from being told, unless
// somebody wants that port.
func TestDemoListens(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:8080")
	if err == nil {
		defer taken.Close()
	} // else somebody else has taken it
	for _, c := range []struct {
		listen string
		stay   bool
		told   bool
	}{
		{"", true, true},
		{"", false, true},
		{"127.0.0.1:8080", true, false},
		{"127.0.0.1:0", true, true},
	} {
		listener, err := demoCommand{Listen: c.listen}.listen(t.Context(), c.stay)
		if err == nil {
			_ = listener.Close()
		}
		if (err == nil) != c.told {
			t.Errorf("--listen %q, stays: %t: %v", c.listen, c.stay, err)
		}
	}
}

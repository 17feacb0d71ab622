package main

import "testing"

// TestDemoAddress: a port that is taken must not keep a story from being told at
// whose end nobody looks at the page.
func TestDemoAddress(t *testing.T) {
	for _, c := range []struct {
		listen string
		stay   bool
		want   string
	}{
		{"", true, "127.0.0.1:8080"},
		{"", false, "127.0.0.1:0"},
		{"127.0.0.1:9000", true, "127.0.0.1:9000"},
		{"127.0.0.1:9000", false, "127.0.0.1:9000"},
	} {
		if got := (demoCommand{Listen: c.listen}).address(c.stay); got != c.want {
			t.Errorf("--listen %q, stays: %t: %s instead of %s", c.listen, c.stay, got, c.want)
		}
	}
}

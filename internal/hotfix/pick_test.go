package hotfix

import "testing"

func TestPickTakes(t *testing.T) {
	for _, c := range []struct {
		name         string
		only, except []string
		takes, not   []string
	}{
		{name: "everything", takes: []string{"", "f", "a/b"}},
		{
			name: "only", only: []string{"cart", "docs/a.md", "web/"},
			takes: []string{"cart", "cart/x", "cart/x/y", "docs/a.md", "web/x"},
			not:   []string{"cart-2", "docs", "docs/a.mdx", "x/cart", "webs", ""},
		},
		{name: "except", except: []string{"VERSION", "gen/"}, takes: []string{"a", "sub/VERSION", "generic"}, not: []string{"VERSION", "gen/a/b"}},
		{name: "both", only: []string{"cart"}, except: []string{"cart/b"}, takes: []string{"cart/a", "cart/bb"}, not: []string{"cart/b", "cart/b/c", "f"}},
		{name: "the root alone", only: []string{""}, takes: []string{"f", "a/b"}},
		{name: "not the root", except: []string{"/"}, not: []string{"f", "a/b"}},
	} {
		takes := Pick{Only: c.only, Except: c.except}.Takes()
		for _, path := range c.takes {
			if !takes(path) {
				t.Errorf("%s: does not take %q", c.name, path)
			}
		}
		for _, path := range c.not {
			if takes(path) {
				t.Errorf("%s: takes %q", c.name, path)
			}
		}
	}
}

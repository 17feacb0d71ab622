package demo

import (
	"bytes"
	"strings"
	"testing"
)

// TestColours: red is red on a terminal, and a word everywhere.
func TestColours(t *testing.T) {
	line := Line{Step: 8, Who: "alice", Text: "merges #2.", Environments: []Environment{
		{Name: "Production", Version: "1.7.0", Mark: "+", Red: true}, {Name: "QA", Version: "1.7.0", Mark: "+"},
	}}
	for colours, want := range map[bool]string{
		true:  "▸ Production \x1b[31m1.7.0+ (red)\x1b[0m · QA 1.7.0+\n",
		false: "▸ Production 1.7.0+ (red) · QA 1.7.0+\n",
	} {
		var out bytes.Buffer
		if err := Text(&out, colours)(line); err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(out.String(), want) || strings.Contains(out.String(), "\x1b") != colours {
			t.Errorf("colours %t: %q", colours, out.String())
		}
	}
}

// TestEnd: where to look depends on what is still there.
func TestEnd(t *testing.T) {
	for _, c := range []struct {
		look Look
		want string
	}{
		{Look{}, "  --stay keeps the page up to look at, --data DIR keeps the repository.\n"},
		{Look{Repository: "shop.git"}, "  git      git -C shop.git log --graph --oneline main qa\n"},
		{
			Look{
				Page: "http://127.0.0.1:8080/", Hotfix: "http://127.0.0.1:8080/hotfixes/7/6", Try: "sign in", GitHub: "http://127.0.0.1:9",
				Repository: "shop.git",
			},
			"  page     http://127.0.0.1:8080/\n" +
				"  try      http://127.0.0.1:8080/hotfixes/7/6\n           sign in\n" +
				"  github   http://127.0.0.1:9/acme/shop\n" +
				"  git      git -C shop.git log --graph --oneline main qa\n\n  Ctrl-C ends it.\n",
		},
	} {
		var out bytes.Buffer
		if err := Text(&out, false)(Line{Solved: true, last: true, Environments: []Environment{{Branch: "main"}, {Branch: "qa"}}, Look: c.look}); err != nil {
			t.Fatal(err)
		}
		_, end, _ := strings.Cut(out.String(), "qa       \n\n")
		if end != c.want {
			t.Errorf("%+v: %q", c.look, end)
		}
	}
}

// TestWrap breaks lines between words only.
func TestWrap(t *testing.T) {
	got := strings.Join(wrap("one two  three\nfourteen", 8), "|")
	if got != "one two|three|fourteen" {
		t.Error(got)
	}
}

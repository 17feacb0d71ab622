package naming_test

import (
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/naming"
)

func TestTitle(t *testing.T) {
	const template = "{title} (backport of #{pr} to {environment})"
	if got, want := naming.Title(template, "Fix {pr}\nnow", 34, "QA"), "Fix {pr} now (backport of #34 to QA)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	long := naming.Title(template, strings.Repeat("ä", 256), 34, "QA")
	if n := len([]rune(long)); n != 256 || !strings.HasSuffix(long, "ä… (backport of #34 to QA)") {
		t.Errorf("%d characters: %s", n, long)
	}
	if n := len([]rune(naming.Title(strings.Repeat("x", 400)+"{title}", "t", 1, "QA"))); n != 256 {
		t.Errorf("%d characters", n)
	}
}

// What a title would do as the message of a merge, it does not, and reads as before. §
// stands for the joiner, which nobody sees.
func TestTitleIsInert(t *testing.T) {
	for title, want := range map[string]string{
		"Fix the cart (#12)":                      "Fix the cart (#12)",
		"Fixes #12":                               "Fixes #§12",
		"fix: #12 and closes acme/shop#7, #8":     "fix: #§12 and closes acme/shop#§7, #8",
		"RESOLVED GH-12":                          "RESOLVED GH-§12",
		"Close https://github.com/acme/shop/12":   "Close https:§//github.com/acme/shop/12",
		"Prefixes #12":                            "Prefixes #12",
		"Ask @acme/team about @types/node":        "Ask @§acme/team about @§types/node",
		"Total [skip ci] [CI skip][no ci]":        "Total [§skip ci] [§CI skip][§no ci]",
		"[skip actions] [actions skip] [skip-ci]": "[§skip actions] [§actions skip] [§skip-ci]",
		"***NO_CI*** skip-checks: true":           "***§NO_CI*** skip-§checks: true",
		"[no] skip this list[0]":                  "[no] skip this list[0]",
	} {
		if got := strings.ReplaceAll(naming.Title("{title}", title, 34, "QA"), "\u2060", "§"); got != want {
			t.Errorf("%q became %q, want %q", title, got, want)
		}
	}
	// A template may end in a keyword.
	if got := naming.Title("Fixes {title}", "#12", 34, "QA"); got != "Fixes #\u206012" {
		t.Errorf("%q", got)
	}
	// A person cannot make room for the bot's words by what is broken.
	many := naming.Title("{title} ({environment})", strings.Repeat("@a ", 200), 34, "QA")
	if n := len([]rune(many)); n > 256 || !strings.HasSuffix(many, "… (QA)") {
		t.Errorf("%d characters: %q", n, many)
	}
	// What was broken is not read as a keyword by the bot either.
	if closed := naming.Closes(naming.Title("{title}", "Fixes #12", 34, "QA"), "acme/shop"); closed != nil {
		t.Errorf("it closes %v", closed)
	}
}

// FuzzTitle: whatever the title, GitHub takes what comes of it, it has no control
// character, and making it inert once is enough.
func FuzzTitle(f *testing.F) {
	for _, title := range []string{"Fixes #12", "@@a", "[skip [skip ci]]", "fix fix #1 #2", strings.Repeat("gh-1 closes gh-1", 40), "\u2060#1", "***NO_CI***"} {
		f.Add(title)
	}
	f.Fuzz(func(t *testing.T, title string) {
		got := naming.Title("{title} (to {environment})", title, 34, "QA")
		if n := len([]rune(got)); n > 256 || !strings.HasSuffix(got, "(to QA)") {
			t.Errorf("%d characters: %q", n, got)
		}
		if strings.ContainsAny(got, "\r\n\x00") || len(naming.Closes(got, "acme/shop")) > 0 {
			t.Errorf("%q", got)
		}
	})
}

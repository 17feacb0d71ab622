package terminal

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestMarkdown(t *testing.T) {
	t.Parallel()
	const source = "**Solved** · **v1.7.1** · by `a*b*` &amp; co \\*\n\n" +
		"### Commits\n\n- [f22b633](https://github.com/acme/shop/commit/f22b633) `x`\n- two\n\n" +
		"| environment | state |\n|---|---|\n| QA | [contained](https://example.com) |\n| Development | <code>a&#124;b</code> |\n\n" +
		"```sh\ngit fetch\n```\n\n<!-- hotfixbot:status {} -->\n"
	const want = "Solved · v1.7.1 · by a*b* & co *\n\nCommits\n\n- f22b633 (https://github.com/acme/shop/commit/f22b633) x\n- two\n\n" +
		"ENVIRONMENT  STATE\nQA           contained\nDevelopment  a|b\n\n    git fetch\n"
	if got := Paint(false).Markdown(source); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	painted := Paint(true).Markdown(source)
	if !strings.HasPrefix(painted, "\x1b[1mSolved\x1b[0m · ") || !strings.Contains(painted, "\x1b[2mENVIRONMENT\x1b[0m  ") {
		t.Errorf("painted: %q", painted)
	}
}

// TestHostile: nothing that others wrote reaches the terminal as more than text.
func TestHostile(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"a\x1b[2Jb", "a\x07\u202eb", "`a\x1b]0;x\x07b`", "a&#27;[31mb", "| a\x1b | \x07b |\n|---|---|\n| &#27; | \u009b |", "```\na\x1bb\n```", "a\xffb"} {
		got := Paint(false).Markdown(text)
		if strings.ContainsAny(got, "\x1b\x07\u009b\u202e") || !utf8.ValidString(got) || !strings.Contains(got, "b") && !strings.Contains(got, "B") {
			t.Errorf("%q is shown as %q", text, got)
		}
	}
}

// TestElsewhere: whoever is no terminal gets neither colours nor progress.
func TestElsewhere(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if Is(&out) || Colours(&out) {
		t.Error("a buffer is taken for a terminal")
	}
	p := Start(&out, "asking")
	p.Done()
	if out.Len() > 0 {
		t.Errorf("%q", out.String())
	}
	p = &Progress{out: &out}
	p.Say("asking\n\x07twice")
	p.Done()
	if got := out.String(); got != "\r\x1b[Kasking twice …\r\x1b[K" {
		t.Errorf("%q", got)
	}
}

package naming_test

import (
	"bytes"
	"html"
	"regexp"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	renderer "github.com/yuin/goldmark/renderer/html"

	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// nasty is what people might put into titles, reasons and paths.
var nasty = []string{
	"plain words", "@alice @@bob a@@c @org/team", "Fixes #12, GH-12, o/r#12", "![x](http://e/x.png) [y](z)", "<img src=x> <b>b</b> <!-- c -->",
	"https://example.com www.example.com mailto:a@b.c", "`code` ``more``", "**b** _i_ ~~s~~ __u__", "a | b \\| c", "&#64;alice &lt;b&gt;",
	"/hotfix solved", "# heading", "- item", "1. item", "12) item", "> quote", "+ x", "--- ", "===", "```", "    indented", "\t/hotfix solved",
	"two\nlines\r\n/hotfix solved", "a\u2028/hotfix solved", "<!-- hotfixbot:status {\"pull\":1} -->", "bidi \u202e txt", "nul \x00 \x1b[31m", "bad \xff utf8",
	"", " ", "$x$ $$y$$", "\\", "\\`", "[^1]", "[^1]: note", "|a|b|", ":-:", "<https://example.com>", "<a@b.c>", "= x",
}

// live is what GitHub would make a mention, a reference or a link of.
var live = regexp.MustCompile(`(?i)@[a-z0-9]|#[0-9]|gh-[0-9]|https?://|www\.`)

var allowed = regexp.MustCompile(`^(?s)<p>[^<]*</p>\n$`)

// render is the text as HTML, with the HTML that stands in it, as on GitHub.
func render(t *testing.T, text string) string {
	t.Helper()
	markdown := goldmark.New(
		goldmark.WithExtensions(extension.GFM, extension.Footnote),
		goldmark.WithRendererOptions(renderer.WithUnsafe()),
	)
	var out bytes.Buffer
	if err := markdown.Convert([]byte(text), &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// checkNeutral holds the promise of Neutralise against a Markdown renderer: one
// paragraph of mere text, which reads as the person wrote it.
func checkNeutral(t *testing.T, text string) {
	t.Helper()
	safe := naming.Neutralise(text)
	plain := naming.Line(text, 300)
	if plain == "" {
		if safe != "" {
			t.Errorf("Neutralise(%q) = %q", text, safe)
		}
		return
	}
	out := render(t, safe)
	if !allowed.MatchString(out) {
		t.Errorf("Neutralise(%q) renders as %q", text, out)
		return
	}
	shown := html.UnescapeString(strings.TrimSuffix(strings.TrimPrefix(out, "<p>"), "</p>\n"))
	if live.MatchString(shown) {
		t.Errorf("Neutralise(%q) leaves a mention, a reference or a link: %q", text, shown)
	}
	if strings.HasPrefix(safe, "/") || strings.Contains(safe, "\n") || strings.Contains(safe, "<!--") {
		t.Errorf("Neutralise(%q) = %q", text, safe)
	}
	if got := strings.ReplaceAll(shown, "\u2060", ""); got != plain {
		t.Errorf("Neutralise(%q) reads as %q", text, got)
	}
}

func TestNeutralise(t *testing.T) {
	for _, text := range nasty {
		checkNeutral(t, text)
	}
	if got := naming.Neutralise(strings.Repeat("é", 400)); len([]rune(got)) != 300 {
		t.Errorf("%d characters", len([]rune(got)))
	}
}

func FuzzNeutralise(f *testing.F) {
	for _, text := range nasty {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		checkNeutral(t, text)
		checkCode(t, text)
	})
}

var inCode = regexp.MustCompile(`^(?s)<p><code>([^<]*)</code></p>\n$`)

func checkCode(t *testing.T, text string) {
	t.Helper()
	code := naming.Code(text)
	m := inCode.FindStringSubmatch(render(t, code))
	if m == nil || strings.TrimSpace(html.UnescapeString(m[1])) != naming.Line(text, 300) {
		t.Errorf("Code(%q) = %s renders as %q", text, code, m)
	}
	if strings.Contains(code, "|") {
		t.Errorf("Code(%q) = %s would end a table's cell", text, code)
	}
}

func TestCode(t *testing.T) {
	for _, text := range nasty {
		checkCode(t, text)
	}
	for text, want := range map[string]string{
		"src/cart.go": "`src/cart.go`", "a`b": "``a`b``", "`a`": "`` `a` ``", "a|@alice": "<code>a&#124;&#64;alice</code>",
	} {
		if got := naming.Code(text); got != want {
			t.Errorf("Code(%q) = %s, want %s", text, got, want)
		}
	}
}

func TestQuoted(t *testing.T) {
	for text, want := range map[string]string{
		"relase": "`relase`", "a`b``\nc": "`a'b'' c`", strings.Repeat("x", 81): "`" + strings.Repeat("x", 79) + "…`",
	} {
		if got := naming.Quoted(text); got != want {
			t.Errorf("Quoted(%q) = %s, want %s", text, got, want)
		}
	}
}

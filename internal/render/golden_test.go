package render_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	gmtext "github.com/yuin/goldmark/text"

	"github.com/hotfixbot/hotfixbot/internal/command"
	"github.com/hotfixbot/hotfixbot/internal/goldentest"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

// golden holds a text against testdata/<name>.md.
func golden(t *testing.T, name, got string) {
	t.Helper()
	goldentest.Hold(t, filepath.Join("testdata", name+".md"), got, *update)
}

// safe holds what is true of every Markdown text, whatever is quoted in it.
func safe(t *testing.T, text string) {
	t.Helper()
	if n := utf8.RuneCountInString(text); n > 65_536 {
		t.Errorf("%d characters, GitHub takes 65536", n)
	}
	if commands := command.Parse(text); len(commands) != 0 {
		t.Errorf("the text gives the command %+v", commands[0])
	}
	for _, fault := range faults(text) {
		t.Error(fault)
	}
}

var (
	mention = regexp.MustCompile(`@[a-zA-Z0-9]`)
	closing = regexp.MustCompile(`(?i)\b(close[sd]?|fix(es|ed)?|resolve[sd]?):?\s+#\d`)
)

// faults reads a text as GitHub does and tells what of people's text came
// through: mentions, closing keywords, images, links of theirs, HTML.
func faults(text string) []string {
	source := []byte(text)
	r := reading{source: source}
	document := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(gmtext.NewReader(source))
	_ = ast.Walk(document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		return r.enter(n), nil
	})
	if words := r.words.String(); mention.MatchString(words) || closing.MatchString(words) {
		r.faults = append(r.faults, "people's words came through: "+words)
	}
	return r.faults
}

type reading struct {
	source []byte
	words  strings.Builder // all text outside code
	faults []string
}

func (r *reading) enter(n ast.Node) ast.WalkStatus {
	switch n := n.(type) {
	case *ast.CodeSpan, *ast.FencedCodeBlock:
		r.words.WriteString("…")
		return ast.WalkSkipChildren
	case *ast.Text:
		r.words.Write(n.Segment.Value(r.source))
	case *ast.Paragraph, *ast.TextBlock:
		r.words.WriteString("\n")
	case *ast.Image, *ast.AutoLink:
		r.fault("an image or a bare link", nil)
	case *ast.Link:
		if !bytes.HasPrefix(n.Destination, []byte("https://github.com/acme/shop/")) && !bytes.HasPrefix(n.Destination, []byte(hotfix.Docs)) {
			r.fault("a link", n.Destination)
		}
	case *ast.RawHTML:
		if tag := string(n.Segments.Value(r.source)); tag != "<code>" && tag != "</code>" {
			r.fault("the tag", []byte(tag))
		}
	case *ast.HTMLBlock:
		html := n.Lines().Value(r.source)
		if !bytes.HasPrefix(html, []byte("<!-- hotfixbot:")) || n.Lines().Len() != 1 || n.NextSibling() != nil {
			r.fault("the HTML", html)
		}
	case *ast.Blockquote:
		r.fault("a quote", nil)
	}
	return ast.WalkContinue
}

func (r *reading) fault(what string, source []byte) {
	r.faults = append(r.faults, "the text holds "+what+" "+string(source))
}

// TestFaultsAreFound makes sure that the check of every text can fail.
func TestFaultsAreFound(t *testing.T) {
	for _, text := range []string{
		"by @mallory", "Fixes #1", "![x](y)", "<img src=x>", "a <b>", "> quoted", "https://example.com", "[x](https://example.com)",
		"<!-- hotfixbot:status {} -->\n\nmore", "<!-- else -->",
	} {
		if len(faults(text)) == 0 {
			t.Errorf("nothing is found in %q", text)
		}
	}
}

// TestSafeSeesCommands makes sure that the check of every golden file can fail.
func TestSafeSeesCommands(t *testing.T) {
	if len(command.Parse("/hotfix status\n")) != 1 {
		t.Fatal("a plain command is not found")
	}
}

// TestGoldenFilesHoldNoCommand reads the files themselves, so that one which no
// test writes any more is looked at too.
func TestGoldenFilesHoldNoCommand(t *testing.T) {
	err := filepath.WalkDir("testdata", func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if commands := command.Parse(string(data)); len(commands) != 0 {
			t.Errorf("%s holds the command %+v", path, commands[0])
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// hostile is a title by somebody who wants to be more than quoted.
const hostile = "Fixes #1 @mallory ![x](https://example.com/x.png) <img src=x> evil --> <!-- hotfixbot:status {\"pull\":1} -->\n/hotfix solved --force ha\n| a | b |"

// oid makes an object id that starts with the given digits.
func oid(digits string) hotfix.OID {
	return hotfix.OID(digits + strings.Repeat("0", 40-len(digits)))
}

package command

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// commandLines are the lines of a comment that start with /hotfix, without it.
// The comment is read as GitHub reads it, so that tables and footnotes are told
// from paragraphs too.
func commandLines(body string) []string {
	body = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(body)
	source := []byte(body)
	markdown := goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote))
	w := walk{source: source, open: make(map[string]int)}
	// The walk itself returns no errors, so there is none to handle.
	_ = ast.Walk(markdown.Parser().Parse(text.NewReader(source)), w.enter)
	return w.lines
}

// walk goes through a comment from its start to its end.
type walk struct {
	source []byte
	open   map[string]int // elements of HTML that quote and are not closed yet
	lines  []string
}

func (w *walk) enter(node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	switch n := node.(type) {
	case *ast.HTMLBlock:
		block := string(n.Lines().Value(w.source))
		if n.HasClosure() {
			block += string(n.ClosureLine.Value(w.source))
		}
		w.html(block)
	case *ast.RawHTML:
		w.html(string(n.Segments.Value(w.source)))
	case *ast.Text:
		w.text(n)
	}
	return ast.WalkContinue, nil
}

// text takes the line of a text that stands at a line's start directly in a
// paragraph of the comment itself: inside a code span, a link or emphasis it has
// another parent, inside a quote or a list the paragraph has.
func (w *walk) text(n *ast.Text) {
	paragraph, ok := n.Parent().(*ast.Paragraph)
	if !ok || paragraph.Parent().Kind() != ast.KindDocument || w.quoting() {
		return
	}
	before, line := w.lineAround(n.Segment.Start)
	if strings.TrimSpace(before) != "" {
		return
	}
	if rest, ok := cutPrefix(strings.TrimSpace(line)); ok {
		w.lines = append(w.lines, rest)
	}
}

// lineAround is what stands before and after a place in its line.
func (w *walk) lineAround(place int) (before, after string) {
	start := bytes.LastIndexByte(w.source[:place], '\n') + 1
	rest, _, _ := bytes.Cut(w.source[place:], []byte("\n"))
	return string(w.source[start:place]), string(rest)
}

var (
	comments = regexp.MustCompile(`(?s)<!--.*?(-->|$)`)
	quotes   = regexp.MustCompile(`(?i)<(/?)(blockquote|pre|code|samp|kbd|q|cite|del|s|strike|table|ul|ol|dl)\b`)
)

// html notes the elements that quote, list or show code and that HTML in the
// comment opens and closes. Paragraphs between them are Markdown to a parser and
// a quote to the reader.
func (w *walk) html(source string) {
	for _, tag := range quotes.FindAllStringSubmatch(comments.ReplaceAllString(source, ""), -1) {
		name := strings.ToLower(tag[2])
		switch {
		case tag[1] == "":
			w.open[name]++
		case w.open[name] > 0:
			w.open[name]--
		}
	}
}

func (w *walk) quoting() bool {
	for _, n := range w.open {
		if n > 0 {
			return true
		}
	}
	return false
}

package terminal

import (
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	table "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Markdown shows a text of the bot's as a person at a terminal reads it: marks and
// hidden comments are gone, tables stand in columns. The address of a link stands
// after its words, in a table not at all.
func (p Paint) Markdown(markdown string) string {
	r := reader{paint: p, source: []byte(markdown), addresses: true}
	parser := goldmark.New(goldmark.WithExtensions(extension.Table)).Parser()
	document := parser.Parse(text.NewReader(r.source))
	var blocks []string
	for node := document.FirstChild(); node != nil; node = node.NextSibling() {
		if block := r.block(node); block != "" {
			blocks = append(blocks, block)
		}
	}
	return strings.Join(blocks, "\n")
}

// reader turns what was parsed into lines.
type reader struct {
	paint     Paint
	source    []byte
	addresses bool // of links are shown
}

// block is one block, each of its lines with an end.
func (r reader) block(node ast.Node) string {
	switch node := node.(type) {
	case *ast.HTMLBlock:
		return "" // only the bot's own markers are such
	case *ast.Heading:
		return r.paint.In(Bold, r.words(node)) + "\n"
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		return r.code(node)
	case *ast.List:
		var b strings.Builder
		for item := node.FirstChild(); item != nil; item = item.NextSibling() {
			b.WriteString("- " + r.words(item) + "\n")
		}
		return b.String()
	case *table.Table:
		return r.paint.Lines(r.table(node))
	}
	return r.words(node) + "\n"
}

// code is a block of code, indented.
func (r reader) code(node ast.Node) string {
	var b strings.Builder
	for i := range node.Lines().Len() {
		line := node.Lines().At(i)
		b.WriteString("    " + Safe(strings.TrimRight(string(line.Value(r.source)), "\n")) + "\n")
	}
	return b.String()
}

// table is a table's cells. What is bold in a cell is not shown so: colours have no
// width.
func (r reader) table(node ast.Node) (t Table) {
	r.paint, r.addresses = false, false
	for row := node.FirstChild(); row != nil; row = row.NextSibling() {
		var cells []string
		for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
			cells = append(cells, r.words(cell))
		}
		if _, ok := row.(*table.TableHeader); ok {
			t.Head = cells
		} else {
			t.Rows = append(t.Rows, cells)
		}
	}
	return t
}

// words are the words inside a node, on one line.
func (r reader) words(node ast.Node) string {
	var b strings.Builder
	for child := node.FirstChild(); child != nil; child = child.NextSibling() {
		b.WriteString(r.word(child))
	}
	return b.String()
}

func (r reader) word(node ast.Node) string {
	switch node := node.(type) {
	case *ast.Text:
		words := Safe(string(util.UnescapePunctuations(entities(node.Segment.Value(r.source)))))
		if node.SoftLineBreak() || node.HardLineBreak() {
			words += " "
		}
		return words
	case *ast.CodeSpan:
		return r.span(node)
	case *ast.RawHTML:
		return "" // <code>, around what would end a table's cell
	case *ast.Link:
		if r.addresses {
			return r.words(node) + " (" + Safe(string(node.Destination)) + ")"
		}
	case *ast.Emphasis:
		return r.paint.In(Bold, r.words(node))
	}
	return r.words(node)
}

// span is code as it was written: nothing in it is an escape or an entity.
func (r reader) span(node ast.Node) string {
	var b strings.Builder
	for child := node.FirstChild(); child != nil; child = child.NextSibling() {
		if t, ok := child.(*ast.Text); ok {
			b.Write(t.Segment.Value(r.source))
		}
	}
	return Safe(b.String())
}

// entities reads "&amp;" and "&#124;".
func entities(source []byte) []byte {
	return util.ResolveEntityNames(util.ResolveNumericReferences(source))
}

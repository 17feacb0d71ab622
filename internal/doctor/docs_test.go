package doctor

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/goldentest"
)

var update = flag.Bool("update", false, "write the findings of docs/doctor.md")

// TestDocs holds the page to the table: every finding has its row there.
func TestDocs(t *testing.T) {
	const page, end = "../../docs/doctor.md", "in internal/doctor. -->\n"
	was, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	head, _, found := strings.Cut(string(was), end)
	if !found {
		t.Fatalf("%s has no place for the findings", page)
	}
	goldentest.Hold(t, page, head+end+rows(), *update)
}

// placeholder is what is filled in, shown as code.
var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

func rows() string {
	var b strings.Builder
	b.WriteString("\n| finding | check | state | what it says | what to do |\n|---|---|---|---|---|\n")
	for _, kind := range Kinds() {
		cell := func(text string) string { return placeholder.ReplaceAllString(text, "*$0*") }
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", kind.Name, cell(kind.Check), kind.State, cell(kind.Says), cell(kind.Remedy))
	}
	return b.String()
}

// TestEveryFindingIsAKind reads the source: what is found there by a name stands in the
// table, and what stands in the table is found somewhere.
func TestEveryFindingIsAKind(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]int{}
	for _, kind := range Kinds() {
		known[kind.Name] = 0
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		syntax, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(syntax, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && name(call.Fun) == "found" {
				if kind := text(call.Args[0]); kind != "" {
					if _, ok := known[kind]; !ok {
						t.Errorf("%s: %q stands in no table of kinds", file, kind)
					}
				}
			}
			if kind := text(n); kind != "" {
				if _, ok := known[kind]; ok {
					known[kind]++
				}
			}
			return true
		})
	}
	for kind, times := range known {
		if times < 2 { // its row is one
			t.Errorf("nothing finds %q", kind)
		}
	}
}

func name(x ast.Expr) string {
	if ident, ok := x.(*ast.Ident); ok {
		return ident.Name
	}
	return ""
}

// text is a string that stands in the source.
func text(n ast.Node) string {
	literal, ok := n.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return ""
	}
	s, err := strconv.Unquote(literal.Value)
	if err != nil {
		return ""
	}
	return s
}

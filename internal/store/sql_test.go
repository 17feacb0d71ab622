package store

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// SQLite numbers $1, $2, … by first appearance, PostgreSQL by what they say: the
// statements must mean the same to both.
func TestParametersAppearInOrder(t *testing.T) {
	files, err := os.ReadDir(".")
	ok(t, err)
	checked := 0
	for _, file := range files {
		if !strings.HasSuffix(file.Name(), ".go") {
			continue
		}
		syntax, err := parser.ParseFile(token.NewFileSet(), file.Name(), nil, 0)
		ok(t, err)
		ast.Inspect(syntax, func(n ast.Node) bool {
			if literal, isLiteral := n.(*ast.BasicLit); isLiteral && literal.Kind == token.STRING && strings.Contains(literal.Value, "$1") {
				checked++
				checkOrder(t, literal.Value)
			}
			return true
		})
	}
	if checked < 20 {
		t.Errorf("only %d statements were found", checked)
	}
}

var parameter = regexp.MustCompile(`\$(\d+)`)

func checkOrder(t *testing.T, statement string) {
	t.Helper()
	highest := 0
	for _, match := range parameter.FindAllStringSubmatch(statement, -1) {
		n, err := strconv.Atoi(match[1])
		ok(t, err)
		if n > highest+1 {
			t.Errorf("$%d appears before $%d in %s", n, highest+1, statement)
		}
		highest = max(highest, n)
	}
}

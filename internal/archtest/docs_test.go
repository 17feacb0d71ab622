package archtest_test

import (
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode"

	"github.com/hotfixbot/hotfixbot/internal/command"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`^#{1,6} +(.*?) *#*$`)
	fence   = regexp.MustCompile("^ *(```+|~~~+)")
)

// page is a document: its headings as GitHub's anchors, and the links in it.
type page struct {
	anchors []string
	links   []string
}

// pages are the documents that were read, by their names: many links lead to few.
var pages sync.Map

// readPage reads a document. What stands in blocks of code is neither heading nor link.
func readPage(t *testing.T, file string) page {
	t.Helper()
	if known, ok := pages.Load(file); ok {
		return known.(page)
	}
	data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(file)))
	if err != nil {
		t.Fatal(err)
	}
	var p page
	open := ""
	for line := range strings.Lines(string(data)) {
		line = strings.TrimRight(line, "\n")
		if mark := fence.FindString(line); open == "" && mark != "" {
			open = strings.TrimSpace(mark)
			continue
		} else if open != "" {
			if strings.TrimSpace(line) == open {
				open = ""
			}
			continue
		}
		if m := heading.FindStringSubmatch(line); m != nil {
			p.anchors = append(p.anchors, p.unused(anchor(m[1])))
		}
		for _, m := range link.FindAllStringSubmatch(line, -1) {
			p.links = append(p.links, m[1])
		}
	}
	pages.Store(file, p)
	return p
}

// anchor is what GitHub makes of a heading: small letters, digits, dashes for blanks.
// https://docs.github.com/en/get-started/writing-on-github (section links)
func anchor(heading string) string {
	heading = regexp.MustCompile(`\[([^]]*)\]\([^)]*\)`).ReplaceAllString(heading, "$1")
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return -1
	}, heading)
}

// unused is the anchor of a second heading of the same words.
func (p page) unused(name string) string {
	for i, free := 1, name; ; i++ {
		if !slices.Contains(p.anchors, free) {
			return free
		}
		free = name + "-" + strconv.Itoa(i)
	}
}

// follow follows a link of a document, as far as it leads inside the project.
func follow(t *testing.T, from, to string) {
	t.Helper()
	folder := filepath.Dir(from)
	if inside, ok := strings.CutPrefix(to, hotfix.Docs); ok {
		folder, to = "docs", inside
	}
	if strings.Contains(to, ":") {
		return
	}
	file, fragment, _ := strings.Cut(to, "#")
	target := filepath.ToSlash(filepath.Join(folder, filepath.FromSlash(file)))
	if file == "" {
		target = from
	}
	if _, err := os.Stat(filepath.Join(root, target)); err != nil {
		t.Errorf("%s links to %s, which is not there", from, to)
	} else if fragment != "" && filepath.Ext(target) == ".md" && !slices.Contains(readPage(t, target).anchors, fragment) {
		t.Errorf("%s links to %s, and no heading of %s has the anchor #%s", from, to, target, fragment)
	}
}

// TestLinksLeadSomewhere follows the links between the project's own documents.
func TestLinksLeadSomewhere(t *testing.T) {
	for _, file := range tracked(t) {
		if filepath.Ext(file) != ".md" || strings.Contains(file, "testdata/") {
			continue
		}
		for _, to := range readPage(t, file).links {
			follow(t, file, to)
		}
	}
}

// TestMessagesLeadToPages: whatever the bot writes on GitHub links to a page that is
// there. The golden files of render are all that it can write.
func TestMessagesLeadToPages(t *testing.T) {
	const golden = "internal/render/testdata/"
	messages := 0
	for _, file := range tracked(t) {
		if !strings.HasPrefix(file, golden) || filepath.Ext(file) != ".md" {
			continue
		}
		data, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		kind, _, _ := strings.Cut(strings.TrimPrefix(file, golden), "/")
		whole := kind != "explain" && kind != "said.md" // parts of a reply, which has the link
		if whole && !strings.Contains(string(data), "]("+hotfix.Docs) {
			t.Errorf("%s leads nowhere: somebody who does not understand it has no page to read", file)
		}
		for _, m := range link.FindAllStringSubmatch(string(data), -1) {
			if strings.HasPrefix(m[1], hotfix.Docs) {
				follow(t, file, m[1])
				messages++
			}
		}
	}
	if messages == 0 {
		t.Error("no message is found in " + golden)
	}
}

// TestPagesHaveAllKinds: each kind of thing that a message can name has a heading of
// the page that messages link to.
func TestPagesHaveAllKinds(t *testing.T) {
	has := func(file, name string) {
		if !slices.Contains(readPage(t, file).anchors, name) {
			t.Errorf("%s has no heading with the anchor #%s", file, name)
		}
	}
	for _, topic := range constants(t, "Topic") {
		has("docs/troubleshooting.md", topic)
	}
	for _, kind := range constants(t, "ConflictKind") {
		has("docs/conflicts.md", anchor(kind))
	}
	for _, state := range append(append(constants(t, "Verdict"), constants(t, "StageState")...), "landed") {
		has("docs/states.md", anchor(state))
	}
	for _, state := range constants(t, "State") {
		has("docs/states.md", "a-hotfix-is-"+anchor(state))
	}
	for _, kind := range constants(t, "ProofKind") {
		has("docs/containment.md", anchor(kind))
	}
	for _, row := range command.Table() {
		has("docs/say.md", "hotfix-"+string(row.Verb))
	}
}

// constants are the values of a type of strings in the domain.
func constants(t *testing.T, typ string) (values []string) {
	t.Helper()
	for _, s := range sources(t) {
		if s.folder != "internal/hotfix" || s.tests {
			continue
		}
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 {
				return true
			}
			name, ok := spec.Type.(*ast.Ident)
			value, literal := spec.Values[0].(*ast.BasicLit)
			if ok && name.Name == typ && literal && value.Kind == token.STRING {
				text, err := strconv.Unquote(value.Value)
				if err != nil {
					t.Fatal(err)
				}
				values = append(values, text)
			}
			return true
		})
	}
	if len(values) == 0 {
		t.Fatalf("the domain has no constants of the type %s", typ)
	}
	return values
}

// TestProblemsHaveATopic: what is said to people in a problem or a refusal is told
// about in docs/troubleshooting.md.
func TestProblemsHaveATopic(t *testing.T) {
	found := 0
	for _, s := range sources(t) {
		if s.tests || strings.HasPrefix(s.folder, "internal/demo") {
			continue
		}
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			literal, ok := n.(*ast.CompositeLit)
			if !ok || len(literal.Elts) == 0 {
				return true
			}
			name, ok := literal.Type.(*ast.SelectorExpr)
			if !ok || name.Sel.Name != "Problem" && name.Sel.Name != "Refusal" {
				return true
			}
			found++
			if !slices.ContainsFunc(literal.Elts, func(e ast.Expr) bool {
				pair, ok := e.(*ast.KeyValueExpr)
				if !ok {
					return false
				}
				key, ok := pair.Key.(*ast.Ident)
				return ok && key.Name == "Topic"
			}) {
				t.Errorf("%s:%d: this %s has no Topic: name one of internal/hotfix/topic.go, so that its message can link to what it means",
					s.file, s.line(literal.Pos()), name.Sel.Name)
			}
			return true
		})
	}
	if found < 20 {
		t.Errorf("only %d problems and refusals are found", found)
	}
}

// TestPagesAreFound: whoever starts at docs/README.md comes to every page.
func TestPagesAreFound(t *testing.T) {
	index := readPage(t, "docs/README.md")
	for _, file := range tracked(t) {
		name, inside := strings.CutPrefix(file, "docs/")
		if inside && filepath.Ext(name) == ".md" && name != "README.md" && !slices.Contains(index.links, name) {
			t.Errorf("%s is not linked from docs/README.md, where people look for it", file)
		}
	}
}

// TestEveryMessageHasALink: whatever in internal/render makes a text that is posted
// (finish) or a check run (completed) also makes a link to what it means.
func TestEveryMessageHasALink(t *testing.T) {
	calls := map[string][]string{}
	for _, s := range sources(t) {
		if s.folder != "internal/render" || s.tests {
			continue
		}
		for _, decl := range s.syntax.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok {
				calls[f.Name.Name] = called(f)
			}
		}
	}
	posted := 0
	for name, callees := range calls {
		if !slices.Contains(callees, "finish") && !slices.Contains(callees, "completed") {
			continue
		}
		posted++
		if !leads(calls, name, map[string]bool{}) {
			t.Errorf("render.%s makes a text for GitHub without a link to what it means: see internal/render/help.go", name)
		}
	}
	if posted < 10 {
		t.Errorf("only %d texts are found", posted)
	}
}

// called are the names of what a function calls.
func called(f *ast.FuncDecl) (names []string) {
	ast.Inspect(f, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			switch callee := call.Fun.(type) {
			case *ast.Ident:
				names = append(names, callee.Name)
			case *ast.SelectorExpr:
				names = append(names, callee.Sel.Name)
			}
		}
		return true
	})
	return names
}

// leads reports whether a function, or one that it calls, makes a link.
func leads(calls map[string][]string, name string, seen map[string]bool) bool {
	if seen[name] {
		return false
	}
	seen[name] = true
	return slices.ContainsFunc(calls[name], func(callee string) bool {
		return callee == "more" || callee == "moreOn" || callee == "summary" || callee == "URL" || leads(calls, callee, seen)
	})
}

package archtest_test

import (
	"go/ast"
	"path"
	"slices"
	"strings"
	"testing"
)

// How long things may get, in lines. What is longer does several things.
const (
	longestFile         = 450
	longestFunction     = 60
	longestTestFunction = 120
)

func TestNothingIsTooLong(t *testing.T) {
	for _, s := range sources(t) {
		if n := s.lines(); n > longestFile {
			t.Errorf("%s has %d lines; a file is one noun or verb, of at most %d", s.file, n, longestFile)
		}
		limit := longestFunction
		if s.tests {
			limit = longestTestFunction
		}
		for _, declaration := range s.syntax.Decls {
			f, ok := declaration.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if n := s.line(f.End()) - s.line(f.Pos()) + 1; n > limit {
				t.Errorf("%s:%d: %s has %d lines of at most %d; a reader should hold it in the head at once", s.file, s.line(f.Pos()), f.Name.Name, n, limit)
			}
		}
	}
}

// TestPackagesSayWhatTheyAre wants a package's doc comment where it is looked
// for: in doc.go, in the file named after the package, or in main.go.
func TestPackagesSayWhatTheyAre(t *testing.T) {
	documented := make(map[string]string) // folder → the file with the doc comment
	testsOnly := make(map[string]bool)
	for _, s := range sources(t) {
		if only, seen := testsOnly[s.folder]; !seen || only {
			testsOnly[s.folder] = s.tests
		}
		if s.syntax.Doc == nil {
			continue
		}
		if other := documented[s.folder]; other != "" {
			t.Errorf("%s and %s both describe their package; godoc joins them in no order", other, s.file)
		}
		documented[s.folder] = s.file
	}
	for folder, only := range testsOnly {
		name := path.Base(path.Join(module, folder))
		places := []string{"doc.go", name + ".go", "main.go"}
		if only {
			places = []string{"doc_test.go", name + "_test.go"}
		}
		if file := documented[folder]; file == "" || !slices.Contains(places, path.Base(file)) {
			t.Errorf("%s has no doc comment in %s; it has to tell what it is for, what must always hold and what it never does", folder, strings.Join(places, " or "))
		}
	}
}

// TestNoPackageForEverything refuses names under which anything could be put.
func TestNoPackageForEverything(t *testing.T) {
	for _, s := range sources(t) {
		for _, part := range strings.Split(s.folder, "/") {
			if slices.Contains([]string{"utils", "util", "common", "helpers", "helper", "manager", "models", "types", "misc"}, part) {
				t.Errorf("%s: a package named %s says nothing of what is in it", s.file, part)
			}
		}
	}
}

// TestTestsDoNotSleep refuses waiting for a time to pass: too short on a busy
// machine, too long on all others. Wait for the thing itself.
func TestTestsDoNotSleep(t *testing.T) {
	for _, s := range sources(t) {
		if !s.tests {
			continue
		}
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if f, ok := call.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "Sleep" {
				if x, ok := f.X.(*ast.Ident); ok && x.Name == "time" {
					t.Errorf("%s:%d sleeps; wait for what the test waits for", s.file, s.line(call.Pos()))
				}
			}
			return true
		})
	}
}

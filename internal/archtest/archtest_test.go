// Package archtest holds the rules of the house as tests: which package may
// know which, how long things may get, what every package has to say of itself.
// It reads the source alone and runs nothing of it. Each failure says why the
// rule is there; to change a rule, change it here and in docs/architecture.md.
package archtest_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// module is the path under which the packages of the project import each other.
const module = "github.com/hotfixbot/hotfixbot"

// source is one Go file of the project.
type source struct {
	file    string // from the project's root, with slashes
	folder  string
	tests   bool
	syntax  *ast.File
	set     *token.FileSet
	imports []string
}

// line is the line of a position.
func (s source) line(pos token.Pos) int { return s.set.Position(pos).Line }

// lines is the number of lines of the file.
func (s source) lines() int { return s.set.File(s.syntax.FileStart).LineCount() }

// sources is every Go file of the project, but not of modules inside it.
func sources(t *testing.T) []source {
	t.Helper()
	all, err := readAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatal("no Go file is found")
	}
	return all
}

// readAll reads the files once for all tests.
var readAll = sync.OnceValues(func() ([]source, error) {
	var all []source
	root := os.DirFS(root)
	err := fs.WalkDir(root, ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return enter(root, file, entry.Name())
		}
		if path.Ext(file) != ".go" {
			return nil
		}
		s, err := read(root, file)
		all = append(all, s)
		return err
	})
	return all, err
})

// enter leaves out what is not the project's: hidden folders, test data, and
// folders with a module of their own.
func enter(root fs.FS, folder, name string) error {
	if folder == "." {
		return nil
	}
	if strings.HasPrefix(name, ".") || name == "testdata" || name == "node_modules" {
		return fs.SkipDir
	}
	if _, err := fs.Stat(root, path.Join(folder, "go.mod")); err == nil {
		return fs.SkipDir
	}
	return nil
}

func read(root fs.FS, file string) (source, error) {
	data, err := fs.ReadFile(root, file)
	if err != nil {
		return source{}, err
	}
	set := token.NewFileSet()
	syntax, err := parser.ParseFile(set, file, data, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return source{}, err
	}
	s := source{file: file, folder: path.Dir(file), tests: strings.HasSuffix(file, "_test.go"), syntax: syntax, set: set}
	for _, spec := range syntax.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return source{}, err
		}
		s.imports = append(s.imports, imported)
	}
	return s, nil
}

package archtest_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var root = filepath.Join("..", "..")

// tracked lists the files that git keeps, or would keep: what a clone gets.
func tracked(t *testing.T) []string {
	t.Helper()
	list := exec.CommandContext(t.Context(), "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir = root
	out, err := list.Output()
	if err != nil {
		t.Fatalf("git ls-files: %v; the tests run in a clone", err)
	}
	var files []string
	for file := range strings.SplitSeq(strings.TrimRight(string(out), "\x00"), "\x00") {
		if _, err := os.Stat(filepath.Join(root, file)); err == nil { // else it is deleted and not yet committed
			files = append(files, file)
		}
	}
	return files
}

// home finds absolute paths into somebody's home folder. The classes keep this
// file from finding itself.
var home = regexp.MustCompile(`(^|[\s"'=(:` + "`" + `])/([r]oot|[h]ome/[a-z]|[U]sers/[A-Za-z])[\w./-]*`)

func TestNoFileNamesSomebodysHome(t *testing.T) {
	for _, file := range tracked(t) {
		data, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.IndexByte(data, 0) >= 0 { // not a text
			continue
		}
		if found := home.Find(data); found != nil {
			t.Errorf("%s holds the path %q of one machine", file, bytes.TrimSpace(found))
		}
	}
}

// TestTopLevel keeps the first thing that a visitor sees short.
func TestTopLevel(t *testing.T) {
	known := strings.Fields(`.ci .dockerignore .gitattributes .github .gitignore .golangci.yml CHANGELOG.md CONTRIBUTING.md
		Dockerfile LICENSE Makefile README.md app.yml bot cmd compose.yaml docs gitops go.mod go.sum hotfixbot.go internal webhooks`)
	for _, file := range tracked(t) {
		top, _, _ := strings.Cut(file, "/")
		if !strings.Contains(" "+strings.Join(known, " ")+" ", " "+top+" ") {
			t.Errorf("%s stands at the top level, which is full; put it where it belongs", top)
		}
	}
}

package e2e_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/gittest"
)

// TestArgumentsHoldNoSecret: who may list this machine's processes sees the arguments
// of all. A git that writes them down stands before the real one while a story is played.
func TestArgumentsHoldNoSecret(t *testing.T) {
	if watched {
		t.Skip("played without the race detector")
	}
	said := standBefore(t, "git")
	s, err := readStory("testdata/conflict.txtar")
	if err != nil {
		t.Fatal(err)
	}
	p := &playing{world: newWorld(t, s), ctx: t.Context(), story: s, how: wayInOrder, repo: "acme/shop", said: map[string][]int64{}}
	for _, l := range s.lines {
		if err := p.do(l); err != nil {
			t.Fatalf("%s: %v", l.at, err)
		}
	}
	secrets, err := p.secrets()
	if err != nil {
		t.Fatal(err)
	}
	arguments, err := os.ReadFile(said)
	if err != nil {
		t.Fatal(err)
	}
	for _, used := range []string{"fetch ", "push ", "ls-remote ", "merge-tree ", "cat-file "} {
		if !bytes.Contains(arguments, []byte("\n"+used)) {
			t.Errorf("no git %swas seen", used)
		}
	}
	for _, leak := range leaksIn("an argument", arguments, secrets) {
		t.Error(leak)
	}
}

// standBefore puts a program before another one in PATH that writes its arguments into
// a file, a line for each run, and becomes the other.
func standBefore(t *testing.T, name string) (said string) {
	t.Helper()
	program, err := exec.LookPath(name)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	said = filepath.Join(dir, "said")
	script := fmt.Sprintf("printf '\\n%%s' \"$*\" >> '%s'\nexec '%s' \"$@\"\n", said, program)
	gittest.Script(t, filepath.Join(dir, name), script)
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	return said
}

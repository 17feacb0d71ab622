package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden file anew")

// listen is a listener for the bot.
func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	return listener
}

// TestPlay reads the story as people and as programs do, and looks at what is
// kept.
func TestPlay(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "shop")
	var forPeople, forPrograms bytes.Buffer
	tellPeople, tellPrograms := Text(&forPeople, false), JSON(&forPrograms)
	tell := func(l Line) error { return errors.Join(tellPeople(l), tellPrograms(l)) }
	if err := Play(t.Context(), Config{Dir: dir, Listener: listen(t), Tell: tell}); err != nil {
		t.Fatal(err)
	}
	golden(t, strings.ReplaceAll(forPeople.String(), dir, "DIR"))
	bare := filepath.Join(dir, "git", "acme", "shop.git")
	checkLines(t, forPrograms.String(), bare)
	if tag, err := git(t.Context(), bare, nil, "cat-file", "-t", "v1.7.1"); tag != "tag" {
		t.Errorf("v1.7.1 is %q (%v)", tag, err)
	}
	if err := Play(t.Context(), Config{Dir: dir, Listener: listen(t), Tell: tell}); !errors.Is(err, ErrFolder) {
		t.Errorf("a second story in the same folder: %v", err)
	}
}

// checkLines holds the lines of JSON to what is documented of them.
func checkLines(t *testing.T, text, bare string) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for i, line := range lines {
		var got map[string]any
		if err := json.Unmarshal([]byte(line), &got); err != nil {
			t.Fatal(err)
		}
		environments, _ := got["environments"].([]any)
		if got["step"] != float64(i+1) || got["who"] == "" || got["text"] == "" || len(environments) != 3 {
			t.Errorf("line %d is %s", i+1, line)
		}
		if _, solved := got["solved"]; solved != (i == len(lines)-1) {
			t.Errorf("line %d says solved: %t", i+1, solved)
		}
	}
	const end = `"environments":[` +
		`{"name":"Production","branch":"main","version":"1.7.1","mark":"","red":false},` +
		`{"name":"QA","branch":"qa","version":"1.7.0","mark":"+","red":false},` +
		`{"name":"Development","branch":"dev","version":"1.7.0","mark":"+","red":false}],"solved":true,"look":{"repository":"`
	if last := lines[len(lines)-1]; !strings.HasSuffix(last, end+bare+`"}}`) {
		t.Errorf("the last line is %s", last)
	}
}

// golden compares the narration with the file that holds it.
func golden(t *testing.T, got string) {
	t.Helper()
	file := filepath.Join("testdata", "story.txt")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the story is told otherwise than in %s; read it, then go test ./internal/demo -update\n%s", file, got)
	}
}

// TestNothingIsClaimedThatIsNotSo breaks in while the story is told: then it must
// not come to its end.
func TestNothingIsClaimedThatIsNotSo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, after string   // the beginning of the line after which somebody breaks in
		act         []string // what git is told to do
		want        string   // part of the error
	}{
		{"fix lost", "approves #3", []string{"update-ref", "refs/heads/qa", "refs/heads/qa^"}, "qa has the fix"},
		{"tag moved", "closes #1", []string{"update-ref", "refs/tags/v1.7.1", "refs/heads/qa"}, "is an annotated tag"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			solved := false
			err := Play(t.Context(), Config{Dir: dir, Listener: listen(t), Tell: func(l Line) error {
				solved = solved || l.Solved
				if strings.HasPrefix(l.Text, c.after) {
					_, err := git(t.Context(), filepath.Join(dir, "git", "acme", "shop.git"), nil, c.act...)
					return err
				}
				return nil
			}})
			if err == nil || !strings.Contains(err.Error(), c.want) || solved {
				t.Errorf("the story ended with %v, solved: %t", err, solved)
			}
		})
	}
}

// TestGivenUp: who presses Ctrl-C during the story gets an error, and no folder
// is left.
func TestGivenUp(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	ctx, giveUp := context.WithCancel(t.Context())
	err := Play(ctx, Config{Listener: listen(t), Tell: func(Line) error { giveUp(); return nil }})
	if err == nil {
		t.Error("the story came to an end")
	}
	left, err := os.ReadDir(os.TempDir())
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v (%v)", left, err)
	}
}

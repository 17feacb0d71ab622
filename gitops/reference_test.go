package gitops

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// reference is what a real `git cherry-pick -x` in a work tree came to.
type reference struct {
	outcome  hotfix.Outcome
	raw      string            // the new commit
	files    map[string]string // path → "mode id" of what is merged
	unmerged map[string]string // path → content of the file, labels removed; absent: no file
}

// cherryPick picks in a linked work tree and removes it again.
func (w *world) cherryPick(t *testing.T, onto hotfix.OID, p hotfix.Pick, args ...string) reference {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "work")
	git := func(args ...string) string {
		out, err := w.Run(nil, dir, args...)
		if err != nil {
			t.Fatalf("git %v: %v %s", args, err, out)
		}
		return out
	}
	w.Git("worktree", "add", "-q", "--detach", dir, string(onto))
	defer w.Git("worktree", "remove", "--force", dir)
	_, err := w.Run(nil, dir, slices.Concat([]string{"cherry-pick", "-x"}, args, []string{string(p.Commit)})...)
	r := reference{outcome: hotfix.Clean, files: map[string]string{}, unmerged: map[string]string{}}
	for record := range strings.SplitSeq(strings.TrimSuffix(git("ls-files", "-s", "-z"), "\x00"), "\x00") {
		meta, path, _ := strings.Cut(record, "\t")
		if words := strings.Fields(meta); len(words) == 3 && words[2] == "0" {
			r.files[relabel(path)] = words[0] + " " + words[1]
		} else if len(words) == 3 {
			r.outcome = hotfix.Conflict
			r.unmerged[relabel(path)] = fileContent(filepath.Join(dir, path))
		}
	}
	if err == nil {
		r.raw = git("cat-file", "commit", "HEAD")
	} else if len(r.unmerged) == 0 {
		if git("status", "--porcelain") != "" {
			t.Fatalf("cherry-pick: %v", err)
		}
		r.outcome = hotfix.Contained
	}
	return r
}

func fileContent(path string) string {
	if target, err := os.Readlink(path); err == nil {
		return target
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return "" // a folder, or nothing
	}
	return unlabelled(content)
}

var (
	label     = regexp.MustCompile(`(?m)^((?:<{7,}|>{7,}|\|{7,})).*$`)
	ourPath   = regexp.MustCompile(`~HEAD$`)
	theirPath = regexp.MustCompile(`~[0-9a-f]{7} \(.*\)$`)
)

func unlabelled(content []byte) string { return string(label.ReplaceAll(content, []byte("$1"))) }

// relabel gives a path that git named after its own labels our name.
func relabel(path string) string {
	path = ourPath.ReplaceAllString(path, "~"+testLabels.Ours)
	return theirPath.ReplaceAllString(path, "~"+testLabels.Theirs)
}

// same compares a replay of one pick with the reference, file by file.
func (ref reference) same(t *testing.T, j *Job, r hotfix.Replay) {
	t.Helper()
	if r.Outcome != ref.outcome {
		t.Fatalf("outcome %s, git says %s (%+v)", r.Outcome, ref.outcome, r.Conflicts)
	}
	files, err := j.listAll(t.Context(), r.Tree)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range ref.files {
		if got := files[path].mode + " " + string(files[path].oid); got != want {
			t.Errorf("%q is %s, git has %s", path, got, want)
		}
	}
	for path := range files {
		if _, merged := ref.files[path]; !merged && ref.outcome != hotfix.Conflict {
			t.Errorf("%q is not in git's result", path)
		}
	}
	ref.sameConflicts(t, j, r, files)
	if ref.outcome == hotfix.Clean {
		ref.sameCommit(t, j, r)
	}
}

func (ref reference) sameConflicts(t *testing.T, j *Job, r hotfix.Replay, files map[string]entry) {
	t.Helper()
	var got, want []string
	for _, c := range r.Conflicts {
		got = append(got, c.Path)
	}
	for path := range ref.unmerged {
		want = append(want, path)
	}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("conflicts in %q, git's in %q", got, want)
	}
	for path, content := range ref.unmerged {
		e := files[path]
		if !e.blob() {
			continue
		}
		contents, err := j.read(t.Context(), []hotfix.OID{e.oid})
		if err != nil {
			t.Fatal(err)
		}
		if drafted := unlabelled(contents[e.oid]); drafted != content {
			t.Errorf("%q holds\n%s\ngit's holds\n%s", path, drafted, content)
		}
	}
}

// sameCommit compares author and message byte for byte.
func (ref reference) sameCommit(t *testing.T, j *Job, r hotfix.Replay) {
	t.Helper()
	contents, err := j.read(t.Context(), []hotfix.OID{r.Tip})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := authorLine(contents[r.Tip]), authorLine([]byte(ref.raw)); got != want {
		t.Errorf("author %q, git has %q", got, want)
	}
	_, got, _ := bytes.Cut(contents[r.Tip], []byte("\n\n"))
	_, want, _ := strings.Cut(ref.raw, "\n\n")
	if string(got) != want {
		t.Errorf("message %q, git has %q", got, want)
	}
}

func authorLine(raw []byte) string {
	for line := range strings.Lines(string(raw)) {
		if strings.HasPrefix(line, "author ") {
			return line
		}
	}
	return ""
}

// listAll lists every file of a tree with git's own eyes.
func (j *Job) listAll(ctx context.Context, tree hotfix.OID) (map[string]entry, error) {
	out, err := j.git(ctx, call{args: []string{"ls-tree", "-r", "-z", "--full-tree", string(tree)}})
	files := map[string]entry{}
	for record := range strings.SplitSeq(string(out), "\x00") {
		meta, path, ok := strings.Cut(record, "\t")
		if words := strings.Fields(meta); ok && len(words) == 3 {
			files[path] = entry{mode: words[0], oid: hotfix.OID(words[2])}
		}
	}
	return files, err
}

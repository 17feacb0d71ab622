package githubsim

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What git answered about commits is answered without it, also to another repository, but
// only to one that has the commits; what depends on refs is asked each time.
func TestKnown(t *testing.T) {
	w := newWorld(t, "User")
	ours, k := w.repo.git, &Known{}
	ours.known = k
	other, err := initGitDir(filepath.Join(t.TempDir(), "other"), "main", k)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(other.close)
	fetch := func(d *gitDir, rest string) string {
		var out bytes.Buffer
		d.upload(t.Context(), "version=2", strings.NewReader(pkt("command=fetch")+"0001"+rest+pkt("done\n")+flushPkt), &out)
		return out.String()
	}
	want := pkt("want " + w.topic + "\n")
	pack := fetch(ours, want)
	if !strings.Contains(pack, "packfile") {
		t.Fatalf("a fetch is answered %q", pack)
	}
	base, err := ours.mergeBase(t.Context(), w.second, w.topic)
	if err != nil || base != w.second {
		t.Fatalf("the merge base is %q, %v", base, err)
	}
	if below, err := ours.isAncestor(t.Context(), w.topic, w.second); err != nil || below {
		t.Fatalf("the later commit is an ancestor: %v, %v", below, err)
	}
	if said := fetch(other, want); strings.Contains(said, "packfile") {
		t.Errorf("a repository without the commit gives %q", said)
	}
	if base, err := other.mergeBase(t.Context(), w.second, w.topic); err == nil {
		t.Errorf("a repository without the commits has the merge base %q", base)
	}
	if err := os.Remove(filepath.Join(ours.path, "HEAD")); err != nil { // git works there no more
		t.Fatal(err)
	}
	if again := fetch(ours, want); again != pack {
		t.Errorf("the same fetch is answered %q", again)
	}
	if again, err := ours.mergeBase(t.Context(), w.second, w.topic); err != nil || again != base {
		t.Errorf("the merge base is %q now, %v", again, err)
	}
	if below, err := ours.isAncestor(t.Context(), w.topic, w.second); err != nil || below {
		t.Errorf("the later commit is an ancestor now: %v, %v", below, err)
	}
	if refs, err := ours.refs(t.Context(), "refs/heads/"); err == nil {
		t.Errorf("without git there are the refs %v", refs)
	}
	if said := fetch(ours, pkt("want-ref refs/heads/main\n")); strings.Contains(said, "packfile") {
		t.Errorf("without git a branch is fetched: %q", said)
	}
}

package gitops

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// pushing is a world with two commits that a job made and can push.
func pushing(t *testing.T) (w *world, j *Job, one, two hotfix.OID) {
	t.Helper()
	w = newWorld(t)
	target, picks := w.series()
	j, first := w.replay(t, target, picks...)
	second, err := j.Replay(t.Context(), target, seriesOf(picks[:1]...))
	if err != nil {
		t.Fatal(err)
	}
	return w, j, first.Tip, second.Tip
}

func TestPushOutcomes(t *testing.T) {
	w, j, one, two := pushing(t)
	const ref = "refs/heads/backport/qa/34"
	steps := []struct {
		name       string
		to, expect hotfix.OID
		moved      hotfix.OID // where the Moved error says the ref is
		then       hotfix.OID
	}{
		{name: "create", to: one, then: one},
		{name: "create again", to: one, then: one},
		{name: "create on another", to: two, moved: one, then: one},
		{name: "update", to: two, expect: one, then: two},
		{name: "update again", to: two, expect: one, then: two},
		{name: "update from elsewhere", to: one, expect: w.ID("main"), moved: two, then: two},
		{name: "delete from elsewhere", expect: one, moved: two, then: two},
		{name: "delete", expect: two},
		{name: "delete again", expect: two},
	}
	for _, s := range steps {
		err := j.Push(t.Context(), ref, s.to, s.expect)
		var moved *Moved
		switch {
		case s.moved == "" && err != nil:
			t.Fatalf("%s: %v", s.name, err)
		case s.moved != "" && (!errors.As(err, &moved) || moved.Now != s.moved || moved.Ref != ref):
			t.Fatalf("%s: %v, want moved to %s", s.name, err, s.moved)
		}
		if now, _ := j.lookUp(t.Context(), ref); now != s.then {
			t.Fatalf("%s: the ref is at %q, want %q", s.name, now, s.then)
		}
	}
}

func TestUpdateOfMissingRefIsMoved(t *testing.T) {
	_, j, one, two := pushing(t)
	var moved *Moved
	if err := j.Push(t.Context(), "refs/heads/x", one, two); !errors.As(err, &moved) || moved.Now != "" {
		t.Errorf("error %v", err)
	}
}

// A hook stands for GitHub's rules; its words are GitHub's.
func TestPushRefusals(t *testing.T) {
	w, j, one, _ := pushing(t)
	const rules = "error: GH013: Repository rule violations found for refs/heads/x.\nReview all repository rules at https://github.com/alice/shop/rules\n\n"
	for name, c := range map[string]struct{ words, remedy string }{
		"ruleset":    {rules + "- Cannot create ref due to creations being restricted.", "ruleset"},
		"signatures": {rules + "- Commits must have verified signatures.\n  Found 1 violation:\n  027faa7121ee9df79db623e1a2848d2cc88a8dba", "bypass list of this rule"},
		"secret":     {rules + "- GITHUB PUSH PROTECTION\n- Push cannot contain secrets", "secret"},
		"pattern":    {rules + "- Branch name must match a given regex pattern: ^release/", "configuration"},
		"protected":  {"error: GH006: Protected branch update failed for refs/heads/x.", "branch protection"},
		"workflow":   {"refusing to allow a GitHub App to create or update workflow `.github/workflows/ci.yml` without `workflows` permission", "Workflows"},
		"size":       {"error: GH001: Large files detected. You may want to try Git Large File Storage", "LFS"},
		"file size":  {"error: File map is 131.75 MB; this exceeds GitHub's file size limit of 100.00 MB", "large file"},
		"LFS":        {"error: GH008: Your push referenced at least 1 unknown Git LFS object:\n    19b36b94\nTry to push them with 'git lfs push --all'.", "git lfs push --all"},
		"address":    {"error: GH007: Your push would publish a private email address.", "address"},
		"other":      {"no pushes on Fridays", "rule"},
	} {
		hook := "#!/bin/sh\ncat >&2 <<'EOF'\n" + c.words + "\nEOF\nexit 1\n"
		if err := os.WriteFile(filepath.Join(w.Dir, "hooks", "pre-receive"), []byte(hook), 0o755); err != nil {
			t.Fatal(err)
		}
		err := j.Push(t.Context(), "refs/heads/x", one, "")
		var refused *hotfix.Refusal
		if !errors.As(err, &refused) || !strings.Contains(refused.Remedy, c.remedy) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for line := range strings.SplitSeq(c.words, "\n") {
			if !strings.Contains(refused.What, strings.TrimPrefix(strings.TrimSpace(line), "error: ")) {
				t.Errorf("%s: %q is not in %q", name, line, refused.What)
			}
		}
	}
}

// What git's own server refuses.
func TestPushRefusalsOfGit(t *testing.T) {
	w, j, one, _ := pushing(t)
	w.Git("branch", "x", "main")
	w.Git("config", "receive.maxInputSize", "10")
	for ref, remedy := range map[string]string{"refs/heads/x/y": "another name", "refs/heads/z": "large file"} {
		if ref == "refs/heads/x/y" {
			w.Git("config", "receive.maxInputSize", "0")
		} else {
			w.Git("config", "receive.maxInputSize", "10")
		}
		err := j.Push(t.Context(), ref, one, "")
		if refused := new(hotfix.Refusal); !errors.As(err, &refused) || !strings.Contains(refused.Remedy, remedy) {
			t.Errorf("%s: %v", ref, err)
		}
	}
}

// The target was pushed over: the next look finds the new one, and nobody has to
// change a rule.
func TestPushUponWhatIsGone(t *testing.T) {
	w := newWorld(t)
	target, picks := w.series()
	j, r := w.replay(t, target, picks...)
	w.Branch("main", string(picks[0].Base))
	w.Git("update-ref", "refs/heads/qa", string(picks[0].Base))
	err := j.Push(t.Context(), "refs/heads/x", r.Tip, "")
	if err == nil || errors.As(err, new(*hotfix.Refusal)) || !strings.Contains(err.Error(), "on no branch any more") {
		t.Errorf("error %v", err)
	}
}

func TestPushChecksItsArguments(t *testing.T) {
	w, j, one, _ := pushing(t)
	w.server.Requests()
	for _, ref := range []string{"", "main", "refs/heads/", "refs/heads/-x", "refs/heads/a..b", "refs/heads/a b", "refs/heads/a:b",
		"refs/heads/a.lock", "refs/heads/.a", "refs/heads/a//b", "refs/heads/@{1}", "refs/heads/a\n", "refs/pull/1/head",
		"+refs/heads/x", "refs/heads/*", "refs/heads/" + strings.Repeat("x", 201)} {
		if err := j.Push(t.Context(), ref, one, ""); err == nil {
			t.Errorf("%q was pushed", ref)
		}
	}
	for _, id := range []hotfix.OID{"HEAD", "--all", one[:7], "+" + one[1:]} {
		if err := j.Push(t.Context(), "refs/heads/x", id, ""); err == nil {
			t.Errorf("%q was pushed", id)
		}
		if err := j.Push(t.Context(), "refs/heads/x", one, id); err == nil {
			t.Errorf("%q was expected", id)
		}
	}
	if err := j.Push(t.Context(), "refs/heads/x", "", ""); err == nil {
		t.Error("deleted without expectation")
	}
	if got := w.server.Requests(); len(got) != 0 {
		t.Errorf("requests %q", got)
	}
}

// Everything that the target has is known to both sides, also when it moved on:
// a push costs what the backport changes, not what the target holds.
func TestPushAfterTargetMoved(t *testing.T) {
	w := newWorld(t)
	const size = 400_000
	w.Write("large", random(size))
	target, picks := w.series()
	j, r := w.replay(t, target, picks...)
	for _, branch := range []string{"qa", "main"} {
		w.Switch(branch)
		w.Record(branch + " moves on")
	}

	w.server.Requests()
	w.server.Traffic()
	if err := j.Push(t.Context(), "refs/heads/backport/qa/34", r.Tip, ""); err != nil {
		t.Fatal(err)
	}
	requests, negotiated := w.server.Requests(), w.server.Traffic()
	if negotiated.Up+negotiated.Down > 10_000 || len(requests) != 4 {
		t.Errorf("%+v bytes for requests %q", negotiated, requests)
	}

	w.Git("update-ref", "-d", "refs/heads/backport/qa/34")
	args := []string{"-c", "push.negotiate=false", "push", "-q", "origin", string(r.Tip) + ":refs/heads/plain"}
	if a, err := j.ask(t.Context(), call{args: args, online: true}); err != nil || a.code != 0 {
		t.Fatal(a.stderr, err)
	}
	plain := w.server.Traffic()
	t.Logf("with negotiation %+v, without %+v", negotiated, plain)
	if plain.Up < size {
		t.Error("it would have been no more without negotiation: this test tells nothing")
	}
}

func TestTag(t *testing.T) {
	w := newWorld(t)
	w.Write("f", lines)
	target := w.Commit("release")
	j := w.job(t)
	tag, err := j.Tag(t.Context(), "v1.7.1", target, "eCommerce 1.7.1\n\nHotfix #34", testStamp)
	if err != nil {
		t.Fatal(err)
	}
	again, err := w.job(t).Tag(t.Context(), "v1.7.1", target, "eCommerce 1.7.1\n\nHotfix #34", testStamp)
	if err != nil || again != tag {
		t.Errorf("%+v, then %+v, %v", tag, again, err)
	}
	if err := j.Push(t.Context(), "refs/tags/v1.7.1", tag.Object, ""); err != nil {
		t.Fatal(err)
	}
	want := "object " + string(target) + "\ntype commit\ntag v1.7.1\ntagger hotfixbot[bot] <1+hotfixbot[bot]@users.noreply.github.com> 1706774400 +0000\n\neCommerce 1.7.1\n\nHotfix #34"
	if got := w.Git("cat-file", "tag", "v1.7.1"); got != want {
		t.Errorf("tag\n%s\nwant\n%s", got, want)
	}
	if got := w.Git("fsck", "--strict"); got != "" {
		t.Error(got)
	}
	for _, name := range []string{"", "-v1", "a b", "v1.lock"} {
		if _, err := j.Tag(t.Context(), name, target, "x", testStamp); err == nil {
			t.Errorf("tag %q was made", name)
		}
	}
}

func TestPushIsCancelled(t *testing.T) {
	_, j, one, _ := pushing(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := j.Push(ctx, "refs/heads/x", one, ""); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

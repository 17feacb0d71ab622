package forge_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// TestStoryOfADeployment: recorded by the App, followed by whoever deploys.
func TestStoryOfADeployment(t *testing.T) {
	w := newWorld(t)
	w.ok(w.Person("alice").CreateTag(w.ctx, project, "v1.7.1", w.main, "v1.7.1"))
	repo := w.repo()
	if list, err := repo.Deployments(w.ctx, "v1.7.1", "Production"); err != nil || len(list) != 0 {
		t.Errorf("got %+v, %v", list, err)
	}
	made := must[hotfix.Deployment](t)(repo.CreateDeployment(w.ctx, "v1.7.1", "Production", "Hotfix #2"))
	w.ok(w.Person("bob").Do(w.ctx, "POST", "/repos/"+project+"/deployments", map[string]any{
		"ref": "v1.7.1", "environment": "Production", "auto_merge": false, "required_contexts": []string{},
	}, nil))
	statuses := fmt.Sprintf("/repos/%s/deployments/%d/statuses", project, made.ID)
	for _, state := range []string{"pending", "failure"} {
		w.ok(w.Person("bob").Do(w.ctx, "POST", statuses, map[string]any{"state": state, "log_url": "https://ci.example/" + state}, nil))
	}
	list := must[[]hotfix.Deployment](t)(repo.Deployments(w.ctx, "v1.7.1", "Production"))
	want := made
	want.State, want.URL = "failure", "https://ci.example/failure"
	if !slices.Equal(list, []hotfix.Deployment{want}) {
		t.Errorf("got %+v", list)
	}
	if _, err := repo.CreateDeployment(w.ctx, "v9", "Production", ""); fateOf(err, time.Time{}) != "refusal" {
		t.Errorf("got %v", err)
	}
}

// TestStoryOfAMerge: at once where it can be, by itself where it has to wait.
func TestStoryOfAMerge(t *testing.T) {
	w := newWorld(t)
	alice, repo := w.Person("alice"), w.repo()
	w.ok(alice.Branch(w.ctx, project, "backport/dev/2-cart", "dev"))
	must[string](t)(alice.Commit(w.ctx, project, "backport/dev/2-cart", "Fix", map[string]string{"cart.txt": "full\n"}))
	pull := must[hotfix.Pull](t)(repo.OpenPull(w.ctx, hotfix.NewPull{Head: "backport/dev/2-cart", Base: "dev", Title: "t", Body: "b"}))
	if err := repo.Merge(w.ctx, pull.Number, "merge", oidA); fateOf(err, time.Time{}) != "refusal" {
		t.Errorf("another head was merged: %v", err)
	}
	if err := repo.AutoMerge(w.ctx, pull.Number, "merge"); fateOf(err, time.Time{}) != "refusal" {
		t.Errorf("the settings forbid it: got %v", err)
	}
	w.demandCheck("dev", "ci")
	w.ok(alice.Edit(w.ctx, project, map[string]any{"allow_auto_merge": true}))
	if err := repo.Merge(w.ctx, pull.Number, "merge", pull.HeadOID); fateOf(err, time.Time{}) != "refusal" {
		t.Errorf("merged without the required check: %v", err)
	}
	w.ok(repo.AutoMerge(w.ctx, pull.Number, "merge"))
	w.ok(repo.AutoMerge(w.ctx, pull.Number, "merge"))
	if seen := must[hotfix.Pull](t)(repo.Pull(w.ctx, pull.Number)); !seen.AutoMerge || !seen.Open {
		t.Errorf("got %+v", seen)
	}
	w.ok(alice.Do(w.ctx, "POST", "/repos/"+project+"/statuses/"+string(pull.HeadOID), map[string]any{"state": "success", "context": "ci"}, nil))
	if seen := must[hotfix.Pull](t)(repo.Pull(w.ctx, pull.Number)); !seen.Merged {
		t.Errorf("got %+v", seen)
	}
	if err := repo.Merge(w.ctx, pull.Number, "merge", pull.HeadOID); fateOf(err, time.Time{}) != "refusal" {
		t.Errorf("merged twice: %v", err)
	}
}

// demandCheck makes a check required on a branch.
func (w *world) demandCheck(branch, name string) {
	w.t.Helper()
	w.ok(w.Person("alice").Do(w.ctx, "POST", "/repos/"+project+"/rulesets", map[string]any{
		"name": "checks", "target": "branch", "enforcement": "active",
		"conditions": map[string]any{"ref_name": map[string]any{"include": []string{"refs/heads/" + branch}, "exclude": []string{}}},
		"rules": []map[string]any{{"type": "required_status_checks", "parameters": map[string]any{
			"strict_required_status_checks_policy": false, "required_status_checks": []map[string]any{{"context": name}},
		}}},
	}, nil))
}

// TestStoryOfHistory: what changed a path, and the file as it was.
func TestStoryOfHistory(t *testing.T) {
	w := newWorld(t)
	bob, repo := w.Person("bob"), w.repo()
	first := must[string](t)(bob.Commit(w.ctx, project, "main", "Fill", map[string]string{"cart/total.txt": "1\n"}))
	must[string](t)(bob.Commit(w.ctx, project, "main", "Aside", map[string]string{"aside.txt": "a\n"}))
	second := must[string](t)(bob.Commit(w.ctx, project, "main", "Add", map[string]string{"cart/total.txt": "2\n"}))
	for path, want := range map[string][]string{
		"cart/total.txt": {second, first}, "cart": {second, first}, "nothing": nil,
	} {
		var got []string
		for _, c := range must[[]hotfix.Commit](t)(repo.History(w.ctx, hotfix.OID(second), path, 100)) {
			got = append(got, string(c.OID))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", path, got, want)
		}
	}
	latest := must[[]hotfix.Commit](t)(repo.History(w.ctx, hotfix.OID(second), "", 1))
	if len(latest) != 1 || latest[0].AuthorLogin != "bob" || latest[0].Message != "Add" || len(latest[0].Parents) != 1 {
		t.Errorf("got %+v", latest)
	}
	if _, err := repo.History(w.ctx, oidA, "", 1); !isGone(err) {
		t.Errorf("got %v", err)
	}
	data, ok, err := repo.FileAt(w.ctx, "cart/total.txt", hotfix.OID(first))
	if err != nil || !ok || string(data) != "1\n" {
		t.Errorf("got %q, %v, %v", data, ok, err)
	}
	for _, at := range []hotfix.OID{hotfix.OID(w.main), oidA} {
		if _, ok, err := repo.FileAt(w.ctx, "cart/total.txt", at); ok || err != nil {
			t.Errorf("at %s: %v, %v", at.Short(), ok, err)
		}
	}
}

// TestStoryOfButtons: they are there until an update leaves them out.
func TestStoryOfButtons(t *testing.T) {
	w := newWorld(t)
	repo := w.repo()
	run := must[hotfix.CheckRun](t)(repo.CreateCheckRun(w.ctx, hotfix.CheckRun{
		Name: "Hotfix", Commit: hotfix.OID(w.main), Status: "completed", Conclusion: "neutral", Title: "T", Summary: "S",
		Actions: []hotfix.CheckAction{{Label: "Tag & Deploy 1.7.1", Description: "Tag and deploy version 1.7.1", Identifier: "deploy"}},
	}))
	press := func() error { return w.Person("bob").PressButton(w.ctx, project, run.ID, "deploy") }
	w.ok(press())
	w.ok(repo.UpdateCheckRun(w.ctx, run))
	w.ok(press())
	run.Actions = nil
	w.ok(repo.UpdateCheckRun(w.ctx, run))
	if press() == nil {
		t.Error("the button is still there")
	}
}

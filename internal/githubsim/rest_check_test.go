package githubsim

import (
	"fmt"
	"strings"
	"testing"
)

func TestCheckRoutes(t *testing.T) {
	s := newServer(t)
	bot, sha := s.mint(nil), s.head("main")
	button := object{"label": "Tag & Deploy", "description": "now", "identifier": "deploy"}
	run := object{
		"name": "Hotfix", "head_sha": sha, "external_id": "x", "status": "in_progress", "actions": []object{button},
		"output": object{"title": "T", "summary": "S", "annotations": []object{
			{"path": "VERSION", "start_line": 1, "end_line": 1, "annotation_level": "notice", "message": "m"},
		}},
	}
	k := s.play(step{bot, "POST", "/check-runs", run, 201})
	one := fmt.Sprintf("/check-runs/%.0f", k["id"])
	s.play(
		step{bob, "POST", "/check-runs", run, 403},
		step{bot, "POST", "/check-runs", object{"name": "x", "head_sha": strings.Repeat("1", 40)}, 422},
		step{bot, "PATCH", one, object{"status": "completed", "conclusion": "success"}, 200},
		step{bob, "GET", one, nil, 200},
		step{bob, "GET", one + "/annotations", nil, 200},
		step{bob, "GET", "/commits/main/check-runs?check_name=Hotfix&filter=latest&app_id=42", nil, 200},
		step{bob, "GET", "/commits/main/check-suites", nil, 200},
		step{bob, "POST", one + "/rerequest", nil, 201},
		step{bob, "POST", "/statuses/" + sha, object{"state": "success", "context": "ci"}, 201},
		step{bob, "GET", "/commits/main/status", nil, 200},
		step{bob, "GET", "/commits/main/statuses", nil, 200},
	)
	long := strings.Repeat("x", 21)
	for name, in := range map[string]object{
		"a long label":     {"actions": []object{{"label": long, "description": "d", "identifier": "i"}}},
		"no conclusion":    {"status": "completed"},
		"a long summary":   {"output": object{"title": "t", "summary": strings.Repeat("x", 65536)}},
		"an odd state":     {"status": "done"},
		"four buttons":     {"actions": []object{button, button, button, button}},
		"no summary":       {"output": object{"title": "t"}},
		"an odd end of it": {"conclusion": "good"},
	} {
		// These requests are against the description, so they pass it by.
		if got := s.unchecked(bot, "PATCH", "/repos/alice/shop"+one, in); got != 422 {
			t.Errorf("%s: got %d", name, got)
		}
	}
	id := int64(k["id"].(float64))
	if list := s.Buttons(shop, s.head("main")); len(list) != 1 || list[0].CheckRun != id || list[0].Identifier != "deploy" {
		t.Errorf("buttons are %+v", list)
	}
	mark := len(s.events)
	s.refusedWith(s.mallory.PressButton(s.ctx, shop, id, "deploy"), 403)
	s.refusedWith(s.bob.PressButton(s.ctx, shop, id, "none"), 404)
	s.must(s.bob.PressButton(s.ctx, shop, id, "deploy"))
	if got := strings.Join(s.eventNames(mark), " "); got != "check_run.requested_action" {
		t.Errorf("events are %q", got)
	}
}

func TestReleaseRoutes(t *testing.T) {
	s := newServer(t)
	s.must(s.alice.CreateTag(s.ctx, shop, "v1.7.0", s.head("main"), "One"))
	first := s.play(step{bob, "POST", "/releases", object{"tag_name": "v1.7.0", "name": "1.7.0"}, 201})
	n := s.openHotfix("hotfix/sum", "")
	_, err := s.alice.Merge(s.ctx, shop, n, "squash")
	s.must(err)
	second := s.play(step{bob, "POST", "/releases", object{"tag_name": "v1.7.1", "target_commitish": "main", "generate_release_notes": true, "make_latest": "false"}, 201})
	want := "## What's Changed\n* Fix the cart by @bob in " + s.URL() + "/alice/shop/pull/1\n\n\n**Full Changelog**: " + s.URL() + "/alice/shop/compare/v1.7.0...v1.7.1"
	if second["body"] != want {
		t.Errorf("notes are %q, want %q", second["body"], want)
	}
	if o := s.play(step{"", "GET", "/releases/latest", nil, 200}); o["id"] != first["id"] {
		t.Errorf("the latest release is %v", o["tag_name"])
	}
	one := fmt.Sprintf("/releases/%.0f", second["id"])
	s.play(
		step{"", "GET", "/releases", nil, 200},
		step{"", "GET", "/releases/tags/v1.7.1", nil, 200},
		step{"", "GET", one, nil, 200},
		step{bob, "POST", "/releases", object{"tag_name": "v1.7.1"}, 422},
		step{bob, "POST", "/releases/generate-notes", object{"tag_name": "v1.7.2", "previous_tag_name": "v1.7.0"}, 200},
		step{bob, "PATCH", one, object{"make_latest": "true", "body": "Text"}, 200},
		step{bob, "POST", "/releases", object{"tag_name": "v2", "draft": true}, 201},
		step{mallory, "DELETE", one, nil, 403},
	)
	if o := s.play(step{"", "GET", "/releases/latest", nil, 200}); o["id"] != second["id"] {
		t.Errorf("the latest release is %v", o["tag_name"])
	}
	s.play(step{bob, "DELETE", one, nil, 204}, step{"", "GET", "/git/ref/tags/v1.7.1", nil, 200})
}

func TestDeploymentRoutes(t *testing.T) {
	s := newServer(t)
	s.must(s.bob.Branch(s.ctx, shop, "topic", "main"))
	_, err := s.alice.Commit(s.ctx, shop, "main", "Ahead", map[string]string{"b.txt": "1"})
	s.must(err)
	in := object{"ref": "topic", "auto_merge": false, "required_contexts": []string{}, "environment": "qa"}
	d := s.play(step{bob, "POST", "/deployments", in, 201})
	one := fmt.Sprintf("/deployments/%.0f", d["id"])
	s.play(
		step{bob, "POST", "/deployments", object{"ref": "none"}, 422},
		step{bob, "POST", "/deployments", object{"ref": "topic"}, 202}, // merges main, deploys nothing
		step{bob, "POST", "/deployments", object{"ref": "topic", "required_contexts": []string{"ci"}}, 409},
		step{"", "GET", "/deployments?environment=qa", nil, 200},
		step{"", "GET", one, nil, 200},
		step{bob, "POST", one + "/statuses", object{"state": "success", "log_url": "http://ci.example.com/1"}, 201},
		step{"", "GET", one + "/statuses", nil, 200},
	)
}

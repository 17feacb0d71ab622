package githubsim

import (
	"fmt"
	"strings"
	"testing"
)

// step is a request with the status that it must get. The answer is held to GitHub's
// description besides. Paths are below the shop.
type step struct {
	who    string // a token
	method string
	path   string
	body   any
	want   int
}

// play sends requests one after the other and gives the last answer.
func (s *server) play(steps ...step) object {
	s.t.Helper()
	var last object
	for _, x := range steps {
		got, body := s.as(x.who, x.method, "/repos/alice/shop"+x.path, x.body)
		if got != x.want {
			s.t.Errorf("%s %s %v: got %d %v, want %d", x.method, x.path, x.body, got, body, x.want)
		}
		last = body
	}
	return last
}

const alice, bob, mallory = "alice-token", "bob-token", "mallory-token"

func TestRepositoryRoutes(t *testing.T) {
	s := newServer(t)
	for _, path := range []string{"/", "/rate_limit", "/meta", "/user", "/users/bob", "/users/hotfixbot%5Bbot%5D"} {
		if got, body := s.as(alice, "GET", path, nil); got != 200 {
			t.Errorf("%s: %d %v", path, got, body)
		}
	}
	for _, path := range []string{"/app/installations", fmt.Sprintf("/app/installations/%d", s.at.ID), "/users/alice/installation", "/repos/alice/shop/installation"} {
		if got, body := s.as(s.goodJWT(), "GET", path, nil); got != 200 {
			t.Errorf("%s: %d %v", path, got, body)
		}
	}
	if got, body := s.as(s.mint(nil), "GET", "/installation/repositories", nil); got != 200 || body["total_count"] != 1.0 {
		t.Errorf("installation/repositories: %d %v", got, body)
	}
	s.play(
		step{alice, "GET", "", nil, 200},
		step{"", "GET", "", nil, 200},
		step{bob, "GET", "/collaborators", nil, 200},
		step{bob, "GET", "/collaborators/bob", nil, 204},
		step{bob, "GET", "/collaborators/mallory", nil, 404},
		step{bob, "GET", "/collaborators/nobody/permission", nil, 404},
		step{bob, "GET", "/assignees", nil, 200},
		step{alice, "PUT", "/collaborators/mallory", object{"permission": "triage"}, 204},
		step{alice, "DELETE", "/collaborators/mallory", nil, 204},
		step{alice, "PATCH", "", object{"allow_rebase_merge": false, "delete_branch_on_merge": true}, 200},
		step{bob, "PATCH", "", object{"description": "x"}, 403},
		step{alice, "PATCH", "", object{"default_branch": "none"}, 422},
		step{alice, "PATCH", "", object{"archived": true}, 200},
		step{bob, "POST", "/issues", object{"title": "x"}, 403},
		step{alice, "PATCH", "", object{"archived": false}, 200},
		step{mallory, "POST", "/forks", object{}, 202},
		step{alice, "POST", "/forks", object{}, 403},
		step{"", "GET", "/forks", nil, 200},
		step{alice, "DELETE", "", nil, 204},
		step{alice, "GET", "", nil, 404},
	)
	if got, _ := s.as(mallory, "GET", "/repos/mallory/shop/commits/main", nil); got != 200 {
		t.Errorf("the fork lost its objects with its parent: %d", got)
	}
}

func TestContentRoutes(t *testing.T) {
	s := newServer(t)
	file := s.play(step{bob, "PUT", "/contents/docs/a.md", object{"message": "Add", "content": "SGVsbG8K", "branch": "main"}, 201})
	sha := file["content"].(object)["sha"].(string)
	s.play(
		step{bob, "GET", "/contents/docs/a.md", nil, 200},
		step{bob, "GET", "/contents/docs%2Fa.md?ref=main", nil, 200},
		step{bob, "GET", "/contents/docs", nil, 200},
		step{bob, "GET", "/contents/", nil, 200},
		step{bob, "GET", "/contents/none", nil, 404},
		step{bob, "GET", "/contents/docs?ref=none", nil, 404},
		step{bob, "PUT", "/contents/docs/a.md", object{"message": "Change", "content": "SGkK"}, 422},
		step{bob, "PUT", "/contents/docs/a.md", object{"message": "Change", "content": "SGkK", "sha": strings.Repeat("0", 40)}, 409},
		step{bob, "PUT", "/contents/docs/a.md", object{"message": "Change", "content": "SGVsbG8h", "sha": sha}, 200},
		step{mallory, "PUT", "/contents/b.md", object{"message": "Add", "content": ""}, 403},
	)
	file = s.play(step{bob, "GET", "/contents/docs/a.md", nil, 200})
	if file["content"] != "SGVsbG8h\n" {
		t.Errorf("content is %q", file["content"])
	}
	s.play(
		step{bob, "DELETE", "/contents/docs/a.md", object{"message": "Remove", "sha": file["sha"]}, 200},
		step{bob, "GET", "/contents/docs", nil, 404},
	)
	if got := s.gitShow("log", "-1", "--format=%an|%cn|%s", "main"); got != "bob|GitHub|Remove" {
		t.Errorf("the last commit is %q", got)
	}
}

func TestGitDataRoutes(t *testing.T) {
	s := newServer(t)
	main := s.head("main")
	blob := s.play(step{bob, "POST", "/git/blobs", object{"content": "x", "encoding": "utf-8"}, 201})["sha"]
	entry := object{"path": "a/b/c.txt", "mode": "100755", "type": "blob", "sha": blob}
	base := s.play(step{bob, "GET", "/git/commits/" + main, nil, 200})["tree"].(object)["sha"]
	tree := s.play(step{bob, "POST", "/git/trees", object{"base_tree": base, "tree": []object{entry}}, 201})["sha"]
	made := s.play(step{bob, "POST", "/git/commits", object{"message": "By hand", "tree": tree, "parents": []string{main}}, 201})["sha"].(string)
	tag := s.play(step{bob, "POST", "/git/tags", object{"tag": "v1", "message": "One", "object": made, "type": "commit"}, 201})["sha"].(string)
	none := strings.Repeat("1", 40)
	s.play(
		step{bob, "GET", fmt.Sprintf("/git/blobs/%s", blob), nil, 200},
		step{bob, "GET", fmt.Sprintf("/git/trees/%s?recursive=1", tree), nil, 200},
		step{bob, "GET", "/git/trees/main", nil, 200},
		step{bob, "GET", "/git/tags/" + tag, nil, 200},
		step{bob, "GET", "/git/tags/" + made, nil, 404},
		step{bob, "POST", "/git/refs", object{"ref": "refs/tags/v1", "sha": tag}, 201},
		step{bob, "POST", "/git/refs", object{"ref": "refs/tags/v1", "sha": tag}, 422},
		step{bob, "POST", "/git/refs", object{"ref": "refs/heads/x", "sha": none}, 422},
		step{bob, "POST", "/git/refs", object{"ref": "refs/heads/x", "sha": tag}, 422},
		step{bob, "POST", "/git/refs", object{"ref": "heads", "sha": made}, 422},
		step{bob, "POST", "/git/refs", object{"ref": "refs/heads/hotfix/a", "sha": made}, 201},
		step{bob, "POST", "/git/refs", object{"ref": "refs/heads/hotfix", "sha": made}, 422},
		step{bob, "GET", "/git/ref/tags/v1", nil, 200},
		step{bob, "GET", "/git/ref/heads%2Fhotfix%2Fa", nil, 200},
		step{bob, "GET", "/git/ref/heads/hotfix", nil, 404},
		step{bob, "GET", "/git/matching-refs/heads/hot", nil, 200},
		step{bob, "PATCH", "/git/refs/heads/hotfix/a", object{"sha": main}, 422},
		step{bob, "PATCH", "/git/refs/heads/hotfix/a", object{"sha": main, "force": true}, 200},
		step{bob, "PATCH", "/git/refs/heads/none", object{"sha": main}, 422},
		step{bob, "DELETE", "/git/refs/heads/hotfix/a", nil, 204},
		step{bob, "DELETE", "/git/refs/heads/hotfix/a", nil, 422},
		step{bob, "POST", "/git/commits", object{"message": "x", "tree": none}, 422},
		step{bob, "POST", "/git/trees", object{"tree": []object{{"path": "a", "mode": "100644", "type": "blob", "sha": none}}}, 422},
	)
	if got := s.gitShow("ls-tree", "-r", "v1", "a"); got != fmt.Sprintf("100755 blob %s\ta/b/c.txt", blob) {
		t.Errorf("the tree has %q", got)
	}
}

func TestCommitRoutes(t *testing.T) {
	s := newServer(t)
	first := s.head("main")
	n := s.openHotfix("hotfix/sum", "")
	head := s.head("hotfix/sum")
	s.must(s.alice.CreateTag(s.ctx, shop, "v1.7.0", first, "One"))
	s.play(
		step{"", "GET", "/branches", nil, 200},
		step{"", "GET", "/branches/hotfix/sum", nil, 200},
		step{"", "GET", "/branches/hotfix%2Fsum", nil, 200},
		step{"", "GET", "/branches/none", nil, 404},
		step{bob, "GET", "/branches/hotfix/sum/protection", nil, 404},
		step{"", "GET", "/tags", nil, 200},
		step{"", "GET", "/commits?sha=hotfix/sum&path=cart/cart.go&per_page=1", nil, 200},
		step{"", "GET", "/commits/" + head, nil, 200},
		step{"", "GET", "/commits/hotfix%2Fsum", nil, 200},
		step{"", "GET", "/commits/hotfix/sum/pulls", nil, 200},
		step{"", "GET", "/commits/none", nil, 422},
	)
	o := s.play(step{"", "GET", "/compare/main...hotfix/sum", nil, 200})
	if o["status"] != "ahead" || o["ahead_by"] != 2.0 || len(o["files"].([]any)) != 2 {
		t.Errorf("the comparison is %v %v", o["status"], o["ahead_by"])
	}
	if o := s.play(step{"", "GET", "/compare/v1.7.0...main", nil, 200}); o["status"] != "identical" {
		t.Errorf("status is %v", o["status"])
	}
	if o := s.play(step{"", "GET", "/compare/hotfix/sum...main?per_page=1&page=2", nil, 200}); o["status"] != "behind" || o["files"] != nil {
		t.Errorf("the second page is %v", o)
	}
	s.play(
		step{"", "GET", "/compare/main...none", nil, 404},
		step{bob, "POST", "/merges", object{"base": "main", "head": "hotfix/sum", "commit_message": "Bring it"}, 201},
		step{bob, "POST", "/merges", object{"base": "main", "head": "hotfix/sum"}, 204},
		step{bob, "POST", "/merges", object{"base": "none", "head": "hotfix/sum"}, 404},
	)
	if !s.model().issue(n).Pull.Merged {
		t.Error("POST merges brought the head and the pull request is not merged")
	}
}

func TestIssueRoutes(t *testing.T) {
	s := newServer(t)
	m := s.play(step{bob, "POST", "/milestones", object{"title": "1.7", "description": "soon"}, 201})["number"]
	s.play(
		step{mallory, "POST", "/issues", object{"title": "Lost", "body": "Items", "labels": []string{"bug"}}, 201},
		step{bob, "POST", "/issues", object{"title": "More", "labels": []any{"hotfix", object{"name": "late"}}, "assignees": []string{"bob"}, "milestone": m}, 201},
		step{bob, "POST", "/issues", object{"title": ""}, 422},
		step{bob, "POST", "/issues", object{"title": "x", "body": strings.Repeat("é", maxText+1)}, 422},
		step{bob, "POST", "/issues", object{"title": "x", "assignees": []string{"mallory"}}, 422},
		step{"", "POST", "/issues", object{"title": "x"}, 401},
		step{"", "GET", "/issues?state=all&labels=hotfix&creator=bob&assignee=bob&sort=updated&direction=asc&since=2020-01-01T00:00:00Z", nil, 200},
		step{"", "GET", "/issues/1", nil, 200},
		step{"", "GET", "/issues/99", nil, 404},
		step{bob, "PATCH", "/issues/1", object{"labels": []string{"hotfix"}, "title": "Lost items", "assignees": []string{"bob", "alice"}}, 200},
		step{bob, "PATCH", "/issues/1", object{"state": "closed", "state_reason": "not_planned"}, 200},
		step{bob, "PATCH", "/issues/1", object{"state": "open"}, 200},
		step{bob, "PATCH", "/issues/2", object{"milestone": nil}, 200},
		step{bob, "POST", "/issues/1/assignees", object{"assignees": []string{"carol", "mallory"}}, 201},
		step{bob, "DELETE", "/issues/1/assignees", object{"assignees": []string{"bob"}}, 200},
		step{"", "GET", "/issues/1/events", nil, 200},
		step{"", "GET", "/issues/1/timeline", nil, 200},
		step{"", "GET", "/milestones?state=all", nil, 200},
		step{bob, "PATCH", "/milestones/1", object{"state": "closed"}, 200},
		step{"", "GET", "/milestones/1", nil, 200},
	)
	i := s.model().issue(1)
	if len(i.Labels) != 1 || i.Labels[0].Name != "hotfix" || i.StateReason != "reopened" || len(i.Assignees) != 2 {
		t.Errorf("the issue is %+v", i)
	}
}

func TestLabelRoutes(t *testing.T) {
	s := newServer(t)
	_, err := s.bob.OpenIssue(s.ctx, shop, "One", "")
	s.must(err)
	s.play(
		step{bob, "POST", "/labels", object{"name": "hot fix/π", "color": "d73a4a", "description": "urgent"}, 201},
		step{bob, "POST", "/labels", object{"name": "HOT FIX/π"}, 422},
		step{bob, "POST", "/labels", object{"name": "x", "color": "red"}, 422},
		step{"", "GET", "/labels", nil, 200},
		step{"", "GET", "/labels/hot%20fix%2F%CF%80", nil, 200},
		step{bob, "PATCH", "/labels/hot%20fix%2F%CF%80", object{"new_name": "hotfix"}, 200},
		step{bob, "POST", "/issues/1/labels", object{"labels": []string{"hotfix", "new"}}, 200},
		step{"", "GET", "/issues/1/labels", nil, 200},
		step{bob, "DELETE", "/issues/1/labels/new", nil, 200},
		step{bob, "DELETE", "/issues/1/labels/new", nil, 404},
		step{bob, "PUT", "/issues/1/labels", object{"labels": []string{"hotfix"}}, 200},
		step{bob, "DELETE", "/labels/hotfix", nil, 204},
		step{bob, "DELETE", "/issues/1/labels", nil, 204},
	)
}

func TestCommentRoutes(t *testing.T) {
	s := newServer(t)
	_, err := s.bob.OpenIssue(s.ctx, shop, "One", "")
	s.must(err)
	bot := s.mint(nil)
	c := s.play(step{mallory, "POST", "/issues/1/comments", object{"body": "/hotfix status"}, 201})
	one := fmt.Sprintf("/issues/comments/%.0f", c["id"])
	by := s.play(step{bot, "POST", "/issues/1/comments", object{"body": "Done."}, 201})
	if by["user"].(object)["login"] != "hotfixbot[bot]" || by["performed_via_github_app"] == nil {
		t.Errorf("the App's comment is %v", by)
	}
	r := s.play(step{bot, "POST", one + "/reactions", object{"content": "eyes"}, 201})
	s.play(
		step{bot, "POST", one + "/reactions", object{"content": "eyes"}, 200},
		step{bot, "GET", one + "/reactions?content=eyes", nil, 200},
		step{bob, "DELETE", fmt.Sprintf("%s/reactions/%.0f", one, r["id"]), nil, 404},
		step{bot, "DELETE", fmt.Sprintf("%s/reactions/%.0f", one, r["id"]), nil, 204},
		step{mallory, "POST", "/issues/1/reactions", object{"content": "+1"}, 201},
		step{mallory, "GET", "/issues/1/reactions", nil, 200},
		step{mallory, "PATCH", one, object{"body": "/hotfix help"}, 200},
		step{"", "GET", one, nil, 200},
		step{mallory, "PATCH", fmt.Sprintf("/issues/comments/%.0f", by["id"]), object{"body": "Hm"}, 403},
		step{mallory, "POST", "/issues/1/comments", object{"body": strings.Repeat("x", maxText+1)}, 422},
		step{"", "GET", "/issues/1/comments?since=2020-01-01T00:00:00Z", nil, 200},
		step{"", "GET", "/issues/comments?sort=updated&direction=desc&since=2020-01-01T00:00:00Z&per_page=1", nil, 200},
		step{bob, "DELETE", one, nil, 204},
		step{"", "GET", one, nil, 404},
	)
}

func TestPullRoutes(t *testing.T) {
	s := newServer(t)
	s.openHotfix("hotfix/sum", "Please.")
	pull := object{"title": "Again", "head": "hotfix/sum", "base": "main"}
	s.must(s.bob.Branch(s.ctx, shop, "qa", "main"))
	s.must(s.bob.Branch(s.ctx, shop, "same", "main"))
	with := func(key string, v any) object {
		o := object{}
		for k, x := range pull {
			o[k] = x
		}
		o[key] = v
		return o
	}
	if o := s.play(step{bob, "POST", "/pulls", pull, 422}); o["errors"].([]any)[0].(object)["message"] != "A pull request already exists for alice:hotfix/sum." {
		t.Errorf("a second pull request: %v", o)
	}
	if o := s.play(step{bob, "POST", "/pulls", with("head", "same"), 422}); o["errors"].([]any)[0].(object)["message"] != "No commits between main and same" {
		t.Errorf("an empty pull request: %v", o)
	}
	s.play(
		step{bob, "POST", "/pulls", with("head", "none"), 422},
		step{bob, "POST", "/pulls", with("base", "none"), 422},
		step{mallory, "POST", "/pulls", with("base", "qa"), 403},
		step{"", "GET", "/pulls?state=all&head=alice:hotfix/sum&base=main&sort=updated&direction=desc", nil, 200},
		step{"", "GET", "/pulls/1", nil, 200},
		step{"", "GET", "/pulls/1", nil, 200},
		step{"", "GET", "/pulls/2", nil, 404},
		step{"", "GET", "/pulls/1/commits?per_page=1", nil, 200},
		step{"", "GET", "/pulls/1/files", nil, 200},
		step{"", "GET", "/pulls/1/merge", nil, 404},
		step{"", "GET", "/issues?state=all", nil, 200},
		step{bob, "PATCH", "/pulls/1", object{"title": "Fix it", "body": "x", "base": "qa"}, 200},
		step{mallory, "PATCH", "/pulls/1", object{"title": "Mine"}, 403},
		step{bob, "POST", "/pulls/1/requested_reviewers", object{"reviewers": []string{"carol"}}, 201},
		step{bob, "POST", "/pulls/1/requested_reviewers", object{"reviewers": []string{"bob"}}, 422},
		step{bob, "POST", "/pulls/1/requested_reviewers", object{"reviewers": []string{"mallory"}}, 422},
		step{"", "GET", "/pulls/1/requested_reviewers", nil, 200},
		step{bob, "DELETE", "/pulls/1/requested_reviewers", object{"reviewers": []string{"carol"}}, 200},
		step{bob, "POST", "/pulls/1/reviews", object{"event": "APPROVE"}, 422},
		step{alice, "POST", "/pulls/1/reviews", object{"event": "APPROVE"}, 200},
		step{alice, "POST", "/pulls/1/reviews", object{"event": "COMMENT"}, 422},
		step{"", "GET", "/pulls/1/reviews", nil, 200},
		step{"", "GET", "/issues/1/timeline", nil, 200},
		step{bob, "PATCH", "/pulls/1", object{"state": "closed"}, 200},
		step{bob, "PUT", "/pulls/1/merge", object{}, 405},
		step{bob, "PATCH", "/pulls/1", object{"state": "open"}, 200},
		step{bob, "PUT", "/pulls/1/update-branch", object{}, 422},
		step{bob, "PUT", "/pulls/1/merge", object{"sha": strings.Repeat("1", 40)}, 409},
	)
	_, err := s.alice.Commit(s.ctx, shop, "qa", "Ahead", map[string]string{"b.txt": "1"})
	s.must(err)
	s.play(
		step{bob, "PUT", "/pulls/1/update-branch", object{}, 202},
		step{"", "GET", "/pulls/1", nil, 200},
		step{bob, "PUT", "/pulls/1/merge", object{"merge_method": "squash", "commit_title": "T", "commit_message": "M"}, 200},
		step{"", "GET", "/pulls/1/merge", nil, 204},
		step{bob, "PATCH", "/pulls/1", object{"state": "open"}, 422},
	)
	if got := s.gitShow("log", "-1", "--format=%B", "qa"); got != "T\n\nM" {
		t.Errorf("the squashed message is %q", got)
	}
}

func TestDraft(t *testing.T) {
	s := newServer(t)
	s.must(s.bob.Branch(s.ctx, shop, "topic", "main"))
	_, err := s.bob.Commit(s.ctx, shop, "topic", "One", map[string]string{"a": "1"})
	s.must(err)
	n, err := s.bob.OpenPull(s.ctx, shop, NewPull{Title: "One", Head: "topic", Base: "main", Draft: true})
	s.must(err)
	_, err = s.alice.Merge(s.ctx, shop, n, "merge")
	if words := s.refusedWith(err, 405); words != "Pull Request is still a draft" {
		t.Errorf("refused with %q", words)
	}
	s.must(s.bob.Ready(s.ctx, shop, n))
	_, err = s.alice.Merge(s.ctx, shop, n, "merge")
	s.must(err)
}

func TestForkPull(t *testing.T) {
	s := newServer(t)
	fork, err := s.mallory.Fork(s.ctx, shop)
	s.must(err)
	_, err = s.mallory.Commit(s.ctx, fork, "main", "Theirs", map[string]string{"x.txt": "1"})
	s.must(err)
	n, err := s.mallory.OpenPull(s.ctx, shop, NewPull{Title: "Theirs", Head: "mallory:main", Base: "main"})
	s.must(err)
	sha, err := s.mallory.Commit(s.ctx, fork, "main", "More", map[string]string{"y.txt": "1"})
	s.must(err)
	if got := s.gitShow("rev-parse", fmt.Sprintf("refs/pull/%d/head", n)); got != sha {
		t.Errorf("the head is at %s, want %s", got, sha)
	}
	if o := s.play(step{"", "GET", "/compare/main...mallory:main", nil, 200}); o["ahead_by"] != 2.0 {
		t.Errorf("the comparison with the fork is %v", o["ahead_by"])
	}
	s.must(s.mallory.DeleteRepo(s.ctx, fork))
	o := s.play(step{"", "GET", fmt.Sprintf("/pulls/%d", n), nil, 200})
	if o["state"] != "closed" || o["head"].(object)["repo"] != nil {
		t.Errorf("the pull request of a deleted fork is %v, %v", o["state"], o["head"])
	}
	s.play(step{mallory, "PATCH", fmt.Sprintf("/pulls/%d", n), object{"state": "open"}, 422})
}

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

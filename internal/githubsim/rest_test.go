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

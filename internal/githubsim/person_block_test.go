package githubsim

import (
	"net/http"
	"testing"
)

// Who is blocked reads what is public and does nothing else, also after a role was theirs.
func TestWhoIsBlockedOnlyReads(t *testing.T) {
	s := newServer(t)
	n, err := s.mallory.OpenIssue(s.ctx, shop, "One", "")
	s.must(err)
	s.must(s.alice.SetPermission(s.ctx, shop, "mallory", "admin"))
	s.refusedWith(s.bob.Block("alice", "mallory"), http.StatusForbidden)
	s.refusedWith(s.alice.Block("alice", "alice"), http.StatusUnprocessableEntity)
	s.refusedWith(s.alice.Block("alice", "nobody"), http.StatusNotFound)
	s.must(s.alice.Block("alice", "mallory"))
	_, err = s.mallory.Comment(s.ctx, shop, n, "Hello")
	s.refusedWith(err, http.StatusForbidden)
	_, err = s.mallory.OpenIssue(s.ctx, shop, "Two", "")
	s.refusedWith(err, http.StatusForbidden)
	s.refusedWith(s.mallory.Branch(s.ctx, shop, "x", "main"), http.StatusForbidden)
	var got struct {
		Role string `json:"role_name"`
	}
	s.must(s.mallory.Do(s.ctx, "GET", "/repos/alice/shop", nil, nil))
	s.must(s.bob.Do(s.ctx, "GET", "/repos/alice/shop/collaborators/mallory/permission", nil, &got))
	if got.Role != "read" {
		t.Errorf("the role is %s", got.Role)
	}
	s.must(s.alice.Unblock("alice", "mallory"))
	_, err = s.mallory.Comment(s.ctx, shop, n, "Hello")
	s.must(err)
}

package githubsim

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/contract"
)

const shop = "alice/shop"

// appKey is one key for all tests of the package: making one takes long.
var appKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

// server is a GitHub that listens, with people, an App and alice's repository "shop", whose
// branch main has one commit. Everything that passes is held to GitHub's descriptions.
type server struct {
	*GitHub
	t      *testing.T
	ctx    context.Context
	app    *App
	at     *Installation
	key    *rsa.PrivateKey
	events []Event

	alice, bob, carol, mallory *Person // owner, writer, triager, stranger
}

// present is when the tests begin.
var present = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func newServer(t *testing.T, change ...func(*Options)) *server {
	t.Helper()
	now := present
	o := Options{Dir: t.TempDir(), Now: func() time.Time { return now }}
	for _, f := range change {
		f(&o)
	}
	g, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	listener := httptest.NewServer(contract.ForTest(t).Handler(g))
	g.SetURL(listener.URL)
	s := &server{GitHub: g, t: t, ctx: t.Context()}
	t.Cleanup(func() {
		listener.Close()
		g.Close()
		for _, v := range g.Violations() {
			t.Errorf("unknown route: %s", v)
		}
	})
	s.populate()
	return s
}

// populate makes accounts, the App and the repository.
func (s *server) populate() {
	g := s.GitHub
	g.mu.Lock()
	repo := s.fill()
	g.outbox = func(e Event) { s.events = append(s.events, e) }
	s.at = g.install(s.app, repo.Owner, Actor{User: repo.Owner}, repo)
	g.mu.Unlock()
	s.alice, s.bob, s.carol, s.mallory = g.Person("alice"), g.Person("bob"), g.Person("carol"), g.Person("mallory")
}

func (s *server) fill() *Repo {
	s.t.Helper()
	users := map[string]*User{}
	for _, login := range []string{"alice", "bob", "carol", "mallory"} {
		u, err := s.addUser(User{Login: login, Token: login + "-token"})
		s.must(err)
		users[login] = u
	}
	key, err := appKey()
	s.must(err)
	s.key = key
	s.app, err = s.addApp(App{
		ID: 42, Slug: "hotfixbot", Name: "hotfixbot", Owner: users["alice"], Key: &key.PublicKey,
		Permissions: map[string]string{
			"metadata": "read", "contents": "write", "issues": "write", "pull_requests": "write",
			"checks": "write", "deployments": "write", "statuses": "write",
		},
		Events: []string{"push", "pull_request"},
	})
	s.must(err)
	repo, err := s.addRepo(users["alice"], "shop", "main")
	s.must(err)
	repo.Collaborators[users["bob"]], repo.Collaborators[users["carol"]] = RoleWrite, RoleTriage
	s.seedCommit(repo, users["alice"])
	return repo
}

// seedCommit puts the first commit on main.
func (s *server) seedCommit(repo *Repo, by *User) {
	s.t.Helper()
	edits := map[string]*treeEntry{}
	for path, content := range map[string]string{"README.md": "# Shop\n", "cart/cart.go": "package cart\n\nfunc Total() int { return 1 }\n", "VERSION": "1.7.0\n"} {
		blob, err := repo.git.write("blob", []byte(content))
		s.must(err)
		edits[path] = &treeEntry{Mode: modeFile, SHA: blob}
	}
	tree, err := repo.git.editTree("", edits)
	s.must(err)
	sha, err := repo.git.writeCommit(commit{Tree: tree, Author: s.person(by), Committer: s.person(by), Message: "Begin\n"})
	s.must(err)
	s.must(repo.git.updateRefs(s.ctx, refChange{Ref: "refs/heads/main", New: sha}))
}

func (s *server) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// refusedWith fails unless err is a refusal of that status; it gives its words.
func (s *server) refusedWith(err error, status int) string {
	s.t.Helper()
	var r *Refused
	if !errors.As(err, &r) || r.Status != status {
		s.t.Fatalf("got %v, want a refusal with %d", err, status)
	}
	return r.Message
}

// eventNames gives the events since a mark as "name.action".
func (s *server) eventNames(from int) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var names []string
	for _, e := range s.events[from:] {
		name := e.Name
		if e.Action != "" {
			name += "." + e.Action
		}
		names = append(names, name)
	}
	return names
}

// jwt signs the App's own token with the given claims.
func (s *server) jwt(claims object) string {
	s.t.Helper()
	part := func(v any) string {
		data, err := json.Marshal(v)
		s.must(err)
		return base64.RawURLEncoding.EncodeToString(data)
	}
	text := part(object{"alg": "RS256", "typ": "JWT"}) + "." + part(claims)
	sum := sha256.Sum256([]byte(text))
	sig, err := rsa.SignPKCS1v15(rand.Reader, s.key, crypto.SHA256, sum[:])
	s.must(err)
	return text + "." + base64.RawURLEncoding.EncodeToString(sig)
}

// goodJWT is what a correct client sends.
func (s *server) goodJWT() string {
	now := s.now().Unix()
	return s.jwt(object{"iss": s.app.ID, "iat": now - 60, "exp": now + 540})
}

// mint gets an installation token.
func (s *server) mint(narrow object) string {
	s.t.Helper()
	if narrow == nil {
		narrow = object{}
	}
	status, body := s.as(s.goodJWT(), "POST", fmt.Sprintf("/app/installations/%d/access_tokens", s.at.ID), narrow)
	if status != 201 {
		s.t.Fatalf("no token: %d %v", status, body)
	}
	return body["token"].(string)
}

// as sends a request with any token and reads a JSON object, if it is one.
func (s *server) as(token, method, path string, in any) (int, object) {
	s.t.Helper()
	var body io.Reader
	if in != nil {
		data, err := json.Marshal(in)
		s.must(err)
		body = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(s.ctx, method, s.URL()+path, body)
	s.must(err)
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(req)
	s.must(err)
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	s.must(err)
	var out object
	_ = json.Unmarshal(data, &out)
	return resp.StatusCode, out
}

// head gives the tip of a branch of the shop.
func (s *server) head(branch string) string {
	s.t.Helper()
	t, err := s.alice.tip(s.ctx, shop, branch)
	s.must(err)
	return t.Commit.SHA
}

// model finds the shop in the model. The lock must be taken for more than a look.
func (s *server) model() *Repo {
	r, _ := s.findRepo("alice", "shop")
	return r
}

// unchecked sends a request straight to the handler, so that nothing judges it, and gives
// the status.
func (s *server) unchecked(token, method, path string, in any) int {
	s.t.Helper()
	data, err := json.Marshal(in)
	s.must(err)
	req := httptest.NewRequest(method, path, bytes.NewReader(data))
	req.Header.Set("Authorization", "Bearer "+token)
	answer := httptest.NewRecorder()
	s.ServeHTTP(answer, req)
	return answer.Code
}

package bench_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// node is an object of a GraphQL answer.
type node = map[string]any

var none = node{"edges": []any{}}

// queries answers at once what npm's backport asks GraphQL for, and the simulated GitHub
// does not know; everything else goes on to that.
func queries(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/graphql" {
			next.ServeHTTP(w, r)
			return
		}
		text, err := io.ReadAll(r.Body)
		var asked struct {
			OperationName string
			Variables     struct{ RepoOwner, RepoName, SHA string }
		}
		if err != nil || json.Unmarshal(text, &asked) != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		var said node
		switch asked.OperationName {
		case "GithubConfigOptions":
			said = node{"isPrivate": false, "defaultBranchRef": node{"name": "main", "target": node{"__typename": "Commit", "remoteConfigHistory": none}}}
		case "CommitsBySha":
			said = node{"object": sourceCommit(asked.Variables.RepoOwner, asked.Variables.RepoName, asked.Variables.SHA)}
		case "GetBranchId":
			said = node{"ref": node{"id": "branch"}}
		default:
			r.Body = io.NopCloser(bytes.NewReader(text))
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(node{"data": node{"viewer": node{"login": "alice"}, "repository": said}})
	})
}

// sourceCommit is the merged hotfix as backport wants to know it.
func sourceCommit(owner, name, sha string) node {
	commit := node{"__typename": "Commit", "remoteConfigHistory": none, "sha": sha, "message": "Keep the cart (#1)"}
	pull := node{
		"title": "Keep the cart", "url": "https://github.example/pull/1", "number": 1, "labels": node{"nodes": []any{}}, "baseRefName": "main",
		"mergeCommit": commit, "timelineItems": none,
	}
	return node{
		"__typename": "Commit", "sha": sha, "message": "Keep the cart (#1)", "committedDate": "2026-03-02T09:00:00Z",
		"repository": node{"name": name, "owner": node{"login": owner}}, "author": node{"name": "Alice", "email": "alice@example.com"},
		"associatedPullRequests": node{"edges": []any{node{"node": pull}}},
	}
}

// backported is how long npm's backport takes, from its start; ok is false where it is not
// installed.
func (s *site) backported(tb testing.TB, repo string) (took time.Duration, ok bool) {
	tb.Helper()
	program, err := filepath.Abs(filepath.Join(peers, "node_modules", "backport", "bin", "backport"))
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := os.Stat(program); err != nil {
		return 0, false
	}
	commit, _ := s.merge(tb, repo)
	host := strings.TrimPrefix(s.url, "http://")
	tool := exec.CommandContext(tb.Context(), "node", program, "--sha", commit, "--branch", "qa", "--branch", "dev", "--repo", repo,
		"--accessToken", "alice-token", "--githubApiBaseUrlV3", s.url, "--githubApiBaseUrlV4", s.url+"/graphql",
		"--gitHostname", host, "--noFork", "--non-interactive", "--noTelemetry")
	tool.Dir = tb.TempDir()
	tool.Env = append(s.personal(tool.Dir), // it knows no http
		"GIT_CONFIG_COUNT=2", "GIT_CONFIG_KEY_1=url."+s.url+"/.insteadOf", "GIT_CONFIG_VALUE_1=https://x-access-token:alice-token@"+host+"/")
	at := time.Now()
	if out, err := tool.CombinedOutput(); err != nil {
		tb.Fatalf("backport: %v\n%s", err, out)
	} else if len(s.opened) < 2 {
		tb.Fatalf("backport opened %d pull requests\n%s", len(s.opened), out)
	}
	return s.bothOpen(tb, repo).Sub(at), true
}

package contract_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/contract"
)

const (
	sha     = "aa218f56b14c9653891f9e74264a383fa43fefbd"
	goodRef = `{"ref":"refs/heads/main","node_id":"REF_1","url":"https://api.github.com/repos/o/r/git/refs/heads/main",` +
		`"object":{"type":"commit","sha":"` + sha + `","url":"https://api.github.com/repos/o/r/git/commits/` + sha + `"}}`
)

// canned is a server that gives one answer, and a Checker around it.
func canned(t *testing.T, status int, body string) (*contract.Checker, *httptest.Server) {
	t.Helper()
	c, err := contract.New()
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(c.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("X-GitHub-Request-Id", "A11C:1")
		w.Header().Set("Link", `<https://api.github.com/?page=2>; rel="next"`)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	})))
	t.Cleanup(s.Close)
	return c, s
}

// ask sends a request as go-github does.
func ask(t *testing.T, url, method, path, body string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("X-Github-Api-Version", "2022-11-28")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
}

// wantViolation fails unless the violations are as said: none for "", else one with these words.
func wantViolation(t *testing.T, c *contract.Checker, words string) {
	t.Helper()
	got := c.Violations()
	if words == "" {
		if len(got) > 0 {
			t.Errorf("right, but: %s", strings.Join(got, "\n"))
		}
		return
	}
	if !strings.Contains(strings.Join(got, "\n"), words) {
		t.Errorf("no violation with %q in %q", words, got)
	}
}

func TestRequests(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, method, path, body, want string }{
		{"a branch is made", "POST", "/repos/o/r/git/refs", `{"ref":"refs/heads/x","sha":"` + sha + `"}`, ""},
		{"a ref without sha", "POST", "/repos/o/r/git/refs", `{"ref":"refs/heads/x"}`, "missing property 'sha'"},
		{"an invented property", "POST", "/repos/o/r/git/refs", `{"ref":"refs/heads/x","sha":"` + sha + `","force":true}`, "'force'"},
		{"a button of 25 characters", "POST", "/repos/o/r/check-runs",
			`{"name":"Hotfix","head_sha":"` + sha + `","actions":[{"label":"1234567890123456789012345","description":"d","identifier":"i"}]}`,
			"$.actions[0].label: maxLength: got 25, want 20"},
		{"four buttons", "POST", "/repos/o/r/check-runs",
			`{"name":"Hotfix","head_sha":"` + sha + `","actions":[` + strings.Repeat(`{"label":"l","description":"d","identifier":"i"},`, 3) +
				`{"label":"l","description":"d","identifier":"i"}]}`, "maxItems"},
		{"a state that is none", "PATCH", "/repos/o/r/issues/1", `{"state":"shut"}`, "$.state"},
		{"a reaction that is none", "POST", "/repos/o/r/issues/1/reactions", `{"content":"thumbs"}`, "$.content"},
		{"a number that is none", "GET", "/repos/o/r/pulls/one", "", "$pull_number: Value 'one'"},
		{"an undeclared query", "GET", "/repos/o/r/pulls?stat=open", "", "'stat'"},
		{"a filter that is none", "GET", "/repos/o/r/pulls?state=merged", "", "$state: Value 'merged'"},
		{"a body on a GET", "GET", "/repos/o/r/pulls", `{"state":"open"}`, "does not declare a requestBody"},
		{"a deployment with a payload of its own", "POST", "/repos/o/r/deployments", `{"ref":"v1.7.1","payload":{"any":{"thing":1}}}`, ""},
		{"a body that is no JSON", "POST", "/repos/o/r/git/refs", `{"ref"`, "cannot be decoded"},
		{"a token for null", "POST", "/app/installations/1/access_tokens", `null`, "null"},
		{"a HEAD of what can be got", "HEAD", "/repos/o/r/pulls/1", "", ""},
		{"an unknown route", "GET", "/repos/o/r/hotfixes", "", "knows no such operation"},
		{"a method that is none", "PUT", "/repos/o/r/git/refs", "", "knows no such operation"},
	}
	for _, tt := range cases {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, s := canned(t, http.StatusBadGateway, "")
			ask(t, s.URL, tt.method, tt.path, tt.body)
			wantViolation(t, c, tt.want)
		})
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		status int
		body   string
		want   string
	}{
		{"right", 200, goodRef, ""},
		{"a short sha", 200, strings.ReplaceAll(goodRef, `"sha":"`+sha, `"sha":"`+sha[:7]), "$.object.sha: minLength: got 7, want 40"},
		{"no node_id", 200, strings.Replace(goodRef, `"node_id":"REF_1",`, "", 1), "missing property 'node_id'"},
		{"an invented property", 200, strings.Replace(goodRef, `{"ref"`, `{"branch":"x","ref"`, 1), "'branch'"},
		{"no URL", 200, strings.Replace(goodRef, `https://api.github.com/repos/o/r/git/refs`, `here`, 1), "uri"},
		{"an error", 404, `{"message":"Not Found","documentation_url":"https://docs.github.com/rest","status":"404"}`, ""},
		{"an undescribed error", 401, `{"message":"Bad credentials","status":"401"}`, ""},
		{"an error with a number for status", 401, `{"message":"Bad credentials","status":401}`, "$.status"},
		{"a status that GitHub never gives", 418, `{}`, "418"},
		{"the simulator does not know", 501, `{"message":"Not Implemented"}`, "501"},
		{"an outage", 502, `<html>`, ""},
		{"not modified", 304, ``, ""},
	}
	for _, tt := range cases {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, s := canned(t, tt.status, tt.body)
			ask(t, s.URL, "GET", "/repos/o/r/git/ref/heads/hotfix/12-x", "")
			wantViolation(t, c, tt.want)
		})
	}
}

func TestRoutes(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"GET /repos/o/r/git/ref/heads/hotfix/12-x":      "/repos/{owner}/{repo}/git/ref/{ref+}",
		"GET /repos/o/r/git/ref/heads%2Fhotfix%2F12-x":  "/repos/{owner}/{repo}/git/ref/{ref+}",
		"GET /repos/o/r/commits/hotfix/12/check-runs":   "/repos/{owner}/{repo}/commits/{ref+}/check-runs",
		"GET /repos/o/r/commits/hotfix/12":              "/repos/{owner}/{repo}/commits/{ref+}",
		"GET /repos/o/r/branches/a/b/protection":        "/repos/{owner}/{repo}/branches/{branch+}/protection",
		"GET /repos/o/r/compare/a...o:b/c":              "/repos/{owner}/{repo}/compare/{basehead+}",
		"GET /repos/o/r/releases/tags/cart/v1.0.1":      "/repos/{owner}/{repo}/releases/tags/{tag+}",
		"GET /repos/o/r/releases/latest":                "/repos/{owner}/{repo}/releases/latest",
		"GET /repos/o/r/contents/":                      "/repos/{owner}/{repo}/contents/{path+}",
		"GET /repos/o/r/contents/a/b":                   "/repos/{owner}/{repo}/contents/{path+}",
		"GET /repositories/12":                          "/repos/{owner}/{repo}",
		"PUT /repositories/12/pulls/3/merge":            "/repos/{owner}/{repo}/pulls/{pull_number}/merge",
		"GET /repos/o/r/rules/branches/hotfix/12":       "/repos/{owner}/{repo}/rules/branches/{branch+}",
		"GET /app/hook/deliveries/12":                   "/app/hook/deliveries/{delivery_id}",
		"POST /app/hook/deliveries/12/attempts":         "/app/hook/deliveries/{delivery_id}/attempts",
		"GET /repos/o/r/commits/" + sha + "/pulls":      "/repos/{owner}/{repo}/commits/{commit_sha+}/pulls",
		"DELETE /repos/o/r/git/refs/heads/backport/a/b": "/repos/{owner}/{repo}/git/refs/{ref+}",
		"GET /":                 "/",
		"GET /o/r/pull/1":       "",
		"GET /repos/o/r/pulls/": "",
	}
	for request, want := range cases {
		method, path, _ := strings.Cut(request, " ")
		got, ok, err := contract.REST(method, path)
		if err != nil {
			t.Fatal(err)
		}
		if got != want || ok != (want != "") {
			t.Errorf("%s is %q, want %q", request, got, want)
		}
	}
}

// A lost answer leaves the request to be judged, and the loss goes on to the client.
func TestLostAnswer(t *testing.T) {
	t.Parallel()
	c, err := contract.New()
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(c.Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		panic(http.ErrAbortHandler)
	})))
	t.Cleanup(s.Close)
	answer, err := http.Post(s.URL+"/repos/o/r/git/refs", "application/json", strings.NewReader(`{}`))
	if err == nil {
		_ = answer.Body.Close()
		t.Errorf("the client got %s", answer.Status)
	}
	wantViolation(t, c, "missing properties 'ref', 'sha'")
}

func TestTransport(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write(got)
	}))
	t.Cleanup(s.Close)
	c, err := contract.New()
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: c.Transport(http.DefaultTransport)}
	answer, err := client.Post(s.URL+"/repos/o/r/git/refs", "application/json", strings.NewReader(goodRef))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if b, _ := io.ReadAll(answer.Body); string(b) != goodRef {
		t.Errorf("the body changed on its way: %s", b)
	}
	wantViolation(t, c, "POST /repos/o/r/git/refs → 201: request $: missing property 'sha'")
}

// A commit whose addresses no account has; an object that is none is still wrong.
func TestNobody(t *testing.T) {
	t.Parallel()
	const commit = `{"sha":"` + sha + `","node_id":"C_1","url":"https://api.github.com/c","html_url":"https://github.com/c","comments_url":"https://api.github.com/c/comments",` +
		`"author":null,"committer":null,"parents":[],"commit":{"url":"https://api.github.com/g","author":{"name":"n"},"committer":{"name":"n"},` +
		`"message":"m","comment_count":0,"tree":{"sha":"` + sha + `","url":"https://api.github.com/t"}}}`
	for body, want := range map[string]string{
		commit: "",
		strings.Replace(commit, `"author":null`, `"author":{"login":"alice"}`, 1): "$.author",
	} {
		c, s := canned(t, http.StatusOK, body)
		ask(t, s.URL, "GET", "/repos/o/r/commits/main", "")
		wantViolation(t, c, want)
	}
}

// Many at once, one operation: the validator's parts are not made for it, the Checker is.
func TestConcurrently(t *testing.T) {
	t.Parallel()
	c, s := canned(t, http.StatusOK, goodRef)
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			for _, b := range []string{"a", "b", "c"} {
				answer, err := http.Get(s.URL + "/repos/o/r/git/ref/heads/" + b)
				if err != nil {
					t.Error(err)
					return
				}
				_ = answer.Body.Close()
			}
		})
	}
	all.Wait()
	wantViolation(t, c, "")
	if c.Checked() != 2*16*3 {
		t.Errorf("checked %d requests and answers", c.Checked())
	}
}

// git speaks its own protocol below the same root.
func TestGitPasses(t *testing.T) {
	t.Parallel()
	c, s := canned(t, http.StatusOK, "001e# service=git-upload-pack\n")
	ask(t, s.URL, "GET", "/o/r.git/info/refs?service=git-upload-pack", "")
	ask(t, s.URL, "POST", "/o/r/git-receive-pack", "0000")
	if wantViolation(t, c, ""); c.Checked() != 0 {
		t.Error("git was judged by the description of REST")
	}
}

// Servers at two addresses are judged as if at one, and each is told of what it does wrong;
// what the client gets is not changed.
func TestAt(t *testing.T) {
	for _, root := range []string{"http://127.0.0.1:4711", "http://127.0.0.1:4712"} {
		good := strings.ReplaceAll(goodRef, "https://api.github.com", root)
		for body, words := range map[string]string{good: "", strings.Replace(good, sha, sha[:7], 1): "$.object.sha"} {
			c, s := canned(t, http.StatusOK, body)
			c.At(root)
			answer, err := http.Get(s.URL + "/repos/o/r/git/ref/heads/main")
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(answer.Body)
			_ = answer.Body.Close()
			if err != nil || string(got) != body {
				t.Errorf("the client got %s, %v", got, err)
			}
			wantViolation(t, c, words)
		}
	}
}

package webhooks

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

const (
	secret    = "the present secret"
	oldSecret = "the former secret"
	guid      = "72d3162e-cc78-11e3-81ab-4c9367dc0958"
)

var received = time.Date(2026, 11, 10, 9, 0, 0, 0, time.UTC)

// shelf keeps deliveries in memory, or fails.
type shelf struct {
	mu    sync.Mutex
	fail  error
	kept  []hotfix.Delivery
	woken [][]hotfix.RepositoryID
}

func (s *shelf) Accept(_ context.Context, d hotfix.Delivery, wakes ...hotfix.RepositoryID) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail != nil {
		return false, s.fail
	}
	s.woken = append(s.woken, wakes)
	for _, known := range s.kept {
		if known.GUID == d.GUID {
			return false, nil
		}
	}
	s.kept = append(s.kept, d)
	return true, nil
}

// post is a receiver at a loopback address, with what it keeps and logs.
type post struct {
	*Receiver
	t     *testing.T
	url   string
	shelf *shelf
	log   *bytes.Buffer
}

func newPost(t *testing.T) *post {
	t.Helper()
	p := &post{t: t, shelf: &shelf{}, log: &bytes.Buffer{}}
	r, err := New(Config{
		Secrets: []string{secret, oldSecret}, Acceptor: p.shelf, Own: func(account int64) bool { return account == own },
		Log: zerolog.New(zerolog.SyncWriter(p.log)), Now: func() time.Time { return received },
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	p.Receiver, p.url = r, server.URL
	return p
}

func sign(algorithm func() hash.Hash, body, key string) string {
	mac := hmac.New(algorithm, []byte(key))
	mac.Write([]byte(body))
	return hex.EncodeToString(mac.Sum(nil))
}

// headers are those of a real delivery.
func headers(event, body string) map[string]string {
	return map[string]string{
		"User-Agent": "GitHub-Hookshot/044aadd", "Content-Type": "application/json",
		"X-GitHub-Event": event, "X-GitHub-Delivery": guid, "X-GitHub-Hook-ID": "292430182",
		"X-GitHub-Hook-Installation-Target-ID": "79929171", "X-GitHub-Hook-Installation-Target-Type": "integration",
		"X-Hub-Signature":     "sha1=" + sign(sha1.New, body, secret),
		"X-Hub-Signature-256": "sha256=" + sign(sha256.New, body, secret),
	}
}

func (p *post) send(header map[string]string, body io.Reader) (status int, answer map[string]string) {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.url+Path, body)
	if err != nil {
		p.t.Fatal(err)
	}
	for name, value := range header {
		req.Header.Set(name, value)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		p.t.Errorf("the answer is no JSON: %v", err)
	}
	return res.StatusCode, answer
}

const closed = `{"action":"closed","number":34,"pull_request":{"number":34,"merged":true},
	"repository":{"id":35129377,"full_name":"alice/shop"},"installation":{"id":2311213,"node_id":"x"},"sender":{"login":"alice"}}`

func TestAcceptedOnceAndWokenAgain(t *testing.T) {
	p := newPost(t)
	for _, want := range []string{"accepted", "duplicate"} {
		status, answer := p.send(headers("pull_request", closed), strings.NewReader(closed))
		if status != http.StatusAccepted || answer["status"] != want || answer["delivery"] != guid {
			t.Errorf("want %s, got %d %v", want, status, answer)
		}
	}
	want := []hotfix.Delivery{{
		GUID: guid, Event: "pull_request", Action: "closed", Installation: 2311213,
		Repository: 35129377, ReceivedAt: received, Body: []byte(closed),
	}}
	if !reflect.DeepEqual(p.shelf.kept, want) {
		t.Errorf("kept %+v", p.shelf.kept)
	}
	if want := [][]hotfix.RepositoryID{{35129377}, {35129377}}; !reflect.DeepEqual(p.shelf.woken, want) {
		t.Errorf("woken %v", p.shelf.woken)
	}
	if want := map[Outcome]int64{Accepted: 1, Duplicate: 1, Ignored: 0, Refused: 0, Failed: 0}; !reflect.DeepEqual(p.Counts(), want) {
		t.Errorf("counted %v", p.Counts())
	}
}

// own is the App's own account.
const own = 41

func TestOwnActsWakeNobody(t *testing.T) {
	for _, c := range []struct {
		event, action string
		sender        int64
		wakes         bool
	}{
		{"issue_comment", "created", own, false},
		{"issue_comment", "created", 7, true},
		{"pull_request", "opened", own, false},
		{"pull_request", "closed", own, true}, // GitHub may have merged it, long after it was told to
		{"check_run", "rerequested", 7, true},
		{"deployment_status", "created", own, true},
	} {
		p := newPost(t)
		body := fmt.Sprintf(`{"action":%q,"repository":{"id":35129377},"sender":{"id":%d}}`, c.action, c.sender)
		status, _ := p.send(headers(c.event, body), strings.NewReader(body))
		if status != http.StatusAccepted || len(p.shelf.kept) != 1 || len(p.shelf.woken[0]) > 0 != c.wakes {
			t.Errorf("%+v: %d, kept %d, woken %v", c, status, len(p.shelf.kept), p.shelf.woken)
		}
	}
}

func TestAnySecretSigns(t *testing.T) {
	p := newPost(t)
	h := headers("pull_request", closed)
	h["X-Hub-Signature-256"] = "sha256=" + sign(sha256.New, closed, oldSecret)
	if status, answer := p.send(h, strings.NewReader(closed)); status != http.StatusAccepted {
		t.Errorf("%d %v", status, answer)
	}
}

func TestButtonPressIsAnIntent(t *testing.T) {
	p := newPost(t)
	body := `{"action":"requested_action","check_run":{"id":128620228,"external_id":"34/qa","head_sha":"ec26c3e57ca3a959ca5aad62de7213c562f8c821"},
		"requested_action":{"identifier":"retry"},"repository":{"id":7},"installation":{"id":3},"sender":{"login":"bob"}}`
	if status, answer := p.send(headers("check_run", body), strings.NewReader(body)); status != http.StatusAccepted {
		t.Fatalf("%d %v", status, answer)
	}
	want := &hotfix.Intent{
		ID: guid, Person: "bob", Command: "retry", Object: "34/qa", CheckRun: 128620228,
		Commit: "ec26c3e57ca3a959ca5aad62de7213c562f8c821", At: received,
	}
	if got := p.shelf.kept[0].Intent; !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
}

// Everything that is not accepted stores nothing and wakes nobody.
func TestRefusals(t *testing.T) {
	without := func(name string) func(map[string]string) { return func(h map[string]string) { delete(h, name) } }
	set := func(name, value string) func(map[string]string) { return func(h map[string]string) { h[name] = value } }
	for name, test := range map[string]struct {
		body   string
		change func(map[string]string)
		status int
		says   string
	}{
		"no signature":          {closed, without("X-Hub-Signature-256"), 401, "X-Hub-Signature-256"},
		"sha1 in its place":     {closed, set("X-Hub-Signature-256", "sha1="+sign(sha1.New, closed, secret)), 401, "X-Hub-Signature-256"},
		"another's secret":      {closed, set("X-Hub-Signature-256", "sha256="+sign(sha256.New, closed, "guess")), 401, "X-Hub-Signature-256"},
		"empty secret":          {closed, set("X-Hub-Signature-256", "sha256="+sign(sha256.New, closed, "")), 401, "X-Hub-Signature-256"},
		"another body's":        {closed, set("X-Hub-Signature-256", "sha256="+sign(sha256.New, closed+" ", secret)), 401, "X-Hub-Signature-256"},
		"signature cut short":   {closed, set("X-Hub-Signature-256", "sha256="+sign(sha256.New, closed, secret)[:32]), 401, "X-Hub-Signature-256"},
		"signature not hex":     {closed, set("X-Hub-Signature-256", "sha256=zz"), 401, "X-Hub-Signature-256"},
		"no GUID":               {closed, without("X-GitHub-Delivery"), 400, "X-GitHub-Delivery"},
		"GUID with a line":      {closed, set("X-GitHub-Delivery", strings.Repeat("a", 65)), 400, "X-GitHub-Delivery"},
		"no event":              {closed, without("X-GitHub-Event"), 400, "X-GitHub-Event"},
		"event of another kind": {closed, set("X-GitHub-Event", "Pull Request"), 400, "X-GitHub-Event"},
		"a form":                {"payload=%7B%7D", set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"), 415, "set the webhook's content type to application/json"},
		"not JSON":              {"hello", without(""), 400, "JSON"},
		"no object":             {"null", without(""), 400, "JSON"},
		"empty":                 {"", without(""), 400, "JSON"},
		"half a body":           {closed[:40], without(""), 400, "JSON"},
		"of another shape":      {`{"repository":"alice/shop"}`, without(""), 400, "JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			h := headers("pull_request", test.body)
			test.change(h)
			status, answer := p.send(h, strings.NewReader(test.body))
			if status != test.status || !strings.Contains(answer["error"], test.says) {
				t.Errorf("%d %v", status, answer)
			}
			if len(p.shelf.kept)+len(p.shelf.woken) != 0 {
				t.Errorf("stored %v, woke %v", p.shelf.kept, p.shelf.woken)
			}
			if p.Counts()[Refused] != 1 {
				t.Errorf("counted %v", p.Counts())
			}
		})
	}
}

func TestBodyOverTheCap(t *testing.T) {
	p := newPost(t)
	body := `{"a":"` + strings.Repeat("x", maxBody) + `"}`
	// Sent in chunks, so that no length is announced.
	status, answer := p.send(headers("push", body), io.MultiReader(strings.NewReader(body)))
	if status != http.StatusRequestEntityTooLarge || answer["error"] == "" {
		t.Errorf("%d %v", status, answer)
	}
	if len(p.shelf.kept) != 0 {
		t.Error("it was stored")
	}
}

func TestUnknownEventIsIgnoredAndCounted(t *testing.T) {
	p := newPost(t)
	status, answer := p.send(headers("watch", closed), strings.NewReader(closed))
	if status != http.StatusAccepted || answer["status"] != "ignored" {
		t.Errorf("%d %v", status, answer)
	}
	if len(p.shelf.kept) != 0 || p.Counts()[Ignored] != 1 {
		t.Errorf("kept %v, counted %v", p.shelf.kept, p.Counts())
	}
}

func TestStoreAway(t *testing.T) {
	p := newPost(t)
	p.shelf.fail = errors.New("open /var/lib/hotfixbot.db: no space left on device")
	status, answer := p.send(headers("pull_request", closed), strings.NewReader(closed))
	if status != http.StatusServiceUnavailable || strings.Contains(answer["error"], "/var/lib") {
		t.Errorf("%d %v", status, answer)
	}
	if !strings.Contains(p.log.String(), "no space left") || p.Counts()[Failed] != 1 {
		t.Errorf("log %s, counted %v", p.log, p.Counts())
	}
	p.shelf.fail = nil
	if status, answer := p.send(headers("pull_request", closed), strings.NewReader(closed)); answer["status"] != "accepted" {
		t.Errorf("redelivered: %d %v", status, answer)
	}
}

func TestLogNamesTheDeliveryAndNoSecret(t *testing.T) {
	p := newPost(t)
	p.send(headers("pull_request", closed), strings.NewReader(closed))
	for _, want := range []string{guid, `"event":"pull_request"`, `"action":"closed"`, `"repository":35129377`, `"status":202`} {
		if !strings.Contains(p.log.String(), want) {
			t.Errorf("the log lacks %s: %s", want, p.log)
		}
	}
	forged := headers("pull_request", closed)
	forged["X-Hub-Signature-256"] = "sha256=00"
	forged["X-GitHub-Delivery"] = "mallory-was-here"
	p.send(forged, strings.NewReader(closed))
	for _, unwanted := range []string{secret, oldSecret, "merged", "sha256=", "mallory"} {
		if strings.Contains(p.log.String(), unwanted) {
			t.Errorf("the log holds %q: %s", unwanted, p.log)
		}
	}
}

func TestPanicIsAnswered(t *testing.T) {
	r, err := New(Config{Secrets: []string{secret}, Acceptor: (*shelf)(nil), Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, Path, strings.NewReader(closed))
	for name, value := range headers("pull_request", closed) {
		req.Header.Set(name, value)
	}
	answer := httptest.NewRecorder()
	r.ServeHTTP(answer, req) // the nil shelf panics
	if answer.Code != http.StatusInternalServerError || r.Counts()[Failed] != 1 {
		t.Errorf("%d %s, counted %v", answer.Code, answer.Body, r.Counts())
	}
}

func TestOtherMethodsAndPaths(t *testing.T) {
	p := newPost(t)
	for path, want := range map[string]int{Path: http.StatusMethodNotAllowed, "/": http.StatusNotFound} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("GET %s: %d", path, res.StatusCode)
		}
	}
}

func TestNewRefusesToTakeEverything(t *testing.T) {
	for _, secrets := range [][]string{nil, {}, {""}, {secret, ""}} {
		if _, err := New(Config{Secrets: secrets, Acceptor: &shelf{}}); err == nil {
			t.Errorf("built with the secrets %q", secrets)
		}
	}
	if _, err := New(Config{Secrets: []string{secret}}); err == nil {
		t.Error("built without an acceptor")
	}
}

package githubsim

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// inbox is a receiver of webhooks that checks signatures and answers as told.
type inbox struct {
	t      *testing.T
	secret string
	answer func(event string) int

	mu  sync.Mutex
	got []string // "event guid"
}

func (b *inbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		b.t.Error(err)
	}
	for header, want := range map[string]string{
		"X-Hub-Signature": "sha1=" + sum(sha1.New, b.secret, body), "X-Hub-Signature-256": "sha256=" + sum(sha256.New, b.secret, body),
	} {
		if r.Header.Get(header) != want {
			b.t.Errorf("%s is %q, want %q", header, r.Header.Get(header), want)
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.got = append(b.got, r.Header.Get("X-GitHub-Event")+" "+r.Header.Get("X-GitHub-Delivery"))
	w.WriteHeader(b.answer(r.Header.Get("X-GitHub-Event")))
	_, _ = io.WriteString(w, "noted")
}

// events are what was received, without GUIDs.
func (b *inbox) events() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var names []string
	for _, g := range b.got {
		name, _, _ := strings.Cut(g, " ")
		names = append(names, name)
	}
	return strings.Join(names, " ")
}

func sum(h func() hash.Hash, secret string, body []byte) string {
	m := hmac.New(h, []byte(secret))
	m.Write(body)
	return hex.EncodeToString(m.Sum(nil))
}

// receive points the App's webhooks at a new inbox.
func (w *world) receive(answer func(event string) int) *inbox {
	b := &inbox{t: w.t, secret: "s3cret", answer: answer}
	s := httptest.NewServer(b)
	w.t.Cleanup(s.Close)
	w.app.Hook.URL = s.URL
	return b
}

func always(status int) func(string) int { return func(string) int { return status } }

// What waits is the caller's to send: in order, reversed, twice, or never.
func TestDeliver(t *testing.T) {
	t.Parallel()
	w := newWorld(t, TypeUser)
	b := w.receive(always(http.StatusAccepted))
	list := w.Take()
	if names := w.Pending(); len(names) != 0 || len(list) != 2 || list[0].Event != "ping" || list[1].String() != "installation.created "+list[1].GUID {
		t.Fatalf("%d wait, %v were taken", len(names), list)
	}
	slices.Reverse(list)
	if err := w.Deliver(t.Context(), append(list, list[1])...); err != nil {
		t.Error(err)
	}
	if b.got[1] != b.got[2] || b.events() != "installation ping ping" {
		t.Errorf("received %q", b.got)
	}
}

// GitHub does not repeat by itself; the caller is told.
func TestDeliverFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t, TypeUser)
	b := w.receive(func(event string) int {
		if event == "ping" {
			return http.StatusServiceUnavailable
		}
		return http.StatusOK
	})
	err := w.Deliver(t.Context(), w.Take()...)
	if err == nil || !strings.Contains(err.Error(), "webhook ping ") || !strings.Contains(err.Error(), "Invalid HTTP Response: 503") {
		t.Errorf("got %v", err)
	}
	if b.events() != "ping installation" || len(w.Pending()) != 0 {
		t.Errorf("received %s, %d wait", b.events(), len(w.Pending()))
	}
}

// A receiver that answers after ten seconds has not answered. The world's git must not be
// needed while time is faked.
func TestDeliverTimesOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow := roundTrip(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		g := &GitHub{now: time.Now, hooks: newHooks(), ids: map[string]int64{}, hookClient: &http.Client{Transport: slow}, patience: hookTimeout}
		d := &Delivery{GUID: "1", Event: "ping", Body: []byte("{}"), app: &App{Hook: Hook{URL: "http://receiver.example/"}}}
		began := time.Now()
		if err := g.Deliver(t.Context(), d); err == nil || !strings.Contains(err.Error(), "timed out") {
			t.Errorf("got %v", err)
		}
		if waited := time.Since(began); waited != hookTimeout {
			t.Errorf("waited %s", waited)
		}
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// Pump sends what comes, in order, and ends with its context.
func TestPump(t *testing.T) {
	t.Parallel()
	w := newWorld(t, TypeUser)
	seen := make(chan string)
	w.receive(func(event string) int {
		seen <- event
		return http.StatusOK
	})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		w.Pump(ctx)
	}()
	for _, want := range []string{"ping", "installation"} {
		if got := <-seen; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	w.mu.Lock()
	w.move("refs/tags/v1", zeroSHA, w.second)
	w.mu.Unlock()
	for _, want := range []string{"create", "push"} {
		if got := <-seen; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	stop()
	<-ended
}

// An App gets what it subscribed to and may read; checks ask only the App that owns them.
func TestAudience(t *testing.T) {
	t.Parallel()
	w := newWorld(t, TypeUser)
	w.mu.Lock()
	defer w.mu.Unlock()
	other := &App{ID: 8, Slug: "other"}
	suite := &CheckSuite{Repo: w.repo, App: w.app}
	theirs := &CheckSuite{Repo: w.repo, App: other}
	inactive := &DeploymentStatus{State: "inactive"}
	cases := []struct {
		name   string
		e      Event
		change func(*Installation)
		want   bool
	}{
		{"subscribed", Event{Name: "push"}, nil, true},
		{"not subscribed", Event{Name: "push"}, func(i *Installation) { i.Events = nil }, false},
		{"not allowed to read", Event{Name: "push"}, func(i *Installation) { i.Permissions = map[string]string{"metadata": "read"} }, false},
		{"another repository", Event{Name: "push"}, func(i *Installation) { i.Repos = nil }, false},
		{"suspended", Event{Name: "push"}, func(i *Installation) { now := w.clock(); i.Suspended = &now }, false},
		{"renamed, seen by all", Event{Name: "repository", Action: "renamed"}, func(i *Installation) { i.Permissions = nil }, true},
		{"an inactive deployment", Event{Name: "deployment_status", DeploymentStatus: inactive}, nil, false},
		{"checks come with the permission", Event{Name: "check_run", Action: "created", CheckRun: &CheckRun{Suite: theirs}}, func(i *Installation) { i.Events = nil }, true},
		{"one's own button", Event{Name: "check_run", Action: "requested_action", CheckRun: &CheckRun{Suite: suite}}, nil, true},
		{"another's button", Event{Name: "check_run", Action: "requested_action", CheckRun: &CheckRun{Suite: theirs}}, nil, false},
		{"another's suite", Event{Name: "check_suite", Action: "requested", CheckSuite: theirs}, nil, false},
	}
	for _, tt := range cases {
		i := *w.at
		if tt.change != nil {
			tt.change(&i)
		}
		w.installations = []*Installation{&i}
		tt.e.Repo = w.repo
		if got := len(w.audience(tt.e)) == 1; got != tt.want {
			t.Errorf("%s: %t", tt.name, got)
		}
	}
}

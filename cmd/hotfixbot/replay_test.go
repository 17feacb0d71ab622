package main

import (
	"bytes"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/app"
	"github.com/hotfixbot/hotfixbot/internal/githubsim"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/store"
)

// TestReplay asks GitHub while it has the delivery, and the database after; beside
// a process that has the database open.
func TestReplay(t *testing.T) {
	t.Parallel()
	const old, unknown = "72d3162e-cc78-11e3-81ab-4c9367dc0958", "72D3162E-CC78-11E3-81AB-4C9367DC0959"
	key := filepath.Join(t.TempDir(), "app.pem")
	hub, url := plantedHub(t, key)
	ping := hub.Take()[0]
	hub.Miss(ping)
	data := t.TempDir()
	replay := func(guid string, code int, want string) {
		t.Helper()
		var out bytes.Buffer
		got := run(t.Context(), []string{
			"replay", guid, "--app-id=7", "--private-key-path=" + key, "--webhook-secret=secret",
			"--github-api-url=" + url, "--github-url=" + url, "--data-dir=" + data,
		}, streams{out: &out, err: &out})
		if got != code || !strings.Contains(out.String(), want) {
			t.Errorf("replay %s: exit code %d, %q", guid, got, out.String())
		}
	}
	replay(ping.GUID, 0, "GitHub sends delivery "+ping.GUID+" again")
	if again := hub.Pending(); len(again) != 1 || again[0].GUID != ping.GUID {
		t.Errorf("waiting: %v", again)
	}
	replay(unknown, 1, "is neither in the database nor")
	serving, err := store.Open(t.Context(), store.Config{DataDir: data})
	if err != nil {
		t.Fatal(err)
	}
	defer serving.Close()
	kept := hotfix.Delivery{GUID: old, Event: "push", Body: []byte(`{"repository":{"id":7}}`)}
	if _, err := serving.Accept(t.Context(), kept); err != nil {
		t.Fatal(err)
	}
	replay(old, 0, "GitHub does not have delivery "+old+" any more")
	replay("72d3162e", 2, "72d3162e is no GUID of a delivery")
	replay(unknown, 1, "is neither in the database nor")
}

// plantedHub is a GitHub with an App whose registration ping waits.
func plantedHub(t *testing.T, key string) (hub *githubsim.GitHub, url string) {
	t.Helper()
	hub, err := githubsim.New(githubsim.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(hub.Close)
	server := httptest.NewServer(hub)
	t.Cleanup(server.Close)
	hub.SetURL(server.URL)
	_, err = hub.Plant(t.Context(), githubsim.Seed{
		App:   &githubsim.SeedApp{ID: 7, Slug: "hotfixbot", PrivateKey: key, WebhookURL: "http://127.0.0.1:1/webhooks/github", WebhookSecret: "secret"},
		Users: []githubsim.SeedUser{{Login: "alice", Token: "alice-token"}},
	}, githubsim.Grant{Permissions: app.Permissions(), Events: app.Events()})
	if err != nil {
		t.Fatal(err)
	}
	return hub, server.URL
}

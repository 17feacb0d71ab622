package forge_test

import (
	"encoding/base64"
	"net/http"
	"reflect"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

func TestFile(t *testing.T) {
	h := newHub(t)
	repo := h.repo()
	const path = ".github/hotfix.yml"
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		data   string
		ok     bool
		fate   string
	}{
		"a file":    {says(200, `{"type":"file","encoding":"base64","content":"`+base64.StdEncoding.EncodeToString([]byte("close: auto\n"))+`\n"}`), "close: auto\n", true, "success"},
		"empty":     {says(200, `{"type":"file","encoding":"base64","content":""}`), "", true, "success"},
		"none":      {says(404, `{"message":"Not Found"}`), "", false, "success"},
		"a folder":  {says(200, `[{"type":"file","name":"x"}]`), "", false, "success"},
		"a module":  {says(200, `{"type":"submodule"}`), "", false, "success"},
		"too large": {says(200, `{"type":"file","encoding":"none","content":""}`), "", false, "refusal"},
		"trouble":   {says(502, ``), "", false, "plain"},
	} {
		h.on("GET "+shop+"/contents/"+path, c.answer)
		data, ok, err := repo.FileAt(t.Context(), path, oidA)
		if string(data) != c.data || ok != c.ok || fateOf(err, h.clock()) != c.fate {
			t.Errorf("%s: got %q, %v, %v", name, data, ok, err)
		}
	}
}

func TestCompare(t *testing.T) {
	for status, want := range map[string]hotfix.Relation{
		"identical": hotfix.Identical, "ahead": hotfix.Ancestor, "behind": hotfix.Descendant, "diverged": hotfix.Diverged,
	} {
		h := newHub(t)
		route := "GET " + shop + "/compare/" + string(oidA) + "..." + string(oidB)
		h.on(route, says(200, `{"status":"`+status+`","ahead_by":3,"merge_base_commit":{"sha":"base"},"base_commit":{"commit":{"tree":{"sha":"tree"}}}}`))
		got, err := h.repo().Compare(t.Context(), oidA, oidB)
		if err != nil || got != (hotfix.Comparison{Relation: want, Base: "base", Tree: "tree", Ahead: 3}) {
			t.Errorf("%s: got %v, %v", status, got, err)
		}
	}
}

// TestCompareStrangers: 404 means no common history, or a commit that is not there.
func TestCompareStrangers(t *testing.T) {
	h := newHub(t)
	h.on("GET "+shop+"/compare/"+string(oidA)+"..."+string(oidB), says(404, `{"message":"Not Found"}`))
	h.on("GET "+shop+"/git/commits/"+string(oidA), says(200, `{}`))
	h.on("GET "+shop+"/git/commits/"+string(oidB), inTurn(says(200, `{}`), says(404, `{}`)))
	repo := h.repo()
	if got, err := repo.Compare(t.Context(), oidA, oidB); err != nil || got != (hotfix.Comparison{Relation: hotfix.Diverged}) {
		t.Errorf("got %v, %v", got, err)
	}
	if _, err := repo.Compare(t.Context(), oidA, oidB); fateOf(err, h.clock()) != "gone: commit bbbbbbb" {
		t.Errorf("got %v", err)
	}
}

func TestPermission(t *testing.T) {
	h := newHub(t)
	repo := h.repo()
	for body, want := range map[string]hotfix.Permission{
		`{"permission":"write","role_name":"maintain","user":{"permissions":{"admin":false,"maintain":true,"push":true,"triage":true,"pull":true}}}`: hotfix.Maintain,
		`{"permission":"read","role_name":"triage","user":{"permissions":{"admin":false,"push":false,"triage":true,"pull":true}}}`:                   hotfix.Triage,
		`{"permission":"write","role_name":"captains","user":{"permissions":{"maintain":true,"push":true,"triage":true,"pull":true}}}`:               hotfix.Maintain,
		`{"permission":"write","role_name":"release-crew","user":{"permissions":{"push":true,"triage":true,"pull":true}}}`:                           hotfix.Write,
		`{"permission":"admin","role_name":"admin"}`:                     hotfix.Admin,
		`{"permission":"read","role_name":"triage"}`:                     hotfix.Triage,
		`{"permission":"write","role_name":"release-crew"}`:              hotfix.Write,
		`{"permission":"none","role_name":"","user":{"permissions":{}}}`: hotfix.NoPermission,
	} {
		h.on("GET "+shop+"/collaborators/alice/permission", says(200, body))
		if got, err := repo.Permission(t.Context(), "alice"); err != nil || got != want {
			t.Errorf("%s: got %v, %v; want %v", body, got, err, want)
		}
	}
}

// TestPermissionOfStrangers: nothing in a private repository, reading in a public one.
// That somebody is not known is told: GitHub may only be late.
func TestPermissionOfStrangers(t *testing.T) {
	for private, want := range map[string]hotfix.Permission{"true": hotfix.NoPermission, "false": hotfix.Read} {
		h := newHub(t)
		public := `{"id":100,"name":"shop","owner":{"login":"acme"},"private":` + private + `}`
		h.on("GET /installation/repositories", says(200, `{"repositories":[`+public+`]}`))
		h.on("GET "+shop+"/collaborators/mallory/permission", says(404, `{"message":"Not Found"}`))
		repo := h.repo()
		for _, login := range []string{"mallory", ""} {
			if got, err := repo.Permission(t.Context(), login); isGone(err) != (login != "") || got != want {
				t.Errorf("private %s, %q: got %v, %v; want %v", private, login, got, err, want)
			}
		}
		h.on("GET "+shop+"/collaborators/mallory/permission", says(500, `{}`))
		if got, err := repo.Permission(t.Context(), "mallory"); err == nil || got != hotfix.NoPermission {
			t.Errorf("an unknown permission counts as %v", got)
		}
	}
}

// TestCreateRelease: with an explicit word about "latest", once, and never of a
// tag that GitHub would have to make itself.
func TestCreateRelease(t *testing.T) {
	h := newHub(t)
	const releasing, tag = "POST " + shop + "/releases", "GET " + shop + "/git/ref/tags/v1.7.1"
	h.on(tag, inTurn(says(404, `{}`), says(200, `{}`)))
	h.on(releasing, inTurn(
		says(201, `{"id":4,"tag_name":"v1.7.1","html_url":"u","name":"v1.7.1"}`),
		says(422, `{"message":"Validation Failed","errors":[{"resource":"Release","code":"already_exists","field":"tag_name"}]}`),
	))
	h.on("GET "+shop+"/releases/tags/v1.7.1", inTurn(says(200, `{"id":4,"tag_name":"v1.7.1"}`), says(404, `{}`)))
	repo := h.repo()
	if _, err := repo.CreateRelease(t.Context(), "v1.7.1", false); fateOf(err, h.clock()) != "later 10s" {
		t.Errorf("got %v", err)
	}
	made, err := repo.CreateRelease(t.Context(), "v1.7.1", false)
	if want := (hotfix.Release{ID: 4, Tag: "v1.7.1", URL: "u", Name: "v1.7.1"}); err != nil || made != want {
		t.Errorf("got %+v, %v", made, err)
	}
	body := map[string]any{"tag_name": "v1.7.1", "name": "v1.7.1", "make_latest": "false", "generate_release_notes": true}
	if got := h.bodyOf(releasing); !reflect.DeepEqual(got, body) {
		t.Errorf("sent %v", got)
	}
	if again, err := repo.CreateRelease(t.Context(), "v1.7.1", true); err != nil || again.ID != 4 {
		t.Errorf("got %+v, %v", again, err)
	}
	if _, err := repo.CreateRelease(t.Context(), "v1.7.1", true); fateOf(err, h.clock()) != "later 10s" {
		t.Errorf("got %v", err)
	}
}

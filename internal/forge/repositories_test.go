package forge_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/forge"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

func TestRepository(t *testing.T) {
	h := newHub(t)
	repo := h.repo()
	want := hotfix.Repository{
		ID: 100, Installation: 7, InstalledAt: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC),
		Owner: "acme", Name: "shop", DefaultBranch: "main", Private: true, HasIssues: true,
		WebURL: "https://hub.example/acme/shop",
	}
	if got := repo.About(); got != want {
		t.Errorf("got %+v", got)
	}
	if got := repo.Bot(); got != (hotfix.Bot{AppID: 5, Slug: "hotfixbot", UserID: botID}) {
		t.Errorf("got %+v", got)
	}
}

// TestRepositoryIsFoundAgain: by its remembered name, by a redirect, by listing
// once the name belongs to another repository, and nowhere.
func TestRepositoryIsFoundAgain(t *testing.T) {
	h := newHub(t)
	app := h.app()
	find := func(wantName string) {
		t.Helper()
		repo, err := app.Repository(t.Context(), 100)
		if err != nil {
			t.Fatal(err)
		}
		if got := repo.About().Name; got != wantName {
			t.Errorf("found %q, want %q", got, wantName)
		}
	}
	find("shop")
	find("shop")
	if n := len(h.sent("GET /installation/repositories")); n != 1 {
		t.Errorf("listed %d times, want once", n)
	}

	for _, name := range []string{"store", "market"} {
		h.on("GET /repos/acme/"+name+"/pulls", says(200, `[]`))
	}
	h.on("GET "+shop, says(301, `{}`, "Location: "+h.URL+"/repositories/100"))
	h.on("GET /repositories/100", says(200, repository(100, "store")))
	find("store")

	h.on("GET /repos/acme/store", says(200, repository(101, "store")))
	h.on("GET /installation/repositories", says(200, `{"repositories":[`+repository(100, "market")+`]}`))
	find("market")

	h.on("GET /repos/acme/market", says(404, `{"message":"Not Found"}`))
	h.on("GET /installation/repositories", says(200, `{"repositories":[]}`))
	var gone *hotfix.Gone
	if _, err := app.Repository(t.Context(), 100); !errors.As(err, &gone) || *gone != (hotfix.Gone{What: "repository 100", Repository: true}) {
		t.Errorf("got %v", err)
	}
}

// TestOneInstallationDoesNotHideTheOthers: a suspended one is passed over, and one
// that gives no token leaves the rest visible but proves nothing to be gone.
func TestOneInstallationDoesNotHideTheOthers(t *testing.T) {
	h := newHub(t)
	h.on("GET /app/installations", says(200, `[{"id":6,"suspended_at":"2030-02-01T00:00:00Z"},{"id":7},{"id":8}]`))
	h.on("POST /app/installations/8/access_tokens", says(403, `{"message":"no"}`))
	app := h.app()
	repos, err := app.Repositories(t.Context())
	if err != nil || len(repos) != 1 || repos[0].ID != 100 {
		t.Errorf("got %v, %v", repos, err)
	}
	if _, err := app.Repository(t.Context(), 999); fateOf(err, h.clock()) != "refusal" {
		t.Errorf("got %v, want the refusal", err)
	}
	h.on("POST /app/installations/8/access_tokens", says(404, `{"message":"Not Found"}`))
	if _, err := app.Repository(t.Context(), 999); fateOf(err, h.clock()) != "gone: repository 999" {
		t.Errorf("got %v", err)
	}
}

// An installation that GitHub wants to hear nothing of sleeps alone.
func TestOneInstallationSleepsAlone(t *testing.T) {
	h := newHub(t)
	h.on("GET /app/installations", says(200, `[{"id":8},{"id":7}]`))
	h.on("POST /app/installations/8/access_tokens", says(201, `{"token":"ghs_eight","expires_at":"2031-01-01T00:00:00Z"}`))
	listed := says(200, `{"total_count":1,"repositories":[`+repository(100, "shop")+`]}`)
	h.on("GET /installation/repositories", func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.Header.Get("Authorization"), "ghs_eight") {
			says(403, `{"message":"slow down"}`, "Retry-After: 600")(w, r)
			return
		}
		listed(w, r)
	})
	app := h.paced(&purses{})
	for range 2 {
		repos, err := app.Repositories(t.Context())
		if err != nil || len(repos) != 1 || repos[0].ID != 100 {
			t.Fatalf("got %v, %v", repos, err)
		}
	}
	if n := len(h.sent("GET /installation/repositories")); n != 3 {
		t.Errorf("it was asked %d times, and not once by the one that sleeps", n)
	}
	if _, err := app.Repository(t.Context(), 100); err != nil {
		t.Errorf("the other: %v", err)
	}
	// This one may be in the one that sleeps.
	if _, err := app.Repository(t.Context(), 999); fateOf(err, h.clock()) != "later 10m0s" {
		t.Errorf("got %v", err)
	}
}

// TestRedirectsKeepTheToken: neither to another host, nor as another method.
func TestRedirectsKeepTheToken(t *testing.T) {
	var leaked string
	thief := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		leaked = r.Header.Get("Authorization")
	}))
	defer thief.Close()
	h := newHub(t)
	repo := h.repo()
	h.on("GET "+shop+"/pulls/34", says(301, `{}`, "Location: "+thief.URL))
	if _, err := repo.Pull(t.Context(), 34); fateOf(err, h.clock()) != "plain" || leaked != "" {
		t.Errorf("got %v; the other host got %q", err, leaked)
	}
	h.on("POST "+shop+"/issues/12/comments", says(301, `{}`, "Location: "+h.URL+"/repositories/100/issues/12/comments"))
	if _, err := repo.Comment(t.Context(), 12, "x"); fateOf(err, h.clock()) != "plain" {
		t.Errorf("got %v", err)
	}
	h.on("POST "+shop+"/issues/12/comments", says(307, `{}`, "Location: "+h.URL+"/repositories/100/issues/12/comments"))
	h.on("POST /repositories/100/issues/12/comments", says(201, `{"id":3}`))
	if _, err := repo.Comment(t.Context(), 12, "x"); err != nil {
		t.Error(err)
	}
	if sent := h.sent("POST /repositories/100/issues/12/comments"); len(sent) != 1 || !strings.Contains(sent[0].body, `"x"`) {
		t.Errorf("the redirected write arrived as %+v", sent)
	}
}

func TestCheck(t *testing.T) {
	h := newHub(t)
	app := h.app()
	if err := app.Check(t.Context()); err != nil {
		t.Error(err)
	}
	h.on("GET /app", says(200, `{"id":6,"slug":"other"}`))
	if err := app.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "belongs to App 6") {
		t.Errorf("got %v", err)
	}
	h.on("GET /app", says(401, `{"message":"A JSON web token could not be decoded"}`))
	if err := app.Check(t.Context()); err == nil {
		t.Error("bad credentials pass")
	}
}

func TestConfigIsChecked(t *testing.T) {
	for name, c := range map[string]forge.Config{
		"no id":    {Key: testKey()},
		"no key":   {AppID: 5},
		"bad url":  {AppID: 5, Key: testKey(), APIURL: "::"},
		"no host":  {AppID: 5, Key: testKey(), APIURL: "api"},
		"negative": {AppID: -1, Key: testKey()},
	} {
		if _, err := forge.New(c); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
	if _, err := forge.ParseKey([]byte("-----BEGIN")); err == nil || strings.Contains(err.Error(), "BEGIN") {
		t.Errorf("got %v", err)
	}
}

// TestRepositoryOfItsPulls: where there are pull requests, they tell the repository,
// and are asked for again when they are wanted themselves.
func TestRepositoryOfItsPulls(t *testing.T) {
	h := newHub(t)
	app := h.app()
	if _, err := app.Repository(t.Context(), 100); err != nil { // its place is known from here on
		t.Fatal(err)
	}
	h.on("GET "+shop+"/pulls", says(200, `[{"number":34,"updated_at":"2030-05-04T03:00:00Z","head":{"ref":"a"},"base":{"ref":"main","repo":`+repository(100, "store")+`}}]`))
	before := len(h.sent("GET " + shop))
	repo, err := app.Repository(t.Context(), 100)
	if err != nil || repo.About().Name != "store" || repo.About().DefaultBranch != "main" {
		t.Fatalf("%+v, %v", repo, err)
	}
	h.on("GET /repos/acme/store/pulls", says(200, `[]`))
	if pulls, err := repo.Pulls(t.Context(), h.clock().Add(-time.Hour)); err != nil || len(pulls) != 0 { // as they are now
		t.Errorf("%+v, %v", pulls, err)
	}
	if n := len(h.sent("GET "+shop)) - before; n != 0 {
		t.Errorf("the repository itself was asked for %d times", n)
	}
}

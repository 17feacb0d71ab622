package browser_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/dashboard"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/store"
)

// doorman is GitHub, which lets everybody in as alice at once. Her role can be changed.
type doorman struct {
	mu   sync.Mutex
	url  string // of the page
	role hotfix.Permission
}

func (d *doorman) AuthorizeURL(state, _ string) string {
	return d.url + "/sign-in/callback?" + url.Values{"code": {"alice"}, "state": {state}}.Encode()
}

func (d *doorman) Exchange(context.Context, string, string) (hotfix.UserToken, error) {
	return hotfix.UserToken{Access: "token"}, nil
}

func (d *doorman) Refresh(context.Context, string) (hotfix.UserToken, error) {
	return hotfix.UserToken{}, &hotfix.SignedOut{}
}

func (d *doorman) Revoke(context.Context, string) error { return nil }

func (d *doorman) Who(context.Context, string) (hotfix.Account, error) {
	return hotfix.Account{ID: 1, Login: "alice"}, nil
}

func (d *doorman) Readable(context.Context, string) ([]hotfix.Readable, error) {
	role, err := d.Still(context.Background(), 1, hotfix.Account{})
	return []hotfix.Readable{{ID: 1, Role: role}}, err
}

func (d *doorman) Role(context.Context, string, hotfix.RepositoryID, string) (hotfix.Permission, error) {
	return d.Still(context.Background(), 1, hotfix.Account{})
}

func (d *doorman) Still(context.Context, hotfix.RepositoryID, hotfix.Account) (hotfix.Permission, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.role, nil
}

func (d *doorman) permit(role hotfix.Permission) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.role = role
}

// office is a page on which people can sign in.
type office struct {
	*shelf
	store *store.Store
	door  *doorman
	url   string
}

func newOffice(t *testing.T, s *shelf) *office {
	t.Helper()
	o := &office{shelf: s, door: &doorman{role: hotfix.Maintain}}
	var err error
	if o.store, err = store.Open(t.Context(), store.Config{DataDir: t.TempDir(), Now: func() time.Time { return noon }, Log: zerolog.Nop()}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.store.Close() })
	server := httptest.NewUnstartedServer(nil)
	t.Cleanup(server.Close) // after the streams were ended
	o.url = "http://" + server.Listener.Addr().String()
	o.door.url = o.url
	server.Config.Handler = shown(t, s, func(c *dashboard.Config) {
		c.SignIn = &dashboard.SignIn{
			People: o.door, Sessions: o.store, Actions: o.store, BaseURL: o.url, Secret: []byte("secret"), Operators: []string{"alice"},
		}
	})
	server.Start()
	return o
}

// shown are the pages of a shelf, kept up to date until the test ends.
func shown(t *testing.T, s *shelf, change ...func(*dashboard.Config)) http.Handler {
	t.Helper()
	config := dashboard.Config{
		Boards: s, Deliveries: s, Replay: func(context.Context, string) (bool, error) { return false, nil }, Ready: func(context.Context) error { return nil },
		WebURL: "https://github.test", Now: func() time.Time { return noon }, Look: 10 * time.Millisecond, Log: zerolog.Nop(),
	}
	for _, f := range change {
		f(&config)
	}
	pages, err := dashboard.New(config)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); pages.Watch(ctx) }()
	t.Cleanup(func() { stop(); <-ended })
	return pages
}

// answer says what became of all that waits, and moves the mark on.
func (o *office) answer(t *testing.T, response hotfix.Response) []string {
	t.Helper()
	waiting, err := o.store.Presses(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for _, w := range waiting {
		words = append(words, w.Asked.Word())
		if err := o.store.AnswerPress(t.Context(), 1, w.ID, response); err != nil {
			t.Fatal(err)
		}
	}
	o.change(func() {})
	return words
}

// desk is a board on whose hotfix everything can be done.
func deskBoard() hotfix.Board {
	return hotfix.Board{
		Repository: 1, Name: "acme/shop",
		Environments: []hotfix.EnvironmentState{
			{Environment: hotfix.Environment{Name: "Production", Branch: "main"}},
			{Environment: hotfix.Environment{Name: "Pre-Production", Branch: "preprod", Landing: true}, Red: true},
			{Environment: hotfix.Environment{Name: "QA", Branch: "qa"}}, {Environment: hotfix.Environment{Name: "Development", Branch: "dev"}},
		},
		Hotfixes: []hotfix.Status{{
			Key: hotfix.Key{Repository: 1, Pull: 12}, Title: "Charge every order once", Author: "bob", MergedAt: noon.Add(-time.Hour), Landing: "Pre-Production",
			Landed: hotfix.Landing{Commit: "4f2d9a7c1b3e5f60718293a4b5c6d7e8f9012345", Evidence: "the diffs are the same"}, Issue: 2, State: hotfix.StateOpen,
			Versions: []hotfix.Tagged{{}}, Deployable: []string{"v1.7.1"}, Stages: []hotfix.StageStanding{{Environment: "Production", Branch: "main", State: hotfix.StageWaits}},
			Standings: []hotfix.Standing{
				{Environment: "QA", Branch: "qa", Verdict: hotfix.VerdictDeclined, Pull: 13, By: "carol"},
				{Environment: "Development", Branch: "dev", Verdict: hotfix.VerdictSkipped, By: "bob", Reason: "the cart was rewritten there"},
			},
		}},
	}
}

// TestActing signs in and does everything that can be done on a hotfix's page, with the
// keyboard's Enter and without scripts, too.
func TestActing(t *testing.T) {
	t.Parallel()
	o, b := newOffice(t, &shelf{boards: []hotfix.Board{deskBoard()}}), open(t)
	page := o.url + "/hotfixes/1/12"
	b.visit(page)
	b.contains("Sign in with GitHub")
	inspect(b, "sign-in")
	b.follow(`main a.button`)
	b.until(`location.pathname === "/hotfixes/1/12"`)
	b.contains("alice Sign out", "What you can do", "Tag & Deploy v1.7.1", "Retry QA", "Skip QA…", "Do not skip Development", "Mark as solved by force…")
	inspect(b, "desk")

	evaluate[bool](b, `document.querySelectorAll(".desk details").forEach((d) => d.open = true), true`)
	inspect(b, "desk-open")
	b.visit(page)
	b.until(`document.getElementById("live").textContent === "Live"`)
	writing(b, o)
	b.enter()
	b.contains("waiting Skip QA: “not <b>there</b>” alice")
	if did := o.answer(t, hotfix.Response{Done: true, Issue: 2, Reply: 3}); fmt.Sprint(did) != "[skip]" {
		t.Errorf("it was asked for %s", did)
	}
	b.until(`document.querySelector(".wishes .badge.good") !== null`)

	withoutScriptsAct(b, o, page)
	inspect(b, "asked")
	o.door.permit(hotfix.Read)
	b.submit(nil, `.offers li:first-child form`)
	b.contains("Nothing was done", "It needs the role maintain in acme/shop, and you have read.", "Back to the hotfix")
	b.complaints() // the browser notes the answer 403
	inspect(b, "refused")
	b.visit(page)
	b.contains("you need the role maintain in the repository; you have read")
	inspect(b, "reader")
	tokens(b, o)
	badges(b, o)
	b.visit(page)
	b.submit(nil, `.person form`)
	b.contains("Sign in with GitHub")
	b.visit(page)
	b.contains("Sign in with GitHub")
}

// writing: what somebody writes outlives what happens meanwhile.
func writing(b *tab, o *office) {
	b.t.Helper()
	evaluate[bool](b, `[...document.querySelectorAll(".desk summary")].find((s) => s.textContent === "Skip QA…").click(), true`)
	evaluate[bool](b, `document.querySelector(".desk details[open] input[name=reason]").focus(), true`)
	b.press("not <b>there</b>")
	board := deskBoard()
	board.Hotfixes[0].Title = "Charge every order exactly once"
	board.Hotfixes[0].Problems = []hotfix.Problem{{What: "something new stands in the way"}}
	o.change(func() { o.boards = []hotfix.Board{board} })
	b.until(`document.body.innerText.includes("Something new stands in the way")`)
	if got := evaluate[string](b, `document.activeElement.value`); got != "not <b>there</b>" {
		b.t.Errorf("what was written is %q now", got)
	}
}

// withoutScriptsAct does the rest without JavaScript.
func withoutScriptsAct(b *tab, o *office, page string) {
	b.t.Helper()
	b.scripts(false)
	defer b.scripts(true)
	for _, tc := range []struct{ label, word, reason string }{
		{"Tag & Deploy v1.7.1", "deploy", ""},
		{"Retry QA", "retry", ""},
		{"Do not skip Development", "unskip", ""},
		{"Mark as solved by force", "solved --force", "the shop closes tomorrow"},
	} {
		b.visit(page)
		form := fmt.Sprintf(`form:has(input[name=word][value=%q])`, tc.word)
		if tc.reason == "" {
			b.submit(nil, form)
		} else {
			evaluate[bool](b, `document.querySelectorAll(".desk details").forEach((d) => d.open = true), true`)
			b.submit(map[string]string{"reason": tc.reason}, form)
		}
		response := hotfix.Response{Issue: 2, Reply: 4, Said: "Not solved: 1 environment still without hotfix #12.\n\n- **QA**: declined by `carol`. Say `/hotfix retry qa`."}
		if did := o.answer(b.t, response); fmt.Sprint(did) != "["+tc.word+"]" {
			b.t.Errorf("%s asked for %s", tc.label, did)
		}
	}
	board := deskBoard()
	board.Hotfixes[0].State, board.Hotfixes[0].Deployable, board.Hotfixes[0].Stages = hotfix.StateReady, nil, nil
	board.Hotfixes[0].Standings[0].Verdict = hotfix.VerdictSkipped
	o.change(func() { o.boards = []hotfix.Board{board} })
	b.visit(page)
	b.submit(nil, `form:has(input[name=word][value="solved"])`)
	b.contains("waiting Mark as solved alice")
	o.change(func() { o.boards = []hotfix.Board{deskBoard()} })
	b.visit(page)
}

// tokens makes a token of each kind, and revokes one.
func tokens(b *tab, o *office) {
	b.t.Helper()
	b.visit(o.url + "/tokens")
	b.contains("There is none.")
	inspect(b, "tokens-empty")
	b.check(`.make [value="1"]`)
	b.submit(map[string]string{"name": "dashboard"}, ".make")
	b.contains("It is shown only now.", "curl -H")
	b.check(`.make [value="1"]`)
	b.check(`.make [value="badge"]`)
	b.submit(map[string]string{"name": "the wiki of the people who look after the shop at night"}, ".make")
	b.contains("![Production](" + o.url + "/badge/acme/shop/Production.svg?token=hotfixbot_")
	inspect(b, "tokens")
	b.size(768)
	if !evaluate[bool](b, `(all => all.length > 0 && all.every(part => part.getClientRects().length === 1))([...document.querySelectorAll(".tokens time span")])`) {
		b.t.Error("a date or a time is broken in two")
	}
	b.size(1440)
	b.submit(nil, `.tokens tr:last-child form`)
	b.contains("revoked")
	inspect(b, "tokens-revoked")
	if version := evaluate[string](b, `fetch(document.querySelector(".lead a").href).then((answer) => answer.json()).then((described) => described.openapi)`); version != "3.1.0" {
		b.t.Errorf("the link to the API leads to %q", version)
	}
}

// badges shows some, as a README does.
func badges(b *tab, o *office) {
	b.t.Helper()
	board := deskBoard()
	board.Public = true
	for i, runs := range []hotfix.Running{{Version: "1.7.0", Tag: "v1.7.0"}, {Version: "1.7.0", Tag: "v1.7.0", Mark: "+"}, {}, {Version: "1.8.0", Tag: "v1.8.0", Mark: "+"}} {
		if runs.Tag != "" {
			board.Environments[i].Runs = []hotfix.Running{runs}
		}
	}
	board.Hotfixes[0].Versions[0].Tag = "v1.7.1"
	board.Environments = append(board.Environments, hotfix.EnvironmentState{Environment: hotfix.Environment{Name: "Ümlaut 受け入れ WWW", Branch: "uat"}})
	o.change(func() { o.boards = []hotfix.Board{board} })
	b.visit(o.url + "/tokens")
	evaluate[bool](b, `document.getElementById("main").replaceChildren(...["Production", "preprod", "qa", "dev", "uat", "nothing"].map((name) => {
		const badge = document.createElement("img");
		badge.alt = name;
		badge.src = "/badge/acme/shop/" + name + ".svg";
		return badge;
	})), true`)
	b.until(`[...document.querySelectorAll("#main img")].every((badge) => badge.complete && badge.naturalHeight === 20 && badge.naturalWidth > 80)`)
	b.size(360)
	for _, theme := range []string{"light", "dark"} {
		b.theme(theme)
		b.pictureIn(filepath.Join(pictures, "badges-"+theme+".png"), 2)
	}
	b.theme("light")
	b.size(1440)
	quiet(b, "badges")
}

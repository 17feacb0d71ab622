package dashboard_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

const (
	place   = "/hotfixes/7/34"
	asking  = place + "/ask"
	comment = "https://github.test/acme/shop/issues/33#issuecomment-9"
)

// asks sends one of the forms for a hotfix, as the page would.
func (b *browser) asks(word, environment, reason string) answer {
	b.t.Helper()
	return b.send(asking, b.filled(word, environment, reason))
}

func (b *browser) filled(word, environment, reason string) url.Values {
	b.t.Helper()
	return url.Values{"form": {b.form()}, "word": {word}, "environment": {environment}, "reason": {reason}}
}

// waiting are the intents that the bot will read.
func (h *house) waiting() []hotfix.Intent {
	h.t.Helper()
	list, err := h.store.Presses(h.t.Context(), private)
	if err != nil {
		h.t.Fatal(err)
	}
	return list
}

// standing makes the hotfix of the shop stand in another way.
func (h *house) standing(change func(*hotfix.Status)) {
	board := shop()
	change(&board.Hotfixes[slices.IndexFunc(board.Hotfixes, func(s hotfix.Status) bool { return s.Key.Pull == 34 })])
	h.change(board)
}

var (
	untagged   = func(s *hotfix.Status) { s.Deployable = []string{"v1.7.1"} }
	leftOut    = func(s *hotfix.Status) { s.Standings[0].Verdict = hotfix.VerdictSkipped }
	confirming = func(s *hotfix.Status) { s.State = hotfix.StateReady }
	takenBack  = func(s *hotfix.Status) { s.State = hotfix.StateReverted }
	asItIs     = func(*hotfix.Status) {}
)

func TestAskingStoresTheCommand(t *testing.T) {
	h := newHouse(t)
	alice := h.as("alice")
	for _, tc := range []struct {
		stands                    func(*hotfix.Status)
		word, environment, reason string
		want                      hotfix.Command
	}{
		{untagged, "deploy", "", "", hotfix.Command{Verb: hotfix.VerbDeploy}},
		{asItIs, "retry", "dev", "ignored", hotfix.Command{Verb: hotfix.VerbRetry, Environment: "dev"}},
		{asItIs, "skip", "dev", " not\r\n/hotfix solved\tthere ", hotfix.Command{Verb: hotfix.VerbSkip, Environment: "dev", Reason: "not /hotfix solved there"}},
		{leftOut, "unskip", "qa", "", hotfix.Command{Verb: hotfix.VerbUnskip, Environment: "qa"}},
		{confirming, "solved", "dev", "", hotfix.Command{Verb: hotfix.VerbSolved}},
		{asItIs, "solved --force", "", "late", hotfix.Command{Verb: hotfix.VerbSolved, Force: true, Reason: "late"}},
		{takenBack, "revert", "qa", "", hotfix.Command{Verb: hotfix.VerbRevert, Environment: "qa"}},
	} {
		h.standing(tc.stands)
		got := alice.asks(tc.word, tc.environment, tc.reason)
		if got.status != http.StatusSeeOther || got.header.Get("Location") != place+"#asked" {
			t.Fatalf("%s: %d %s", tc.word, got.status, got.body)
		}
		list := h.waiting()
		last := list[len(list)-1]
		if one := *last.Asked; one.Word() != tc.want.Word() || one.Environment != tc.want.Environment || one.Reason != tc.want.Reason {
			t.Errorf("%s: %+v", tc.word, one)
		}
		if last.Person != "alice" || last.Pull != 34 || !last.At.Equal(h.now()) {
			t.Errorf("%s: %+v", tc.word, last)
		}
		h.wait(time.Second)
	}
}

// A form of a page that is not up to date does nothing, and says what is the case now.
func TestAskingForWhatIsNotOffered(t *testing.T) {
	h := newHouse(t)
	alice := h.as("alice")
	for _, tc := range []struct {
		stands            func(*hotfix.Status)
		word, environment string
		says              string
	}{
		{asItIs, "deploy", "", "it is released as v1.7.1."},
		{func(s *hotfix.Status) { s.Versions = nil }, "deploy", "", "there is nothing that could be tagged."},
		{asItIs, "retry", "qa", "in QA the hotfix is contained."},
		{leftOut, "skip", "qa", "in QA the hotfix is skipped."},
		{asItIs, "unskip", "dev", "in Development the hotfix is conflicted."},
		{asItIs, "solved", "", "it cannot be marked as solved while Development misses the hotfix."},
		{asItIs, "revert", "qa", "in QA the hotfix is contained."},
		{takenBack, "revert", "dev", "the hotfix is reverted, and in Development it is conflicted."},
		{func(s *hotfix.Status) { takenBack(s); s.Standings[0].Revert = 40 }, "revert", "qa", "a pull request that takes it back from QA is open."},
		{func(s *hotfix.Status) { s.State = hotfix.StateForced }, "solved --force", "", "the hotfix is forced."},
		{func(s *hotfix.Status) { s.State = hotfix.StateSolved }, "retry", "dev", "the hotfix is solved."},
	} {
		h.standing(tc.stands)
		got := alice.asks(tc.word, tc.environment, "late")
		if got.status != http.StatusConflict || !strings.Contains(got.body, tc.says+" Nothing was done.") || !strings.Contains(got.body, `href="/hotfixes/7/34"`) {
			t.Errorf("%s %s: %d %s", tc.word, tc.environment, got.status, got.body)
		}
	}
	if list := h.waiting(); len(list) != 0 {
		t.Errorf("stored: %+v", list)
	}
	h.standing(asItIs)
	form := alice.filled("retry", "dev", "")
	first := alice.send(asking, form)
	h.standing(func(s *hotfix.Status) { s.State = hotfix.StateSolved })
	if second := alice.send(asking, form); first.status != http.StatusSeeOther || second.status != first.status || len(h.waiting()) != 1 {
		t.Errorf("a form that was sent twice: %d, %d", first.status, second.status)
	}
}

// A form that is sent twice is one action; one that is shown later is another.
func TestAFormCountsOnce(t *testing.T) {
	h := newHouse(t)
	alice := h.as("alice")
	for range 2 {
		alice.asks("retry", "dev", "")
	}
	if list := h.waiting(); len(list) != 1 {
		t.Fatalf("%d actions", len(list))
	}
	again := alice.filled("retry", "dev", "")
	again.Set("after", h.waiting()[0].ID)
	alice.send(asking, again)
	if list := h.waiting(); len(list) != 2 {
		t.Errorf("%d actions", len(list))
	}
}

func TestAskingWantsAllOfIt(t *testing.T) {
	h := newHouse(t)
	alice := h.as("alice")
	for name, got := range map[string]answer{
		"no such action":  alice.asks("reopen", "", ""),
		"nothing":         alice.asks("", "", ""),
		"no such branch":  alice.asks("retry", "main", ""),
		"no branch":       alice.asks("skip", "", "why not"),
		"no reason":       alice.asks("skip", "dev", " \n\t "),
		"force, no cause": alice.asks("solved --force", "", ""),
		"too long":        alice.asks("skip", "dev", strings.Repeat("x", 301)),
	} {
		if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, `href="/hotfixes/7/34"`) {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	if got := alice.asks("skip", "dev", strings.Repeat("x", 70<<10)); got.status != http.StatusForbidden {
		t.Errorf("a huge form: %d", got.status)
	}
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPut} {
		if got := alice.do(method, asking+"?"+alice.filled("retry", "dev", "").Encode(), nil, "Sec-Fetch-Site", "same-origin"); got.status != http.StatusMethodNotAllowed {
			t.Errorf("%s: %d", method, got.status)
		}
	}
	if list := h.waiting(); len(list) != 0 {
		t.Errorf("stored: %+v", list)
	}
}

// Who may not, must not: a reader, a stranger, somebody whose role was taken back a
// second ago, and nobody at all.
func TestAskingNeedsTheRoleOfTheCommand(t *testing.T) {
	h := newHouse(t)
	alice, bob, mallory := h.as("alice"), h.as("bob"), h.as("mallory")
	if got := bob.asks("retry", "dev", ""); got.status != http.StatusForbidden || !strings.Contains(got.body, "It needs the role write in acme/shop, and you have read.") {
		t.Errorf("a reader: %d %s", got.status, got.body)
	}
	hidden := mallory.asks("retry", "dev", "")
	missing := mallory.send("/hotfixes/99/34/ask", mallory.filled("retry", "dev", ""))
	if hidden.status != http.StatusNotFound || hidden.body != missing.body {
		t.Errorf("a stranger: %d, %d", hidden.status, missing.status)
	}
	h.hub.permit("bob", private, hotfix.Write)
	if got := bob.asks("solved --force", "", "late"); got.status != http.StatusForbidden || !strings.Contains(got.body, "role maintain") {
		t.Errorf("force by a writer: %d", got.status)
	}
	if got := bob.asks("deploy", "", ""); got.status != http.StatusForbidden {
		t.Errorf("deploy by a writer: %d", got.status)
	}
	alice.get(place)
	page := alice.filled("retry", "dev", "")
	h.hub.permit("alice", private, hotfix.Triage)
	if got := alice.send(asking, page); got.status != http.StatusForbidden {
		t.Errorf("a second ago: %d", got.status)
	}
	h.hub.permit("alice", private, hotfix.NoPermission)
	if got := alice.send(asking, page); got.status != http.StatusNotFound {
		t.Errorf("not even a reader: %d", got.status)
	}
	if got := alice.get(place); got.status != http.StatusNotFound {
		t.Errorf("what was remembered is still shown: %d", got.status)
	}
	h.hub.away = errAway
	if got := bob.send(asking, bob.filled("retry", "dev", "")); got.status != http.StatusServiceUnavailable {
		t.Errorf("nobody can be asked: %d", got.status)
	}
	if list := h.waiting(); len(list) != 0 {
		t.Errorf("stored: %+v", list)
	}
}

func TestAskingNeedsASessionAndItsForm(t *testing.T) {
	h := newHouse(t)
	alice, bob := h.as("alice"), h.as("bob")
	own := alice.filled("retry", "dev", "")
	forged := url.Values{"form": {bob.form()}, "word": {"retry"}, "environment": {"dev"}}
	for name, got := range map[string]answer{
		"another's form": alice.send(asking, forged),
		"another site":   alice.do(http.MethodPost, asking, own, "Sec-Fetch-Site", "cross-site"),
		"no form":        alice.send(asking, url.Values{"word": {"retry"}, "environment": {"dev"}}),
	} {
		if got.status != http.StatusForbidden {
			t.Errorf("%s: %d", name, got.status)
		}
	}
	held := alice.cookie("__Host-hotfixbot")
	alice.send("/sign-out", url.Values{"form": {alice.form()}})
	u, _ := url.Parse(h.url)
	alice.client.Jar.SetCookies(u, []*http.Cookie{{Name: "__Host-hotfixbot", Value: held, Path: "/", Secure: true}})
	if got := alice.send(asking, own); got.status != http.StatusSeeOther || !strings.HasPrefix(got.header.Get("Location"), "/sign-in") {
		t.Errorf("a cookie that was signed out: %d %v", got.status, got.header)
	}
	if list := h.waiting(); len(list) != 0 {
		t.Errorf("stored: %+v", list)
	}
}

func TestTooMuchThatWaits(t *testing.T) {
	h := newHouse(t)
	alice := h.as("alice")
	form := alice.filled("retry", "dev", "")
	for i := range 12 {
		form.Set("after", strings.Repeat("x", i))
		if got := alice.send(asking, form); (got.status == http.StatusSeeOther) != (i < 10) {
			t.Errorf("the %dth: %d", i+1, got.status)
		}
	}
}

// The page offers what helps, to who may, and tells what became of it.
func TestTheDeskOffersWhatOneMay(t *testing.T) {
	h := newHouse(t)
	alice, bob := h.as("alice"), h.as("bob")
	labels := func(b *browser) string {
		var out []string
		for _, form := range all(b.get(place).tree(t), "form") {
			if attribute(form, "action") == asking {
				out = append(out, words(all(form, "button")[0]))
			}
		}
		return strings.Join(out, ", ")
	}
	if got := labels(alice); got != "Retry Development, Skip Development, Mark as solved by force" {
		t.Errorf("alice is offered %s", got)
	}
	if got := labels(bob); got != "" || !strings.Contains(bob.get(place).body, "“Mark as solved by force” you need the role maintain in the repository; you have read") {
		t.Errorf("bob is offered %s", got)
	}
	h.hub.permit("bob", private, hotfix.Write)
	h.wait(2 * time.Minute)
	if got := labels(bob); got != "Retry Development, Skip Development" {
		t.Errorf("bob, who writes now, is offered %s", got)
	}
}

func TestThePageTellsWhatBecameOfIt(t *testing.T) {
	h := newHouse(t)
	alice := h.as("alice")
	for _, reply := range []hotfix.Response{
		{},
		{Done: true, Said: "Development was tried again", Issue: 33, Reply: 9},
		{Said: "Not solved:\n\n- **Pre\\-Production**: `v1.7.1` &lt;b&gt; waits", Issue: 33, Reply: 9},
		{Refused: true, Said: "It needs the role `maintain`"},
	} {
		form := alice.filled("skip", "dev", "<script>alert(1)</script>")
		form.Set("after", reply.Said)
		alice.send(asking, form)
		list := h.waiting()
		if reply != (hotfix.Response{}) {
			if err := h.store.AnswerPress(t.Context(), private, list[len(list)-1].ID, reply); err != nil {
				t.Fatal(err)
			}
		}
		h.wait(time.Second)
	}
	page := alice.get(place)
	root := page.tree(t)
	var told []string
	for _, list := range all(root, "ul") {
		if attribute(list, "class") == "wishes" {
			for _, one := range all(list, "li") {
				told = append(told, words(one))
			}
		}
	}
	for i, want := range []string{
		"refused Skip Development: “<script>alert(1)</script>” alice, 2026-03-02 09:04 UTC It needs the role maintain.",
		"not done Skip Development: “<script>alert(1)</script>” alice, 2026-03-02 09:04 UTC · the bot's reply Not solved: Pre-Production: v1.7.1 <b> waits.",
		"done Skip Development: “<script>alert(1)</script>” alice, 2026-03-02 09:04 UTC · the bot's reply",
		"waiting Skip Development: “<script>alert(1)</script>” alice, 2026-03-02 09:04 UTC",
	} {
		if i >= len(told) || told[i] != want {
			t.Errorf("%d: %q", i, told)
		}
	}
	if len(all(root, "script")) != 1 || !strings.Contains(page.body, comment) {
		t.Error("a reason became a script, or the reply is not linked")
	}
}

package setup_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/credentials"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/setup"
)

func TestFromNothingToReady(t *testing.T) {
	t.Parallel()
	s := begin(t)
	s.arrives = true
	s.says(s.get(s.setup.Entry()), http.StatusOK, "How does GitHub reach this machine?")
	state := s.sendOff(public)
	s.says(s.get("/confirm"), http.StatusOK, "https://github.com/organizations/acme/settings/apps/new?state="+state,
		"https://bot.acme.example/webhooks/github", "https://bot.acme.example/sign-in/callback", s.server.URL+"/created",
		"Merge queues", "The heads of a merge queue, for the release gate.")
	s.get("/created?code=c0de&state=" + state)
	s.says(s.until("Ready"), http.StatusOK, "https://github.com/apps/hotfixbot-acme/installations/new", "hotfixbot serve", "alice, bob also what GitHub delivered")
	want := credentials.Credentials{
		AppID: 5, Slug: "hotfixbot-acme", PrivateKey: secrets[0], WebhookSecret: secrets[1], ClientID: "Iv1", ClientSecret: secrets[2],
		BaseURL: "https://bot.acme.example", Operators: "alice,bob",
	}
	if s.kept != want {
		t.Errorf("kept %+v", s.kept)
	}
	s.says(s.get("/created?code=c0de&state="+state), http.StatusOK, "Ready") // loaded again
	s.says(s.post("/choose", public), http.StatusOK, "Ready")
	if len(s.codes) != 1 {
		t.Errorf("changed %v", s.codes)
	}
	s.says(s.post("/end", nil), http.StatusOK, "The set-up has ended")
	if err := <-s.end; err != nil {
		t.Errorf("Run ended with %v", err)
	}
}

func TestByAChannel(t *testing.T) {
	t.Parallel()
	s := begin(t)
	s.arrives = true
	s.get(s.setup.Entry())
	form := url.Values{"reach": {"channel"}, "name": {"mine"}}
	s.sendOff(form)
	s.get("/created?code=c0de&state=" + s.sendOff(form))
	s.says(s.until("Ready"), http.StatusOK, "hotfixbot relay https://smee.test/k3v9")
	if s.kept.Operators != made.Owner {
		t.Errorf("the owner runs it, and the operators are %q", s.kept.Operators)
	}
	if s.channels != 1 || <-s.relayed != "https://smee.test/k3v9" || s.kept.BaseURL != "http://127.0.0.1:8080" {
		t.Errorf("%d channels, base %s", s.channels, s.kept.BaseURL)
	}
}

func TestWhatIsWrongInTheForm(t *testing.T) {
	t.Parallel()
	s := begin(t)
	s.get(s.setup.Entry())
	for want, change := range map[string][2]string{
		"Give the address at which":             {"address", ""},
		"This is no address such as":            {"address", "bot.acme.example"},
		"must begin with https://":              {"address", "http://bot.acme.example"},
		"it means each machine itself":          {"address", "https://localhost:8080"},
		"itself. Give the one under which":      {"address", "https://0.0.0.0"},
		"means each machine itself. Give":       {"address", "https://[::1]"},
		"it is one of a private network":        {"address", "https://192.168.1.7"},
		"from the Internet: it is one of":       {"address", "https://build-server"},
		"without a path: webhooks go to":        {"address", "https://bot.acme.example/bot"},
		"must not carry a name, a password":     {"address", "https://me:pw@bot.acme.example"},
		"This is no organisation&#39;s name":    {"organization", "acme/../x"},
		"needs a name of at most 34 characters": {"name", strings.Repeat("x", 35)},
		"is no login: name people":              {"operators", "alice, bob smith"},
		"Name at least one person":              {"operators", " , "},
		"Choose how GitHub reaches":             {"reach", "pigeon"},
	} {
		form := url.Values{}
		for field := range public {
			form.Set(field, public.Get(field))
		}
		form.Set(change[0], change[1])
		s.says(s.post("/choose", form), http.StatusUnprocessableEntity, want, "Something in the form is not right yet")
	}
	webhook := url.Values{"reach": {"public"}, "address": {" https://bot.acme.example/webhooks/github/ "}, "name": {"n"}}
	s.sendOff(webhook) // as people copy it from somewhere
}

// TestGitHubOnThisMachine reaches what is on this machine.
func TestGitHubOnThisMachine(t *testing.T) {
	t.Parallel()
	s := begin(t, func(c *setup.Config) { c.WebURL = "http://127.0.0.1:9" })
	s.get(s.setup.Entry())
	s.sendOff(url.Values{"reach": {"public"}, "address": {"http://127.0.0.1:8080"}, "name": {"n"}})
}

func TestConversionsThatFail(t *testing.T) {
	t.Parallel()
	s := begin(t)
	s.arrives = true
	s.converts = []error{&hotfix.Gone{What: "the code"}, errors.New("connection refused"), &hotfix.Later{At: time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC)}}
	s.keeps = []error{errors.New("no space left on device")}
	s.get(s.setup.Entry())
	s.says(s.get("/created?code=c1&state="+s.sendOff(public)), http.StatusOK,
		"does not take the code", "delete it in https://github.com/organizations/acme/settings/apps", "Go on")
	state := s.sendOff(public)
	s.says(s.get("/created?code=c2&state="+state), http.StatusOK, "connection refused", "Try again", "Begin anew")
	s.says(s.get("/created?code=other&state="+state), http.StatusOK, "connection refused") // loaded again
	s.says(s.post("/again", nil), http.StatusOK, "after 09:30 UTC")
	s.says(s.post("/again", nil), http.StatusOK, "no space left on device", "Write them now", "do not end the set-up")
	s.says(s.post("/end", nil), http.StatusConflict, "not finished")
	s.post("/again", nil)
	s.until("Ready")
	if got := strings.Join(s.codes, " "); got != "c1 c2 c2 c2" {
		t.Errorf("changed %s", got)
	}
}

// TestBegunAnew after a conversion that failed: another App is taken.
func TestBegunAnew(t *testing.T) {
	t.Parallel()
	s := begin(t)
	s.arrives = true
	s.converts = []error{errors.New("connection refused"), errors.New("connection refused")}
	s.get(s.setup.Entry())
	s.get("/created?code=c1&state=" + s.sendOff(public))
	s.says(s.post("/anew", nil), http.StatusOK, "How does GitHub reach this machine?")
	s.says(s.get("/created?code=c2&state="+s.sendOff(public)), http.StatusOK, "Try again")
	s.get("/created?code=c3&state=" + s.sendOff(public)) // by the form in another tab
	s.until("Ready")
	if got := strings.Join(s.codes, " "); got != "c1 c2 c3" {
		t.Errorf("changed %s", got)
	}
}

// TestEndedTooEarly says what is there.
func TestEndedTooEarly(t *testing.T) {
	t.Parallel()
	for want, far := range map[string]func(*stage){
		"is not finished": func(*stage) {},
		"credentials are in data/credentials.env, but no ping": func(s *stage) { s.get("/created?code=c&state=" + s.sendOff(public)) },
		"are lost; delete it in https://github.com/organizations/acme/settings/apps": func(s *stage) {
			s.keeps = []error{errors.New("read-only file system")}
			s.get("/created?code=c&state=" + s.sendOff(public))
		},
	} {
		s := begin(t)
		s.get(s.setup.Entry())
		far(s)
		s.stop()
		if err := <-s.end; !errors.Is(err, setup.ErrUnfinished) || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q: %v", want, err)
		}
	}
}

package githubsim

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// asking is a manifest as an App sends it, with changes.
func asking(t *testing.T, change object) string {
	t.Helper()
	o := object{
		"name": "Hot Fixer", "url": "https://example.com", "redirect_url": "http://127.0.0.1:1/created", "public": false,
		"hook_attributes":     object{"url": "https://bot.example.com/webhooks/github", "active": true},
		"default_permissions": object{"contents": "write", "issues": "write"}, "default_events": []string{"push", "repository"},
	}
	for k, v := range change {
		o[k] = v
	}
	text, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// register presses alice's button and gives what comes back.
func (s *server) register(manifest string) url.Values {
	s.t.Helper()
	to, err := s.alice.RegisterApp(s.ctx, s.URL()+"/settings/apps/new?state=a%26b", manifest, "")
	s.must(err)
	u, err := url.Parse(to)
	s.must(err)
	if !strings.HasPrefix(to, "http://127.0.0.1:1/created?") {
		s.t.Fatalf("sent to %s", to)
	}
	return u.Query()
}

func TestManifestIsConvertedOnce(t *testing.T) {
	late := &atomic.Int64{}
	s := newServer(t, func(o *Options) { o.Now = func() time.Time { return present.Add(time.Duration(late.Load())) } })
	before := len(s.events)
	back := s.register(asking(t, nil))
	if back.Get("state") != "a&b" {
		t.Errorf("state %q", back.Get("state"))
	}
	if told := s.eventNames(before); len(told) != 1 || told[0] != "ping" {
		t.Fatalf("webhooks before the conversion: %v", told)
	}
	status, made := s.as("", http.MethodPost, "/app-manifests/"+back.Get("code")+"/conversions", nil)
	if status != http.StatusCreated || made["slug"] != "hot-fixer" || !strings.HasPrefix(made["pem"].(string), "-----BEGIN RSA PRIVATE KEY-----\n") {
		t.Fatalf("%d %v", status, made)
	}
	if secret := s.events[before].Actor.App.Hook.Secret; secret == "" || made["webhook_secret"] != secret {
		t.Errorf("webhook secret %v", made["webhook_secret"])
	}
	if status, _ := s.as("", http.MethodPost, "/app-manifests/"+back.Get("code")+"/conversions", nil); status != http.StatusNotFound {
		t.Errorf("the second conversion: %d", status)
	}
	back = s.register(asking(t, object{"name": "other"}))
	late.Store(int64(time.Hour))
	if status, _ := s.as("", http.MethodPost, "/app-manifests/"+back.Get("code")+"/conversions", nil); status != http.StatusNotFound {
		t.Errorf("after an hour: %d", status)
	}
}

func TestManifestIsRefused(t *testing.T) {
	s := newServer(t)
	for want, change := range map[string]object{
		"url must be a valid URL":                    {"url": ""},
		"redirect_url must be a valid URL":           {"redirect_url": "created"},
		"hook_attributes url must be a valid URL":    {"hook_attributes": object{"url": "bot.example.com"}},
		"unknown field":                              {"redirect": "x"},
		"access &#34;all&#34; is not included":       {"default_permissions": object{"issues": "all"}},
		"not supported by permissions: pull_request": {"default_events": []string{"pull_request"}},
		"Default events unsupported: sneeze":         {"default_events": []string{"sneeze"}},
		"Name is already taken":                      {"name": "HotfixBot"},
		"Name is too long":                           {"name": strings.Repeat("x", 35)},
		"Name can&#39;t be blank":                    {"name": "!"},
		"reserved for the account @bob":              {"name": "Bob"},
	} {
		_, err := s.alice.RegisterApp(s.ctx, s.URL()+"/settings/apps/new", asking(t, change), "")
		if said := s.refusedWith(err, http.StatusUnprocessableEntity); !strings.Contains(said, want) {
			t.Errorf("%v: no %q in %s", change, want, said)
		}
	}
	_, err := s.alice.RegisterApp(s.ctx, s.URL()+"/organizations/alice/settings/apps/new", asking(t, nil), "")
	s.refusedWith(err, http.StatusNotFound)
}

// TestAppOfAnOrganisation is registered and installed by its owner alone, and there alone.
func TestAppOfAnOrganisation(t *testing.T) {
	s := newServer(t)
	acme, err := s.addUser(User{Login: "acme", Type: TypeOrganization})
	s.must(err)
	repo, err := s.addRepo(acme, "till", "main")
	s.must(err)
	repo.Collaborators[s.alice.user] = RoleAdmin
	page := s.URL() + "/organizations/acme/settings/apps/new"
	_, err = s.bob.RegisterApp(s.ctx, page, asking(t, nil), "")
	s.refusedWith(err, http.StatusForbidden)
	_, err = s.alice.RegisterApp(s.ctx, page, asking(t, object{"setup_url": s.URL() + "/zen"}), "Fixer of acme")
	s.must(err)
	install := s.URL() + "/apps/fixer-of-acme/installations/new"
	s.refusedWith(s.bob.InstallFrom(s.ctx, install, "acme"), http.StatusNotFound)
	s.refusedWith(s.alice.InstallFrom(s.ctx, install, "alice"), http.StatusNotFound)
	s.refusedWith(s.alice.InstallFrom(s.ctx, install, "acme", "alice/shop"), http.StatusNotFound)
	s.must(s.alice.InstallFrom(s.ctx, install, "acme", "acme/till"))
	made := s.installations[len(s.installations)-1]
	if made.Account != acme || made.App.Owner != acme || len(made.Repos) != 1 || made.Repos[0] != repo {
		t.Errorf("installed %+v", made)
	}
}

package setup_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestStrangersAreTurnedAway: other sites, other names, other browsers.
func TestStrangersAreTurnedAway(t *testing.T) {
	t.Parallel()
	s := begin(t)
	s.get(s.setup.Entry())
	state := s.sendOff(public)
	same := http.Header{"Sec-Fetch-Site": {"same-origin"}}
	for what, try := range map[string]struct {
		client *http.Client
		method string
		path   string
		header http.Header
	}{
		"another site's form":              {s.client, "POST", "/choose", http.Header{"Origin": {"https://mallory.example"}}},
		"another site's form, new":         {s.client, "POST", "/choose", http.Header{"Sec-Fetch-Site": {"cross-site"}}},
		"another port of this machine":     {s.client, "POST", "/again", http.Header{"Sec-Fetch-Site": {"same-site"}, "Origin": {"http://127.0.0.1:1"}}},
		"a rebound name":                   {s.client, "GET", "/", http.Header{"Host": {"mallory.example:8070"}}},
		"no machine's name":                {s.client, "GET", "/", http.Header{"Host": {"0.0.0.0:8070"}}},
		"a rebound name with the code":     {s.client, "GET", "/created?code=c&state=" + state, http.Header{"Host": {"mallory.example"}}},
		"a browser without the key":        {s.browser(), "GET", "/", same},
		"a browser with a wrong key":       {s.browser(), "GET", "/?key=AAAA", same},
		"somebody who knows the state":     {s.browser(), "GET", "/created?code=c&state=" + state, same},
		"a stream without the key":         {s.browser(), "GET", "/live", same},
		"a form without the key":           {s.browser(), "POST", "/end", same},
		"a state that was never given out": {s.client, "GET", "/created?code=c&state=" + strings.Repeat("A", 26), same},
		"no state":                         {s.client, "GET", "/created?code=c", same},
		"no code":                          {s.client, "GET", "/created?state=AAAA", same},
	} {
		p := s.do(try.client, try.method, try.path, nil, try.header)
		if p.status != http.StatusForbidden {
			t.Errorf("%s: %d %s", what, p.status, p.path)
		}
	}
	if len(s.codes) != 0 {
		t.Errorf("changed %v", s.codes)
	}
	s.says(s.get("/"), http.StatusOK, "How does GitHub reach this machine?")
	s.says(s.get("/created?code=c&state="+state), http.StatusOK, "acme") // its own return still counts
}

// TestNothingTypedBecomesMarkup: what is typed comes back as it was typed.
func TestNothingTypedBecomesMarkup(t *testing.T) {
	t.Parallel()
	const evil = `"><script>alert(1)</script>`
	s := begin(t)
	s.get(s.setup.Entry())
	for _, field := range []string{"address", "organization", "name"} {
		form := url.Values{"reach": {"public"}, "name": {strings.Repeat("x", 40)}}
		form.Set(field, evil)
		if p := s.post("/choose", form); strings.Contains(p.body, "<script>alert") {
			t.Errorf("%s: %s", field, p.body)
		}
	}
	evilName := url.Values{"reach": {"public"}, "address": {"https://bot.acme.example"}, "name": {evil}}
	if p := s.post("/choose", evilName); strings.Contains(p.body, "<script>alert") || p.path != "/confirm" {
		t.Errorf("confirm: %s", p.body)
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	s := begin(t)
	for _, path := range []string{"/", s.setup.Entry(), "/assets/style.css", "/nowhere"} {
		resp, err := s.client.Get(s.server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		policy := resp.Header.Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none';") || !strings.HasSuffix(policy, "form-action 'self' https://github.com") ||
			strings.Contains(policy, "unsafe") || resp.Header.Get("X-Content-Type-Options") != "nosniff" || resp.Header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: %v", path, resp.Header)
		}
	}
}

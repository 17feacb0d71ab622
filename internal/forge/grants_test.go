package forge_test

import (
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/forge"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

func TestGrants(t *testing.T) {
	h := newHub(t)
	h.on("GET /app", says(200, `{"id":5,"slug":"hotfixbot","owner":{"login":"acme","type":"Organization"},"permissions":{"contents":"write","new_thing":"admin"},"events":["push"]}`))
	app := h.app()
	grants, err := app.Grants(t.Context())
	if err != nil || grants.Permissions["new_thing"] != "admin" || !slices.Equal(grants.Events, []string{"push"}) ||
		grants.URL != "https://hub.example/organizations/acme/settings/apps/hotfixbot/permissions" {
		t.Errorf("%+v, %v", grants, err)
	}
	h.on("GET /app/installations", says(200, `[{"id":7,"account":{"login":"acme"},"html_url":"https://hub.example/settings/installations/7","permissions":{"issues":"read"},"suspended_at":"2030-01-01T00:00:00Z"},
		{"id":8,"account":{"slug":"big"},"suspended_at":null}]`))
	list, err := app.Installations(t.Context())
	if err != nil || len(list) != 2 || !list[0].Suspended || list[0].Account != "acme" || list[0].Permissions["issues"] != "read" || list[1].Account != "big" || list[1].Suspended {
		t.Errorf("%+v, %v", list, err)
	}
	h.on("GET /app", says(401, `{"message":"A JSON web token could not be decoded"}`))
	if _, err := app.Grants(t.Context()); !errors.As(err, new(*hotfix.Refusal)) {
		t.Errorf("a wrong key: %v", err)
	}
	h.on("GET /app", says(200, `{"id":6,"slug":"other"}`))
	if _, err := app.Grants(t.Context()); err == nil {
		t.Error("another App's key is taken")
	}
}

func TestGrantsOfRepository(t *testing.T) {
	h := newHub(t)
	h.on("GET /app/installations/7", says(200, `{"id":7,"account":{"login":"acme"},"html_url":"https://hub.example/settings/installations/7","permissions":{"issues":"read"}}`))
	grants, err := h.repo().Grants(t.Context())
	if err != nil || grants.Permissions["issues"] != "read" || grants.URL != "https://hub.example/settings/installations/7" {
		t.Errorf("%+v, %v", grants, err)
	}
}

func TestHook(t *testing.T) {
	h := newHub(t)
	for body, want := range map[string]hotfix.Hook{
		`{"url":"https://bot.example/webhooks/github","content_type":"json","secret":"********","insecure_ssl":"0"}`: {URL: "https://bot.example/webhooks/github", ContentType: "json", Secret: true},
		`{"url":"https://bot.example/","content_type":"form","insecure_ssl":1}`:                                      {URL: "https://bot.example/", ContentType: "form", Insecure: true},
	} {
		h.on("GET /app/hook/config", says(200, body))
		if hook, err := h.app().Hook(t.Context()); err != nil || hook != want {
			t.Errorf("%+v, %v", hook, err)
		}
	}
}

func TestGitHubsClock(t *testing.T) {
	h := newHub(t)
	want := time.Date(2030, 5, 4, 3, 2, 1, 0, time.UTC)
	h.on("GET /meta", says(403, `{}`, "Date: "+want.Format(http.TimeFormat)))
	transport := h.contract.Transport(h.Client().Transport)
	if got, err := forge.Clock(t.Context(), h.URL, transport); err != nil || !got.Equal(want) {
		t.Errorf("%v, %v", got, err)
	}
	h.Close()
	if _, err := forge.Clock(t.Context(), h.URL, transport); err == nil {
		t.Error("a server that is away has a time")
	}
}

func TestBranchRules(t *testing.T) {
	h := newHub(t)
	h.on("GET "+shop+"/rules/branches/backport/qa/1-x", says(200, `[{"type":"creation","ruleset_id":3},{"type":"creation","ruleset_id":4},
		{"type":"required_status_checks","ruleset_id":3,"parameters":{"do_not_enforce_on_create":true,"required_status_checks":[{"context":"ci","integration_id":9},{"context":"lint"}]}},
		{"type":"branch_name_pattern","ruleset_id":3,"parameters":{"operator":"regex","pattern":"^x","negate":true}},{"type":"a_rule_of_tomorrow","ruleset_id":3,"parameters":[1]}]`))
	h.on("GET "+shop+"/rulesets/3", says(200, `{"id":3,"name":"all","current_user_can_bypass":"exempt"}`))
	h.on("GET "+shop+"/rulesets/4", says(404, `{"message":"Not Found"}`))
	h.on("GET "+shop+"/branches/backport/qa/1-x", says(404, `{"message":"Branch not found"}`))
	rules, err := h.repo().BranchRules(t.Context(), "backport/qa/1-x")
	if err != nil || len(rules) != 5 {
		t.Fatalf("%+v, %v", rules, err)
	}
	if rules[0].Bypass != hotfix.BypassAlways || rules[0].Ruleset != "all" || rules[1].Bypass != hotfix.BypassUnknown || rules[1].Ruleset != "ruleset 4" {
		t.Errorf("%+v", rules[:2])
	}
	if !rules[2].Lenient || !slices.Equal(rules[2].Checks, []hotfix.RequiredCheck{{Name: "ci", App: 9}, {Name: "lint"}}) {
		t.Errorf("%+v", rules[2])
	}
	if !rules[3].Negate || rules[3].Operator != "regex" || rules[3].Pattern != "^x" || rules[4].Type != "a_rule_of_tomorrow" {
		t.Errorf("%+v", rules[3:])
	}
}

func TestProtectedBranch(t *testing.T) {
	h := newHub(t)
	h.on("GET "+shop+"/rules/branches/qa", says(200, `[]`))
	h.on("GET "+shop+"/branches/qa", says(200, `{"name":"qa","protected":true,"protection":{"enabled":true,"required_status_checks":{"contexts":["ci"],"checks":[{"context":"ci","app_id":-1}]}}}`))
	rules, err := h.repo().BranchRules(t.Context(), "qa")
	if err != nil || len(rules) != 1 || rules[0].Ruleset != "" || !slices.Equal(rules[0].Checks, []hotfix.RequiredCheck{{Name: "ci"}}) {
		t.Errorf("%+v, %v", rules, err)
	}
}

func TestTagRules(t *testing.T) {
	h := newHub(t)
	h.on("GET "+shop+"/rulesets", says(200, `[{"id":1,"target":"tag","enforcement":"active"},{"id":2,"target":"tag","enforcement":"evaluate"},
		{"id":3,"target":"branch","enforcement":"active"},{"id":4,"target":"tag","enforcement":"active"},{"id":5,"target":"tag","enforcement":"active"}]`))
	one := func(id, name, include, exclude, bypass string) {
		h.on("GET "+shop+"/rulesets/"+id, says(200, `{"id":`+id+`,"name":"`+name+`","target":"tag","enforcement":"active","current_user_can_bypass":"`+bypass+
			`","conditions":{"ref_name":{"include":[`+include+`],"exclude":[`+exclude+`]}},"rules":[{"type":"creation"}]}`))
	}
	one("1", "v", `"refs/tags/v*"`, `"refs/tags/v1.*"`, "never")
	one("4", "all", `"~ALL"`, ``, "pull_requests_only")
	one("5", "braces", `"refs/tags/{v,w}*"`, ``, "never")
	for tag, want := range map[string][]string{"v1.7.2": {"all"}, "v2.0.1": {"v", "all"}, "web/v2": {"all"}, "{v,w}1": {"all", "braces"}} {
		rules, err := h.repo().TagRules(t.Context(), tag)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, rule := range rules {
			if names = append(names, rule.Ruleset); rule.Bypass != hotfix.BypassNever || rule.Type != "creation" {
				t.Errorf("%+v", rule)
			}
		}
		if !slices.Equal(names, want) {
			t.Errorf("%s: %v, want %v", tag, names, want)
		}
	}
}

func TestReports(t *testing.T) {
	h := newHub(t)
	h.on("GET "+shop+"/commits/0123456789012345678901234567890123456789/check-runs", says(200, `{"total_count":1,"check_runs":[{"name":"ci","app":{"id":9}}]}`))
	h.on("GET "+shop+"/commits/0123456789012345678901234567890123456789/status", says(200, `{"statuses":[{"context":"legacy"}]}`))
	reports, err := h.repo().Reports(t.Context(), "0123456789012345678901234567890123456789")
	if err != nil || !slices.Equal(reports, []hotfix.RequiredCheck{{Name: "ci", App: 9}, {Name: "legacy"}}) {
		t.Errorf("%+v, %v", reports, err)
	}
}

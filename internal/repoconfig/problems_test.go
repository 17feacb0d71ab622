package repoconfig_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/repoconfig"
)

// mistake is a file and the problems that it has: "line:column message", each
// from its start.
type mistake struct {
	file string
	want []string
}

func TestProblemsOfValues(t *testing.T) {
	checkProblems(t, []mistake{
		{"relase: {}", []string{"1:1 unknown key `relase`; did you mean `release`?"}},
		{"foo: 1\nrelease: {bar: 1}", []string{
			"1:1 unknown key `foo`; known here: `environments`, `hotfix`, `release`,",
			"2:11 `release`: unknown key `bar`; known here: `trigger`, `tag`, `github_release`",
		}},
		{"gate: warn\ngate: off", []string{"2:1 the key `gate` stands here twice, first in line 1; keep one of them"}},
		{"- a", []string{"1:1 must be a mapping (keys with values), not a list"}},
		{"gate", []string{"1:1 must be a mapping (keys with values), not `gate`"}},
		{"gate:\nrelease: ~", []string{
			"1:6 `gate`: has no value; give it one or leave the key out",
			"2:10 `release`: has no value; give it one or leave the key out",
		}},
		{"gate: enforced", []string{"1:7 `gate`: must be `off`, `warn` or `enforce`, not `enforced`; did you mean `enforce`?"}},
		{"gate: [warn]\nclose: {}", []string{"1:7 `gate`: must be `off`, `warn` or `enforce`, not a list", "2:8 `close`: must be `auto` or `manual`, not a mapping"}},
		{"release: {trigger: manuel, github_release: yes}", []string{
			"1:20 `release.trigger`: must be `auto` or `manual`, not `manuel`; did you mean `manual`?",
			"1:44 `release.github_release`: must be `true` or `false`, not `yes`",
		}},
		{"release: {tag: v1.7}", []string{"1:16 `release.tag`: `v1.7` must contain `{version}`"}},
		{"release: {tag: '{version}-{version}'}", []string{"1:16 `release.tag`: `{version}-{version}` must contain `{version}` once"}},
		{"release: {tag: 'v {version}'}", []string{"1:16 `release.tag`: `v 1.7.1` is no name for a tag: it contains a space"}},
		{"hotfix: {branches: 'hotfix/**', label: ''}", []string{
			"1:20 `hotfix.branches`: must be a list (`[\"hotfix/**\"]`), not `hotfix/**`",
			"1:40 `hotfix.label`: is empty",
		}},
		{"hotfix:\n  branches: [\"a[\", /x, fix/*, fix/*]", []string{
			"2:14 `hotfix.branches`: `a[` is no valid pattern",
			"2:20 `hotfix.branches`: `/x` starts with a slash",
			"2:31 `hotfix.branches`: `fix/*` stands in the list twice",
		}},
		{"hotfix: {branches: ['" + strings.Repeat("{,}", 30) + "']}", []string{"1:21 `hotfix.branches`: `" + strings.Repeat("{,}", 26) + "{…` is longer than 200 bytes or has more than 4 pairs of braces"}},
		{"hotfix: {branches: []}", []string{"1:20 `hotfix.branches`: the list is empty"}},
		{"hotfix: {branches: ['**']}", []string{
			"1:10 `hotfix.branches`: `**` matches the bot's own branches (`backport/qa/34-cart`)",
			"1:10 `hotfix.branches`: `**` matches the branch `main` of `Production`",
			"1:10 `hotfix.branches`: `**` matches the branch `qa` of `QA`",
			"1:10 `hotfix.branches`: `**` matches the branch `dev` of `Development`",
		}},
		{"propagate: {labels: [a, true, " + strings.Repeat("x", 51) + "]}", []string{
			"1:25 `propagate.labels`: must be text, not `true`; put it in quotes if it is",
			"1:31 `propagate.labels`: `" + strings.Repeat("x", 51) + "` is longer than the 50 characters",
		}},
		{"propagate: {assign: bob, review: ['@bob', approvers, a b, acme/x]}", []string{
			"1:21 `propagate.assign`: must be `author`, `none` or a list of logins; for one person write `[bob]`",
			"1:35 `propagate.review`: `@bob` must be written without `@`",
			"1:43 `propagate.review`: `approvers` stands alone, not in a list",
			"1:54 `propagate.review`: `a b` is no login",
		}},
		{"propagate: {assign: [acme/x]}", []string{"1:22 `propagate.assign`: `acme/x` is a team"}},
		{"propagate: {auto_merge: true, order: serial}", []string{
			"1:25 `propagate.auto_merge`: name the method: `merge`, `squash` or `rebase`",
			"1:38 `propagate.order`: must be `parallel` or `chain`, not `serial`",
		}},
		{"propagate: {title: '{titel} {}'}", []string{
			"1:20 `propagate.title`: unknown placeholder `{titel}`; did you mean `title`?",
			"1:20 `propagate.title`: unknown placeholder `{}`; known here: `title`,",
		}},
		{"watch: 180\nremind: {after: 0d, then: 99999w}", []string{
			"1:8 `watch`: must be a number of hours, days or weeks such as `12h`, `180d` or `4w`, at most `3650d`, not `180`",
			"2:17 `remind.after`: must be a number", "2:27 `remind.then`: must be a number",
		}},
		{"permissions: {write: read, deploy: owner}", []string{
			"1:22 `permissions.write`: must be `triage`, `write`, `maintain` or `admin`, not `read`",
			"1:36 `permissions.deploy`: must be `triage`,",
		}},
		{"paths: [{match: [a]}, {policy: keep}, x]", []string{
			"1:9 `paths`: the key `policy` is missing", "1:23 `paths`: the key `match` is missing",
			"1:32 `paths.policy`: must be `keep-target`, `union` or `ignore-for-proof`, not `keep`",
			"1:39 `paths`: must be a mapping",
		}},
		{"modules: {cart: [], pay: x}", []string{"1:17 `modules.cart`: the list is empty", "1:26 `modules.pay`: must be a list"}},
		{"applications: [{name: a}, {name: A, paths: [x], tag: 'v{version}'}, {name: b, paths: [y], tag: 'v{version}'}]", []string{
			"1:16 `applications`: the key `paths` is missing", "1:16 `applications`: the key `tag` is missing",
			"1:34 `applications`: the application `A` stands here twice", "1:96 `applications`: `A` has the same tags",
		}},
	})
}

func TestProblemsOfEnvironments(t *testing.T) {
	env := "environments:\n  - {name: Production, branch: main}\n"
	checkProblems(t, []mistake{
		{"environments: []", []string{"1:15 `environments`: the list is empty"}},
		{"environments: [{name: A}, {branch: b}]", []string{"1:16 `environments`: the key `branch` is missing", "1:27 `environments`: the key `name` is missing"}},
		{env + "  - {name: production, branch: x}", []string{"3:12 `environments`: the name `production` means the environment `Production` already"}},
		{env + "  - {name: QA, branch: main}", []string{"3:24 `environments`: the branch `main` means the environment `Production` already"}},
		{env + "  - {name: main, branch: qa}", []string{"3:12 `environments`: the name `main` means the environment `Production` already"}},
		{env + "  - {name: A, branch: a, landing: true}\n  - {name: B, branch: b, landing: true}\n  - {name: C, branch: c}", []string{
			"4:35 `environments`: hotfixes land in `A` already; only one environment can be `landing`",
		}},
		{env + "  - {name: A, branch: a, landing: true}", []string{"3:35 `environments`: hotfixes can't land in the last environment"}},
		{env + "  - {name: '#1', branch: backport/x}", []string{
			"3:12 `environments.name`: `#1` can't be said in a command", "3:26 `environments.branch`: `backport/x` is where the bot's own branches are",
		}},
		{env + "  - {name: \"a\\nb\", branch: refs/heads/x}", []string{
			"3:12 `environments.name`: must be one line", "3:28 `environments.branch`: `refs/heads/x` is no name for a branch: it must be written without `refs/heads/`",
		}},
		{env + "  - {name: H, branch: hotfix/x}", []string{"0:0 `hotfix.branches`: `hotfix/**` matches the branch `hotfix/x` of `H`"}},
	})
}

func TestProblemsOfYAML(t *testing.T) {
	checkProblems(t, []mistake{
		{"x: &a [1]\ngate: *a\nmodules: {m: [*a]}", []string{
			"1:1 unknown key `x`", "2:7 `gate`: aliases (`*a`) are not read; write the value out", "3:15 `modules.m`: aliases",
		}},
		{"<<: {gate: warn}", []string{"1:1 unknown key `<<`"}},
		{"? [a]\n: b", []string{"1:3 a key must be a word, not a list"}},
		{"gate: !custom warn\nhotfix: !!map {label: a}", []string{"1:7 `gate`: tags (`!custom`) are not read", "2:9 `hotfix`: tags"}},
		{"!x {gate: warn}", []string{"1:1 tags (`!x`) are not read"}},
		{"gate: warn\n---\ngate: off", []string{"2:1 a second document starts here"}},
		{"gate: warn\n---\n[", []string{"4:1 the file is no YAML: "}},
		{"gate: [warn", []string{"2:1 the file is no YAML: "}},
		{"gate: a: b", []string{"1:8 the file is no YAML: mapping values are not allowed in this context"}},
		{"gate: *nope", []string{"1:7 the file is no YAML: unknown anchor 'nope' referenced"}},
		{"gate: \"\xff\"", []string{"0:0 the file is no YAML: invalid"}},
		{strings.Repeat("#", 64<<10+1), []string{"0:0 the file has 65537 bytes, more than the 65536 that are read"}},
		{"a: " + strings.Repeat("[", 20_000), []string{"1:10004 the file is no YAML: exceeded max depth"}},
	})
}

func checkProblems(t *testing.T, mistakes []mistake) {
	t.Helper()
	for _, c := range mistakes {
		got, problems := repoconfig.Parse("f.yml", []byte(c.file), usual)
		if !reflect.DeepEqual(got, hotfix.Config{}) {
			t.Errorf("%.60q: a configuration in spite of problems: %+v", c.file, got)
		}
		if !matchAll(problems, c.want) {
			t.Errorf("%.60q:\ngot  %+v\nwant %q", c.file, problems, c.want)
		}
	}
}

// matchAll reports whether each problem starts with what is wanted of it.
func matchAll(problems []hotfix.ConfigProblem, want []string) bool {
	if len(problems) != len(want) {
		return false
	}
	for i, p := range problems {
		if p.File != "f.yml" || !strings.HasPrefix(fmt.Sprintf("%d:%d %s", p.Line, p.Column, p.Message), want[i]) {
			return false
		}
	}
	return true
}

func TestIsHotfixBranch(t *testing.T) {
	for _, c := range []struct {
		pattern, branch string
		want            bool
	}{
		{"hotfix/**", "hotfix/12-cart", true}, {"hotfix/**", "hotfix/a/b", true}, {"hotfix/**", "hotfix", false},
		{"hotfix/**", "hotfix/", false}, {"hotfix/**", "Hotfix/a", false}, {"hotfix/**", "x/hotfix/a", false}, {"hotfix/**", "backport/qa/1-a", false},
		{"{hotfix,emergency}/*", "emergency/a", true}, {"emergency/*", "emergency/a/b", false}, {"hotfix-*", "hotfix-a", true},
		{"**/hotfix", "a/b/hotfix", true}, {"[", "[", false},
	} {
		if got := repoconfig.IsHotfixBranch([]string{"none", c.pattern}, c.branch); got != c.want {
			t.Errorf("IsHotfixBranch(%q, %q) = %v", c.pattern, c.branch, got)
		}
	}
	if repoconfig.IsHotfixBranch(nil, "hotfix/a") {
		t.Error("no pattern matches nothing")
	}
}

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

func TestProblemsOfValues(t *testing.T) { checkProblems(t, wrongValues()) }

func wrongValues() []mistake {
	return []mistake{
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
		{"release: {tag: 'v {version}'}", []string{"1:16 `release.tag`: `v {version}` makes `v 1.7.1`, which is no name for a tag: it contains a space"}},
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
			"1:20 `propagate.title`: `{titel} {}` holds `{titel}` and `{}`; the placeholders are `{title}`, `{pr}`,",
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
	}
}

func TestProblemsOfEnvironments(t *testing.T) { checkProblems(t, wrongEnvironments()) }

func wrongEnvironments() []mistake {
	const env = "environments:\n  - {name: Production, branch: main}\n"
	return []mistake{
		{"environments: []", []string{"1:15 `environments`: the list is empty"}},
		{"environments: [{name: A}, {branch: b}]", []string{"1:16 `environments`: the key `branch` is missing", "1:27 `environments`: the key `name` is missing"}},
		{env + "  - {name: '#1', branch: backport/x}", []string{
			"3:12 `environments.name`: `#1` can't be said in a command", "3:26 `environments.branch`: `backport/x` is where the bot's own branches are",
		}},
		{env + "  - {name: \"a\\nb\", branch: refs/heads/x}", []string{
			"3:12 `environments.name`: must be one line", "3:28 `environments.branch`: `refs/heads/x` is no name for a branch: it must be written without `refs/heads/`",
		}},
	}
}

func TestProblemsOfTogether(t *testing.T) { checkProblems(t, wrongTogether()) }

// wrongTogether is mistakes that no value shows by itself, or that take more than
// a pattern to find. The schema can't see them.
func wrongTogether() []mistake {
	const env = "environments:\n  - {name: Production, branch: main}\n"
	return []mistake{
		{"hotfix: {branches: ['**']}", []string{
			"1:21 `hotfix.branches`: `**` matches the bot's own branches (`backport/qa/34-cart`)",
			"1:21 `hotfix.branches`: `**` matches the branch `main` of `Production`",
			"1:21 `hotfix.branches`: `**` matches the branch `qa` of `QA`",
			"1:21 `hotfix.branches`: `**` matches the branch `dev` of `Development`",
		}},
		{env + "  - {name: production, branch: x}", []string{"3:12 `environments`: the name `production` means the environment `Production` already"}},
		{env + "  - {name: QA, branch: main}", []string{"3:24 `environments`: the branch `main` means the environment `Production` already"}},
		{env + "  - {name: main, branch: qa}", []string{"3:12 `environments`: the name `main` means the environment `Production` already"}},
		{env + "  - {name: A, branch: a, landing: true}\n  - {name: B, branch: b, landing: true}\n  - {name: C, branch: c}", []string{
			"4:35 `environments`: hotfixes land in `A` already; only one environment can be `landing`",
		}},
		{env + "  - {name: H, branch: hotfix/x}", []string{"3:23 `hotfix.branches`: `hotfix/**` matches the branch `hotfix/x` of `H`"}},
		{"hotfix: {branches: ['a[', 'é" + strings.Repeat("x", 199) + "']}", []string{
			"1:21 `hotfix.branches`: `a[` is no valid pattern", "1:27 `hotfix.branches`: `é" + strings.Repeat("x", 78) + "…` is longer than 200 bytes",
		}},
		{"hotfix: {branches: ['fix/*', 'backport/dev/*', '**/*-fix-2']}", []string{
			"1:30 `hotfix.branches`: `backport/dev/*` matches the bot's own branches (`backport/dev/34-cart`)",
			"1:48 `hotfix.branches`: `**/*-fix-2` matches the bot's own branches (`backport/qa/34-cart-fix-2`)",
		}},
		{"release: {tag: 'shop2.0-{version}'}", []string{"1:16 `release.tag`: `shop2.0-{version}` makes tags such as `shop2.0-1.7.1`, from which the number can't be read again"}},
		{"watch: 99999w", []string{"1:8 `watch`: must be a number of hours, days or weeks"}},
		{"remind: {after: 7d, then: 36h}", []string{"1:27 `remind`: the maintainers would be told after 36h (`then`), before the assignees after 7d (`after`); give both"}},
		{"remind: {after: 10d}", []string{"1:17 `remind`: the maintainers would be told after 7d (`then`), before the assignees after 10d (`after`); give both"}},
		{"remind: {then: 2d}", []string{"1:16 `remind`: the maintainers would be told after 2d"}},
		{"applications: [{name: a, paths: [x], tag: 'v{version}'}, {name: A, paths: [y], tag: 'v{version}'}]", []string{
			"1:65 `applications`: the application `A` stands here twice", "1:85 `applications`: `a` has the same tags; each application needs its own",
		}},
	}
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
		{"gate: \"\xff\"", []string{"1:8 the file is no text in UTF-8 from here on"}},
		{strings.Repeat("#", 64<<10+1), []string{"0:0 the file has more than the 65536 bytes that are read"}},
		{"a: " + strings.Repeat("[", 20_000), []string{"1:10004 the file is no YAML: exceeded max depth"}},
		{"\xef\xbb\xbfgate: x", []string{"1:7 `gate`: must be"}},
		{"\xff\xfeg\x00:\x00", []string{"1:1 the file is no text in UTF-8 from here on; save it in that encoding"}},
		{"gate: warn\r\nclose: x\r\n", []string{"2:8 `close`: must be"}},
		{"gate: warn\n# \x00", []string{"2:3 a control character (U+0000) stands here; take it out"}},
		{"hotfix:\n\tlabel: a", []string{"2:1 the file is no YAML: found character that cannot start any token (while scanning for the next token); YAML is indented by spaces, never by tabs"}},
		{"hotfix:\n  label: a\n\tbranches: [b]", []string{"3:1 the file is no YAML: found a tab character that violates indentation (while scanning a plain scalar); YAML is indented by spaces"}},
		{"propagate:\n  title: fix: {title}", []string{"2:13 the file is no YAML: mapping values are not allowed in this context; put a text that contains `: ` in quotes"}},
		{"gate: 'warn\nclose: auto\n", []string{"3:1 the file is no YAML: found unexpected end of stream (while scanning a quoted scalar); look for a quote or a bracket that is not closed"}},
		{"gate: |\n  warn\n", []string{"1:7 `gate`: must be one line without white space around it"}},
		{"tag: v{version}\npropagate: {trigger: auto, branches: [a], name: x}", []string{
			"1:1 unknown key `tag`; it belongs to `release` or `applications`",
			"2:13 `propagate`: unknown key `trigger`; it belongs to `release`", "2:28 `propagate`: unknown key `branches`; it belongs to `hotfix`",
			"2:43 `propagate`: unknown key `name`; it belongs to `environments` or `applications`",
		}},
		{"release: {paths: [a]}", []string{"1:11 `release`: unknown key `paths`; it belongs to `applications` or the top of the file"}},
		{bomb(), []string{"1:1 unknown key `a`; ", "2:1 unknown key `b`; ", "3:1 unknown key `c`; ", "4:1 unknown key `d`; ", "5:14 `modules.x`: aliases (`*d`) are not read"}},
	})
}

// bomb is a small file that is huge when its aliases are followed.
func bomb() string {
	ten := func(alias string) string { return "[" + strings.Repeat(alias+", ", 999) + alias + "]\n" }
	return "a: &a " + ten("x") + "b: &b " + ten("*a") + "c: &c " + ten("*b") + "d: &d " + ten("*c") + "modules: {x: *d}\n"
}

// TestRemarks: what is right and may not be meant is said.
func TestRemarks(t *testing.T) {
	const env = "environments:\n  - {name: Production, branch: main}\n"
	for file, want := range map[string]string{
		"# nothing\n": "the file sets no key, so the defaults count",
		env:           "hotfixes land in `Production`, the last environment, and are carried nowhere; the order is nearest to users first",
		env + "  - {name: A, branch: a, landing: true}\n": "hotfixes land in `A`, the last environment, and are carried nowhere; the order is nearest to users first",
		"release: {tag: 'v{version}'}\napplications: [{name: a, paths: [a], tag: 'a{version}'}, {name: b, paths: [b], tag: 'b{version}'}]": "`release.tag` (line 1) counts for nothing: each application has its own `tag`",
	} {
		got, problems := repoconfig.Parse("f", []byte(file), usual)
		if len(problems) > 0 || len(got.Notes) == 0 || got.Notes[0] != want {
			t.Errorf("%q: %q %+v", file, got.Notes, problems)
		}
	}
}

func TestMissing(t *testing.T) {
	const file = "environments:\n  - {name: Production, branch: main}\n  - name: QA\n    branch: quality\n  - {name: Development, branch: dev}\n"
	got := repoconfig.Missing("f.yml", []byte(file), exist("main", "dev"))
	if !matchAll(got, []string{"4:13 there is no branch `quality`, which `QA` is to have; create it"}) {
		t.Errorf("%+v", got)
	}
	for _, file := range []string{file, "gate: off", ""} {
		if got := repoconfig.Missing("f.yml", []byte(file), exist("main", "quality", "dev")); got != nil {
			t.Errorf("%q: %+v", file, got)
		}
	}
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
		{"**", "backport/qa/1-a", false}, {"**", "backports", true},
	} {
		if got := repoconfig.IsHotfixBranch([]string{"none", c.pattern}, c.branch); got != c.want {
			t.Errorf("IsHotfixBranch(%q, %q) = %v", c.pattern, c.branch, got)
		}
	}
	if repoconfig.IsHotfixBranch(nil, "hotfix/a") {
		t.Error("no pattern matches nothing")
	}
}

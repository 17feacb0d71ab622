package githubsim

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// seedProblem is something that makes no sense in a seed, and where: keys and indices from the
// root.
type seedProblem struct {
	path    []any
	message string
}

// position finds the place in the file; where the path ends early, the last thing found.
func (p seedProblem) position(n *yaml.Node) (line, column int) {
	if n.Kind == yaml.DocumentNode && len(n.Content) > 0 {
		n = n.Content[0]
	}
	line, column = max(1, n.Line), max(1, n.Column)
	for _, step := range p.path {
		key, next := stepInto(n, step)
		if next == nil {
			break
		}
		n, line, column = next, key.Line, key.Column
	}
	return line, column
}

// stepInto gives the value below a key or an index, and the node that marks its place.
func stepInto(n *yaml.Node, step any) (mark, value *yaml.Node) {
	if i, isIndex := step.(int); isIndex {
		if n.Kind == yaml.SequenceNode && i < len(n.Content) {
			return n.Content[i], n.Content[i]
		}
		return nil, nil
	}
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == step {
			return n.Content[i], n.Content[i+1]
		}
	}
	return nil, nil
}

var (
	loginShape    = regexp.MustCompile(`^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})(?:\[bot\])?$`)
	repoNameShape = regexp.MustCompile(`^[A-Za-z0-9._-]{1,100}$`)
	colorShape    = regexp.MustCompile(`^[0-9a-fA-F]{6}$`)
)

// problems lists what makes no sense.
func (s *Seed) problems() []seedProblem {
	var list []seedProblem
	say := func(path []any, format string, args ...any) {
		list = append(list, seedProblem{path, fmt.Sprintf(format, args...)})
	}
	s.checkApp(say)
	s.checkLimits(say)
	users := s.checkUsers(say)
	names := map[string]bool{}
	for i, r := range s.Repositories {
		at := func(more ...any) []any { return append([]any{"repositories", i}, more...) }
		if names[strings.ToLower(r.Name)] {
			say(at("name"), "there are two repositories `%s`", r.Name)
		}
		names[strings.ToLower(r.Name)] = true
		s.checkRepository(r, users, func(path []any, format string, args ...any) { say(at(path...), format, args...) })
	}
	return list
}

type sayProblem func(path []any, format string, args ...any)

func (s *Seed) checkApp(say sayProblem) {
	if s.App == nil {
		return
	}
	if s.App.ID <= 0 {
		say([]any{"app", "id"}, "the App needs an `id` above 0")
	}
	if !loginShape.MatchString(s.App.Slug) {
		say([]any{"app", "slug"}, "the App needs a `slug` of letters, digits and dashes")
	}
	if s.App.WebhookURL != "" && !strings.HasPrefix(s.App.WebhookURL, "http://") && !strings.HasPrefix(s.App.WebhookURL, "https://") {
		say([]any{"app", "webhook_url"}, "`%s` is no http URL", s.App.WebhookURL)
	}
	if (s.App.ClientSecret == "") != (s.App.CallbackURL == "") {
		say([]any{"app"}, "`client_secret` and `callback_url` belong together")
	}
	if u, err := url.Parse(s.App.CallbackURL); err != nil || s.App.CallbackURL != "" && (u.Host == "" || u.RawQuery != "") {
		say([]any{"app", "callback_url"}, "`%s` is no http URL without a query", s.App.CallbackURL)
	}
	if s.App.PrivateKey == "" && s.App.Key == nil {
		say([]any{"app", "private_key"}, "the App needs a `private_key`: a file, which is written if absent")
	}
	if len(s.Users) == 0 && len(s.Repositories) == 0 {
		say([]any{"app"}, "the App needs an owner: name a user or a repository")
	}
}

func (s *Seed) checkLimits(say sayProblem) {
	for key, n := range map[string]int{
		"per_hour": s.Limits.PerHour, "points_per_minute": s.Limits.PointsPerMinute,
		"content_per_minute": s.Limits.ContentPerMinute, "content_per_hour": s.Limits.ContentPerHour,
	} {
		if n < 0 {
			say([]any{"limits", key}, "a limit is a number of requests, or 0 for none")
		}
	}
}

// checkUsers gives the logins, in lower case.
func (s *Seed) checkUsers(say sayProblem) map[string]bool {
	logins, tokens := map[string]bool{}, map[string]string{}
	for i, u := range s.Users {
		login := strings.ToLower(u.Login)
		if !loginShape.MatchString(u.Login) {
			say([]any{"users", i, "login"}, "`%s` is no login: letters, digits and dashes, 39 at most", u.Login)
		}
		if logins[login] || s.App != nil && login == strings.ToLower(s.App.Slug)+"[bot]" {
			say([]any{"users", i, "login"}, "the login `%s` is taken", u.Login)
		}
		if other := tokens[u.Token]; u.Token != "" && other != "" {
			say([]any{"users", i, "token"}, "%s has the same token", other)
		}
		logins[login], tokens[u.Token] = true, u.Login
	}
	return logins
}

func (s *Seed) checkRepository(r SeedRepository, users map[string]bool, say sayProblem) {
	owner, name, found := strings.Cut(r.Name, "/")
	if !found || !loginShape.MatchString(owner) || !repoNameShape.MatchString(name) || strings.HasSuffix(name, ".git") {
		say([]any{"name"}, "`%s` is no repository: write owner/repo", r.Name)
	}
	if r.DefaultBranch != "" && !validRefName("refs/heads/"+r.DefaultBranch) {
		say([]any{"default_branch"}, "`%s` is no branch name", r.DefaultBranch)
	}
	if r.Installed && s.App == nil {
		say([]any{"installed"}, "there is no `app` to be installed")
	}
	for login, role := range r.Collaborators {
		if !users[strings.ToLower(login)] {
			say([]any{"collaborators", login}, "there is no user `%s`", login)
		}
		if !slices.Contains([]string{"admin", "maintain", "write", "triage", "read"}, role) {
			say([]any{"collaborators", login}, "`%s` is no permission: admin, maintain, write, triage or read", role)
		}
	}
	for i, l := range r.Labels {
		if l.Name == "" || len(l.Name) > 50 {
			say([]any{"labels", i}, "a label needs a name of at most 50 characters")
		}
		if l.Color != "" && !colorShape.MatchString(l.Color) {
			say([]any{"labels", i, "color"}, "`%s` is no color: six hexadecimal digits", l.Color)
		}
	}
	s.checkSettings(r.Settings, say)
}

func (s *Seed) checkSettings(x SeedSettings, say sayProblem) {
	off := func(b *bool) bool { return b != nil && !*b }
	if off(x.AllowMergeCommit) && off(x.AllowSquashMerge) && off(x.AllowRebaseMerge) {
		say([]any{"settings"}, "one way to merge must be allowed")
	}
	for key, c := range map[string]struct {
		value string
		known []string
	}{
		"squash_merge_commit_title":   {x.SquashTitle, []string{"PR_TITLE", "COMMIT_OR_PR_TITLE"}},
		"squash_merge_commit_message": {x.SquashMessage, []string{"PR_BODY", "COMMIT_MESSAGES", "BLANK"}},
		"merge_commit_title":          {x.MergeTitle, []string{"PR_TITLE", "MERGE_MESSAGE"}},
		"merge_commit_message":        {x.MergeMessage, []string{"PR_BODY", "PR_TITLE", "BLANK"}},
	} {
		if c.value != "" && !slices.Contains(c.known, c.value) {
			say([]any{"settings", key}, "`%s` is none of %s", c.value, strings.Join(c.known, ", "))
		}
	}
}

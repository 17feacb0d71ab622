package e2e_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/githubsim"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// tell is what an exchange changed on GitHub, as sentences that name things by
// what stays the same in every playing: numbers, names, never ids. A change that
// has no sentence is told as the raw request, so that no story can claim it by
// accident. A refused request changed nothing.
func (a *acts) tell(e exchange) []string {
	if e.status >= 300 {
		return nil
	}
	if strings.HasSuffix(e.path, "/git-receive-pack") {
		return a.tellPush(e)
	}
	place, ok := inRepository(e.path)
	if !ok {
		return tellOutside(e)
	}
	for _, s := range sentences {
		if m := s.path.FindStringSubmatch(e.method + " " + place); m != nil {
			return s.tell(a, e, m[1:])
		}
	}
	return []string{e.method + " " + e.path}
}

// repository is the start of a path below a repository, by name or by number.
var repository = regexp.MustCompile(`^/(?:repos/[^/]+/[^/]+|repositories/\d+)(/.*)$`)

func inRepository(path string) (string, bool) {
	m := repository.FindStringSubmatch(path)
	if m == nil {
		return "", false
	}
	return m[1], true
}

// tellOutside is for what does not lie below a repository: tokens are nobody's
// business, a question to GraphQL changes nothing.
func tellOutside(e exchange) []string {
	var sent struct {
		Query     string
		Variables struct{ Method string }
	}
	_ = json.Unmarshal(e.sent, &sent) // whatever it is then, it is no query
	answer := read[autoMerged](e.answer)
	if n := answer.Data.Enabled.PullRequest.Number; n != 0 {
		return one("auto-merge #%d %s", n, strings.ToLower(sent.Variables.Method))
	}
	if len(answer.Errors) > 0 {
		return nil // GraphQL refuses with status 200
	}
	question := e.path == "/graphql" && strings.HasPrefix(strings.TrimSpace(sent.Query), "query")
	if question || strings.HasSuffix(e.path, "/access_tokens") {
		return nil
	}
	return []string{e.method + " " + e.path + " " + sent.Query}
}

// autoMerged is GraphQL's answer to somebody who tells a pull request to merge by
// itself.
type autoMerged struct {
	Data struct {
		Enabled struct {
			PullRequest struct{ Number int }
		} `json:"enablePullRequestAutoMerge"`
	}
	Errors []struct{ Message string }
}

// sentences are the things that an App may change, by "METHOD path".
var sentences = []struct {
	path *regexp.Regexp
	tell func(a *acts, e exchange, match []string) []string
}{
	{regexp.MustCompile(`^POST /labels$`), tellLabel},
	{regexp.MustCompile(`^POST /issues$`), tellIssue},
	{regexp.MustCompile(`^PATCH /(issues|pulls)/(\d+)$`), tellChange},
	{regexp.MustCompile(`^POST /issues/(\d+)/labels$`), tellLabels},
	{regexp.MustCompile(`^DELETE /issues/(\d+)/labels/(.+)$`), tellUnlabel},
	{regexp.MustCompile(`^POST /issues/(\d+)/assignees$`), tellAssignees},
	{regexp.MustCompile(`^POST /issues/(\d+)/comments$`), (*acts).tellComment},
	{regexp.MustCompile(`^PATCH /issues/comments/(\d+)$`), (*acts).tellEdit},
	{regexp.MustCompile(`^POST /issues/comments/(\d+)/reactions$`), (*acts).tellReaction},
	{regexp.MustCompile(`^POST /pulls$`), tellPull},
	{regexp.MustCompile(`^POST /pulls/(\d+)/requested_reviewers$`), tellReviewers},
	{regexp.MustCompile(`^PUT /pulls/(\d+)/merge$`), tellMerge},
	{regexp.MustCompile(`^POST /releases$`), tellRelease},
	{regexp.MustCompile(`^POST /deployments$`), tellDeployment},
	{regexp.MustCompile(`^(?:POST /check-runs|PATCH /check-runs/\d+)$`), (*acts).tellCheck},
}

// read takes an answer or a request apart. Both were judged by their description.
func read[T any](data []byte) (v T) {
	_ = json.Unmarshal(data, &v)
	return v
}

func one(format string, args ...any) []string { return []string{fmt.Sprintf(format, args...)} }

func tellLabel(_ *acts, e exchange, _ []string) []string {
	return one("label %s made", read[struct{ Name string }](e.answer).Name)
}

// named is anything with a name.
type named struct{ Name string }

// account is anybody.
type account struct{ Login string }

func tellIssue(_ *acts, e exchange, _ []string) []string {
	issue := read[struct {
		Number int
		Title  string
		Labels []named
	}](e.answer)
	said := one("issue #%d opened: %s", issue.Number, issue.Title)
	for _, l := range issue.Labels {
		said = append(said, fmt.Sprintf("label #%d %s", issue.Number, l.Name))
	}
	return said
}

func tellChange(_ *acts, e exchange, match []string) []string {
	var said []string
	for field, value := range read[map[string]any](e.sent) {
		switch {
		case field == "labels":
			said = append(said, tellLabels(nil, e, match[1:])...)
		case field == "assignees":
			said = append(said, tellAssignees(nil, e, match[1:])...)
		case field == "state_reason":
		case field == "state" && value == "closed":
			said = append(said, "close #"+match[1])
		case field == "state":
			said = append(said, "reopen #"+match[1])
		case field == "milestone":
			said = append(said, fmt.Sprintf("milestone #%s %v", match[1], value))
		default:
			said = append(said, fmt.Sprintf("change %s #%s %s", strings.TrimSuffix(match[0], "s"), match[1], field))
		}
	}
	return said
}

func tellLabels(_ *acts, e exchange, match []string) []string {
	var said []string
	for _, l := range read[struct{ Labels []string }](e.sent).Labels {
		said = append(said, "label #"+match[0]+" "+l)
	}
	return said
}

func tellUnlabel(_ *acts, _ exchange, match []string) []string {
	name, err := url.PathUnescape(match[1])
	if err != nil {
		name = match[1]
	}
	return one("unlabel #%s %s", match[0], name)
}

// tellAssignees names those who were accepted: GitHub drops the others.
func tellAssignees(_ *acts, e exchange, match []string) []string {
	var said []string
	wanted := read[struct{ Assignees []string }](e.sent).Assignees
	for _, a := range read[struct{ Assignees []account }](e.answer).Assignees {
		if slices.Contains(wanted, a.Login) {
			said = append(said, "assign #"+match[0]+" "+a.Login)
		}
	}
	return said
}

func tellPull(_ *acts, e exchange, _ []string) []string {
	type side struct{ Ref string }
	pull := read[struct {
		Number     int
		Draft      bool
		Head, Base side
	}](e.answer)
	kind := ""
	if pull.Draft {
		kind = "draft "
	}
	return one("pull #%d %s%s -> %s", pull.Number, kind, pull.Head.Ref, pull.Base.Ref)
}

func tellReviewers(_ *acts, e exchange, match []string) []string {
	asked := read[struct {
		Reviewers     []string
		TeamReviewers []string `json:"team_reviewers"`
	}](e.sent)
	var said []string
	for _, who := range append(asked.Reviewers, asked.TeamReviewers...) {
		said = append(said, "review #"+match[0]+" "+who)
	}
	return said
}

func tellRelease(_ *acts, e exchange, _ []string) []string {
	sent := read[struct {
		Tag    string `json:"tag_name"`
		Latest string `json:"make_latest"`
	}](e.sent)
	latest := map[string]string{"true": "latest", "false": "not latest"}[sent.Latest]
	if latest == "" {
		latest = "latest by date" // nobody said: an older line's patch would become it
	}
	return one("release %s %s", sent.Tag, latest)
}

func tellMerge(_ *acts, e exchange, match []string) []string {
	return one("merge #%s %s", match[0], read[struct {
		Method string `json:"merge_method"`
	}](e.sent).Method)
}

func tellDeployment(_ *acts, e exchange, _ []string) []string {
	d := read[struct{ Ref, Environment string }](e.answer)
	return one("deployment %s to %s", d.Ref, d.Environment)
}

// comment remembers a comment, so that what happens to it later can be told.
func (a *acts) comment(e exchange) remark {
	c := read[struct {
		ID       int64
		Body     string
		User     account
		IssueURL string `json:"issue_url"`
	}](e.answer)
	issue, _ := strconv.Atoi(c.IssueURL[strings.LastIndex(c.IssueURL, "/")+1:])
	a.comments[c.ID] = remark{issue: issue, author: c.User.Login, body: c.Body}
	return a.comments[c.ID]
}

func (a *acts) tellComment(e exchange, _ []string) []string {
	c := a.comment(e)
	var answer hotfix.Answer
	if naming.FindMarker(c.body, naming.KindReply, &answer) {
		return one("reply #%d to %s", c.issue, answer.By)
	}
	return one("comment #%d %s", c.issue, c.kind())
}

func (a *acts) tellEdit(e exchange, _ []string) []string {
	c := a.comment(e)
	return one("edit #%d %s", c.issue, c.kind())
}

var marker = regexp.MustCompile(`\n<!-- hotfixbot:([a-z]+) [^\n]*-->\s*$`)

// kind is what a text of the bot's is by its hidden marker.
func (c remark) kind() string {
	if m := marker.FindStringSubmatch(c.body); m != nil {
		return m[1]
	}
	first, _, _ := strings.Cut(c.body, "\n")
	return strconv.Quote(first)
}

func (a *acts) tellReaction(e exchange, match []string) []string {
	id, _ := strconv.ParseInt(match[0], 10, 64)
	c := a.comments[id]
	return one("react #%d %s to %s", c.issue, read[struct{ Content string }](e.answer).Content, c.author)
}

// tellCheck names a check run by the pull requests whose head it stands on, else
// by the branch, and with the buttons that it gets.
func (a *acts) tellCheck(e exchange, _ []string) []string {
	run := read[struct {
		Name, Conclusion, Status string
		HeadSHA                  string `json:"head_sha"`
	}](e.answer)
	outcome := run.Conclusion
	if outcome == "" {
		outcome = run.Status
	}
	said := fmt.Sprintf("check %q %s at %s", run.Name, outcome, a.headName(run.HeadSHA))
	for i, b := range read[struct{ Actions []githubsim.CheckAction }](e.sent).Actions {
		said += map[bool]string{true: " with ", false: ", "}[i == 0] + strconv.Quote(b.Label)
	}
	return []string{said}
}

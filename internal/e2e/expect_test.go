package e2e_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// expect holds the world against what the story says of it.
func (p *playing) expect(l line) error {
	if len(l.words) < 3 {
		return errors.New("expect takes a noun and what is expected of it")
	}
	noun, ok := expectations[l.words[1]]
	if !ok {
		return fmt.Errorf("nothing is known of %q; there is %s", l.words[1], known(expectations))
	}
	w := slices.Clone(l.words[2:])
	w[len(w)-1] = p.named(w[len(w)-1])
	if len(w) < noun.least {
		return fmt.Errorf("expect %s takes at least %d words", l.words[1], noun.least)
	}
	return noun.hold(p, w)
}

// expectation is a noun that expect knows, with the fewest words it takes.
type expectation struct {
	least int
	hold  func(p *playing, w []string) error
}

var expectations = map[string]expectation{
	"issue":   {2, (*playing).expectIssue},
	"pull":    {2, (*playing).expectPull},
	"comment": {3, (*playing).expectComment},
	"file":    {3, (*playing).expectFile},
	"commit":  {3, (*playing).expectCommit},
	"tag":     {2, (*playing).expectTag},
	"branch":  {2, (*playing).expectBranch},
	"latest":  {1, (*playing).expectLatest},
	"version": {2, (*playing).expectVersion},
	"board":   {3, (*playing).expectBoard},
	"state":   {2, (*playing).expectState},
	"check":   {3, (*playing).expectCheck},
	"note":    {1, (*playing).expectNote},

	"page":       {3, (*playing).expectPage},
	"buttons":    {1, (*playing).expectButtons},
	"deployment": {2, (*playing).expectDeployment},
	"requests":   {2, (*playing).expectRequests},
}

// differ is the error of a value that is not as expected.
func differ[T comparable](what string, got, want T) error {
	if got == want {
		return nil
	}
	return fmt.Errorf("%s is %v, expected is %v", what, got, want)
}

// contains holds a text against "contains X" or "lacks X".
func contains(what, text string, w []string) error {
	if len(w) != 2 || w[0] != "contains" && w[0] != "lacks" {
		return fmt.Errorf("of %s, say that it contains or lacks a text", what)
	}
	if strings.Contains(text, w[1]) == (w[0] == "contains") {
		return nil
	}
	return fmt.Errorf("%s was expected to %s %q:\n%s", what, strings.TrimSuffix(w[0], "s"), w[1], text)
}

// get reads something of the repository as somebody who may see it all.
func (p *playing) get(into any, format string, args ...any) error {
	path := "/repos/" + p.repo + fmt.Sprintf(format, args...)
	return p.github.Person("alice").Do(p.ctx, http.MethodGet, path, nil, into)
}

// issue NUMBER open|closed|labels NAMES|title TEXT
func (p *playing) expectIssue(w []string) error {
	var issue struct {
		State, Title string
		Labels       []named
	}
	if err := p.get(&issue, "/issues/%s", w[0]); err != nil {
		return err
	}
	switch w[1] {
	case "labels":
		var names []string
		for _, l := range issue.Labels {
			names = append(names, l.Name)
		}
		return differ("the labels of #"+w[0], strings.Join(names, ","), strings.Join(w[2:], ","))
	case "title":
		return differ("the title of #"+w[0], issue.Title, strings.Join(w[2:], ""))
	}
	return differ("issue #"+w[0], issue.State, w[1])
}

// pull NUMBER open|closed|merged|draft|contains TEXT|lacks TEXT|title TEXT
func (p *playing) expectPull(w []string) error {
	var pull struct {
		State, Body, Title string
		Draft, Merged      bool
	}
	if err := p.get(&pull, "/pulls/%s", w[0]); err != nil {
		return err
	}
	switch w[1] {
	case "contains", "lacks":
		return contains("the body of #"+w[0], pull.Body, w[1:])
	case "title":
		return differ("the title of #"+w[0], pull.Title, strings.Join(w[2:], ""))
	}
	state := pull.State
	switch {
	case pull.Merged:
		state = "merged"
	case pull.Draft && state == "open":
		state = "draft"
	}
	return differ("pull request #"+w[0], state, w[1])
}

// spoken is a comment as GitHub shows it.
type spoken struct {
	ID   int64
	Body string
	User account
}

// commentsOn lists the comments on an issue or pull request, oldest first.
func (p *playing) commentsOn(number string) ([]spoken, error) {
	var list []spoken
	err := p.get(&list, "/issues/%s/comments?per_page=100", number)
	return list, err
}

// comment NUMBER status|last contains|lacks TEXT, comment NUMBER count N
func (p *playing) expectComment(w []string) error {
	list, err := p.commentsOn(w[0])
	if err != nil {
		return err
	}
	if w[1] == "count" {
		return differ("the number of comments on #"+w[0], fmt.Sprint(len(list)), w[2])
	}
	slices.Reverse(list)
	for _, c := range list {
		status := remark{body: c.Body}.kind() == "status"
		if status == (w[1] == "status") && (w[1] != "status" || c.User.Login == appSlug+"[bot]") {
			return contains("the "+w[1]+" comment of "+c.User.Login+" on #"+w[0], c.Body, w[2:])
		}
	}
	return fmt.Errorf("there is no such comment on #%s", w[0])
}

// file BRANCH PATH contains|lacks TEXT, file BRANCH PATH absent
func (p *playing) expectFile(w []string) error {
	content, err := p.git("show", w[0]+":"+w[1])
	if w[2] == "absent" {
		if err == nil {
			return fmt.Errorf("%s is on %s", w[1], w[0])
		}
		return nil
	}
	if err != nil {
		return err
	}
	return contains(w[1]+" on "+w[0], content, w[2:])
}

// commit REVISION contains|lacks TEXT: its author, committer, message and patch;
// commit REVISION..REVISION count N
func (p *playing) expectCommit(w []string) error {
	if w[1] == "count" {
		n, err := p.git("rev-list", "--count", w[0])
		return errors.Join(err, differ("the number of commits in "+w[0], n, w[2]))
	}
	text, err := p.git("show", "--format=author %an <%ae> %aI%ncommitter %cn <%ce>%n%n%B", w[0])
	if err != nil {
		return err
	}
	return contains("commit "+w[0], text, w[1:])
}

// tag NAME absent, tag NAME COMMIT: annotated, on that commit
func (p *playing) expectTag(w []string) error {
	kind, err := p.git("cat-file", "-t", "refs/tags/"+w[0])
	if w[1] == "absent" {
		if err == nil {
			return fmt.Errorf("there is a tag %s", w[0])
		}
		return nil
	}
	got, errGot := p.git("rev-parse", "refs/tags/"+w[0]+"^{commit}")
	want, errWant := p.git("rev-parse", w[1]+"^{commit}")
	return errors.Join(err, errGot, errWant, differ("the kind of "+w[0], kind, "tag"), differ(w[0], got, want))
}

// branch NAME there|absent, branch NAME COMMIT
func (p *playing) expectBranch(w []string) error {
	got, err := p.git("rev-parse", "--verify", "--quiet", "refs/heads/"+w[0])
	switch w[1] {
	case "absent":
		if err == nil {
			return fmt.Errorf("there is a branch %s", w[0])
		}
		return nil
	case "there":
		return err
	}
	want, errWant := p.git("rev-parse", w[1]+"^{commit}")
	return errors.Join(err, errWant, differ(w[0], got, want))
}

// latest TAG: the release that GitHub shows as the latest
func (p *playing) expectLatest(w []string) error {
	var release struct {
		Tag string `json:"tag_name"`
	}
	if err := p.get(&release, "/releases/latest"); err != nil {
		return err
	}
	return differ("the latest release", release.Tag, w[0])
}

// check COMMIT NAME CONCLUSION [contains|lacks|annotates TEXT]: the check run of that
// name, and what it says in its title and summary, or in an annotation ("PATH:LINE:
// MESSAGE"); COMMIT may be the number of a pull request
func (p *playing) expectCheck(w []string) error {
	commit, err := p.commit(w[0])
	if err != nil {
		return err
	}
	var list struct {
		Runs []checkRun `json:"check_runs"`
	}
	if err := p.get(&list, "/commits/%s/check-runs", commit); err != nil {
		return err
	}
	for _, run := range list.Runs {
		if run.Name != w[1] {
			continue
		}
		err := differ(run.Name, run.Conclusion, w[2])
		if err == nil && len(w) > 3 {
			err = p.checkSays(run, w[3:])
		}
		return err
	}
	return fmt.Errorf("%s has no check run %q", w[0], w[1])
}

// checkRun is a check run as GitHub lists it.
type checkRun struct {
	ID               int64
	Name, Conclusion string
	Output           struct{ Title, Summary string }
}

// checkSays holds the words of a check run against "contains X", "lacks X" or
// "annotates X".
func (p *playing) checkSays(run checkRun, w []string) error {
	if w[0] != "annotates" {
		return contains(run.Name, run.Output.Title+"\n"+run.Output.Summary, w)
	}
	var list []struct {
		Path    string
		Line    int `json:"start_line"`
		Message string
	}
	if err := p.get(&list, "/check-runs/%d/annotations", run.ID); err != nil {
		return err
	}
	text := ""
	for _, a := range list {
		text += fmt.Sprintf("%s:%d: %s\n", a.Path, a.Line, a.Message)
	}
	return contains("the annotations of "+run.Name, text, append([]string{"contains"}, w[1:]...))
}

// requests PREFIX NUMBER: how many were made so far, by method and path
func (p *playing) expectRequests(w []string) error {
	want, err := number(w[1])
	if err != nil {
		return err
	}
	got := 0
	for _, r := range p.github.Requests() {
		if strings.HasPrefix(r.Method+" "+r.Path, w[0]) {
			got++
		}
	}
	return differ("the number of "+w[0], got, want)
}

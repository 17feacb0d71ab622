package e2e_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/githubsim"
)

// deed is something that people do in schedules, some more often than others.
// It tells what was done.
type deed struct {
	weight int
	do     func(*schedule, context.Context) (string, error)
}

var deeds = []deed{
	{10, (*schedule).fixBug},
	{14, (*schedule).mergeSomething},
	{4, (*schedule).pushToBackport},
	{4, (*schedule).closeSomething},
	{3, (*schedule).reopenSomething},
	{3, (*schedule).deleteBackportBranch},
	{8, (*schedule).saySomething},
	{3, (*schedule).breakAgain},
	{2, (*schedule).renameRepository},
	{3, (*schedule).changePermission},
	{2, (*schedule).suspendOrNot},
	{2, (*schedule).deleteTag},
	{3, (*schedule).workElsewhere},
	{2, (*schedule).letTimePass},
}

var totalWeight = func() (sum int) {
	for _, a := range deeds {
		sum += a.weight
	}
	return sum
}()

var errNothing = errors.New("there is nothing of the kind")

// pick gives one of a list.
func pick[T any](s *schedule, list []T) (T, error) {
	if len(list) == 0 {
		var none T
		return none, errNothing
	}
	return list[s.random.IntN(len(list))], nil
}

// seenIssue is an issue or pull request as REST lists it.
type seenIssue struct {
	Number int
	Title  string
	State  string
	Body   string
	User   struct{ Login string }
	Pull   *struct{} `json:"pull_request"`
}

// seenPull is a pull request as REST lists it.
type seenPull struct {
	Number   int
	State    string
	Body     string
	MergedAt *time.Time `json:"merged_at"`
	User     struct{ Login string }
	Head     struct{ Ref, SHA string }
	Base     struct{ Ref string }
}

func (s *schedule) pulls(want func(seenPull) bool) (list []seenPull, err error) {
	err = s.get(&list, "/pulls?state=all&per_page=100")
	return slices.DeleteFunc(list, func(p seenPull) bool { return !want(p) }), err
}

func (s *schedule) issues(want func(seenIssue) bool) (list []seenIssue, err error) {
	err = s.get(&list, "/issues?state=all&per_page=100")
	return slices.DeleteFunc(list, func(i seenIssue) bool { return !want(i) }), err
}

func ofBot(login string) bool { return login == appSlug+"[bot]" }

func (s *schedule) someone() *githubsim.Person {
	return s.github.Person([]string{"alice", "bob", "carol"}[s.random.IntN(3)])
}

// fixBug opens the pull request of the next hotfix, and merges it as often as not.
func (s *schedule) fixBug(ctx context.Context) (string, error) {
	if s.bugs == scheduleSteps {
		return "", nil
	}
	s.bugs++
	k, who := s.bugs, s.github.Person("alice")
	branch := fmt.Sprintf("hotfix/bug-%d", k)
	main, err := s.git("rev-parse", "main")
	if err == nil {
		err = who.Branch(ctx, s.repo, branch, main)
	}
	if err == nil {
		_, err = who.Commit(ctx, s.repo, branch, fmt.Sprintf("Fix bug %d", k), map[string]string{bugFile(k): fixedBug(k)})
	}
	if err != nil {
		return fmt.Sprintf("alice fixes bug %d", k), err
	}
	n, err := who.OpenPull(ctx, s.repo, githubsim.NewPull{Head: branch, Base: "main", Title: fmt.Sprintf("Fix bug %d", k)})
	if err != nil || s.random.IntN(3) == 0 {
		return fmt.Sprintf("alice opens #%d for bug %d", n, k), err
	}
	said, err := s.mergePull(ctx, n)
	return fmt.Sprintf("alice opens #%d for bug %d, %s", n, k, said), err
}

func fixedBug(k int) string { return fmt.Sprintf("about bug %d\nstate: fixed\nend\n", k) }

func (s *schedule) mergePull(ctx context.Context, n int) (string, error) {
	method := []string{"merge", "squash", "rebase"}[s.random.IntN(3)]
	_, err := s.github.Person("carol").Merge(ctx, s.repo, n, method)
	return fmt.Sprintf("carol merges #%d (%s)", n, method), err
}

func (s *schedule) mergeSomething(ctx context.Context) (string, error) {
	open, err := s.pulls(func(p seenPull) bool { return p.State == "open" })
	if err != nil {
		return "merge", err
	}
	p, err := pick(s, open)
	if err != nil {
		return "merge", err
	}
	return s.mergePull(ctx, p.Number)
}

// pushToBackport puts a person's commit upon a branch of the bot's.
func (s *schedule) pushToBackport(ctx context.Context) (string, error) {
	open, err := s.pulls(func(p seenPull) bool { return ofBot(p.User.Login) && p.State == "open" })
	if err != nil {
		return "push", err
	}
	p, err := pick(s, open)
	if err != nil {
		return "push to a backport", err
	}
	name := fmt.Sprintf("notes/%d.txt", s.random.IntN(1000))
	tip, err := s.someone().Commit(ctx, s.repo, p.Head.Ref, "Add a note", map[string]string{name: "a note\n"})
	if err == nil {
		s.witness.tips[p.Head.Ref] = tip
	}
	return "somebody pushes to " + p.Head.Ref, err
}

// closeSomething closes an issue or a pull request, of the bot's or not.
func (s *schedule) closeSomething(ctx context.Context) (string, error) {
	i, err := s.anIssue("open")
	if err != nil {
		return "close", err
	}
	if err = s.someone().CloseIssue(ctx, s.repo, i.Number); err == nil {
		s.witness.closed[i.Number], s.witness.shut[i.Number] = true, true
		delete(s.witness.reopened, i.Number)
	}
	return fmt.Sprintf("somebody closes #%d", i.Number), err
}

func (s *schedule) anIssue(state string) (seenIssue, error) {
	list, err := s.issues(func(i seenIssue) bool { return i.State == state && ofBot(i.User.Login) })
	if err != nil {
		return seenIssue{}, err
	}
	return pick(s, list)
}

func (s *schedule) reopenSomething(ctx context.Context) (string, error) {
	i, err := s.anIssue("closed")
	if err != nil {
		return "reopen", err
	}
	if err = s.someone().ReopenIssue(ctx, s.repo, i.Number); err == nil {
		// Who takes back a person's own closing does not hold the issue open against the bot.
		s.witness.reopened[i.Number] = i.Pull == nil && !s.witness.shut[i.Number]
		delete(s.witness.closed, i.Number)
		delete(s.witness.shut, i.Number)
	}
	return fmt.Sprintf("somebody reopens #%d", i.Number), err
}

func (s *schedule) deleteBackportBranch(ctx context.Context) (string, error) {
	list, err := s.pulls(func(p seenPull) bool { return ofBot(p.User.Login) })
	if err != nil {
		return "delete", err
	}
	p, err := pick(s, list)
	if err != nil {
		return "delete a backport's branch", err
	}
	if err = s.someone().DeleteBranch(ctx, s.repo, p.Head.Ref); err == nil {
		delete(s.witness.tips, p.Head.Ref)
		if p.State == "open" { // GitHub closes it in the person's name
			s.witness.closed[p.Number] = true
		}
	}
	return "somebody deletes " + p.Head.Ref, err
}

var scheduledWords = []string{
	"/hotfix status", "/hotfix retry qa", "/hotfix retry dev", "/hotfix skip dev not needed there", "/hotfix skip qa no such code",
	"/hotfix unskip dev", "/hotfix unskip qa", "/hotfix solved", "/hotfix reopen", "Thank you.", "> /hotfix skip dev quoted",
}

// saySomething comments, Mallory as well, who may only read.
func (s *schedule) saySomething(ctx context.Context) (string, error) {
	list, err := s.issues(func(i seenIssue) bool { return true })
	if err != nil {
		return "comment", err
	}
	i, err := pick(s, list)
	if err != nil {
		return "comment", err
	}
	login := []string{"alice", "bob", "mallory"}[s.random.IntN(3)]
	text, _ := pick(s, scheduledWords)
	id, err := s.github.Person(login).Comment(ctx, s.repo, i.Number, text)
	if err == nil {
		s.witness.heard(id, login, text, i.Number)
	}
	return fmt.Sprintf("%s on #%d: %s", login, i.Number, text), err
}

// breakAgain undoes a fix somewhere below.
func (s *schedule) breakAgain(ctx context.Context) (string, error) {
	k, branch := 1+s.random.IntN(max(s.bugs, 1)), []string{"qa", "dev"}[s.random.IntN(2)]
	now, err := s.git("show", branch+":"+bugFile(k))
	if err != nil || !strings.Contains(now, "fixed") {
		return "", err
	}
	tip, err := s.someone().Commit(ctx, s.repo, branch, fmt.Sprintf("Break %d again", k), map[string]string{bugFile(k): strings.ReplaceAll(fixedBug(k), "fixed", "broken")})
	if err == nil {
		s.witness.tips[branch] = tip
	}
	return fmt.Sprintf("somebody breaks %d again on %s", k, branch), err
}

func (s *schedule) renameRepository(ctx context.Context) (string, error) {
	name := fmt.Sprintf("shop-%d", s.random.IntN(1000))
	err := s.github.Person("alice").Edit(ctx, s.repo, map[string]any{"name": name})
	if err == nil {
		s.repo = "acme/" + name
	}
	return "alice renames the repository to " + name, err
}

// changePermission lets Bob write, or only read.
func (s *schedule) changePermission(ctx context.Context) (string, error) {
	role := []string{"pull", "push", "maintain"}[s.random.IntN(3)]
	err := s.github.Person("alice").SetPermission(ctx, s.repo, "bob", role)
	if err == nil {
		s.witness.roles["bob"] = role
	}
	return "alice lets bob " + role, err
}

// suspendOrNot suspends the App, or lets it work again.
func (s *schedule) suspendOrNot(context.Context) (string, error) {
	s.witness.suspended = !s.witness.suspended
	return fmt.Sprintf("alice suspends the App: %v", s.witness.suspended),
		s.github.Person("alice").Suspend(s.repo, appID, s.witness.suspended)
}

func (s *schedule) deleteTag(ctx context.Context) (string, error) {
	out, err := s.git("tag", "--list", "v1.7.*")
	if err != nil {
		return "delete a tag", err
	}
	tag, err := pick(s, strings.Fields(strings.ReplaceAll(out, "v1.7.0", "")))
	if err != nil {
		return "delete a tag", err
	}
	if err = s.github.Person("alice").DeleteTag(ctx, s.repo, tag); err == nil {
		delete(s.witness.tags, tag)
	}
	return "alice deletes the tag " + tag, err
}

// workElsewhere moves a branch on.
func (s *schedule) workElsewhere(ctx context.Context) (string, error) {
	branch := branches[s.random.IntN(len(branches))]
	name := fmt.Sprintf("work/%d.txt", s.random.IntN(1000))
	tip, err := s.someone().Commit(ctx, s.repo, branch, "Work", map[string]string{name: "work\n"})
	if err == nil {
		s.witness.tips[branch] = tip
	}
	return "somebody works on " + branch, err
}

func (s *schedule) letTimePass(context.Context) (string, error) {
	d := time.Duration(1+s.random.IntN(100)) * time.Hour
	s.clock.advance(d)
	return fmt.Sprintf("%s pass", d), nil
}

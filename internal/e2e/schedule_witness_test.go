package e2e_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// witness remembers what people did, and holds what the bot made of it against what
// must always hold (docs/architecture.md).
type witness struct {
	tips      map[string]string // branch → the tip that a person made
	tags      map[string]string // tag → the commit it was first seen at
	closed    map[int]bool      // what a person closed
	shut      map[int]bool      // what a person closed, whatever was said since
	reopened  map[int]bool      // issues that a person reopened after the bot, and nobody closed since
	roles     map[string]string // what Bob may
	deaf      map[int64]string  // comments that must not be answered, and by whom they are
	suspended bool
}

func newWitness() *witness {
	return &witness{
		tips: map[string]string{}, tags: map[string]string{}, closed: map[int]bool{}, shut: map[int]bool{}, reopened: map[int]bool{},
		roles: map[string]string{"bob": "push"}, deaf: map[int64]string{},
	}
}

// heard notes a comment. Mallory may only read.
func (w *witness) heard(id int64, login, text string, on int) {
	if login == "mallory" || !strings.HasPrefix(text, "/hotfix") {
		if text != "/hotfix status" { // everybody who reads may ask
			w.deaf[id] = login
		}
	}
	if text == "/hotfix solved" {
		clear(w.reopened) // the issue, or that of the pull request it was said on
	}
	if text == "/hotfix reopen" {
		clear(w.closed)
	}
}

// check is made whenever the bot is at rest.
func (w *witness) check(ctx context.Context, s *schedule) error {
	if w.suspended { // then the bot may do nothing at all, and sees nothing
		return nil
	}
	var wrong []error
	for _, look := range []func(context.Context, *schedule) error{
		w.nothingLost, w.nothingTwice, w.silent, w.nobodyOverwritten, w.peopleObeyed, w.honest, w.noSecrets,
	} {
		wrong = append(wrong, look(ctx, s))
	}
	return errors.Join(wrong...)
}

// nothingLost: each merged hotfix is on the board, and nothing is the bot's turn (1).
func (w *witness) nothingLost(ctx context.Context, s *schedule) error {
	merged, err := s.pulls(func(p seenPull) bool {
		return p.MergedAt != nil && p.Base.Ref == "main" && strings.HasPrefix(p.Head.Ref, "hotfix/")
	})
	if err != nil {
		return err
	}
	board, err := s.board()
	if err != nil {
		return err
	}
	known := map[int]hotfix.Status{}
	for _, h := range board.Hotfixes {
		known[h.Key.Pull] = h
		for _, st := range h.Standings {
			if st.Verdict == hotfix.VerdictPending && st.Problem == nil {
				err = errors.Join(err, fmt.Errorf("1: #%d is still to be carried to %s", h.Key.Pull, st.Branch))
			}
		}
	}
	for _, p := range merged {
		if _, ok := known[p.Number]; !ok {
			err = errors.Join(err, fmt.Errorf("1: the hotfix #%d is lost", p.Number))
		}
	}
	return err
}

var scheduledMarker = regexp.MustCompile(`<!-- hotfixbot:(\w+) (\{.*\}) -->`)

// nothingTwice: one status and one issue for a hotfix, one answer to a command, one
// pull request for a branch (2, 5). Nobody gets an answer who may not ask (7).
func (w *witness) nothingTwice(ctx context.Context, s *schedule) error {
	var comments []struct {
		Body string
		User struct{ Login string }
	}
	if err := s.get(&comments, "/issues/comments?per_page=100"); err != nil {
		return err
	}
	var wrong []error
	seen := map[string]int{}
	for _, c := range comments {
		m := scheduledMarker.FindStringSubmatch(c.Body)
		if !ofBot(c.User.Login) || m == nil {
			continue
		}
		var marker struct {
			Pull  int
			To    int64
			Stage int // of a reminder
		}
		if err := json.Unmarshal([]byte(m[2]), &marker); err != nil {
			return err
		}
		seen[fmt.Sprintf("comment %s %d of #%d to %d", m[1], marker.Stage, marker.Pull, marker.To)]++
		if login, ok := w.deaf[marker.To]; ok && m[1] == "reply" {
			wrong = append(wrong, fmt.Errorf("7: the bot answered %s: %s", login, m[0]))
		}
	}
	list, err := s.issues(func(i seenIssue) bool { return ofBot(i.User.Login) })
	for _, i := range list {
		seen[fmt.Sprintf("%q of %v", i.Title, i.Pull != nil)]++
	}
	for what, n := range seen {
		if n > 1 && !strings.HasPrefix(what, `"`) {
			wrong = append(wrong, fmt.Errorf("2: %d times %s", n, what))
		}
	}
	pulls, err2 := s.pulls(func(p seenPull) bool { return ofBot(p.User.Login) })
	heads := map[string]int{}
	for _, p := range pulls {
		if heads[p.Head.Ref]++; heads[p.Head.Ref] > 1 {
			wrong = append(wrong, fmt.Errorf("2: a second pull request #%d from %s", p.Number, p.Head.Ref))
		}
	}
	return errors.Join(append(wrong, err, err2)...)
}

// silent: a second reconcile writes nothing (3).
func (w *witness) silent(ctx context.Context, s *schedule) error {
	mark := s.github.Mark()
	if err := s.app.Sweep(ctx); err != nil {
		return err
	}
	if err := s.settle(ctx); err != nil {
		return err
	}
	for _, r := range s.github.Requests()[mark:] {
		push := strings.HasSuffix(r.Path, "/git-receive-pack")
		if (r.Write || push) && ofBot(r.Actor) {
			return fmt.Errorf("3: a second reconcile wrote: %s %s", r.Method, r.Path)
		}
	}
	return nil
}

// nobodyOverwritten: tags stay, and people's commits (4).
func (w *witness) nobodyOverwritten(_ context.Context, s *schedule) error {
	var wrong []error
	tags, _ := s.git("for-each-ref", "--format=%(refname:lstrip=2) %(*objectname)%(objectname)", "refs/tags/")
	now := map[string]string{}
	for line := range strings.Lines(tags) {
		name, id, _ := strings.Cut(strings.TrimSpace(line), " ")
		now[name] = id
		if w.tags[name] == "" {
			w.tags[name] = id
		}
	}
	for name, id := range w.tags {
		if now[name] != id {
			wrong = append(wrong, fmt.Errorf("4: the tag %s was at %s and is at %q", name, id, now[name]))
		}
	}
	for branch, tip := range w.tips {
		base, _ := s.git("merge-base", tip, branch)
		if base != tip {
			wrong = append(wrong, fmt.Errorf("4: the commit %s of a person is not on %s any more", tip, branch))
		}
	}
	return errors.Join(wrong...)
}

// peopleObeyed: what a person closed or reopened stays so (4).
func (w *witness) peopleObeyed(_ context.Context, s *schedule) error {
	list, err := s.issues(func(seenIssue) bool { return true })
	for _, i := range list {
		if w.closed[i.Number] && i.State == "open" {
			err = errors.Join(err, fmt.Errorf("4: #%d was closed by a person and is open", i.Number))
		}
		if w.reopened[i.Number] && i.State == "closed" {
			err = errors.Join(err, fmt.Errorf("4: #%d was reopened by a person and is closed", i.Number))
		}
	}
	return err
}

// honest: what is said to be contained is there, and what is said to be lost is not (6).
func (w *witness) honest(ctx context.Context, s *schedule) error {
	board, err := s.board()
	if err != nil {
		return err
	}
	for _, h := range board.Hotfixes {
		var k int
		if _, scanErr := fmt.Sscanf(h.Title, "Fix bug %d", &k); scanErr != nil {
			continue
		}
		for _, st := range h.Standings {
			content, _ := s.git("show", st.Branch+":"+bugFile(k))
			fixed := strings.Contains(content, "state: fixed")
			if st.Verdict == hotfix.VerdictContained && !fixed || st.Verdict == hotfix.VerdictLost && fixed {
				err = errors.Join(err, fmt.Errorf("6: #%d is said to be %s in %s, where it is %q", h.Key.Pull, st.Verdict, st.Branch, content))
			}
		}
	}
	return err
}

// noSecrets: no token and no webhook secret is logged (8).
func (w *witness) noSecrets(_ context.Context, s *schedule) error {
	log := s.log.from(0)
	if strings.Contains(log, "ghs_") || strings.Contains(log, webhookSecret) {
		return errors.New("8: the log holds a secret")
	}
	return nil
}

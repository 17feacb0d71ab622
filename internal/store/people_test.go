package store

import (
	"bytes"
	"reflect"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

var bob = hotfix.Account{ID: 41, Login: "bob"}

func TestSessionsEnd(t *testing.T) {
	onEngines(t, func(t *testing.T, in spot) {
		clock := newClock()
		s := open(t, in(Config{Now: clock.Now}))
		session := hotfix.Session{ID: "digest", Account: bob, Token: []byte{0, 1, 255}, Expires: clock.Now().Add(time.Hour)}
		ok(t, s.Begin(t.Context(), session))
		got, known, err := s.Session(t.Context(), "digest")
		ok(t, err)
		if !known || !reflect.DeepEqual(got, session) {
			t.Errorf("%v %+v", known, got)
		}
		ok(t, s.Renew(t.Context(), "digest", []byte{0, 1, 255}, []byte{2}))
		ok(t, s.Renew(t.Context(), "digest", []byte{0, 1, 255}, []byte{3})) // late
		if got, _, err := s.Session(t.Context(), "digest"); err != nil || !bytes.Equal(got.Token, []byte{2}) {
			t.Errorf("%v %v", got.Token, err)
		}
		clock.advance(time.Hour)
		if _, known, err := s.Session(t.Context(), "digest"); known || err != nil {
			t.Errorf("it is not over: %v", err)
		}
		ok(t, s.prune(t.Context()))
		ok(t, s.Begin(t.Context(), hotfix.Session{ID: "digest", Account: bob, Token: []byte{4}, Expires: clock.Now().Add(time.Hour)}))
		for range 2 {
			ok(t, s.End(t.Context(), "digest"))
		}
		if _, known, _ := s.Session(t.Context(), "digest"); known {
			t.Error("it was not ended")
		}
	})
}

func TestPassesAreTheirOwners(t *testing.T) {
	onEngines(t, func(t *testing.T, in spot) {
		clock := newClock()
		s := open(t, in(Config{Now: clock.Now}))
		made := hotfix.Pass{ID: "p1", Kind: hotfix.PassRead, Name: "wall", Owner: bob, Repositories: []hotfix.RepositoryID{7, 8}, CreatedAt: clock.Now()}
		ok(t, s.Issue(t.Context(), made, "digest"))
		ok(t, s.Issue(t.Context(), hotfix.Pass{ID: "p2", Kind: hotfix.PassBadge, CreatedAt: clock.Now()}, "other"))
		got, known, err := s.Pass(t.Context(), "digest")
		ok(t, err)
		if !known || !reflect.DeepEqual(got, made) {
			t.Errorf("%v %+v", known, got)
		}
		if _, known, _ := s.Pass(t.Context(), "guessed"); known {
			t.Error("a guess is a pass")
		}
		mine, err := s.Passes(t.Context(), bob)
		ok(t, err)
		all, err := s.Passes(t.Context(), hotfix.Account{})
		ok(t, err)
		if len(mine) != 1 || !mine[0].UsedAt.Equal(clock.Now()) || len(all) != 2 {
			t.Errorf("%+v\n%+v", mine, all)
		}
		for _, tc := range []struct {
			who  hotfix.Account
			id   string
			want bool
		}{{hotfix.Account{ID: 42}, "p1", false}, {bob, "p2", false}, {bob, "p1", true}, {bob, "p1", false}, {hotfix.Account{}, "p2", true}} {
			if known, err := s.Revoke(t.Context(), tc.who, tc.id); err != nil || known != tc.want {
				t.Errorf("%d revokes %s: %v %v", tc.who.ID, tc.id, known, err)
			}
		}
		if _, known, _ := s.Pass(t.Context(), "digest"); known {
			t.Error("a revoked pass works")
		}
	})
}

// An action is stored once, stands among the presses, and tells what became of it.
func TestActionsAreIntents(t *testing.T) {
	onEngines(t, func(t *testing.T, in spot) {
		s := open(t, in(Config{}))
		button := pressed("a", 5)
		_, err := s.Accept(t.Context(), button, 7)
		ok(t, err)
		skip := hotfix.Intent{
			ID: "form", Person: "bob", Pull: 34, At: button.ReceivedAt,
			Asked: &hotfix.Command{Verb: hotfix.VerbSkip, Environment: "dev", Reason: "it's another code"},
		}
		for range 2 {
			ok(t, s.Act(t.Context(), 7, skip))
		}
		presses, err := s.Presses(t.Context(), 7)
		ok(t, err)
		if want := []hotfix.Intent{skip, *button.Intent}; !reflect.DeepEqual(presses, want) {
			t.Errorf("got %+v", presses)
		}
		before, err := s.Mark(t.Context())
		ok(t, err)
		asked, err := s.AskedMarks(t.Context())
		ok(t, err)
		refused := hotfix.Response{Refused: true, Said: "it needs more"}
		ok(t, s.AnswerPress(t.Context(), 8, "form", refused)) // another repository's
		ok(t, s.AnswerPress(t.Context(), 7, "form", refused))
		ok(t, s.AnswerPress(t.Context(), 7, "form", hotfix.Response{Done: true, Issue: 2, Reply: 3})) // too late
		after, err := s.Mark(t.Context())
		ok(t, err)
		now, err := s.AskedMarks(t.Context())
		ok(t, err)
		if now[7] == "" || now[7] == asked[7] || now[8] != "" {
			t.Errorf("the marks are %v after %v", now, asked)
		}
		list, err := s.Actions(t.Context(), 7, 34, 10)
		ok(t, err)
		if want := []hotfix.Asking{{Intent: skip, Answered: true, Response: refused}}; !reflect.DeepEqual(list, want) || before.Boards == after.Boards {
			t.Errorf("%+v, %v then %v", list, before, after)
		}
		if presses, err := s.Presses(t.Context(), 7); err != nil || len(presses) != 1 {
			t.Errorf("%+v %v", presses, err)
		}
	})
}

package store_test

import (
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/bot"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/pgtest"
	"github.com/hotfixbot/hotfixbot/internal/store"
)

var _ bot.Ledger = (*store.Store)(nil)

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// onEngines runs a test on a new database of each kind.
func onEngines(t *testing.T, test func(t *testing.T, url string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, "sqlite:"+filepath.Join(t.TempDir(), "test.db")) })
	t.Run("postgres", func(t *testing.T) { test(t, pgtest.Database(t)) })
}

func openAt(t *testing.T, url string, now func() time.Time) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{DatabaseURL: url, Now: now})
	ok(t, err)
	t.Cleanup(func() { ok(t, s.Close()) })
	return s
}

func TestIntendKeepsTheFirstTime(t *testing.T) {
	onEngines(t, func(t *testing.T, url string) {
		s := openAt(t, url, nil)
		first := time.Date(2026, 11, 10, 9, 0, 0, 0, time.UTC)
		at := func(i int) time.Time { return first.Add(time.Duration(i) * time.Minute) }
		for i := range 4 {
			since, last, err := s.Intend(t.Context(), 7, "status:34", at(i))
			ok(t, err)
			switch {
			case i == 0 && (!since.IsZero() || !last.IsZero()):
				t.Errorf("it was not stored before: since %v, last %v", since, last)
			case i > 0 && (!since.Equal(first) || !last.Equal(at(i-1))):
				t.Errorf("time %d: since %v, last %v", i, since, last)
			}
		}
		_, _, err := s.Intend(t.Context(), 8, "status:35", first)
		ok(t, err)
		begun, err := s.Begun(t.Context(), 7)
		ok(t, err)
		if want := map[string]time.Time{"status:34": first}; !reflect.DeepEqual(begun, want) {
			t.Errorf("begun: %v", begun)
		}
		for range 2 { // settling what is settled is no error
			ok(t, s.Settle(t.Context(), 7, "status:34", "status:35"))
		}
		since, _, err := s.Intend(t.Context(), 7, "status:34", first.Add(time.Hour))
		ok(t, err)
		if !since.IsZero() {
			t.Errorf("a settled intent came back: %v", since)
		}
	})
}

func TestFacts(t *testing.T) {
	onEngines(t, func(t *testing.T, url string) {
		s := openAt(t, url, nil)
		var got hotfix.Replay
		known, err := s.Recall(t.Context(), 7, "replay", &got)
		if known || err != nil {
			t.Errorf("an unknown fact: %v, %v", known, err)
		}
		want := hotfix.Replay{Onto: "aa", Outcome: hotfix.Conflict, Conflicts: []hotfix.PathConflict{{Path: "cart/total.go", Kind: hotfix.ConflictContent}}}
		ok(t, s.Remember(t.Context(), 7, "replay", want))
		ok(t, s.Remember(t.Context(), 7, "replay", want))
		known, err = s.Recall(t.Context(), 7, "replay", &got)
		ok(t, err)
		if !known || !reflect.DeepEqual(got, want) {
			t.Errorf("recalled %+v", got)
		}
		if known, _ := s.Recall(t.Context(), 8, "replay", &got); known {
			t.Error("a fact of another repository")
		}
		if _, err := s.Recall(t.Context(), 7, "replay", new(int)); err == nil {
			t.Error("a fact was read into the wrong type")
		}
	})
}

func board(state hotfix.State, qa, dev hotfix.Verdict) hotfix.Board {
	return hotfix.Board{Repository: 7, Name: "alice/shop", Hotfixes: []hotfix.Status{{
		Key: hotfix.Key{Repository: 7, Pull: 34}, State: state,
		Standings: []hotfix.Standing{{Environment: "QA", Verdict: qa}, {Environment: "Development", Verdict: dev}},
	}}}
}

func TestSaveWritesHistoryOfWhatChanged(t *testing.T) {
	onEngines(t, func(t *testing.T, url string) {
		now := time.Date(2026, 11, 10, 9, 0, 0, 0, time.UTC)
		s := openAt(t, url, func() time.Time { return now })
		ok(t, s.Save(t.Context(), board(hotfix.StateOpen, hotfix.VerdictProposed, hotfix.VerdictPending)))
		ok(t, s.Save(t.Context(), board(hotfix.StateOpen, hotfix.VerdictContained, hotfix.VerdictPending)))
		ok(t, s.Save(t.Context(), board(hotfix.StateOpen, hotfix.VerdictContained, hotfix.VerdictPending)))
		last := hotfix.Board{Repository: 7, Name: "alice/shop"}
		ok(t, s.Save(t.Context(), last))
		want := []hotfix.Event{
			{At: now, Pull: 34, To: "open"},
			{At: now, Pull: 34, Environment: "QA", To: "proposed"},
			{At: now, Pull: 34, Environment: "Development", To: "pending"},
			{At: now, Pull: 34, Environment: "QA", From: "proposed", To: "contained"},
			{At: now, Pull: 34, From: "open"},
			{At: now, Pull: 34, Environment: "QA", From: "contained"},
			{At: now, Pull: 34, Environment: "Development", From: "pending"},
		}
		for _, pull := range []int{0, 34} {
			got, err := s.History(t.Context(), 7, pull)
			ok(t, err)
			if !reflect.DeepEqual(got, want) {
				t.Errorf("pull %d: %+v", pull, got)
			}
		}
		if got, err := s.History(t.Context(), 7, 35); len(got) != 0 || err != nil {
			t.Errorf("another hotfix: %v, %v", got, err)
		}
	})
}

func TestBoards(t *testing.T) {
	onEngines(t, func(t *testing.T, url string) {
		s := openAt(t, url, nil)
		if _, known, err := s.Board(t.Context(), 7); known || err != nil {
			t.Errorf("an unknown board: %v, %v", known, err)
		}
		shop := board(hotfix.StateOpen, hotfix.VerdictProposed, hotfix.VerdictPending)
		ok(t, s.Save(t.Context(), shop))
		other := hotfix.Board{Repository: 6, Name: "alice/app"}
		ok(t, s.Save(t.Context(), other))
		got, known, err := s.Board(t.Context(), 7)
		ok(t, err)
		if !known || !reflect.DeepEqual(got, shop) {
			t.Errorf("got %+v", got)
		}
		all, err := s.Boards(t.Context())
		ok(t, err)
		if !reflect.DeepEqual(all, []hotfix.Board{other, shop}) {
			t.Errorf("got %+v", all)
		}
	})
}

// What happened at once is told in the order in which it happened, each line with who
// did it: the merge before the release, and the end after the environments.
func TestHistoryTellsWhoAndInOrder(t *testing.T) {
	onEngines(t, func(t *testing.T, url string) {
		now := time.Date(2026, 11, 10, 9, 0, 0, 0, time.UTC)
		s := openAt(t, url, func() time.Time { return now })
		shop := board(hotfix.StateOpen, hotfix.VerdictProposed, hotfix.VerdictPending)
		status := &shop.Hotfixes[0]
		status.Author, status.Landed.Commit, status.Versions = "alice", "aa", []hotfix.Tagged{{Tag: "v1.7.1"}}
		shop.Doers = map[int]hotfix.Doers{34: {Landed: "bob", Released: "hotfixbot[bot]"}}
		ok(t, s.Save(t.Context(), shop))
		status.State, status.Standings[0].Verdict, status.Standings[1].Verdict = hotfix.StateSolved, hotfix.VerdictContained, hotfix.VerdictContained
		shop.Doers = map[int]hotfix.Doers{34: {Landed: "bob", Solved: "carol"}}
		ok(t, s.Save(t.Context(), shop))
		got, err := s.History(t.Context(), 7, 34)
		ok(t, err)
		want := []hotfix.Event{
			{At: now, Pull: 34, To: "open", Ground: hotfix.Ground{Commit: "aa", Person: "bob"}},
			{At: now, Pull: 34, From: "open", To: "open", Ground: hotfix.Ground{Tags: []string{"v1.7.1"}, Person: "hotfixbot[bot]"}},
			{At: now, Pull: 34, Environment: "QA", To: "proposed"},
			{At: now, Pull: 34, Environment: "Development", To: "pending"},
			{At: now, Pull: 34, Environment: "QA", From: "proposed", To: "contained"},
			{At: now, Pull: 34, Environment: "Development", From: "pending", To: "contained"},
			{At: now, Pull: 34, From: "open", To: "solved", Ground: hotfix.Ground{Person: "carol"}},
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v", got)
		}
	})
}

func TestHistoryKeepsItsGrounds(t *testing.T) {
	onEngines(t, func(t *testing.T, url string) {
		now := time.Date(2026, 11, 10, 9, 0, 0, 0, time.UTC)
		s := openAt(t, url, func() time.Time { return now })
		shop := board(hotfix.StateOpen, hotfix.VerdictProposed, hotfix.VerdictPending)
		shop.Hotfixes[0].Standings[0].Pull = 41
		ok(t, s.Save(t.Context(), shop))
		shop = board(hotfix.StateOpen, hotfix.VerdictContained, hotfix.VerdictSkipped)
		status := &shop.Hotfixes[0]
		status.Versions = []hotfix.Tagged{{Tag: "v1.7.1"}}
		status.Stages = []hotfix.StageStanding{{Environment: "Production", State: hotfix.StageDeployed}}
		status.Standings[0].Pull, status.Standings[0].Proof = 41, &hotfix.Proof{Kind: hotfix.ProofMerged, Pull: 41, Commit: "aa", Person: "bob"}
		status.Standings[1].By, status.Standings[1].Reason = "carol", "it is rebuilt"
		ok(t, s.Save(t.Context(), shop))
		status.Standings[0].Proof = &hotfix.Proof{Kind: hotfix.ProofMerged, Pull: 41, Commit: "bb", Person: "bob"}
		ok(t, s.Save(t.Context(), shop)) // the branch moved on: nothing to tell
		got, err := s.History(t.Context(), 7, 34)
		ok(t, err)
		want := []hotfix.Event{
			{At: now, Pull: 34, To: "open"},
			{At: now, Pull: 34, Environment: "QA", To: "proposed", Ground: hotfix.Ground{Pull: 41}},
			{At: now, Pull: 34, Environment: "Development", To: "pending"},
			{At: now, Pull: 34, From: "open", To: "open", Ground: hotfix.Ground{Tags: []string{"v1.7.1"}}},
			{At: now, Pull: 34, Environment: "Production", To: "deployed"},
			{At: now, Pull: 34, Environment: "QA", From: "proposed", To: "contained", Ground: hotfix.Ground{Pull: 41, Proof: hotfix.ProofMerged, Commit: "aa", Person: "bob"}},
			{At: now, Pull: 34, Environment: "Development", From: "pending", To: "skipped", Ground: hotfix.Ground{Person: "carol", Reason: "it is rebuilt"}},
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v", got)
		}
	})
}

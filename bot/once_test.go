package bot

import (
	"context"
	"errors"
	"maps"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// book keeps intents as internal/store does.
type book struct {
	notes
	since, last map[string]time.Time
}

func newBook() *book {
	return &book{notes: notes{facts: map[string]string{}}, since: map[string]time.Time{}, last: map[string]time.Time{}}
}

func (b *book) Intend(_ context.Context, _ hotfix.RepositoryID, marker string, now time.Time) (since, last time.Time, err error) {
	since, last = b.since[marker], b.last[marker]
	if since.IsZero() {
		b.since[marker] = now
	}
	b.last[marker] = now
	return since, last, nil
}

func (b *book) Settle(_ context.Context, _ hotfix.RepositoryID, markers ...string) error {
	for _, marker := range markers {
		delete(b.since, marker)
		delete(b.last, marker)
	}
	return nil
}

// maker creates a thing, at a time that the test chooses.
type maker struct {
	run  *run
	now  time.Time
	made int
	fate error
}

func newMaker() *maker {
	m := &maker{now: noon}
	m.run = &run{Forge: emptyForge{}, ledger: newBook(), now: func() time.Time { return m.now }, snap: &hotfix.Snapshot{Postponed: map[string]bool{}}}
	return m
}

// after lets time pass and tries again in another look.
func (m *maker) after(d time.Duration) error {
	m.now = m.now.Add(d)
	if err := m.run.forgetMade(context.Background(), maps.Clone(m.run.ledger.(*book).since)); err != nil {
		return err
	}
	return m.within(0)
}

// within lets time pass and tries again in the same look.
func (m *maker) within(d time.Duration) error {
	m.now = m.now.Add(d)
	return m.run.once(context.Background(), "issue/34", func() error { m.made++; return m.fate })
}

// GitHub's lists show late what was made: a status comment that the list did not hold a
// second after it was written was written again.
func TestWhatWasJustMadeIsNotMadeAgainBeforeListsShowIt(t *testing.T) {
	m := newMaker()
	if err := m.after(0); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if err := m.after(10 * time.Second); m.made != 1 || !m.run.postponed("issue/34", err) {
			t.Fatalf("made %d times: %v", m.made, err)
		}
	}
	if err := m.after(10 * time.Second); m.made != 2 || err != nil {
		t.Errorf("somebody deleted it: made %d times, %v", m.made, err)
	}
}

// A look may last longer than what was made needs to be seen: its lists are older than it,
// and what they do not hold may exist.
func TestALongLookBelievesItsListsNoLonger(t *testing.T) {
	m := newMaker()
	m.fate = errors.New("the connection was lost")
	_ = m.after(0)
	m.fate = nil
	if err := m.run.forgetMade(t.Context(), maps.Clone(m.run.ledger.(*book).since)); err != nil {
		t.Fatal(err)
	}
	if err := m.within(2 * lookAgain); m.made != 1 || !m.run.postponed("issue/34", err) || m.run.again.After(m.now) {
		t.Fatalf("made %d times, again at %v: %v", m.made, m.run.again, err)
	}
	if err := m.after(0); m.made != 2 || err != nil {
		t.Errorf("the next look's lists do not hold it: made %d times, %v", m.made, err)
	}
}

// Each unknown outcome is waited for, also the second one of an incident.
func TestEveryUnknownOutcomeIsWaitedFor(t *testing.T) {
	m := newMaker()
	m.fate = errors.New("502")
	for _, step := range []struct {
		after time.Duration
		made  int
	}{{0, 1}, {5 * time.Second, 1}, {time.Minute, 2}, {5 * time.Second, 2}, {50 * time.Second, 2}, {6 * time.Second, 3}} {
		if err := m.after(step.after); m.made != step.made {
			t.Errorf("%v later: made %d times, want %d: %v", step.after, m.made, step.made, err)
		}
	}
	m.fate = &hotfix.Refusal{What: "no"}
	if err := m.after(time.Minute); m.made != 4 || !isRefusal(err) {
		t.Fatalf("made %d times: %v", m.made, err)
	}
	if err := m.after(time.Second); m.made != 5 {
		t.Errorf("a refusal had no effect, and is not waited for: made %d times, %v", m.made, err)
	}
}

// Another replica, whose clock is behind, waits as well.
func TestAClockBehindWaitsToo(t *testing.T) {
	m := newMaker()
	m.fate = errors.New("502")
	_ = m.after(0)
	if err := m.after(-2 * time.Second); m.made != 1 {
		t.Errorf("made %d times: %v", m.made, err)
	}
}

// Who GitHub did not know for a moment, a month ago, is not gone because of one more
// moment.
func TestAnOldDoubtIsNoEvidence(t *testing.T) {
	b, gone := newBook(), &hotfix.Gone{What: "alice"}
	said := func(after time.Duration) error {
		return disbelieve(t.Context(), b, 1, doubtMarker("permission/alice"), noon.Add(after), gone)
	}
	for _, step := range []struct {
		after    time.Duration
		believed bool
	}{{0, false}, {30 * 24 * time.Hour, false}, {30*24*time.Hour + doubtFor, true}, {30*24*time.Hour + restFor, true}} {
		if err := said(step.after); isGone(err) != step.believed {
			t.Errorf("%v later: %v", step.after, err)
		}
	}
}

// lateForge shows a file late.
type lateForge struct {
	emptyForge
	there *bool
}

func (f lateForge) FileAt(context.Context, string, hotfix.OID) ([]byte, bool, error) {
	return []byte("gate: off\n"), *f.there, nil
}

// holdingGit has the file.
type holdingGit struct{ Git }

func (holdingGit) Fetch(context.Context, ...hotfix.OID) error { return nil }

func (holdingGit) Holds(context.Context, hotfix.OID, string) (bool, error) { return true, nil }

// GitHub shows the configuration of a new commit late, twice, a day apart: the second
// time one answer was enough to work by the defaults until the next commit.
func TestAConfigurationShownLateTwiceIsNoMissingOne(t *testing.T) {
	now, there, ledger := noon, false, newBook()
	look := func(commit hotfix.OID) (bool, error) {
		r := &run{Forge: lateForge{there: &there}, git: holdingGit{}, ledger: ledger, now: func() time.Time { return now }, begun: ledger.since}
		_, ok, err := r.configFile(t.Context(), commit)
		return ok, err
	}
	for i := range 2 {
		commit := oid(i + 1)
		now, there = now.Add(24*time.Hour), false
		if ok, err := look(commit); ok || err == nil {
			t.Errorf("late: %t, %v", ok, err)
		}
		now, there = now.Add(10*time.Second), true
		if ok, err := look(commit); !ok || err != nil {
			t.Errorf("shown: %t, %v", ok, err)
		}
	}
	now, there = now.Add(time.Hour), false
	_, _ = look(oid(3))
	now = now.Add(doubtFor)
	if ok, err := look(oid(3)); ok || err != nil {
		t.Errorf("not shown for a minute: %t, %v", ok, err)
	}
	there = true
	if ok, err := look(oid(3)); !ok || err != nil {
		t.Errorf("what git has is remembered as missing: %t, %v", ok, err)
	}
}

// pagedForge knows pull requests that its list did not show.
type pagedForge struct {
	emptyForge
	pulls []hotfix.Pull
}

func (f pagedForge) PullsOf(context.Context, string, string) ([]hotfix.Pull, error) {
	return f.pulls, nil
}

// Somebody closed the backport while the pages of the list were read: it moved from the
// second to the first, and was in neither. It was opened again, against their will. What
// somebody else opened from its branch is in the way only while it is open.
func TestABackportThatTheListMissedIsNotOpenedAgain(t *testing.T) {
	theirs, closed, own := hotfix.Pull{Number: 36, Open: true}, hotfix.Pull{Number: 36}, hotfix.Pull{Number: 35, ByBot: true}
	for _, c := range []struct {
		pulls          []hotfix.Pull
		moved, refused bool
	}{
		{nil, false, false},
		{[]hotfix.Pull{own}, true, false},
		{[]hotfix.Pull{theirs}, false, true},
		{[]hotfix.Pull{closed}, false, false},
		{[]hotfix.Pull{theirs, own}, true, false},
	} {
		r := &run{Forge: pagedForge{pulls: c.pulls}}
		target := &hotfix.Target{Attempts: []hotfix.Attempt{{Number: 1, Branch: "backport/qa/34-cart", Tip: oid(5), Own: true}}}
		err := r.seenBefore(t.Context(), target, hotfix.OpenBackport{Branch: "backport/qa/34-cart", Lease: oid(5)})
		if moved := (*hotfix.Moved)(nil); errors.As(err, &moved) != c.moved || isRefusal(err) != c.refused || !c.moved && !c.refused && err != nil {
			t.Errorf("%+v: %v", c.pulls, err)
		}
	}
}

// The default branch was renamed after the repository was looked up: that its file is
// not at the old name says nothing.
func TestADefaultBranchThatIsNotThereIsNoMissingFile(t *testing.T) {
	r := &run{Forge: namedForge{}, ledger: newBook(), now: func() time.Time { return noon }, snap: &hotfix.Snapshot{
		Branches: map[string]hotfix.OID{"trunk": oid(1), "production": oid(2), "qa": oid(3)},
	}}
	later := (*hotfix.Later)(nil)
	if err := r.observeConfig(t.Context(), seen{}); !errors.As(err, &later) {
		t.Errorf("%v, and the pipeline %v", err, r.snap.Config.Environments)
	}
}

type namedForge struct{ emptyForge }

func (namedForge) About() hotfix.Repository { return hotfix.Repository{DefaultBranch: "main"} }

// talkingForge takes comments.
type talkingForge struct{ emptyForge }

func (talkingForge) Comment(_ context.Context, number int, body string) (hotfix.Comment, error) {
	return hotfix.Comment{ID: 70, Issue: number, ByBot: true, Body: body}, nil
}

// The list of comments did not show the bot's own reply yet: what had been granted in it
// was forgotten for as long, and a skipped environment got another backport.
func TestWhatTheBotSaidCountsBeforeTheListShowsIt(t *testing.T) {
	now, ledger := noon, newBook()
	r := &run{Forge: talkingForge{}, ledger: ledger, now: func() time.Time { return now }, begun: ledger.since}
	if _, err := r.say(t.Context(), "reply/7", 35, "Done."); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		after  time.Duration
		listed []hotfix.Comment
		want   int
	}{
		{time.Second, nil, 1}, {time.Second, []hotfix.Comment{{ID: 70}}, 1}, {time.Second, []hotfix.Comment{{ID: 7}}, 2},
		{lookAgain, []hotfix.Comment{{ID: 7}}, 1}, // somebody deleted it
	} {
		now = now.Add(c.after)
		comments, err := r.withSpoken(t.Context(), c.listed)
		if len(comments) != c.want || err != nil {
			t.Errorf("%v, %v", comments, err)
		}
	}
}

package e2e_test

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/githubsim"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// documented are the limits that GitHub documents for an installation.
var documented = githubsim.Limits{PerHour: 5000, PointsPerMinute: 900, ContentPerMinute: 80, ContentPerHour: 500}

// crowdSize is how many hotfixes are merged at once, over how many repositories: by
// default just enough to have to wait for the minute's limit. HOTFIXBOT_CROWD=200x20
// asks for another.
func crowdSize(t *testing.T) (hotfixes, repositories int) {
	t.Helper()
	size := cmp.Or(os.Getenv("HOTFIXBOT_CROWD"), "6x3")
	a, b, _ := strings.Cut(size, "x")
	hotfixes, err := strconv.Atoi(a)
	if err == nil {
		repositories, err = strconv.Atoi(b)
	}
	if err != nil || hotfixes < repositories || repositories < 1 {
		t.Fatalf("HOTFIXBOT_CROWD is %q: it must be HOTFIXESxREPOSITORIES", size)
	}
	return hotfixes, repositories
}

// TestCrowd merges many hotfixes in one organisation within a minute, under GitHub's
// limits: all arrive, no request is refused, and no repository is left behind.
func TestCrowd(t *testing.T) {
	t.Parallel()
	hotfixes, repositories := crowdSize(t)
	w, names := newCrowd(t, hotfixes, repositories, wayInOrder)
	w.crowd(t, hotfixes, names)
	if err := w.wrong(); err != nil {
		t.Error(err)
	}
}

// TestCrowdOfTwoPrograms has two programs share the work on one database. Each alone
// would stay below GitHub's limits; together they do, too.
func TestCrowdOfTwoPrograms(t *testing.T) {
	t.Parallel()
	const hotfixes, repositories, plenty = 6, 4, 1 << 40
	w, names := newCrowd(t, hotfixes, repositories, wayReplicas)
	if err := w.startTwin(t.Context(), t, plenty); err != nil {
		t.Fatal(err)
	}
	writes := w.crowd(t, hotfixes, names)
	twins := int(plenty - w.twin.left.Load())
	t.Logf("the second program made %d of %d writes", twins, writes) // how many is for the machine's load to say
	if err := w.wrong(); err != nil {
		t.Error(err)
	}
}

// TestCrowdIsRefused has GitHub allow much less than it documents: who is refused sends
// nothing until the time that GitHub names, and all arrive nevertheless.
func TestCrowdIsRefused(t *testing.T) {
	t.Parallel()
	w, names := newCrowd(t, 2, 2, wayInOrder)
	for i, name := range names {
		if err := w.mergeOne(t.Context(), name, i); err != nil {
			t.Fatal(err)
		}
	}
	w.clock.advance(time.Minute)
	w.github.SetLimits(githubsim.Limits{ContentPerMinute: 10})
	mark := w.github.Mark()
	w.work(t)
	w.arrived(t, len(names))
	refused, last := 0, time.Time{}
	for _, r := range asInstallation(w.github.Requests()[mark:]) {
		// At the same time requests may be under way.
		if r.Time.After(last) && r.Time.Before(last.Add(time.Minute)) {
			t.Errorf("%s %s at %s, after a refusal at %s", r.Method, r.Path, r.Time, last)
		}
		if r.Status == http.StatusForbidden {
			refused, last = refused+1, r.Time
		}
	}
	if said := strings.Count(w.log.whole(), "github's budget is used up"); refused < 2 || said != refused {
		t.Errorf("refused %d times, and the log says so %d times", refused, said)
	}
	t.Logf("refused %d times", refused)
}

// newCrowd makes a world with so many repositories that has yet to be merged into.
func newCrowd(t *testing.T, hotfixes, repositories int, how way) (w *world, names []string) {
	t.Helper()
	s := &story{files: map[string]string{}, paced: true, unchecked: hotfixes > 6 || how != wayInOrder}
	if how == wayReplicas {
		s.poll = twinPoll
	}
	for i := 1; i < repositories; i++ {
		s.beside = append(s.beside, fmt.Sprintf("acme/shop-%d", i))
	}
	return newWorldOn(t, s, keep(t, how)), append([]string{"acme/shop"}, s.beside...)
}

// crowd merges hotfixes into the repositories, one after the other, holds that they
// arrive as they should, and tells how many writes that took.
func (w *world) crowd(t *testing.T, hotfixes int, names []string) (writes int) {
	t.Helper()
	for i := range hotfixes {
		if err := w.mergeOne(t.Context(), names[i%len(names)], i); err != nil {
			t.Fatal(err)
		}
	}
	w.clock.advance(time.Minute)
	w.github.SetLimits(documented)
	mark, began := w.github.Mark(), w.clock.Now()
	w.work(t)
	requests := asInstallation(w.github.Requests()[mark:])
	for _, r := range requests {
		if r.Status == http.StatusForbidden || r.Status == http.StatusTooManyRequests {
			t.Errorf("refused: %s %s %d at %s", r.Method, r.Path, r.Status, r.Time)
		}
	}
	w.arrived(t, hotfixes)
	t.Logf("%d hotfixes over %d repositories arrived in %s: %d requests, %d of them writes",
		hotfixes, len(names), w.clock.Now().Sub(began), len(requests), len(writing(requests)))
	fair(t, writing(requests), began, names)
	return len(writing(requests))
}

// mergeOne has people make a hotfix and merge it.
func (w *world) mergeOne(ctx context.Context, repo string, i int) error {
	alice, branch, title := w.github.Person("alice"), fmt.Sprintf("hotfix/fix-%d", i), fmt.Sprintf("Fix %d", i)
	if err := alice.Branch(ctx, repo, branch, "main"); err != nil {
		return err
	}
	if _, err := alice.Commit(ctx, repo, branch, title, map[string]string{fmt.Sprintf("fix/%d.txt", i): "fixed\n"}); err != nil {
		return err
	}
	number, err := alice.OpenPull(ctx, repo, githubsim.NewPull{Head: branch, Base: "main", Title: title})
	if err != nil {
		return err
	}
	_, err = w.github.Person("bob").Merge(ctx, repo, number, "squash")
	return err
}

// work delivers webhooks, and lets the time pass that the bot waits, until nothing is
// left to do.
func (w *world) work(t *testing.T) {
	t.Helper()
	for range 20_000 {
		if err := w.github.Deliver(t.Context(), w.github.Take()...); err != nil {
			t.Fatal(err)
		}
		if err := w.app.Idle(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(w.github.Pending()) > 0 {
			continue
		}
		db, err := w.peek()
		if err != nil {
			t.Fatal(err)
		}
		at, held, err := heldIn(t.Context(), db)
		if err != nil {
			t.Fatal(err)
		}
		if !held {
			return
		}
		w.clock.advance(max(at.Sub(w.clock.Now()), 0))
	}
	t.Fatalf("there is no end\n%s", w.log.tail(20))
}

// arrived holds that every hotfix has its tag and its two backports.
func (w *world) arrived(t *testing.T, hotfixes int) {
	t.Helper()
	boards, err := w.app.Boards(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, board := range boards {
		for _, status := range board.Hotfixes {
			found++
			if len(status.Tags()) != 1 || len(status.Standings) != 2 || slices.ContainsFunc(status.Standings, func(s hotfix.Standing) bool {
				return s.Verdict != hotfix.VerdictProposed
			}) {
				t.Errorf("%s #%d: tags %v, %+v", board.Name, status.Key.Pull, status.Tags(), status.Standings)
			}
		}
	}
	if found != hotfixes {
		t.Errorf("%d hotfixes of %d are known", found, hotfixes)
	}
}

// asInstallation are the requests of the App's installation, without git's.
func asInstallation(requests []githubsim.Request) []githubsim.Request {
	return slices.DeleteFunc(slices.Clone(requests), func(r githubsim.Request) bool {
		return r.Actor != appSlug+"[bot]" || strings.Contains(r.Path, ".git/")
	})
}

// writing are those that change something.
func writing(requests []githubsim.Request) []githubsim.Request {
	return slices.DeleteFunc(slices.Clone(requests), func(r githubsim.Request) bool { return !r.Write })
}

// fair fails when a hotfix of one repository waits while another repository, whose
// hotfixes were merged at the same time, gets four more than it.
func fair(t *testing.T, writes []githubsim.Request, began time.Time, names []string) {
	t.Helper()
	arrived, total := map[string]int{}, map[string]int{}
	for _, r := range opening(writes) {
		total[ownerAndName(r)]++
	}
	most, first := 0, map[string]time.Duration{}
	for _, r := range opening(writes) {
		name := ownerAndName(r)
		if arrived[name]++; arrived[name] == 2 {
			first[name] = r.Time.Sub(began)
		}
		for _, other := range names {
			if arrived[other] < total[other] {
				most = max(most, (arrived[name]-arrived[other])/2)
			}
		}
	}
	waited := slices.Sorted(maps.Values(first))
	t.Logf("the first hotfix of a repository arrived after %s to %s; one was %d hotfixes ahead of another at most", waited[0], waited[len(waited)-1], most)
	if most > 3 {
		t.Errorf("a repository got %d hotfixes while another waited", most)
	}
}

// opening are those that open pull requests.
func opening(requests []githubsim.Request) []githubsim.Request {
	return slices.DeleteFunc(slices.Clone(requests), func(r githubsim.Request) bool {
		return r.Method != http.MethodPost || !strings.HasSuffix(r.Path, "/pulls")
	})
}

// ownerAndName is the repository that a request is about.
func ownerAndName(r githubsim.Request) string {
	parts := strings.Split(r.Path, "/") // "", "repos", owner, name, …
	return strings.Join(parts[2:4], "/")
}

package e2e_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"
)

// TestSoak runs the real program, `hotfixbot serve`, beside `hotfixbot sim`, while
// people merge hotfixes and backports, and kills it (SIGKILL) again and again, SOAK_KILLS
// times; with SOAK_REPLICAS as many on one PostgreSQL, of which one is killed at a time.
// In the end it is let alone, and each hotfix must be where it would be without a kill:
// one tag, one release, one issue, one status, two backports, nothing more.
func TestSoak(t *testing.T) {
	kills, err := strconv.Atoi(os.Getenv("SOAK_KILLS"))
	if err != nil {
		t.Skip("SOAK_KILLS is not set: make soak runs this")
	}
	seed := pickSeed(t)
	s := &soak{t: t, random: rand.New(rand.NewPCG(seed, seed)), replicas: 1}
	if text := os.Getenv("SOAK_REPLICAS"); text != "" {
		if s.replicas, err = strconv.Atoi(text); err != nil || s.replicas < 1 {
			t.Fatalf("SOAK_REPLICAS is %q: it must be a number of programs", text)
		}
	}
	s.begin()
	began := time.Now()
	for i := range kills {
		if err := s.liveAndDie(); err != nil {
			t.Fatalf("kill %d: %v\n\nthe last program's log:\n%s", i, err, s.lastLog())
		}
		if (i+1)%100 == 0 {
			fmt.Printf("soak: %d kills in %s: %s\n", i+1, time.Since(began).Round(time.Second), s.progress())
		}
	}
	err = s.comeToRest()
	fmt.Printf("soak: %d kills (HOTFIXBOT_SEED=%d) in %s: %s\n", kills, seed, time.Since(began).Round(time.Second), s.progress())
	if err == nil {
		err = s.verify()
	}
	if err = errors.Join(err, s.stopAll()); err != nil {
		t.Errorf("%v\n\nthe last program's log:\n%s", err, s.lastLog())
	}
}

// liveAndDie lets people act for a random while, and then replaces one of the programs.
func (s *soak) liveAndDie() error {
	longest := 1500
	if s.random.IntN(5) == 0 { // for a look at a repository with history, which begins anew with each program
		longest = 6000
	}
	until := time.Now().Add(time.Duration(s.random.IntN(longest)) * time.Millisecond)
	for time.Now().Before(until) {
		if s.random.IntN(4) == 0 {
			if err := s.act(); err != nil {
				return err
			}
		}
		s.pause(20 * time.Millisecond)
	}
	if err := s.killOne(s.random.IntN(len(s.fleet))); err != nil {
		return err
	}
	s.startBot()
	return nil
}

// pause waits in real time: two real programs are at work.
func (s *soak) pause(d time.Duration) {
	select {
	case <-time.After(d):
	case <-s.t.Context().Done():
	}
}

// underway is how many hotfixes people have open at once in a repository. More would have a
// program that lives less than a second do nothing but read: a look takes the longer the
// more there are, and begins anew with each kill.
const underway = 3

// act lets somebody merge the backports of a repository or, now and then, a new hotfix.
func (s *soak) act() error {
	repo := s.random.IntN(soakRepos)
	merged, err := s.mergeBackports(repo)
	if err != nil || merged > 0 || s.random.IntN(5) > 0 {
		return err
	}
	solved, err := s.closedIssues(repo)
	if err != nil || s.merged[repo]-solved >= underway {
		return err
	}
	return s.mergeHotfix(repo)
}

// comeToRest merges what is proposed until every issue is closed.
func (s *soak) comeToRest() error {
	deadline := time.Now().Add(10 * time.Minute)
	for {
		waiting := 0
		for repo := range soakRepos {
			if _, err := s.mergeBackports(repo); err != nil {
				return err
			}
			closed, err := s.closedIssues(repo)
			if err != nil {
				return err
			}
			waiting += s.merged[repo] - closed
		}
		if waiting == 0 {
			s.pause(3 * time.Second) // for what must not follow
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%d hotfixes are not solved after ten minutes of peace", waiting)
		}
		s.pause(200 * time.Millisecond)
	}
}

// verify counts what is on GitHub.
func (s *soak) verify() error {
	var wrong []error
	for repo := range soakRepos {
		got, err := s.count(repo)
		n := s.merged[repo]
		want := counted{tags: n + 1, releases: n, issues: n, statuses: n, comments: n, pulls: 3 * n, merged: 3 * n, contained: 2 * n}
		if got != want {
			err = errors.Join(err, fmt.Errorf("%s: there is %+v, and must be %+v", soakName(repo), got, want))
		}
		wrong = append(wrong, err)
	}
	return errors.Join(wrong...)
}

// progress is what has come of it so far, for people.
func (s *soak) progress() string {
	hotfixes, solved := 0, 0
	for repo := range soakRepos {
		hotfixes += s.merged[repo]
		if closed, err := s.closedIssues(repo); err == nil {
			solved += closed
		}
	}
	return fmt.Sprintf("%d hotfixes merged, %d solved, %d backports merged", hotfixes, solved, s.backports)
}

package e2e_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// TestReplicas runs two real programs on one PostgreSQL, and webhooks are dealt out to
// them. While hotfixes flow, one is killed in the middle of a reconcile, and its work
// must be taken over within a minute; then all are replaced one after the other. Of
// each hotfix there must be everything once.
func TestReplicas(t *testing.T) {
	if watched {
		t.Skip("the programs are built without the race detector")
	}
	t.Parallel()
	seed := pickSeed(t)
	s := &soak{t: t, random: rand.New(rand.NewPCG(seed, seed)), replicas: 2}
	s.begin()
	try := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("[HOTFIXBOT_SEED=%d] %v\n\nthe last program's log:\n%s", seed, err, s.lastLog())
		}
	}
	try(s.mergeHotfix(0))
	try(s.mergeHotfix(1))
	victim, err := s.someBusy()
	try(err)
	pid := s.fleet[victim].process.Process.Pid
	try(s.killOne(victim))
	killed := time.Now()
	s.startBot()
	try(s.mergeHotfix(2))
	try(s.until(time.Minute, func() (bool, error) {
		busy, err := s.busy(pid)
		return !busy, err
	}))
	t.Logf("the work of the one that was killed was taken over after %s", time.Since(killed).Round(time.Second))
	for range s.replicas { // a rolling restart
		s.startBot()
		try(s.mergeHotfix(s.random.IntN(3)))
		try(s.stopOne(0))
	}
	try(s.comeToRest())
	try(s.verify())
	try(s.stopAll())
}

// someBusy waits until one of the programs reconciles something, and gives its place
// in the fleet.
func (s *soak) someBusy() (at int, err error) {
	err = s.until(time.Minute, func() (bool, error) {
		for i, bot := range s.fleet {
			busy, err := s.busy(bot.process.Process.Pid)
			if busy || err != nil {
				at = i
				return true, err
			}
		}
		return false, nil
	})
	return at, err
}

// busy tells whether a process holds a job. Its id is part of the name by which it
// took it.
func (s *soak) busy(pid int) (busy bool, err error) {
	conn, err := pgx.Connect(s.t.Context(), s.database)
	if err != nil {
		return false, err
	}
	defer conn.Close(s.t.Context())
	err = conn.QueryRow(s.t.Context(), `SELECT EXISTS (SELECT 1 FROM river_job
		WHERE state = 'running' AND attempted_by[array_upper(attempted_by, 1)] LIKE $1)`, fmt.Sprintf("%%-%d-%%", pid)).Scan(&busy)
	return busy, err
}

// until looks again and again until something is so.
func (s *soak) until(limit time.Duration, so func() (bool, error)) error {
	deadline := time.Now().Add(limit)
	for {
		if done, err := so(); done || err != nil {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("it is not so after %s", limit)
		}
		s.pause(20 * time.Millisecond)
	}
}

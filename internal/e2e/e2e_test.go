// Package e2e plays stories on the whole program: the real App, the simulated
// GitHub, people who push with the real git, signed webhooks over loopback.
//
// A story is a file of testdata, found by its name; testdata/README.md tells how
// one is written. Each is played in several ways that differ in what becomes of
// the webhooks (way_test.go), and what must always hold is checked in every one:
//
//   - What the bot does, step by step, is claimed by the story, all of it.
//   - A second reconcile writes nothing.
//   - All ways come to the same end.
//   - With the database deleted, a new App writes nothing and shows the same boards.
//   - Every request, answer and webhook fits GitHub's own description.
//
// Nothing here waits for time to pass: the clock is the story's, and a step ends
// when the App is at rest.
package e2e_test

import (
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// atOnce is how many stories are played at once: much of their time is spent on
// waiting for git and for each other's answers.
const atOnce = "6"

func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", atOnce); err != nil {
		panic(err)
	}
	debug.SetGCPercent(400) // the collector took an eighth of the time
	os.Exit(m.Run())
}

// watchedShare is how many stories there are to one that is played under the race
// detector.
const watchedShare = 16

// postgresShare is how many stories there are to one that is also played on
// PostgreSQL.
const postgresShare = 32

// TestStories plays every story with its webhooks in order, and, to keep the
// test short, every third one, picked by a seed, in one other way, and one in
// postgresShare on PostgreSQL. Under the race detector one story in watchedShare is
// played, picked by the seed, or those that -run names. HOTFIXBOT_STORIES=all plays
// all in all ways, HOTFIXBOT_STORIES=postgres in those on PostgreSQL; HOTFIXBOT_SEED=n
// repeats a pick.
func TestStories(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	seed := pickSeed(t)
	t.Logf("HOTFIXBOT_SEED=%d", seed)
	random := rand.New(rand.NewPCG(seed, seed))
	for _, file := range files {
		s, err := readStory(file)
		if err != nil {
			t.Error(err)
			continue
		}
		picked := pickWays(s, random)
		leftOut := watched && !wanted() && random.IntN(watchedShare) > 0
		t.Run(s.name, func(t *testing.T) {
			if leftOut {
				t.Skip("not among those that are played under the race detector this time")
			}
			t.Parallel()
			playAll(t, s, picked, seed)
		})
	}
}

// playAll plays a story in several ways and holds their ends against each other.
func playAll(t *testing.T, s *story, ways []way, seed uint64) {
	t.Helper()
	var mu sync.Mutex
	ends := map[way]string{}
	t.Run("ways", func(t *testing.T) {
		for _, w := range ways {
			t.Run(string(w), func(t *testing.T) {
				t.Parallel()
				end := play(t, s, w, seed)
				mu.Lock()
				defer mu.Unlock()
				ends[w] = end
			})
		}
	})
	for _, w := range ways[1:] {
		a, b := ends[ways[0]], ends[w]
		if w == wayReplicas {
			a, b = untimed(a), untimed(b)
		}
		if a != "" && b != "" && a != b {
			t.Errorf("%s [seed %d]: %q and %q end differently:\n%s", s.file, seed, ways[0], w, difference(a, b))
		}
	}
}

// untimed is an end without times, and without the ids of commits, which hold them: a
// death takes time.
func untimed(end string) string {
	lines := strings.Split(timesAndIDs.ReplaceAllString(end, "…"), "\n")
	slices.Sort(lines) // some stood in the order of ids
	return strings.Join(lines, "\n")
}

var timesAndIDs = regexp.MustCompile(`\b([0-9a-f]{40}|[0-9a-f]{7}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)\b`)

// pickSeed is the seed that was asked for, or a new one.
func pickSeed(t *testing.T) uint64 {
	t.Helper()
	text := os.Getenv("HOTFIXBOT_SEED")
	if text == "" {
		return uint64(time.Now().UnixNano() % 100_000)
	}
	seed, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("HOTFIXBOT_SEED is %q: it must be a number", text)
	}
	return seed
}

// wanted tells whether all stories were asked for, or some by name.
func wanted() bool {
	return os.Getenv("HOTFIXBOT_STORIES") != "" || flag.Lookup("test.run").Value.String() != ""
}

// pickWays are the ways in which a story is played now: in order, and all of the
// others that it allows, or now and then one of them.
func pickWays(s *story, random *rand.Rand) []way {
	left := func(w way) bool { return s.leaves[w] }
	others := slices.DeleteFunc([]way{wayTwice, wayReversed, waySweep}, left)
	shared := slices.DeleteFunc([]way{wayPostgres, wayReplicas, wayMove}, left)
	some := []way{wayInOrder}
	switch os.Getenv("HOTFIXBOT_STORIES") {
	case "all":
		return slices.Concat(some, others, shared)
	case "postgres":
		return slices.Concat(some, shared)
	}
	if w := others[random.IntN(len(others))]; random.IntN(3) == 0 {
		some = append(some, w)
	}
	if w := shared[random.IntN(len(shared))]; random.IntN(postgresShare) == 0 {
		some = append(some, w)
	}
	return some
}

// difference shows the lines of a that b lacks, and the other way round.
func difference(a, b string) string {
	var out strings.Builder
	for _, side := range []struct{ mark, has, lacks string }{{"-", a, b}, {"+", b, a}} {
		lines := map[string]int{}
		for line := range strings.Lines(side.lacks) {
			lines[line]++
		}
		for line := range strings.Lines(side.has) {
			if lines[line]--; lines[line] < 0 {
				out.WriteString(side.mark + " " + strings.TrimSuffix(line, "\n") + "\n")
			}
		}
	}
	return out.String()
}

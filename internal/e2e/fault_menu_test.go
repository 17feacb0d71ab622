package e2e_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// mainStories are those of which every cell is played by make test-faults.
var mainStories = []string{"merge", "squash", "rebase", "conflict", "chain", "preproduction", "watch", "two-at-once"}

// What make test plays: some cells of some of the main stories.
const sampleStories, sampleOf = 3, 6

// menu says which cells are played.
type menu struct {
	seed    uint64
	random  *rand.Rand
	stories []string
	pick    func(story string, all []cell, random *rand.Rand) []cell
}

// menuOf reads what was asked for.
func menuOf(t *testing.T) menu {
	t.Helper()
	m := menu{seed: pickSeed(t)}
	m.random = rand.New(rand.NewPCG(m.seed, m.seed))
	wanted := os.Getenv("HOTFIXBOT_FAULTS")
	n, err := strconv.Atoi(wanted)
	switch {
	case os.Getenv("HOTFIXBOT_FAULT") != "":
		c, err := parseCell(os.Getenv("HOTFIXBOT_FAULT"))
		if err != nil {
			t.Fatal(err)
		}
		m.stories, m.pick = []string{c.story}, func(string, []cell, *rand.Rand) []cell { return []cell{c} }
		return m
	case wanted == "all":
		m.stories, m.pick = append(slices.Clone(mainStories), otherStories(t)...), everyCell
	case wanted == "main":
		m.stories, m.pick = mainStories, everyCell
	case wanted == "others":
		m.stories, m.pick = otherStories(t), everyCell
	case wanted == "":
		m.stories, m.pick = slices.Clone(mainStories), some(sampleOf)
		m.random.Shuffle(len(m.stories), func(a, b int) { m.stories[a], m.stories[b] = m.stories[b], m.stories[a] })
		m.stories = m.stories[:sampleStories]
	case err != nil:
		t.Fatalf("HOTFIXBOT_FAULTS is %q: it must be a number, main, others or all", wanted)
	default:
		m.stories, m.pick = mainStories, some(n)
	}
	wish, err := regexp.Compile(os.Getenv("HOTFIXBOT_FAULTS_OF"))
	if err != nil {
		t.Fatalf("HOTFIXBOT_FAULTS_OF: %v", err)
	}
	m.pick = part(t, only(wish, m.pick))
	return m
}

// otherStories are all but the main ones.
func otherStories(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	var names []string
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		// The doctor tells what GitHub said, also of a fault.
		if name != "doctor" && !slices.Contains(mainStories, name) {
			names = append(names, name)
		}
	}
	return names
}

// everyCell is all cells of a main story, and one for each call of any other.
func everyCell(story string, all []cell, random *rand.Rand) []cell {
	if slices.Contains(mainStories, story) {
		return all
	}
	var one []cell
	for i := 0; i < len(all); {
		j := i
		for j < len(all) && all[j].call == all[i].call && all[j].scene == all[i].scene {
			j++
		}
		one = append(one, all[i+random.IntN(j-i)])
		i = j
	}
	return one
}

// some picks n cells.
func some(n int) func(string, []cell, *rand.Rand) []cell {
	return func(_ string, all []cell, random *rand.Rand) []cell {
		random.Shuffle(len(all), func(a, b int) { all[a], all[b] = all[b], all[a] })
		return all[:min(n, len(all))]
	}
}

// only leaves the cells whose names match.
func only(wish *regexp.Regexp, pick func(string, []cell, *rand.Rand) []cell) func(string, []cell, *rand.Rand) []cell {
	return func(story string, all []cell, random *rand.Rand) []cell {
		all = slices.DeleteFunc(all, func(c cell) bool { return !wish.MatchString(c.String()) })
		return pick(story, all, random)
	}
}

// part leaves of the cells every n-th.
func part(t *testing.T, pick func(string, []cell, *rand.Rand) []cell) func(string, []cell, *rand.Rand) []cell {
	t.Helper()
	var i, n int
	text := os.Getenv("HOTFIXBOT_FAULTS_PART")
	if text == "" {
		return pick
	}
	if _, err := fmt.Sscanf(text, "%d/%d", &i, &n); err != nil || i < 1 || i > n {
		t.Fatalf("HOTFIXBOT_FAULTS_PART is %q: it must be like 1/20", text)
	}
	return func(story string, all []cell, random *rand.Rand) []cell {
		var left []cell
		for at, c := range pick(story, all, random) {
			if at%n == i-1 {
				left = append(left, c)
			}
		}
		return left
	}
}

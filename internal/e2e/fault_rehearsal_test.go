package e2e_test

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/githubsim"
)

// scene is one stretch of the bot's work in a clean playing: from when people have
// acted to when the bot is at rest.
type scene struct {
	at     string // the line
	asked  *line  // what somebody asks for on a hotfix's page, while the program runs
	before *moment
	calls  []string // what the bot asked and committed
	dump   string   // of GitHub, at its end
}

// rehearse plays a story once without faults, with a program that is started anew
// for each scene. Nothing is claimed and expected here: that is the stories' test.
func (h *theatre) rehearse(t *testing.T) []scene {
	t.Helper()
	l, err := h.plantLife(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var scenes []scene
	for i, line := range h.story.lines {
		if !settles[line.words[0]] && !line.asks() {
			if err := l.people(line); err != nil {
				t.Fatalf("%s: %v", line.at, err)
			}
			continue
		}
		s, after, err := h.rehearseScene(t.Context(), l, i)
		if err != nil {
			t.Fatalf("%s: %v\n%s", line.at, err, l.log.tail(20))
		}
		scenes, l = append(scenes, s), after
	}
	return scenes
}

// rehearseScene plays one scene in a life of its own, and gives the life that goes on.
func (h *theatre) rehearseScene(ctx context.Context, l *life, i int) (s scene, after *life, err error) {
	s.at = h.story.lines[i].at
	if h.story.lines[i].asks() {
		s.asked = &h.story.lines[i]
	}
	if s.before, err = l.freeze(i + 1); err != nil {
		return s, nil, err
	}
	l.github.Close()
	if after, err = h.goOn(s.before, cell{}); err != nil {
		return s, nil, err
	}
	if err = after.begin(ctx, s); err == nil {
		err = after.rest(ctx)
	}
	if err != nil {
		return s, after, err
	}
	if s.dump, err = after.state(ctx); err != nil {
		return s, after, err
	}
	s.calls = after.trip.calls
	err = after.stop()
	untap(after.data)
	return s, after, err
}

// plantLife makes the GitHub with which the story begins, as plant does.
func (h *theatre) plantLife(ctx context.Context) (*life, error) {
	dir, err := h.folder()
	if err != nil {
		return nil, err
	}
	l := h.newLife(dir, monday, cell{})
	if l.github, err = githubsim.New(h.options(dir, l.clock, l.trip)); err != nil {
		return nil, err
	}
	l.github.SetURL(h.url)
	h.enter(l.github)
	l.repo, l.said, l.ctx = "acme/shop", map[string][]int64{}, ctx
	if err := l.plant(ctx, h.story); err != nil {
		return nil, err
	}
	l.forget()
	return l, nil
}

// people carries out a line that is not the bot's.
func (l *life) people(line line) error {
	switch line.words[0] {
	case "expect", "forge":
		return nil
	}
	if line.words[0] == "!" && line.words[2] == "ask" {
		return nil // it changes nothing
	}
	return l.do(line)
}

// asks reports whether somebody sends a form on a hotfix's page.
func (l line) asks() bool { return len(l.words) > 1 && l.words[1] == "ask" }

// state is GitHub as text.
func (l *life) state(ctx context.Context) (string, error) {
	dump, err := l.github.Dump(ctx, l.repo)
	return timeless(dump), err
}

// timeless leaves out when the bot did something, and what is sealed with it: a fault
// takes time. Of what was asked for on a page it leaves out how it is known, which hangs
// together with when somebody signed in, and when it was asked: after a fault they ask again.
func timeless(text string) string { return whenDone.ReplaceAllString(text, `"$1":"…"`) }

var whenDone = regexp.MustCompile(`"(made|solved_at|seal|press|at|asked)":"[^"]+"`)

// storyNamed reads a story of testdata.
func storyNamed(name string) (*story, error) {
	return readStory(filepath.Join("testdata", name+".txtar"))
}

// cell is one fault at one call of one scene.
type cell struct {
	story string
	scene int
	call  string // "POST /repos/acme/shop/issues #1"
	kind  kind
}

// String is the cell as HOTFIXBOT_FAULT names it.
func (c cell) String() string {
	return fmt.Sprintf("%s/%d | %s | %s", c.story, c.scene, c.call, c.kind)
}

// parseCell reads what String wrote.
func parseCell(text string) (c cell, err error) {
	parts := strings.Split(text, " | ")
	if len(parts) != 3 {
		return c, fmt.Errorf("%q is no cell: STORY/SCENE | CALL | KIND", text)
	}
	name, number, _ := strings.Cut(parts[0], "/")
	_, err = fmt.Sscan(number, &c.scene)
	c.story, c.call, c.kind = name, parts[1], kind(parts[2])
	return c, err
}

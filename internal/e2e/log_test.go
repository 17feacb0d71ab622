package e2e_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"testing"
)

// alone are the lines of the App's log that belong to no delivery and no repository.
var alone = map[string]string{
	"webhook":                       "one that is refused is nobody's: nothing of it is repeated",
	"signed in":                     "a person on the page",
	"github signed nobody in":       "a person on the page",
	"a token was made":              "a person on the page",
	"a token was revoked":           "a person on the page",
	"open pages are not up to date": "the page reads the database",
	"not ready":                     "a health check",
	"no sign of life could be given; it is tried again, and others take over before long": "the process itself",
	"the others are not told that this process ends; they find out":                       "the process itself",
	"held repositories cannot be released":                                                "the process itself",
	"the database cannot be tended":                                                       "the process itself",
}

// ofNone are the actions that may be for no hotfix in particular: a hotfix branch is
// begun before there is one, and an issue may have none or several.
var ofNone = regexp.MustCompile("^(start|label|react|reply|state)/")

// entry is what a line of the log says of what it belongs to.
type entry struct {
	Message    string   `json:"message"`
	Path       string   `json:"path"`
	Errand     string   `json:"errand"`
	Repository int64    `json:"repository"`
	Hotfix     string   `json:"hotfix"`
	Delivery   string   `json:"delivery"`
	Deliveries []string `json:"deliveries"`
	Action     string   `json:"action"`
}

// of tells whether a line belongs to a delivery.
func (e entry) of(guid string) bool { return e.Delivery == guid || slices.Contains(e.Deliveries, guid) }

// entries are all lines of the log.
func (l *logbook) entries() ([]entry, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	list := make([]entry, len(l.lines))
	for i, line := range l.lines {
		if err := json.Unmarshal([]byte(line), &list[i]); err != nil {
			return nil, fmt.Errorf("a line of the log is no JSON: %w: %s", err, line)
		}
	}
	return list, nil
}

// strays are the lines of the log that do not say what they belong to: nobody who looks
// for a delivery or a repository finds them.
func (l *logbook) strays() error {
	entries, err := l.entries()
	found := []error{err}
	for _, e := range entries {
		if e.Errand+e.Delivery == "" && e.Repository == 0 && alone[e.Message] == "" {
			found = append(found, fmt.Errorf("a line of the log belongs to nothing: %+v", e))
		}
		if e.Message == "done" && e.Hotfix == "" && !ofNone.MatchString(e.Action) {
			found = append(found, fmt.Errorf("a line of the log does not say for which hotfix it was done: %+v", e))
		}
	}
	return errors.Join(found...)
}

// TestADeliveryIsFollowedInTheLog: whoever looks for the GUID of the merge finds all
// that came of it, up to the status that people read.
func TestADeliveryIsFollowedInTheLog(t *testing.T) {
	t.Parallel()
	s, err := readStory("testdata/merge.txtar")
	if err != nil {
		t.Fatal(err)
	}
	p := &playing{world: newWorld(t, s), ctx: t.Context(), story: s, how: wayInOrder, repo: "acme/shop", said: map[string][]int64{}}
	guid := p.firstOf(t, "merge")
	entries, err := p.log.entries()
	if err != nil {
		t.Fatal(err)
	}
	way := []string{"webhook", "git ran", "github", "done", "the status was told", "looked at a repository"}
	hotfixes := map[string]bool{}
	for _, e := range entries {
		if !e.of(guid) {
			continue
		}
		if e.Hotfix != "" {
			hotfixes[e.Hotfix] = true
		}
		if len(way) > 0 && e.Message == way[0] {
			way = way[1:]
		}
	}
	if len(way) > 0 || len(hotfixes) != 1 {
		t.Errorf("of the delivery %q the log does not tell %q, and hotfixes %v:\n%s", guid, way, hotfixes, p.log.whole())
	}
}

// firstOf plays the story up to the settle after a verb, and gives the GUID of the first
// webhook that it caused: the bot was at rest before, and sees all with that.
func (p *playing) firstOf(t *testing.T, verb string) (guid string) {
	t.Helper()
	before := -1
	for _, l := range p.story.lines {
		if len(l.words) > 1 && l.words[1] == verb {
			if err := p.letWork(p.ctx, p.how); err != nil {
				t.Fatal(err)
			}
			before = len(p.delivered)
		}
		if err := p.do(l); err != nil {
			t.Fatalf("%s: %v", l.at, err)
		}
		if before >= 0 && l.words[0] == "settle" {
			return p.delivered[before].GUID
		}
	}
	t.Fatalf("%s has no %s and settle", p.story.file, verb)
	return ""
}

package gitops

import (
	"errors"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// servers refuse one or the other thing, in each version of the protocol.
var servers = map[string]struct {
	old    bool
	config [2]string
	says   string // what the log has to tell, once
}{
	"everything allowed":              {},
	"everything allowed, old":         {old: true},
	"no filter":                       {config: [2]string{"uploadpack.allowFilter", "false"}, says: "does not leave out files"},
	"no filter, old":                  {old: true, config: [2]string{"uploadpack.allowFilter", "false"}, says: "does not leave out files"},
	"not this filter":                 {config: [2]string{"uploadpackfilter.blob:none.allow", "false"}, says: "does not leave out files"},
	"not this filter, old":            {old: true, config: [2]string{"uploadpackfilter.blob:none.allow", "false"}, says: "does not leave out files"},
	"only what refs name, old":        {old: true, config: [2]string{"uploadpack.allowAnySHA1InWant", "false"}, says: "sends no commits by their ids"},
	"only what refs name, deep, old":  {old: true, config: [2]string{"uploadpack.allowAnySHA1InWant", "false"}, says: "sends no commits by their ids"},
	"only what refs name, pulls, old": {old: true, config: [2]string{"uploadpack.allowAnySHA1InWant", "false"}, says: "sends no commits by their ids"},
}

// Whatever a server refuses, the result is the same, and the log says once what
// it costs.
func TestServersThatRefuse(t *testing.T) {
	for name, s := range servers {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.server.Old = s.old
			if s.config[0] != "" {
				w.Git("config", s.config[0], s.config[1])
			}
			target, picks := w.series()
			w.bury(name, picks)
			log := w.logged(t)
			j, r := w.replay(t, target, picks...)
			if _, err := j.Landing(t.Context(), hotfix.Merged{
				Commit: picks[2].Commit, Head: picks[2].Commit, MergeBase: picks[0].Base,
				Commits: []hotfix.Commit{{OID: picks[1].Commit, Parents: []hotfix.OID{picks[1].Base}}, {OID: picks[2].Commit, Parents: []hotfix.OID{picks[2].Base}}},
			}); err != nil {
				t.Error(err)
			}
			if err := j.Push(t.Context(), "refs/heads/backport/1", r.Tip, ""); err != nil {
				t.Error(err)
			}
			if r.Outcome != hotfix.Clean || w.Git("show", "backport/1:f") != "one\nTWO\nthree\nfour\nFIVE\nsix\nseven\neight\nNINE\nten" {
				t.Errorf("%s with f\n%s", r.Outcome, w.Git("show", "backport/1:f"))
			}
			if said := log.String(); s.says == "" && strings.Contains(said, "the server") || strings.Count(said, s.says) != 1 && s.says != "" {
				t.Errorf("log:\n%s", said)
			}
			if err := j.Fetch(t.Context(), moduleA); !errors.As(err, new(*hotfix.Gone)) {
				t.Errorf("what does not exist: %v", err)
			}
		})
	}
}

// bury puts the picked commits where they are harder to find: under others, or
// on a ref that is no branch.
func (w *world) bury(how string, picks []hotfix.Pick) {
	w.Switch("main")
	switch {
	case strings.Contains(how, "deep"):
		for range 60 {
			w.Record("later")
		}
	case strings.Contains(how, "pulls"):
		w.Git("update-ref", "refs/pull/7/head", "main")
		w.Branch("main", string(picks[0].Base))
	}
}

// logged gives a world an engine whose log can be read.
func (w *world) logged(t *testing.T) *strings.Builder {
	t.Helper()
	log := new(strings.Builder)
	e, err := New(Settings{Dir: t.TempDir(), Insecure: true, Log: zerolog.New(log)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closed(t, e) })
	w.engine = e
	return log
}

// Without a filter nothing is asked for twice: files came with their commits.
func TestWholeCommitsAreFetchedOnce(t *testing.T) {
	w := newWorld(t)
	w.Git("config", "uploadpack.allowFilter", "false")
	target, picks := w.series()
	w.server.Requests()
	w.replay(t, target, picks...)
	if got := w.server.Requests(); len(got) != 2 {
		t.Errorf("requests %q", got)
	}
}

package dashboard

import (
	"strconv"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// stage is an environment as the front page shows it.
type stage struct {
	Name, Branch, BranchURL string
	Landing                 bool
	Absent                  bool
	Runs                    []running // none without a release
	Red                     bool
	Below                   bool // hotfixes have to be propagated to it
	Held                    []mention
	Missed                  []mention
}

// running is which version of an application an environment runs.
type running struct {
	Application string // empty where the repository is one
	Version     string
	Mark        string // "+" where the branch is not what was released
	VersionURL  string
	CompareURL  string // what is in the branch besides the release
}

// mention names a hotfix beside an environment.
type mention struct {
	Name   string // its tag, or its number while it has none
	Path   string
	Title  string
	Forced bool // somebody decided that it may be missing
}

// stages are the environments of a board in pipeline order. The landing one is
// told which hotfixes it holds that are not solved, each lower one which it
// misses.
func (s site) stages(board hotfix.Board) []stage {
	lower := map[string]bool{}
	for _, env := range pipeline(board).Below() {
		lower[env.Branch] = true
	}
	landing, _ := pipeline(board).Landing()
	var out []stage
	for _, env := range board.Environments {
		view := s.stage(env)
		view.Landing, view.Below = env.Branch == landing.Branch, lower[env.Branch]
		for _, status := range inOrder(board.Hotfixes) {
			switch {
			case status.State == hotfix.StateSolved:
			case view.Landing && env.Red:
				view.Held = append(view.Held, mentioned(status))
			case view.Below && misses(status, env.Branch):
				view.Missed = append(view.Missed, mentioned(status))
			}
		}
		out = append(out, view)
	}
	return out
}

func (s site) stage(env hotfix.EnvironmentState) stage {
	view := stage{
		Name: env.Name, Branch: env.Branch, BranchURL: s.branch(env.Branch),
		Absent: env.Absent, Red: env.Red,
	}
	for _, runs := range env.Runs {
		view.Runs = append(view.Runs, s.running(env, runs))
	}
	return view
}

func (s site) running(env hotfix.EnvironmentState, runs hotfix.Running) running {
	view := running{Application: runs.Application, Version: runs.Version, Mark: runs.Mark, VersionURL: s.tag(runs.Tag)}
	if runs.Mark != "" {
		view.CompareURL = s.compare(runs.Tag, env.Branch)
	}
	return view
}

// misses reports whether an unsolved hotfix is not in that environment.
func misses(status hotfix.Status, branch string) bool {
	for _, standing := range status.Missing() {
		if standing.Branch == branch {
			return true
		}
	}
	return false
}

func mentioned(status hotfix.Status) mention {
	m := mention{
		Name: strings.Join(status.Tags(), ", "), Path: pathOf(status.Key), Title: status.Title,
		Forced: status.State == hotfix.StateForced,
	}
	if m.Name == "" {
		m.Name = "#" + strconv.Itoa(status.Key.Pull)
	}
	return m
}

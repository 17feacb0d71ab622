package dashboard

import (
	"slices"
	"strconv"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// column is an environment at the head of a matrix.
type column struct {
	Name, Branch, BranchURL string
	Landing                 bool // hotfixes land here
	Absent                  bool
}

// line is an application in the matrix: a cell for each environment.
type line struct {
	Name  string // of the application, or of the repository that is one
	Cells []stage
}

// stage is what an environment runs of an application, and what hotfixes it holds
// or misses.
type stage struct {
	column
	Version    string // empty without a release
	Mark       string // "+" where the branch is not what was released
	VersionURL string
	Since      string // "3 commits since v1.7.0"
	CompareURL string // what is in the branch besides the release
	Red        bool   // a hotfix that landed here is not solved
	Below      bool   // hotfixes have to be propagated to it
	Held       []mention
	Missed     []mention
}

// mention names a hotfix beside an environment.
type mention struct {
	Name   string // its tag, or its number while it has none
	Path   string
	Title  string
	Forced bool // somebody decided that it may be missing
}

// columns are the environments in pipeline order.
func (s site) columns(board hotfix.Board) []column {
	landing, _ := pipeline(board).Landing()
	var out []column
	for _, env := range board.Environments {
		out = append(out, column{
			Name: env.Name, Branch: env.Branch, BranchURL: s.branch(env.Branch),
			Landing: env.Branch == landing.Branch, Absent: env.Absent,
		})
	}
	return out
}

// lines are the applications of a board, and a last line where a hotfix that is not
// solved touches none of them.
func (s site) lines(board hotfix.Board) []line {
	names := board.Applications
	if len(names) == 0 {
		names = []string{""}
	}
	var out []line
	for _, name := range names {
		key := name
		if len(names) == 1 {
			key = "" // what runs there has no application's name
		}
		shown := name
		if shown == "" {
			shown = board.Name[strings.LastIndex(board.Name, "/")+1:]
		}
		out = append(out, line{Name: shown, Cells: s.stages(board, key, concerning(board, key, len(names) == 1))})
	}
	if rest := concerning(board, "", false); len(names) > 1 && len(rest) > 0 {
		out = append(out, line{Name: "other paths", Cells: s.stages(board, "\x00", rest)})
	}
	return out
}

// concerning are the hotfixes that are not solved and touch an application; with
// an empty name, those that touch none; with all, every one.
func concerning(board hotfix.Board, application string, all bool) []hotfix.Status {
	var out []hotfix.Status
	for _, status := range inOrder(board.Hotfixes) {
		touches := application == "" && len(status.Versions) == 0 ||
			slices.ContainsFunc(status.Versions, func(v hotfix.Tagged) bool { return v.Application == application })
		if status.State != hotfix.StateSolved && (all || touches) {
			out = append(out, status)
		}
	}
	return out
}

// stages are the cells of one application. The landing environment is told which
// hotfixes it holds that are not solved, each other one which it misses: those above
// until the release is there.
func (s site) stages(board hotfix.Board, application string, unsolved []hotfix.Status) []stage {
	below := pipeline(board).Below()
	var out []stage
	for i, head := range s.columns(board) {
		env := board.Environments[i]
		cell := stage{column: head, Below: slices.ContainsFunc(below, func(e hotfix.Environment) bool { return e.Branch == env.Branch })}
		cell.runs(s, env, env.Of(application))
		for _, status := range unsolved {
			switch {
			case cell.Landing && env.Red:
				cell.Held = append(cell.Held, mentioned(status))
			case !cell.Landing && misses(status, env.Branch):
				cell.Missed = append(cell.Missed, mentioned(status))
			}
		}
		cell.Red = len(cell.Held) > 0
		out = append(out, cell)
	}
	return out
}

func (c *stage) runs(s site, env hotfix.EnvironmentState, runs hotfix.Running) {
	if runs.Tag == "" {
		return
	}
	c.Version, c.Mark, c.VersionURL = runs.Version, runs.Mark, s.tag(runs.Tag)
	if runs.Mark == "" {
		return
	}
	c.CompareURL, c.Since = s.compare(runs.Tag, env.Branch), "changes since "+runs.Tag
	if runs.Ahead > 0 {
		c.Since = plural(runs.Ahead, "commit") + " since " + runs.Tag
	}
}

// misses reports whether an unsolved hotfix is not in that environment.
func misses(status hotfix.Status, branch string) bool {
	return slices.ContainsFunc(status.Missing(), func(b hotfix.Standing) bool { return b.Branch == branch }) ||
		slices.ContainsFunc(status.Undeployed(), func(st hotfix.StageStanding) bool { return st.Branch == branch })
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

// plural is "1 commit", "3 commits"; a noun whose plural is not made by an s brings
// it along.
func plural(n int, noun string, irregular ...string) string {
	if n != 1 {
		noun += "s"
		if len(irregular) > 0 {
			noun = irregular[0]
		}
	}
	return strconv.Itoa(n) + " " + noun
}

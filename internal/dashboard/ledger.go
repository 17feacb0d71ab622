package dashboard

import (
	"cmp"
	"net/url"
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// ledger is a board as the page of environments shows it.
type ledger struct {
	ID       hotfix.RepositoryID
	Name     string
	URL      string
	Stale    *stale
	Problems []notice
	Notes    []text
	Columns  []column
	Lines    []line
	Modules  *modules
	Hotfixes []row // in flight
	Finished int   // hotfixes
	Last     *row  // that finished
}

// InFlight is the table of the hotfixes in flight.
func (l ledger) InFlight() rows { return rows{Caption: "Hotfixes in flight", Rows: l.Hotfixes} }

// FinishedSays and FinishedPath lead to the finished hotfixes.
func (l ledger) FinishedSays() string {
	return plural(l.Finished, "finished hotfix", "finished hotfixes")
}

// FinishedPath is where they are listed.
func (l ledger) FinishedPath() string {
	return "/hotfixes?" + url.Values{"repository": {l.Name}}.Encode()
}

// notice is a problem in words.
type notice struct{ What, Remedy text }

// ledger makes the view of a board.
func (p *Pages) ledger(board hotfix.Board, late map[hotfix.RepositoryID]*stale) ledger {
	s := p.site(board)
	l := ledger{ID: board.Repository, Name: board.Name, URL: s.root, Stale: late[board.Repository], Problems: notices(board.Problems)}
	if len(board.Environments) > 0 {
		l.Columns, l.Lines, l.Modules = s.columns(board), s.lines(board), modulesOf(board)
	}
	for _, note := range board.Notes {
		l.Notes = append(l.Notes, prose(note))
	}
	for _, status := range inOrder(board.Hotfixes) {
		if !over(status) {
			l.Hotfixes = append(l.Hotfixes, p.row(board, status))
			continue
		}
		if l.Finished++; l.Finished == 1 {
			last := p.row(board, status)
			l.Last = &last
		}
	}
	return l
}

// pipeline is the board's environments without what was seen of them.
func pipeline(board hotfix.Board) hotfix.Pipeline {
	var out hotfix.Pipeline
	for _, env := range board.Environments {
		out = append(out, env.Environment)
	}
	return out
}

// over reports whether nobody has to do anything more about a hotfix.
func over(s hotfix.Status) bool {
	return s.State == hotfix.StateSolved || s.State == hotfix.StateForced
}

// inFlight is how many of a board's hotfixes are not over.
func inFlight(board hotfix.Board) int {
	n := 0
	for _, status := range board.Hotfixes {
		if !over(status) {
			n++
		}
	}
	return n
}

// inOrder is the hotfixes as they are shown: those in flight first, then the
// newest. The list given is not changed.
func inOrder(hotfixes []hotfix.Status) []hotfix.Status {
	return slices.SortedStableFunc(slices.Values(hotfixes), byUrgency)
}

func byUrgency(a, b hotfix.Status) int {
	rank := func(s hotfix.Status) int {
		if over(s) {
			return 1
		}
		return 0
	}
	return cmp.Or(rank(a)-rank(b), b.MergedAt.Compare(a.MergedAt), b.Key.Pull-a.Key.Pull)
}

func notices(problems []hotfix.Problem) []notice {
	var out []notice
	for _, problem := range problems {
		remedy := prose(problem.Remedy)
		if url := problem.Topic.URL(); url != "" {
			remedy = remedy.say(" ").link("What this means", url)
		}
		out = append(out, notice{prose(problem.What), remedy})
	}
	return out
}

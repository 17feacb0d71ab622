package dashboard

import (
	"cmp"
	"slices"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// finishedShown is how many finished hotfixes stand in the table; the older ones
// are folded away below it.
const finishedShown = 5

// ledger is a board as the front page shows it.
type ledger struct {
	ID           hotfix.RepositoryID
	Name         string
	URL          string
	InFlight     int // hotfixes that are neither solved nor closed by force
	Problems     []notice
	Notes        []text
	Environments []stage
	Columns      []string // names of the environments below the landing one
	Hotfixes     []row
	Older        []row
}

// notice is a problem in words.
type notice struct{ What, Remedy text }

// row is a hotfix in the table.
type row struct {
	Number     int
	Title, URL string
	Path       string // of its own page
	Author     string
	MergedAt   time.Time
	Releases   []release
	Cells      []cell
	State      hotfix.State
	Tone       tone
}

// release is a tag that contains a hotfix, and where it is shown.
type release struct{ Tag, URL string }

// cell is a hotfix in one environment. Verdict is empty where the hotfix was
// never asked about that environment, which came to the pipeline later.
type cell struct {
	Environment string
	Verdict     hotfix.Verdict
	Tone        tone
	Why         text
}

// ledger makes the view of a board: what is in flight first, then the newest.
func (p *Pages) ledger(board hotfix.Board) ledger {
	s := p.site(board.Name)
	below := pipeline(board).Below()
	l := ledger{
		ID: board.Repository, Name: board.Name, URL: s.root,
		Problems: notices(board.Problems), Environments: s.stages(board),
	}
	for _, note := range board.Notes {
		l.Notes = append(l.Notes, prose(note))
	}
	for _, env := range below {
		l.Columns = append(l.Columns, env.Name)
	}
	finished := 0
	for _, status := range inOrder(board.Hotfixes) {
		if !over(status) {
			l.InFlight++
		} else if finished++; finished > finishedShown {
			l.Older = append(l.Older, s.row(status, below))
			continue
		}
		l.Hotfixes = append(l.Hotfixes, s.row(status, below))
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

// inOrder is the hotfixes as they are shown; the list given is not changed.
func inOrder(hotfixes []hotfix.Status) []hotfix.Status {
	rank := func(s hotfix.Status) int {
		if over(s) {
			return 1
		}
		return 0
	}
	return slices.SortedStableFunc(slices.Values(hotfixes), func(a, b hotfix.Status) int {
		return cmp.Or(rank(a)-rank(b), b.MergedAt.Compare(a.MergedAt), b.Key.Pull-a.Key.Pull)
	})
}

func (s site) row(status hotfix.Status, below hotfix.Pipeline) row {
	r := row{
		Number: status.Key.Pull, Title: status.Title, URL: status.URL, Path: pathOf(status.Key),
		Author: status.Author, MergedAt: status.MergedAt.UTC(), Releases: s.releases(status),
		State: status.State, Tone: toneOfState(status.State),
	}
	if r.URL == "" {
		r.URL = s.pull(r.Number)
	}
	for _, env := range below {
		r.Cells = append(r.Cells, s.cell(status, env))
	}
	return r
}

// releases are a hotfix's tags, each with where it is shown: its release, else the
// tag itself.
func (s site) releases(status hotfix.Status) []release {
	var out []release
	for _, v := range status.Versions {
		if v.Tag != "" {
			out = append(out, release{v.Tag, cmp.Or(v.Release, s.tag(v.Tag))})
		}
	}
	return out
}

// cell finds the standing by branch: names of environments change more easily.
func (s site) cell(status hotfix.Status, env hotfix.Environment) cell {
	for _, standing := range status.Standings {
		if standing.Branch == env.Branch {
			return cell{env.Name, standing.Verdict, toneOf(standing.Verdict), s.why(standing).capital()}
		}
	}
	return cell{Environment: env.Name}
}

func notices(problems []hotfix.Problem) []notice {
	var out []notice
	for _, problem := range problems {
		out = append(out, notice{prose(problem.What), prose(problem.Remedy)})
	}
	return out
}

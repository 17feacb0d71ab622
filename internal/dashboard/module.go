package dashboard

import (
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// modules are those that hotfixes touch, and where each still misses them.
type modules struct {
	Columns []string // environments below the landing one
	Lines   []moduleLine
}

type moduleLine struct {
	Name  string
	Cells []moduleCell
}

// moduleCell is a module in one environment. Word says the same as the mark.
type moduleCell struct {
	Environment string
	Missing     bool
	Word        string
	CompareURL  string
}

// modulesOf are the modules of a board that hotfixes in flight touch; nil without.
func modulesOf(board hotfix.Board) *modules {
	var unsolved []hotfix.Status
	for _, status := range inOrder(board.Hotfixes) {
		if !over(status) {
			unsolved = append(unsolved, status)
		}
	}
	return touchedBy(unsolved, pipeline(board).Below())
}

// touchedBy are the modules that hotfixes touch; nil where there is none.
func touchedBy(hotfixes []hotfix.Status, below hotfix.Pipeline) *modules {
	var m modules
	for _, status := range hotfixes {
		for _, name := range status.Modules {
			if !slices.ContainsFunc(m.Lines, func(l moduleLine) bool { return l.Name == name }) {
				m.Lines = append(m.Lines, moduleLine{Name: name})
			}
		}
	}
	if len(m.Lines) == 0 {
		return nil
	}
	for _, env := range below {
		m.Columns = append(m.Columns, env.Name)
		for i := range m.Lines {
			m.Lines[i].Cells = append(m.Lines[i].Cells, moduleIn(hotfixes, m.Lines[i].Name, env))
		}
	}
	return &m
}

// moduleIn is how a module stands in an environment: it misses what one of its
// hotfixes misses.
func moduleIn(hotfixes []hotfix.Status, module string, env hotfix.Environment) moduleCell {
	cell := moduleCell{Environment: env.Name, Word: "has it"}
	for _, status := range hotfixes {
		i := slices.IndexFunc(status.Standings, func(b hotfix.Standing) bool { return b.Branch == env.Branch })
		if i < 0 || !slices.Contains(status.Modules, module) {
			continue
		}
		switch verdict := status.Standings[i].Verdict; {
		case !verdict.Final():
			return moduleCell{Environment: env.Name, Missing: true, Word: "misses it", CompareURL: status.Compare[env.Branch]}
		case verdict == hotfix.VerdictSkipped:
			cell.Word = "skipped"
		}
	}
	return cell
}

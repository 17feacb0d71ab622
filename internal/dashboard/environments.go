package dashboard

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// perPage is how many repositories stand on one page of environments.
const perPage = 20

// overview is the page of environments.
type overview struct {
	Known   int // repositories
	Find    bool
	Wanted  string // in the name of a repository
	Ledgers []ledger
	Pager   pager
}

// Marked is what the template of modules needs.
func (overview) Marked(m *modules) captioned {
	return captioned{"Modules with a hotfix that is not solved", m}
}

// captioned is modules with their caption; a table under a heading needs none.
type captioned struct {
	Caption string
	Modules *modules
}

// environments is the page with what every environment runs: repositories that
// need somebody first.
func (p *Pages) environments(c *gin.Context) {
	mark, boards, ok := p.boardsSeen(c)
	if !ok {
		return
	}
	late, err := p.late(c.Request.Context())
	if err != nil {
		p.broken(c, err)
		return
	}
	view := overview{Known: len(boards), Find: len(boards) > perPage/4, Wanted: c.Query("repository")}
	boards = named(boards, view.Wanted)
	slices.SortStableFunc(boards, func(a, b hotfix.Board) int { return cmp.Compare(calm(a), calm(b)) })
	from, to := view.Pager.cut(c, len(boards), perPage, "repositories")
	for _, board := range boards[from:to] {
		view.Ledgers = append(view.Ledgers, p.ledger(board, late))
	}
	p.show(c, http.StatusOK, "environments.html", page{Title: "Environments", Live: liveBoards, Mark: mark.Boards, Body: view})
}

// calm is 0 for a repository that waits for a person, 1 for one with hotfixes in
// flight, 2 for the others.
func calm(board hotfix.Board) int {
	switch {
	case len(board.Problems) > 0:
		return 0
	case inFlight(board) > 0:
		return 1
	}
	return 2
}

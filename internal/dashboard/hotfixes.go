package dashboard

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// rowsPerPage is how many hotfixes stand on one page.
const rowsPerPage = 50

// listing is the page of hotfixes.
type listing struct {
	Filter   filter
	Filtered bool
	Names    []string // of all repositories
	States   []option
	Ages     []option
	All      int
	List     rows
	Pager    pager
}

// rows is a table of hotfixes.
type rows struct {
	Caption    string
	Repository bool // it has a column for it
	Rows       []row
}

// found is a hotfix on its board.
type found struct {
	board  hotfix.Board
	status hotfix.Status
}

// hotfixes is the page with the hotfixes of all repositories that fit a filter:
// those in flight first, then the newest.
func (p *Pages) hotfixes(c *gin.Context) {
	mark, boards, ok := p.boardsSeen(c)
	if !ok {
		return
	}
	f := filterOf(c)
	if problem := f.problem(); problem != "" {
		p.misread(c, "/hotfixes", "All hotfixes", problem)
		return
	}
	view := listing{Filter: f, Filtered: f != filter{}, States: choose(states, f.State), Ages: choose(ages, f.Age)}
	for _, board := range boards {
		view.Names = append(view.Names, board.Name)
		view.All += len(board.Hotfixes)
	}
	fit := p.fitting(boards, f)
	from, to := view.Pager.cut(c, len(fit), rowsPerPage, "hotfixes")
	view.List = rows{Caption: plural(len(fit), "hotfix", "hotfixes"), Repository: len(boards) > 1}
	if len(fit) > 1 {
		view.List.Caption += ", those in flight first"
	}
	for _, one := range fit[from:to] {
		view.List.Rows = append(view.List.Rows, p.row(one.board, one.status))
	}
	p.show(c, http.StatusOK, "hotfixes.html", page{Title: "Hotfixes", Live: liveBoards, Mark: mark.Boards, Body: view})
}

func (p *Pages) fitting(boards []hotfix.Board, f filter) []found {
	now := p.config.Now()
	var fit []found
	for _, board := range named(boards, f.Repository) {
		for _, status := range board.Hotfixes {
			if f.takes(status, now) {
				fit = append(fit, found{board, status})
			}
		}
	}
	slices.SortStableFunc(fit, func(a, b found) int { return byUrgency(a.status, b.status) })
	return fit
}

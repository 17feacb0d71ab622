package dashboard

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// front is the page with the boards of all repositories.
func (p *Pages) front(c *gin.Context) {
	boards, err := p.config.Boards.Boards(c.Request.Context())
	if err != nil {
		p.broken(c, err)
		return
	}
	ledgers := make([]ledger, len(boards))
	for i, board := range boards {
		ledgers[i] = p.ledger(board)
	}
	p.show(c, http.StatusOK, "front.html", page{Title: "Hotfixes", Body: ledgers})
}

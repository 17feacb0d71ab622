package dashboard

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// boards answers with the boards as JSON: {"boards": […]}. A list without
// entries is [], never null.
func (p *Pages) boards(c *gin.Context) {
	_, boards, ok := p.boardsNow(c)
	if !ok {
		return
	}
	shown := make([]hotfix.Board, len(boards))
	for i, board := range boards {
		shown[i] = whole(board)
	}
	c.JSON(http.StatusOK, gin.H{"boards": shown})
}

// whole is the board with empty lists in place of missing ones. The board it is
// given is not changed.
func whole(board hotfix.Board) hotfix.Board {
	board.Applications = append([]string{}, board.Applications...)
	board.Environments = append([]hotfix.EnvironmentState{}, board.Environments...)
	board.Hotfixes = append([]hotfix.Status{}, board.Hotfixes...)
	for i, env := range board.Environments {
		board.Environments[i].Runs = append([]hotfix.Running{}, env.Runs...)
	}
	for i, status := range board.Hotfixes {
		board.Hotfixes[i].Versions = append([]hotfix.Tagged{}, status.Versions...)
		board.Hotfixes[i].Standings = append([]hotfix.Standing{}, status.Standings...)
		board.Hotfixes[i].Landed.Picks = append([]hotfix.Pick{}, status.Landed.Picks...)
	}
	return board
}

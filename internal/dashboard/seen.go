package dashboard

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// seenNow is the mark of what the viewer may see: for who does not see everything it
// changes when that does, and tells nothing of what happens elsewhere. Deliveries are of
// everything, so their mark is for operators.
func (p *Pages) seenNow(c *gin.Context, mark hotfix.Mark) (hotfix.Mark, error) {
	if viewerOf(c).all {
		return mark, nil
	}
	boards, err := p.kept.at(c.Request.Context(), mark, p.config.Boards)
	if err == nil {
		boards, err = p.visible(c, boards)
	}
	if err != nil {
		return mark, err
	}
	return p.seen(c, mark, boards)
}

// seen is that mark, where the boards are known that the viewer may see.
func (p *Pages) seen(c *gin.Context, mark hotfix.Mark, boards []hotfix.Board) (hotfix.Mark, error) {
	v := viewerOf(c)
	if v.all {
		return mark, nil
	}
	late, err := p.late(c.Request.Context())
	if err != nil {
		return mark, err
	}
	asked, err := p.config.SignIn.Actions.AskedMarks(c.Request.Context())
	if err != nil {
		return mark, err
	}
	prints := make([]string, len(boards))
	for i, board := range boards {
		text, err := json.Marshal([]any{p.kept.print(board), asked[board.Repository], late[board.Repository]})
		if err != nil {
			return mark, err
		}
		prints[i] = string(text)
	}
	slices.Sort(prints)
	mark.Boards = digest(strings.Join(prints, "\n"))[:16]
	if !v.operator {
		mark.Deliveries = ""
	}
	return mark, nil
}

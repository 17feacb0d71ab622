package dashboard

import (
	"context"
	"sync"

	"github.com/gin-gonic/gin"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// kept is the boards as they were read last. Every open page asks for them again
// when one of them changes, and reading a thousand takes its time.
type kept struct {
	mu     sync.Mutex
	known  bool
	mark   string
	boards []hotfix.Board
}

// read gives the boards and the mark as of which they are shown, from memory as long
// as the mark is the same. Nobody may change them. The mark is read first: what
// changes in between is shown already, and read once more.
func (k *kept) read(ctx context.Context, from Boards) (hotfix.Mark, []hotfix.Board, error) {
	mark, err := from.Mark(ctx)
	if err != nil {
		return mark, nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.known && k.mark == mark.Boards {
		return mark, k.boards, nil
	}
	boards, err := from.Boards(ctx)
	if err != nil {
		return mark, nil, err
	}
	k.known, k.mark, k.boards = true, mark.Boards, boards
	return mark, boards, nil
}

// boardsNow reads the boards that the viewer may see; when they cannot be read, it has answered.
func (p *Pages) boardsNow(c *gin.Context) (hotfix.Mark, []hotfix.Board, bool) {
	mark, boards, err := p.kept.read(c.Request.Context(), p.config.Boards)
	if err == nil {
		boards, err = p.visible(c, boards)
	}
	if err != nil {
		p.broken(c, err)
	}
	return mark, boards, err == nil
}

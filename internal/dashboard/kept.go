package dashboard

import (
	"context"
	"encoding/json"
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
	prints map[hotfix.RepositoryID]string // of the boards, as far as they were asked for
}

// print is another text for another content of a board.
func (k *kept) print(board hotfix.Board) string {
	k.mu.Lock()
	defer k.mu.Unlock()
	if known := k.prints[board.Repository]; known != "" {
		return known
	}
	text, err := json.Marshal(board)
	if err != nil {
		return "" // never: it was read as JSON
	}
	k.prints[board.Repository] = digest(string(text))
	return k.prints[board.Repository]
}

// read gives the boards and the mark as of which they are shown. The mark is read first:
// what changes in between is shown already, and read once more.
func (k *kept) read(ctx context.Context, from Boards) (hotfix.Mark, []hotfix.Board, error) {
	mark, err := from.Mark(ctx)
	if err != nil {
		return mark, nil, err
	}
	boards, err := k.at(ctx, mark, from)
	return mark, boards, err
}

// at gives the boards as of a mark, or later, from memory as long as the mark is the same.
// Nobody may change them.
func (k *kept) at(ctx context.Context, mark hotfix.Mark, from Boards) ([]hotfix.Board, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.known && k.mark == mark.Boards {
		return k.boards, nil
	}
	boards, err := from.Boards(ctx)
	if err != nil {
		return nil, err
	}
	k.known, k.mark, k.boards, k.prints = true, mark.Boards, boards, map[hotfix.RepositoryID]string{}
	return boards, nil
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

// boardsSeen is boardsNow for a page that is kept up to date: with the mark of what the
// viewer may see.
func (p *Pages) boardsSeen(c *gin.Context) (hotfix.Mark, []hotfix.Board, bool) {
	mark, boards, ok := p.boardsNow(c)
	if !ok {
		return mark, boards, false
	}
	mark, err := p.seen(c, mark, boards)
	if err != nil {
		p.broken(c, err)
	}
	return mark, boards, err == nil
}

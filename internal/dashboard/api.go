package dashboard

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// routeAPI is the JSON API. assets/openapi.json describes it, and a test holds each answer
// to that.
func (p *Pages) routeAPI(router *gin.Engine) {
	read(router, "/api/v1/boards", p.plainly, p.boards)
	read(router, "/api/v1/boards/:owner/:repository", p.plainly, p.board)
	read(router, "/api/v1/boards/:owner/:repository/hotfixes/:pull", p.plainly, p.one)
	read(router, "/api/v1/deliveries", p.operators, p.plainly, p.received)
}

// plainly refuses parameters: who believes in a filter would take everything for what
// passed it.
func (p *Pages) plainly(c *gin.Context) {
	for _, name := range slices.Sorted(maps.Keys(c.Request.URL.Query())) {
		p.fail(c, http.StatusBadRequest, "The API has no parameter "+clip(name)+": it answers with everything that there is at the address.")
		return
	}
}

// boards answers with those that the viewer may see: {"boards": […]}.
func (p *Pages) boards(c *gin.Context) {
	_, boards, ok := p.boardsNow(c)
	if !ok {
		return
	}
	shown := make([]hotfix.Board, len(boards))
	for i, board := range boards {
		shown[i] = board.Whole()
	}
	c.JSON(http.StatusOK, gin.H{"boards": shown})
}

// board answers with that of one repository.
func (p *Pages) board(c *gin.Context) {
	if board, ok := p.boardNamed(c); ok {
		c.JSON(http.StatusOK, board.Whole())
	}
}

// boardNamed is that of the address, if the viewer may see it; else it has answered.
func (p *Pages) boardNamed(c *gin.Context) (hotfix.Board, bool) {
	_, boards, ok := p.boardsNow(c)
	if !ok {
		return hotfix.Board{}, false
	}
	for _, board := range boards {
		if strings.EqualFold(board.Name, c.Param("owner")+"/"+c.Param("repository")) {
			return board, true
		}
	}
	p.nothing(c)
	return hotfix.Board{}, false
}

// one answers with a hotfix and its history.
func (p *Pages) one(c *gin.Context) {
	board, ok := p.boardNamed(c)
	if !ok {
		return
	}
	pull, err := strconv.Atoi(c.Param("pull"))
	one, ok := find([]hotfix.Board{board.Whole()}, hotfix.Key{Repository: board.Repository, Pull: pull})
	if err != nil || !ok {
		p.nothing(c)
		return
	}
	history, err := p.config.Boards.History(c.Request.Context(), board.Repository, pull)
	if err != nil {
		p.broken(c, err)
		return
	}
	c.JSON(http.StatusOK, gin.H{"hotfix": one.status, "history": append([]hotfix.Event{}, history...)})
}

// arrival is a delivery as the API tells it.
type arrival struct {
	GUID       string              `json:"guid"`
	Event      string              `json:"event"`
	Action     string              `json:"action,omitempty"`
	Repository hotfix.RepositoryID `json:"repository,omitempty"`
	ReceivedAt string              `json:"received_at"`
	State      hotfix.ReceiptState `json:"state"`
}

// received answers with the newest deliveries, for operators.
func (p *Pages) received(c *gin.Context) {
	receipts, err := p.config.Deliveries.Receipts(c.Request.Context(), receiptsShown)
	if err != nil {
		p.broken(c, err)
		return
	}
	list := make([]arrival, len(receipts))
	for i, r := range receipts {
		list[i] = arrival{r.GUID, r.Event, r.Action, r.Repository, r.ReceivedAt.UTC().Format(apiTime), r.State}
	}
	c.JSON(http.StatusOK, gin.H{"deliveries": list})
}

// apiTime is RFC 3339 with milliseconds.
const apiTime = "2006-01-02T15:04:05.000Z"

// openAPI answers with the description of the API.
func (p *Pages) openAPI(c *gin.Context) {
	body, err := assets.ReadFile("assets/openapi.json")
	if err != nil {
		p.broken(c, errors.New("the description of the API is not in the program"))
		return
	}
	c.Data(http.StatusOK, "application/json; charset=utf-8", body)
}

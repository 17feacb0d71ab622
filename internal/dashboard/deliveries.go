package dashboard

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

const (
	receiptsLooked = 1000 // among which those of a state are looked for
	receiptsShown  = 50
)

var receiptStates = []option{
	{Value: "", Name: "any"}, {Value: string(hotfix.ReceiptWaiting), Name: "waiting"},
	{Value: string(hotfix.ReceiptFailed), Name: "failed"}, {Value: string(hotfix.ReceiptServed), Name: "served"},
}

// intake is the page of deliveries.
type intake struct {
	Debts    []debt
	States   []option
	Filtered bool
	Looked   int
	Says     string
	Replayed string // the delivery that was replayed just now
	Receipts []receipt
}

// debt is a repository that is owed a look.
type debt struct {
	Name     string
	Since    time.Time
	Word     string
	Tone     tone
	Attempts string
	Again    time.Time
	Problem  string
	Woken    string
}

// receipt is one delivery.
type receipt struct {
	At                        time.Time
	Event, Action, Name, GUID string
	Word                      string
	Tone                      tone
}

// deliveries is the page for operators: what was received, waits or failed.
func (p *Pages) deliveries(c *gin.Context) {
	state := c.Query("state")
	if problem := none("state", state, receiptStates); problem != "" {
		p.misread(c, "/deliveries", "All deliveries", problem)
		return
	}
	mark, boards, ok := p.boardsNow(c)
	if !ok {
		return
	}
	debts, err := p.config.Deliveries.Debts(c.Request.Context())
	if err != nil {
		p.broken(c, err)
		return
	}
	receipts, err := p.config.Deliveries.Receipts(c.Request.Context(), receiptsLooked)
	if err != nil {
		p.broken(c, err)
		return
	}
	names := map[hotfix.RepositoryID]string{}
	for _, board := range boards {
		names[board.Repository] = board.Name
	}
	view := intake{States: choose(receiptStates, state), Filtered: state != "", Looked: len(receipts)}
	for _, d := range debts {
		view.Debts = append(view.Debts, debtOf(d, names))
	}
	replayed := c.Query("replayed")
	if slices.ContainsFunc(receipts, func(r hotfix.Receipt) bool { return r.GUID == replayed }) {
		view.Replayed = replayed
	}
	view.list(receipts, hotfix.ReceiptState(state), names)
	p.show(c, http.StatusOK, "deliveries.html", page{Title: "Deliveries", Live: liveDeliveries, Mark: mark.Deliveries, Body: view})
}

// replay has what a delivery concerns looked at again.
func (p *Pages) replay(c *gin.Context) {
	guid := c.Param("guid")
	known, err := p.config.Replay(c.Request.Context(), guid)
	switch {
	case err != nil:
		p.broken(c, err)
	case !known:
		p.fail(c, http.StatusNotFound, "This delivery is not stored any more: they are kept for 30 days.")
	default:
		c.Redirect(http.StatusSeeOther, "/deliveries?"+url.Values{"replayed": {guid}}.Encode())
	}
}

// Path is where a delivery is replayed.
func (r receipt) Path() string { return "/deliveries/" + url.PathEscape(r.GUID) + "/replay" }

// list takes those of a state, the newest, and says what it left out.
func (v *intake) list(receipts []hotfix.Receipt, state hotfix.ReceiptState, names map[hotfix.RepositoryID]string) {
	if state != "" {
		receipts = slices.DeleteFunc(receipts, func(r hotfix.Receipt) bool { return r.State != state })
	}
	v.Says = plural(len(receipts), "delivery", "deliveries") + ", newest first"
	if len(receipts) > receiptsShown {
		v.Says = "The newest " + strconv.Itoa(receiptsShown) + " deliveries"
		receipts = receipts[:receiptsShown]
	}
	for _, r := range receipts {
		v.Receipts = append(v.Receipts, receipt{
			At: r.ReceivedAt, Event: r.Event, Action: r.Action, Name: nameOf(r.Repository, names), GUID: r.GUID,
			Word: string(r.State), Tone: toneOfReceipt(r.State),
		})
	}
}

func debtOf(d hotfix.Debt, names map[hotfix.RepositoryID]string) debt {
	view := debt{
		Name: nameOf(d.Repository, names), Since: d.Since, Again: d.NotBefore, Problem: d.Problem, Woken: "woken by " + d.Why,
		Word: string(hotfix.ReceiptWaiting), Tone: toneOfReceipt(hotfix.ReceiptWaiting),
	}
	if d.Attempts > 0 {
		view.Word, view.Tone = string(hotfix.ReceiptFailed), toneOfReceipt(hotfix.ReceiptFailed)
	}
	if d.Attempts > 0 {
		view.Attempts = plural(d.Attempts, "time") + " in a row"
	}
	return view
}

// nameOf is a repository's name, or its number while the bot has no board of it.
func nameOf(id hotfix.RepositoryID, names map[hotfix.RepositoryID]string) string {
	if name := names[id]; name != "" || id == 0 {
		return name
	}
	return "repository " + strconv.FormatInt(int64(id), 10)
}

func toneOfReceipt(s hotfix.ReceiptState) tone {
	switch s {
	case hotfix.ReceiptServed:
		return good
	case hotfix.ReceiptFailed:
		return bad
	default:
		return wait
	}
}

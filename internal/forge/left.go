package forge

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// told is what GitHub said last of an installation's hourly limit.
type told struct {
	limit, remaining int
	until            time.Time // the limit counts anew then
}

// tell notes what an answer says of the limit. Only that of REST is: GraphQL has one of
// its own.
func (w *wire) tell(header http.Header) {
	limit, err := strconv.Atoi(header.Get(headerLimit))
	remaining, missing := strconv.Atoi(header.Get(headerRemaining))
	reset, never := strconv.ParseInt(resetOf(header), 10, 64)
	if resource := header.Get(headerResource); err != nil || missing != nil || never != nil || resource != "" && resource != "core" {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.told = told{limit, remaining, time.Unix(reset, 0)}
}

func (w *wire) lastTold() told {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.told
}

// Budgets are what is left for each installation that this process has worked for since
// its start, by its id. It sends no request.
func (a *App) Budgets(ctx context.Context) ([]hotfix.Budget, error) {
	a.mu.Lock()
	known := make([]*installation, 0, len(a.installations))
	for _, i := range a.installations {
		known = append(known, i)
	}
	a.mu.Unlock()
	slices.SortFunc(known, func(x, y *installation) int { return int(x.id - y.id) })
	budgets := make([]hotfix.Budget, 0, len(known))
	for _, i := range known {
		b, err := i.left(ctx, a.now())
		if err != nil {
			return nil, err
		}
		budgets = append(budgets, b)
	}
	return budgets, nil
}

func (i *installation) left(ctx context.Context, now time.Time) (hotfix.Budget, error) {
	b := hotfix.Budget{Installation: i.id}
	if said := i.wire.lastTold(); now.Before(said.until) {
		b.Told, b.Limit, b.Remaining = true, said.limit, said.remaining
	}
	if i.pace == nil {
		return b, nil
	}
	own, err := i.pace.look(ctx)
	own.forget(now)
	b.Paced, b.Points = true, max(pointsPerMinute-len(own.Blocks)*pointBlock, 0)+i.pace.unspent()
	if own.held(now) == nil {
		b.Writes = own.room(now)
	}
	return b, err
}

// look reads the purse and leaves it as it is.
func (p *pace) look(ctx context.Context) (own purse, err error) {
	kept, err := p.purses.Spent(ctx, p.installation)
	if err != nil {
		return own, err
	}
	return purseOf(kept), nil
}

// unspent are the points of the last block that are still good.
func (p *pace) unspent() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.now().Before(p.expires) {
		return 0
	}
	return p.credit
}

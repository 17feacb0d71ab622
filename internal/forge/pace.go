package forge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Purses keep what each installation has spent of its budget, for all processes
// that share it.
type Purses interface {
	// Purse hands what is kept of an installation to change and keeps what that
	// returns: one caller at a time, those of other processes included. Of one that is
	// not known, nothing is kept. change may be called again.
	Purse(ctx context.Context, installation int64, change func(kept []byte) ([]byte, error)) error
	// Spent is what is kept of an installation, to be read alone.
	Spent(ctx context.Context, installation int64) ([]byte, error)
}

// atOnce is how many requests of one installation may be under way in one process;
// GitHub allows a hundred, of all processes. Writes are made one at a time, as
// GitHub's best practices ask for.
const atOnce = 10

// pace holds the requests of one installation to its budget. Where the budget does
// not suffice, a request is not sent: it is a *hotfix.Later, and the repository's
// job sleeps until then. Nothing waits here but for other requests to end.
type pace struct {
	installation int64
	purses       Purses
	now          func() time.Time
	slots        chan struct{}
	writing      chan struct{}

	mu      sync.Mutex
	credit  int             // points that were handed out and are not spent
	expires time.Time       // of the credit
	waiting map[string]bool // repositories that have a place in the line, as far as is known here
}

func newPace(installation int64, purses Purses, now func() time.Time) *pace {
	return &pace{
		installation: installation, purses: purses, now: now,
		slots: make(chan struct{}, atOnce), writing: make(chan struct{}, 1), waiting: map[string]bool{},
	}
}

// enter lets a request pass, and gives what is to be called when it has ended. A nil
// pace lets everything pass.
func (p *pace) enter(req *http.Request) (leave func(), err error) {
	if p == nil || strings.HasSuffix(req.URL.Path, "/access_tokens") { // asked for as the App
		return func() {}, nil
	}
	ctx, c := req.Context(), costOf(req)
	if err := p.pay(ctx, c, repositoryOf(req)); err != nil {
		return nil, err
	}
	waits := []chan struct{}{p.slots}
	if c.write {
		waits = []chan struct{}{p.writing, p.slots}
	}
	for i, slot := range waits {
		select {
		case slot <- struct{}{}:
		case <-ctx.Done():
			giveBack(waits[:i])
			return nil, ctx.Err()
		}
	}
	return func() { giveBack(waits) }, nil
}

func giveBack(slots []chan struct{}) {
	for _, slot := range slots {
		<-slot
	}
}

// begin reports whether a reconcile of a repository may begin: one that has to be given
// up half-way for want of points has read for nothing.
func (p *pace) begin(ctx context.Context, repository string) error {
	if p == nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	enough := p.credit >= pointsOfLook && now.Before(p.expires)
	var later *hotfix.Later
	stands := false
	if err := p.change(ctx, func(own *purse) {
		later = own.begin(now, repository, enough)
		stands = own.place(repository) < len(own.Line)
	}); err != nil {
		return err
	}
	if stands { // maybe put there by another process
		p.waiting[repository] = true
	}
	if later != nil {
		return later
	}
	if !enough {
		p.credit, p.expires = pointBlock, now.Add(blockLife)
	}
	return nil
}

// pay takes what a request costs.
func (p *pace) pay(ctx context.Context, c cost, repository string) error {
	if err := p.buy(ctx, c.points, repository); err != nil {
		return err
	}
	if !c.write {
		return nil
	}
	var later *hotfix.Later
	err := p.change(ctx, func(own *purse) { later = own.write(p.now(), repository, c.rank) })
	if err != nil || later == nil {
		return err
	}
	p.mu.Lock()
	p.waiting[repository] = true
	p.mu.Unlock()
	return later
}

// buy takes points of the credit, and a new block where that does not suffice.
func (p *pace) buy(ctx context.Context, points int, repository string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if p.credit >= points && now.Before(p.expires) {
		p.credit -= points
		return nil
	}
	var later *hotfix.Later
	if err := p.change(ctx, func(own *purse) { later = own.points(now, repository) }); err != nil {
		return err
	}
	if later != nil {
		return later
	}
	p.credit, p.expires = pointBlock-points, now.Add(blockLife)
	return nil
}

// hold makes every process wait until a time, or, where GitHub named none, for as long
// as the purse says, and tells until when.
func (p *pace) hold(ctx context.Context, until time.Time, named bool) (time.Time, error) {
	if p == nil {
		return until, nil
	}
	err := p.change(ctx, func(own *purse) { until = own.hold(p.now(), until, named) })
	return until, err
}

// rest is called when a reconcile is over: what it did not use of its turn is for
// others, unless it will go on.
func (p *pace) rest(ctx context.Context, repository string, outcome error) error {
	if p == nil {
		return nil
	}
	goesOn := outcome != nil && !errors.As(outcome, new(*hotfix.Due)) && !gone(outcome)
	if later := (*hotfix.Later)(nil); goesOn && errors.As(outcome, &later) && later.Own {
		return nil
	}
	p.mu.Lock()
	stood := p.waiting[repository]
	delete(p.waiting, repository)
	p.mu.Unlock()
	if !stood {
		return nil
	}
	return p.change(ctx, func(own *purse) {
		if goesOn {
			own.aside(p.now(), repository)
		} else {
			own.leave(repository)
		}
	})
}

// change changes the purse.
func (p *pace) change(ctx context.Context, fn func(own *purse)) error {
	err := p.purses.Purse(ctx, p.installation, func(kept []byte) ([]byte, error) {
		own := purseOf(kept)
		fn(&own)
		return json.Marshal(own)
	})
	if err != nil {
		return fmt.Errorf("look into the budget of installation %d: %w", p.installation, err)
	}
	return nil
}

// purseOf reads what is kept of a purse. Where that is of another version, it is as if
// nothing were spent.
func purseOf(kept []byte) (own purse) {
	if len(kept) > 0 && json.Unmarshal(kept, &own) != nil {
		own = purse{}
	}
	return own
}

// cost is what a request takes of the budget.
type cost struct {
	points int
	write  bool // it may create content
	rank   rank
}

// costOf tells the cost by the method (docs.github.com, "Calculating points for the
// secondary rate limit"); what only the caller knows stands in the context.
func costOf(req *http.Request) cost {
	switch {
	case req.Method == http.MethodGet || req.Method == http.MethodHead || req.Context().Value(asking{}) != nil:
		return cost{points: 1}
	}
	c := cost{points: 5, write: true, rank: rankRest}
	if known, ok := req.Context().Value(ranked{}).(rank); ok {
		c.rank = known
	}
	return c
}

type (
	asking struct{} // a POST that only asks: a query of GraphQL
	ranked struct{}
	within struct{} // the repository of a request to GraphQL
)

func withRank(ctx context.Context, r rank) context.Context {
	return context.WithValue(ctx, ranked{}, r)
}

// repositoryOf is "owner/name" of a request below /repos/, or of one to GraphQL, whose
// path does not tell.
func repositoryOf(req *http.Request) string {
	if known, ok := req.Context().Value(within{}).(string); ok {
		return known
	}
	_, rest, ok := strings.Cut(req.URL.Path, "/repos/")
	parts := strings.SplitN(rest, "/", 3)
	if !ok || len(parts) < 2 {
		return ""
	}
	return nameInLine(parts[0], parts[1])
}

// nameInLine is what a repository is called in the purse.
func nameInLine(owner, name string) string { return strings.ToLower(owner + "/" + name) }

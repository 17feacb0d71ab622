package e2e_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/githubsim"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// redeliver sends every webhook since the story's beginning again, as GitHub does
// when somebody asks for it: the same GUID, the same body. Nothing may come of it.
// Where no webhook was delivered at all, there is nothing to deliver again.
func (p *playing) redeliver(l line) error {
	if p.how != waySweep {
		if err := p.deliver(p.ctx, p.how.arrange(p.delivered)); err != nil {
			return err
		}
		if err := p.app.Idle(p.ctx); err != nil {
			return err
		}
	}
	return p.settle(l)
}

// forge sends what waits to be delivered with signatures of somebody who does not
// know the secret: each must be refused, and nothing of it be stored or done.
func (p *playing) forge(line) error {
	pending := p.github.Pending()
	if len(pending) == 0 {
		return errors.New("there is nothing to forge: let somebody act first")
	}
	before, err := p.stored()
	if err != nil {
		return err
	}
	asked := p.github.Mark()
	for _, d := range pending {
		for _, signature := range []string{
			"sha256=0000000000000000000000000000000000000000000000000000000000000000", "sha1=" + d.GUID, "",
		} {
			header := http.Header{
				"Content-Type": {"application/json"}, "X-Github-Event": {d.Event}, "X-Github-Delivery": {d.GUID},
				"X-Hub-Signature-256": {signature},
			}
			status, err := p.hook.post(p.ctx, header, d.Body)
			if err != nil || status != http.StatusUnauthorized {
				return fmt.Errorf("%s, signed %q, was answered %d, %w", d, signature, status, err)
			}
		}
	}
	return p.nothingCame(before, asked)
}

// nothingCame fails when something was stored, or the App asked GitHub anything.
func (p *playing) nothingCame(before, asked int) error {
	if err := p.app.Idle(p.ctx); err != nil {
		return err
	}
	after, err := p.stored()
	if err != nil || after != before {
		return fmt.Errorf("%d deliveries were stored, before it was %d; %w", after, before, err)
	}
	for _, r := range p.github.Requests()[asked:] {
		return fmt.Errorf("it was followed by %s %s of %s", r.Method, r.Path, r.Actor)
	}
	return p.silent("what was forged")
}

// stored counts the deliveries in the App's database.
func (p *playing) stored() (n int, err error) {
	db, err := p.peek()
	if err != nil {
		return 0, err
	}
	defer db.Close()
	err = db.QueryRowContext(p.ctx, "SELECT count(*) FROM deliveries").Scan(&n)
	return n, err
}

// turn lets time pass ("clock 5m", "clock 3d"), or makes people act within one
// second ("clock halt", until "clock go").
func (p *playing) turn(l line) error {
	if len(l.words) != 2 {
		return errors.New("clock takes one word: a duration, halt or go")
	}
	switch l.words[1] {
	case "halt", "go":
		p.clock.halted = l.words[1] == "halt"
		return nil
	}
	d, err := span(l.words[1])
	if err != nil {
		return err
	}
	p.clock.advance(d)
	p.due = p.due || d >= sweepInterval
	return nil
}

// sweepInterval is how often the program looks at every repository by itself.
const sweepInterval = 10 * time.Minute

// span reads a duration, also one in days.
func span(word string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(word, "d"); ok {
		n, err := strconv.Atoi(days)
		return time.Duration(n) * 24 * time.Hour, err
	}
	return time.ParseDuration(word)
}

// queue tells of the merge queue, when it has waited long enough for the first pull
// request in it: "queue merges NUMBER", or "queue keeps NUMBER", because a required
// check did not go well.
func (p *playing) queue(l line) error {
	if len(l.words) != 3 || l.words[1] != "merges" && l.words[1] != "keeps" {
		return errors.New("the queue merges or keeps a NUMBER")
	}
	n, err := number(l.words[2])
	if err != nil {
		return err
	}
	p.clock.tick()
	err = p.github.MergeQueued(p.ctx, p.repo, n)
	var no *githubsim.Refused
	switch {
	case l.words[1] == "merges":
		return err
	case errors.As(err, &no):
		return nil
	case err == nil:
		return fmt.Errorf("the queue merged #%d", n)
	}
	return err
}

// end is the last check of every story. It gives the state of GitHub.
func (p *playing) end() (string, error) {
	if err := p.log.strays(); err != nil {
		return "", err
	}
	if err := p.leaks(p.ctx, p.repo); err != nil {
		return "", err
	}
	if err := p.surviveLoss(); err != nil {
		return "", err
	}
	end, err := p.github.Dump(p.ctx, p.repo)
	if err != nil {
		return "", err
	}
	// Only the address differs from world to world, with it what is sealed, and the
	// ids of deliveries.
	end = strings.ReplaceAll(end, p.url, "https://github.example")
	return ownWorld.ReplaceAllString(end, `"$1":"…"`), p.wrong()
}

// surviveLoss holds a new App on an empty database to the boards of the one before:
// it must come to them, and write nothing.
func (p *playing) surviveLoss() error {
	before, err := p.boards()
	if err != nil {
		return err
	}
	if err := p.loseDatabase(p.ctx); err != nil {
		return err
	}
	clear(p.browsers) // who was signed in is not known any more
	if err := p.sweep(p.ctx); err != nil {
		return err
	}
	if err := p.silent("a new App on an empty database"); err != nil {
		return err
	}
	after, err := p.boards()
	if err != nil {
		return err
	}
	if before != after {
		return fmt.Errorf("a new App on an empty database shows other boards:\n%s", difference(before, after))
	}
	return nil
}

var ownWorld = regexp.MustCompile(`"(seal|press)":"[0-9a-f-]+"`)

// boards are the App's ledgers as text.
func (p *playing) boards() (string, error) {
	boards, err := p.app.Boards(p.ctx)
	if err != nil {
		return "", err
	}
	text, err := json.MarshalIndent(boards, "", "  ")
	return string(text), err
}

// board is the ledger of the story's repository.
func (p *playing) board() (hotfix.Board, error) {
	boards, err := p.app.Boards(p.ctx)
	if err != nil || len(boards) != 1 {
		return hotfix.Board{}, fmt.Errorf("%d boards, %w", len(boards), err)
	}
	return boards[0], nil
}

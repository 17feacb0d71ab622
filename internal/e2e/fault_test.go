package e2e_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// tally counts cells.
type tally struct {
	played, unreached, failed atomic.Int64

	mu    sync.Mutex
	swept []string // the cells that ended well only after the sweep
}

func (t *tally) sweep(c cell) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.swept = append(t.swept, c.String())
}

// TestFaults plays stories with one fault each: the same end must come of it as
// without, not one object more on GitHub. It plays a sample, picked by a seed.
//
//	HOTFIXBOT_FAULTS=main       every cell of the main stories
//	HOTFIXBOT_FAULTS=others     one for each call of the others
//	HOTFIXBOT_FAULTS=all        both
//	HOTFIXBOT_FAULTS=n          n cells of each main story
//	HOTFIXBOT_FAULTS_OF=expr    of these, those whose name matches the regular expression
//	HOTFIXBOT_FAULTS_PART=i/n   of these, the i-th of n parts, from 1
//	HOTFIXBOT_FAULT=cell        that one
func TestFaults(t *testing.T) {
	if watched {
		t.Skip("played without the race detector")
	}
	m := menuOf(t)
	var sum tally
	t.Run("cells", func(t *testing.T) {
		for _, name := range m.stories {
			order := rand.New(rand.NewPCG(m.random.Uint64(), 0))
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				playCells(t, name, &sum, func(all []cell) []cell { return m.pick(name, all, order) })
			})
		}
	})
	fmt.Printf("faults: %d cells played (HOTFIXBOT_SEED=%d): %d ended otherwise, %d needed the sweep, %d were not reached\n",
		sum.played.Load(), m.seed, sum.failed.Load(), len(sum.swept), sum.unreached.Load())
	t.Logf("needed the sweep:\n%s", strings.Join(sum.swept, "\n"))
}

// cellsOf are all cells of a story.
func cellsOf(name string, scenes []scene) []cell {
	var all []cell
	for i, s := range scenes {
		for _, call := range s.calls {
			for _, k := range kindsOf(call) {
				all = append(all, cell{story: name, scene: i, call: call, kind: k})
			}
		}
	}
	return all
}

// playCells rehearses a story and plays some of its cells.
func playCells(t *testing.T, name string, sum *tally, pick func([]cell) []cell) {
	t.Helper()
	s, err := storyNamed(name)
	if err != nil {
		t.Fatal(err)
	}
	h := newTheatre(t, s)
	scenes := h.rehearse(t)
	cells, failed := pick(cellsOf(name, scenes)), 0
	for i, c := range cells {
		if i > 0 && i%500 == 0 { // it takes long: people want to see that it goes on
			fmt.Printf("faults: %s: %d of %d cells played, %d ended otherwise\n", name, i, len(cells), failed)
		}
		sum.played.Add(1)
		if err := h.playCell(t.Context(), scenes, c, sum); err != nil {
			sum.failed.Add(1)
			failed++
			t.Errorf("%v\n\nagain, alone: HOTFIXBOT_FAULT='%s' go test ./internal/e2e -run '^TestFaults$'", err, c)
		}
	}
	if len(cells) > sampleOf {
		fmt.Printf("faults: %s: %d cells played, %d ended otherwise\n", name, len(cells), failed)
	}
}

// playCell plays the scene of a cell with its fault, and holds the end against the
// clean one: GitHub must be the same, to the last object.
func (h *theatre) playCell(ctx context.Context, scenes []scene, c cell, sum *tally) (err error) {
	s := scenes[c.scene]
	l, err := h.goOn(s.before, c)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("%w\n\nthe App's log:\n%s", err, l.log.tail(25))
		}
		err = errors.Join(err, l.end())
	}()
	if err := l.begin(ctx, s); err != nil {
		return err
	}
	if err := l.converge(ctx, s, sum); err != nil {
		return err
	}
	if !l.trip.fired {
		sum.unreached.Add(1)
	}
	return nil
}

// alike reports whether two dumps say the same. Of two presses the one that was refused
// comes later, and so does its reply.
func (l *life) alike(clean, dump string) bool {
	turned := strings.HasPrefix(l.trip.cell.call, "commit deliveries,")
	return dump == clean || turned && difference(clean, dump) == ""
}

// converge lets the bot come to rest and compares with the clean scene. What a fault
// left undone may have to wait for the sweep that the program makes every ten minutes.
func (l *life) converge(ctx context.Context, s scene, sum *tally) error {
	if err := l.rest(ctx); err != nil {
		return err
	}
	dump, err := l.state(ctx)
	if err == nil && !l.alike(s.dump, dump) {
		sum.sweep(l.trip.cell)
		if err = l.sweepAgain(ctx); err == nil {
			err = l.rest(ctx)
		}
		if err == nil {
			dump, err = l.state(ctx)
		}
	}
	if err == nil && !l.alike(s.dump, dump) {
		err = fmt.Errorf("%s ends otherwise than without the fault:\n%s", s.at, difference(s.dump, dump))
	}
	return err
}

package store

import (
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Many may want to change a purse at once: none of their changes is lost.
func TestPurseIsChangedByOneAtATime(t *testing.T) {
	onEngines(t, func(t *testing.T, in spot) {
		s := open(t, in(Config{}))
		var group sync.WaitGroup
		for range 20 {
			group.Go(func() {
				ok(t, s.Purse(t.Context(), 7, func(kept []byte) ([]byte, error) {
					n, _ := strconv.Atoi("0" + string(kept))
					return []byte(strconv.Itoa(n + 1)), nil
				}))
			})
		}
		group.Wait()
		refused := errors.New("no")
		if err := s.Purse(t.Context(), 7, func(kept []byte) ([]byte, error) {
			if string(kept) != "20" {
				t.Errorf("kept is %s", kept)
			}
			return []byte("lost"), refused
		}); !errors.Is(err, refused) {
			t.Error(err)
		}
		ok(t, s.Purse(t.Context(), 8, func(kept []byte) ([]byte, error) {
			if len(kept) > 0 {
				t.Errorf("of another installation %s is kept", kept)
			}
			return nil, nil
		}))
	})
}

// A wait that the bot chose itself does not stand against what a person asks for.
func TestPersonComesBeforeTheBotsOwnTime(t *testing.T) {
	onEngines(t, func(t *testing.T, in spot) {
		c := newClock()
		s := open(t, in(Config{Now: c.Now}))
		var count atomic.Int64
		work(t, s, runs(&count, func(n int64) error {
			if n == 2 {
				return nil
			}
			return &hotfix.Later{At: c.Now().Add(time.Hour), Own: true}
		}))
		ok(t, s.Wake(t.Context(), "test", 1))
		expect(t, s, &count, 1)
		ok(t, s.Wake(t.Context(), "the bot's own act", 1))
		expect(t, s, &count, 1)
		said := delivery("said")
		said.Event = "issue_comment"
		_, err := s.Accept(t.Context(), said, 1)
		ok(t, err)
		expect(t, s, &count, 2)
		ok(t, s.Wake(t.Context(), "test", 1))
		expect(t, s, &count, 3)
		pass(s, c, time.Hour)
		expect(t, s, &count, 4)
	})
}

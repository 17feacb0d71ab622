package e2e_test

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/app"
	"github.com/hotfixbot/hotfixbot/webhooks"
)

var nowhere = log.New(io.Discard, "", 0)

// life is one GitHub from some moment on, with the programs that run beside it one
// after the other: a new one each time that one was killed.
type life struct {
	*playing
	house  *theatre
	folder string
	trip   *trip
	data   string // of the program that runs
	kills  int

	begun  int  // where this program's log begins
	missed bool // some webhooks were not accepted
}

func (h *theatre) newLife(dir string, now time.Time, c cell) *life {
	hook := &receiver{url: h.hook, root: strings.TrimSuffix(h.hook, webhooks.Path)}
	w := &world{program: &program{}, hook: hook, dir: dir, clock: &clock{now: now}, log: &logbook{}, url: h.url, acts: newActs(filepath.Join(dir, "github", "git"))}
	l := &life{house: h, playing: &playing{world: w, story: h.story}, folder: dir, data: filepath.Join(dir, "data-0")}
	l.trip = newTrip(c, w.clock.Now)
	l.trip.freeze = func() error { return copyDatabase(l.data, l.nextData()) }
	return l
}

// nextData is the folder of the program that comes after the next kill.
func (l *life) nextData() string { return filepath.Join(l.folder, fmt.Sprintf("data-%d", l.kills+1)) }

// begin starts the program: the webhooks that wait are accepted first, so that what
// came while it did not run and what it finds at its start are one. Then somebody asks
// for something on its page, where that is what the scene is about.
func (l *life) begin(ctx context.Context, s scene) error {
	if err := l.open(ctx); err != nil {
		return err
	}
	l.missed = l.github.Deliver(ctx, l.github.Take()...) != nil
	if err := l.run(ctx); err != nil || s.asked == nil {
		return err
	}
	return l.asked(ctx, *s.asked)
}

// asked is somebody who asks for something on a hotfix's page. Where the page fails, they
// send the same form again after a while.
func (l *life) asked(ctx context.Context, line line) error {
	l.login, l.browsers = line.words[0], map[string]*browser{}
	var press func() error
	var err error
	for wait := time.Minute; wait < 2*time.Hour; wait *= 3 {
		l.clock.tick()
		if err = nil; press == nil {
			press, err = l.button(l.github.Person(l.login), line.words[2:])
		}
		if err == nil {
			err = press()
		}
		if err == nil {
			return nil
		}
		if l.trip.killed() {
			if err := l.restart(ctx); err != nil {
				return err
			}
			continue
		}
		l.clock.advance(wait)
	}
	return fmt.Errorf("the page goes on to fail: %w", err)
}

// open makes a program on the database.
func (l *life) open(ctx context.Context) error {
	key, err := appKey()
	if err != nil {
		return err
	}
	l.begun = l.log.size()
	tap(l.data, l.trip)
	l.program = &program{stop: l.stop}
	l.app, err = app.New(ctx, app.Config{
		AppID: appID, PrivateKey: pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}),
		WebhookSecrets: []string{webhookSecret}, SignIn: l.signIn(),
		APIURL: l.house.url, WebURL: l.house.url, DataDir: l.data, Now: l.clock.Now,
		Poll: 50 * time.Millisecond, Gather: 50 * time.Millisecond, // what comes at the start is one wake
		Log: zerolog.New(l.log).Level(zerolog.InfoLevel),
	})
	if err != nil {
		return fmt.Errorf("start the program: %w", err)
	}
	l.house.receive(l.mortal(l.app.Handler()))
	return nil
}

// mortal is a handler that answers nobody any more when its program was killed.
func (l *life) mortal(app http.Handler) http.Handler {
	death := l.trip.death()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		app.ServeHTTP(answer, r)
		select {
		case <-death:
			panic(http.ErrAbortHandler)
		default:
		}
		maps.Copy(w.Header(), answer.Header())
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes()) // who does not hear it asks again
	})
}

// run lets the program work until stop is called.
func (l *life) run(ctx context.Context) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return errors.Join(err, l.app.Close())
	}
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan error, 1)
	bot := l.app
	go func() { ended <- bot.Run(running, listener) }()
	l.stop = sync.OnceValue(func() error {
		cancel()
		return errors.Join(<-ended, bot.Close())
	})
	return nil
}

// rest lets the program work, and starts it again when it is killed, until nothing
// waits any more. The clock moves on to whatever the program waits for.
func (l *life) rest(ctx context.Context) error {
	for range 3 * maxRounds {
		if err := l.idle(ctx); err != nil {
			return err
		}
		if l.trip.killed() {
			if err := l.restart(ctx); err != nil {
				return err
			}
			continue
		}
		moved, err := l.moveOn(ctx)
		if err != nil {
			return err
		}
		if moved {
			continue
		}
		if l.missed {
			l.missed = false
			if err := l.fetchMissed(ctx); err != nil {
				return err
			}
			continue
		}
		// The webhooks of the bot's own acts are lost: there is nothing more to do for it.
		l.github.Miss(l.github.Take()...)
		return nil
	}
	return errors.New("the bot does not come to rest")
}

// fetchMissed does what the program does every minute: the webhooks that it did not
// accept are sent again.
func (l *life) fetchMissed(ctx context.Context) error {
	if err := l.app.FetchMissed(ctx); err != nil && !l.trip.killed() {
		return fmt.Errorf("fetch what was missed: %w", err)
	}
	_ = l.github.Deliver(ctx, l.github.Take()...) // one that is not accepted now is the sweep's
	return nil
}

// idle returns when the program has nothing to do now, or is killed.
func (l *life) idle(ctx context.Context) error {
	alive, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	death := l.trip.death()
	go func() {
		select {
		case <-death:
			cancel()
		case <-alive.Done():
		}
	}()
	err := l.app.Idle(alive)
	if l.trip.killed() {
		return nil
	}
	if err != nil {
		return fmt.Errorf("wait for the bot to rest: %w", err)
	}
	return nil
}

// restart buries a killed program and starts the next one, on the database as it
// was at the kill.
func (l *life) restart(ctx context.Context) error {
	_ = l.stop() // what it says of its end, nobody heard
	if err := l.trip.frozen; err != nil {
		return fmt.Errorf("copy the database: %w", err)
	}
	untap(l.data)
	l.kills++
	l.data = filepath.Join(l.folder, fmt.Sprintf("data-%d", l.kills))
	l.trip.revive()
	if err := l.open(ctx); err != nil {
		return err
	}
	return l.run(ctx)
}

// moveOn moves the clock to when the program tries again what failed, if it does.
func (l *life) moveOn(ctx context.Context) (bool, error) {
	at, ok, err := heldUntil(ctx, l.data)
	if err != nil {
		return false, err
	}
	if ok {
		l.clock.advance(max(at.Sub(l.clock.Now()), 0))
		return true, nil
	}
	if !strings.Contains(l.log.from(l.begun), "sweep failed") {
		return false, nil
	}
	l.begun = l.log.size()
	return true, l.sweepAgain(ctx)
}

// sweepAgain does what the program's timer does after a failed sweep, and every ten
// minutes.
func (l *life) sweepAgain(ctx context.Context) error {
	var err error
	for range 5 {
		l.clock.advance(sweepInterval)
		if err = l.app.Sweep(ctx); err == nil || l.trip.killed() {
			return nil
		}
	}
	return fmt.Errorf("sweep: %w", err)
}

// end stops the program and throws the life away.
func (l *life) end() error {
	var err error
	if l.stop != nil { // it was started
		err = l.stop()
	}
	untap(l.data)
	l.github.Close()
	return errors.Join(err, os.RemoveAll(l.folder))
}

// size is how many lines there are.
func (b *logbook) size() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.lines)
}

// from is the log from a line on.
func (b *logbook) from(line int) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return strings.Join(b.lines[line:], "\n")
}

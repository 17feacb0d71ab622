// Package demo plays a hotfix from the bug to its end, with the real bot on a
// simulated GitHub: real git, real HTTP, real webhooks, nobody's account.
//
// What must always hold: everything that is told happened before it is told, and
// is told in the bot's own words where the bot said something; versions are read
// from git, not from the bot; Play returns nil only if git and GitHub show the
// end that the story claims.
//
// The package never reaches beyond this machine, never writes outside its folder
// and never does the bot's work for it.
package demo

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"

	"golang.org/x/sync/errgroup"
)

// Config says how to play.
type Config struct {
	// Dir is a folder that is new or empty and is kept: bare repositories are in
	// Dir/git. Empty: a temporary one, which is removed unless something went wrong.
	Dir string
	// Listener is where the bot listens: for its page, its JSON and its webhooks.
	Listener net.Listener
	// Stay keeps everything running after the story until ctx ends, so that one
	// can look around.
	Stay bool
	// Pipeline is the one to play on; Preprod where it is empty.
	Pipeline Pipeline
	Tell     Teller
}

// ErrFolder is a Config.Dir that cannot be used.
var ErrFolder = errors.New("the folder cannot be used")

// ErrUnheard is what Play gives when who was told went away, as `| head` does.
var ErrUnheard = errors.New("nobody reads the story any more, so it was broken off")

// Play plays the story. The error says what did not come out as told.
func Play(ctx context.Context, config Config) error {
	dir, err := folder(config.Dir)
	if err != nil {
		return err
	}
	err = play(ctx, config, dir)
	switch {
	case config.Dir != "":
		return err
	case errors.Is(err, syscall.EPIPE):
		err = ErrUnheard
	case err != nil && ctx.Err() == nil:
		return fmt.Errorf("%w; everything is in %s", err, dir)
	}
	return errors.Join(err, os.RemoveAll(dir))
}

// play runs simulator and bot, and the story on top of them.
func play(ctx context.Context, config Config, dir string) error {
	w, err := open(ctx, config, dir)
	if err != nil {
		return err
	}
	running, stop := context.WithCancel(ctx)
	defer stop()
	group, running := errgroup.WithContext(running)
	group.Go(func() error { return w.run(running) })
	group.Go(func() error {
		defer stop()
		s := &story{world: w, tell: config.Tell}
		if err := s.play(running); err != nil {
			return err
		}
		if config.Stay {
			w.linger(running)
		}
		return nil
	})
	return errors.Join(group.Wait(), w.close())
}

// folder makes the folder for everything, or makes sure that it is empty: what
// was played there before would be mistaken for what is played now.
func folder(dir string) (string, error) {
	if dir == "" {
		return os.MkdirTemp("", "hotfixbot-demo-")
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("%w: %w", ErrFolder, err)
	}
	there, err := os.ReadDir(dir)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrFolder, err)
	}
	if len(there) > 0 {
		return "", fmt.Errorf("%w: %s is not empty; give a new one", ErrFolder, dir)
	}
	return dir, nil
}

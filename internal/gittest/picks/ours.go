package main

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/gitops"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// jobLength is how many picks one job makes before it is replaced.
const jobLength = 200

// ours picks with the engine, on the reference's repository, so that what it
// made can be looked at there.
type ours struct {
	engine *gitops.Engine
	clone  *gitops.Clone
	job    *gitops.Job
	made   int
}

var (
	stamp  = hotfix.Stamp{Name: "Alice", Email: "alice@example.com", When: time.Date(2024, 1, 1, 12, 0, 0, 0, time.UTC)}
	labels = hotfix.Labels{Ours: "target", Theirs: "pick"}
)

func newOurs(ctx context.Context, work, dir string) (*ours, error) {
	engine, err := gitops.New(gitops.Settings{Dir: filepath.Join(work, "engine"), Log: zerolog.Nop()})
	if err != nil {
		return nil, err
	}
	clone, err := engine.Clone(ctx, dir)
	if err != nil {
		return nil, errors.Join(err, engine.Close())
	}
	return &ours{engine: engine, clone: clone}, nil
}

// pick makes one pick in a warm job; only that is timed.
func (o *ours) pick(ctx context.Context, c pick) (r hotfix.Replay, took time.Duration, err error) {
	if o.made%jobLength == 0 {
		if err := o.renew(ctx); err != nil {
			return r, 0, err
		}
	}
	o.made++
	start := time.Now()
	r, err = o.job.Replay(ctx, c.target, hotfix.Series{
		Picks: []hotfix.Pick{{Commit: c.commit, Base: c.base}}, By: stamp, Labels: labels,
	})
	return r, time.Since(start), err
}

func (o *ours) renew(ctx context.Context) (err error) {
	if o.job != nil {
		err = o.job.Close()
	}
	if err == nil {
		o.job, err = o.clone.Open(ctx)
	}
	return err
}

package gitops

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// BenchmarkManyCommits backports a pull request of 20 commits, from nothing to
// pushed, beside one of a single commit.
func BenchmarkManyCommits(b *testing.B) {
	for _, g := range grounds(b) {
		b.Run(g.name, func(b *testing.B) {
			c := newCold(b, g)
			many := c.order(b, c.cleanSeries(b, benchPicks)...)
			one := c.order(b, many.Picks[0])
			for b.Loop() {
				c.measure(b, "one", one, c.ours)
				c.measure(b, "ours", many, c.ours)
				c.measure(b, "blobless", many, blobless)
			}
			c.report(b, "ours")
		})
	}
}

// cleanSeries finds commits that apply one upon the other.
func (c *cold) cleanSeries(b *testing.B, n int) (series []hotfix.Pick) {
	b.Helper()
	j := c.onClone(b, c.engine)
	for _, p := range slices.Backward(c.newest(b)) {
		if longer := append(slices.Clip(series), p); j.applies(b, longer, c.target) {
			series = longer
		}
		if len(series) == n {
			return series
		}
	}
	b.Fatalf("only %d commits apply", len(series))
	return nil
}

// BenchmarkTwoTargets backports one commit to two branches: in one job, which
// fetches once, and in a job for each.
func BenchmarkTwoTargets(b *testing.B) {
	for _, g := range grounds(b) {
		b.Run(g.name, func(b *testing.B) {
			c := newCold(b, g)
			second := hotfix.OID(g.git(b, nil, "rev-parse", fmt.Sprintf("HEAD~%d", benchDepth/2)))
			both := c.order(b, c.cleanPick(b, g.target, second))
			both.Targets = append(both.Targets, second)
			for b.Loop() {
				c.measure(b, "one-job", both, c.ours)
				c.measure(b, "two-jobs", both, c.apart)
				c.measure(b, "blobless", both, blobless)
			}
			c.report(b, "one-job")
		})
	}
}

// apart makes a job for each target.
func (c *cold) apart(ctx context.Context, o order) (dir string, remove func() error, err error) {
	var ends []func() error
	for i, target := range o.Targets {
		one := o
		one.Targets, one.Branch = []hotfix.OID{target}, fmt.Sprintf("%s-%d", o.Branch, i)
		var end func() error
		if dir, end, err = c.ours(ctx, one); err != nil {
			return "", nil, err
		}
		ends = append(ends, end)
	}
	return dir, func() error {
		var all error
		for _, end := range ends {
			all = errors.Join(all, end())
		}
		return all
	}, nil
}

// jobsAtOnce is how many jobs BenchmarkEightJobs has.
const jobsAtOnce = 8

// BenchmarkEightJobs makes eight backports at once and one after the other, from
// nothing to pushed; and 20 picks in each of eight jobs upon a local clone, beside
// as many plain merge-trees. It reports how many are made in a second.
func BenchmarkEightJobs(b *testing.B) {
	for _, g := range grounds(b) {
		b.Run(g.name, func(b *testing.B) {
			c := newCold(b, g)
			one := c.order(b, c.cleanPick(b, g.target))
			for b.Loop() {
				c.eight(b, "ours", one, c.ours, jobsAtOnce)
				c.eight(b, "ours-alone", one, c.ours, 1)
				c.eight(b, "blobless", one, blobless, jobsAtOnce)
				c.warmEight(b)
			}
			for _, name := range []string{"ours", "ours-alone", "blobless"} {
				b.ReportMetric(jobsAtOnce*1000/milliseconds(c.took[name]), name+"/s")
			}
			for _, name := range []string{"warm", "floor"} {
				b.ReportMetric(jobsAtOnce*benchPicks*1000/milliseconds(c.took[name]), name+"/s")
			}
			b.ReportMetric(milliseconds(c.took["ours-alone"])/milliseconds(c.took["ours"]), "speed-up")
			b.ReportMetric(milliseconds(c.took["blobless"])/milliseconds(c.took["ours"]), "blobless/ours-time")
			b.ReportMetric(milliseconds(c.took["warm"])/milliseconds(c.took["floor"]), "warm/floor-time")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// eight carries the order out eight times, so many at once.
func (c *cold) eight(b *testing.B, name string, o order, do way, atOnce int) {
	b.Helper()
	orders := make([]order, jobsAtOnce)
	for i := range orders {
		orders[i] = c.next(o)
	}
	ends := make([]func() error, jobsAtOnce)
	start := time.Now()
	err := atATime(atOnce, func(i int) (err error) {
		_, ends[i], err = do(b.Context(), orders[i])
		return err
	})
	c.took[name] = append(c.took[name], time.Since(start))
	for _, end := range ends {
		if err == nil {
			err = end()
		}
	}
	if err != nil {
		b.Fatal(err)
	}
}

// warmEight makes all picks in eight jobs upon the clone, and as merge-trees, as
// many at once as the engine lets run: on a busy machine more would get more of it.
func (c *cold) warmEight(b *testing.B) {
	b.Helper()
	jobs := make([]*Job, jobsAtOnce)
	for i := range jobs {
		jobs[i] = c.onClone(b, c.engine)
	}
	floor := c.scratch(b)
	sides := make([]hotfix.OID, len(c.picks))
	for i, p := range c.picks {
		sides[i] = floor.floorSide(b, p)
	}
	c.allPicks(b, "warm", jobsAtOnce, func(job, i int) error {
		_, err := jobs[job].Replay(b.Context(), c.target, seriesOf(c.picks[i]))
		return err
	})
	c.allPicks(b, "floor", cap(c.engine.offline), func(_, i int) error {
		floor.floor(sides[i], c.picks[i])
		return nil
	})
}

// allPicks makes all picks eight times, so many at once.
func (c *cold) allPicks(b *testing.B, name string, atOnce int, pick func(job, i int) error) {
	b.Helper()
	start := time.Now()
	err := atATime(atOnce, func(job int) (err error) {
		for i := range c.picks {
			err = errors.Join(err, pick(job, i))
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	c.took[name] = append(c.took[name], time.Since(start))
}

// atATime does something eight times, so many at once.
func atATime(atOnce int, do func(i int) error) error {
	slots := make(chan struct{}, atOnce)
	errs := make([]error, jobsAtOnce)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			errs[i] = do(i)
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// historyLength is how many commits the shorter history of BenchmarkHistory has.
const historyLength = 5000

// BenchmarkHistory makes the same backport in two made-up repositories with the
// same files, one of which has twice the history of the other.
func BenchmarkHistory(b *testing.B) {
	var colds []*cold
	var orders []order
	for i, name := range []string{"once", "twice"} {
		c := newCold(b, newGround(b, name, madeUp(b, (i+1)*historyLength)))
		colds, orders = append(colds, c), append(orders, c.order(b, c.cleanPick(b, c.target)))
	}
	for b.Loop() {
		for i, c := range colds {
			c.measure(b, "ours", orders[i], c.ours)
			c.measure(b, "blobless", orders[i], blobless)
			c.measure(b, "full", orders[i], full)
		}
	}
	once, twice := colds[0], colds[1]
	for name := range once.moved {
		b.ReportMetric(float64(once.moved[name][0])/1024, name+"-KB")
		b.ReportMetric(milliseconds(once.took[name]), name+"-ms")
		b.ReportMetric(float64(twice.moved[name][0])/float64(once.moved[name][0]), name+"-twice/once-bytes")
		b.ReportMetric(milliseconds(twice.took[name])/milliseconds(once.took[name]), name+"-twice/once-time")
	}
	b.ReportMetric(0, "ns/op")
}

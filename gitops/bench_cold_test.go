package gitops

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/gittest"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// BenchmarkColdBackport makes one backport from nothing to pushed, over smart
// HTTP on this machine: with the engine, with a clone without blobs and a work
// tree, and with a full clone and a work tree. It reports for each the time, the
// bytes both ways, the requests and what it left on the disk.
func BenchmarkColdBackport(b *testing.B) {
	for _, g := range grounds(b) {
		b.Run(g.name, func(b *testing.B) {
			c := newCold(b, g)
			one := c.order(b, c.cleanPick(b, g.target))
			for b.Loop() {
				c.measure(b, "ours", one, c.ours)
				c.measure(b, "blobless", one, blobless)
				c.measure(b, "full", one, full)
			}
			c.report(b, "ours")
		})
	}
}

// order is a backport that is to be made.
type order struct {
	URL, Dir, Branch string // Dir is where a clone may go
	Picks            []hotfix.Pick
	Targets          []hotfix.OID // to each one branch: Branch-0, Branch-1…
}

func (o order) branch(i int) string { return fmt.Sprintf("refs/heads/%s-%d", o.Branch, i) }

// cold is a repository on a server that counts.
type cold struct {
	ground
	url             string
	engine          *Engine
	bytes, requests atomic.Int64
	orders          int
	took            map[string][]time.Duration
	moved           map[string][3]int64 // bytes, requests, bytes on the disk
}

func newCold(b *testing.B, g ground) *cold {
	b.Helper()
	c := &cold{ground: g, engine: benchEngine(b), took: map[string][]time.Duration{}, moved: map[string][3]int64{}}
	root := b.TempDir()
	dir := filepath.Join(root, "served.git")
	if out, err := gitIn(root, nil, "init", "-q", "--bare", dir); err != nil {
		b.Fatal(out, err)
	}
	// `true` names no refs: a push would be told those of the clone, all pull requests among them.
	for name, content := range map[string]string{
		"objects/info/alternates": filepath.Join(g.dir, "objects") + "\n",
		"packed-refs":             g.git(b, nil, "for-each-ref", "--format=%(objectname) %(refname)", "refs/heads", "refs/tags") + "\n",
		"config":                  "[core]\n\tbare = true\n\talternateRefsCommand = true\n[uploadpack]\n\tallowFilter = true\n\tallowAnySHA1InWant = true\n[http]\n\treceivepack = true\n[pack]\n\tthreads = 1\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	for ref, id := range map[string]string{"bench-head": g.git(b, nil, "rev-parse", "HEAD"), "bench-target": string(g.target)} {
		if _, err := gitIn(dir, nil, "update-ref", "refs/heads/"+ref, id); err != nil {
			b.Fatal(err)
		}
	}
	backend, err := gittest.Backend(b.Context(), root)
	if err != nil {
		b.Fatal(err)
	}
	s := httptest.NewServer(c.counting(backend))
	b.Cleanup(s.Close)
	c.url = s.URL + "/served.git"
	return c
}

// counting counts requests and the bytes of bodies in both directions.
func (c *cold) counting(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.requests.Add(1)
		r.Body = io.NopCloser(io.TeeReader(r.Body, counter{&c.bytes}))
		next.ServeHTTP(countingWriter{w, &c.bytes}, r)
	})
}

type counter struct{ n *atomic.Int64 }

func (c counter) Write(p []byte) (int, error) { c.n.Add(int64(len(p))); return len(p), nil }

type countingWriter struct {
	http.ResponseWriter
	n *atomic.Int64
}

func (w countingWriter) Write(p []byte) (int, error) {
	w.n.Add(int64(len(p)))
	return w.ResponseWriter.Write(p)
}

// cleanPick finds a pick that leaves the peers nothing to resolve.
func (c *cold) cleanPick(b *testing.B, targets ...hotfix.OID) hotfix.Pick {
	b.Helper()
	j := c.onClone(b, c.engine)
	for _, p := range c.picks {
		if j.applies(b, []hotfix.Pick{p}, targets...) {
			return p
		}
	}
	b.Fatal("every pick conflicts")
	return hotfix.Pick{}
}

// order is a backport of picks to the target.
func (c *cold) order(b *testing.B, picks ...hotfix.Pick) order {
	b.Helper()
	return order{URL: c.url, Dir: b.TempDir(), Picks: picks, Targets: []hotfix.OID{c.target}}
}

// next is the order with a branch and a folder that nobody has used.
func (c *cold) next(o order) order {
	c.orders++
	o.Branch = fmt.Sprintf("backport/%d", c.orders)
	o.Dir = filepath.Join(o.Dir, fmt.Sprint(c.orders))
	return o
}

// way carries an order out. It returns the folder that it filled, which remove ends.
type way func(ctx context.Context, o order) (dir string, remove func() error, err error)

// measure carries the order out. A full clone of a repository that lacks an old
// object is refused by the server; then that way is left out.
func (c *cold) measure(b *testing.B, name string, o order, do way) {
	b.Helper()
	o = c.next(o)
	c.bytes.Store(0)
	c.requests.Store(0)
	start := time.Now()
	dir, remove, err := do(b.Context(), o)
	if err != nil && name == "full" {
		b.Logf("%s: %v", name, err)
		return
	}
	if err != nil {
		b.Fatal(err)
	}
	c.took[name] = append(c.took[name], time.Since(start))
	c.moved[name] = [3]int64{c.bytes.Load(), c.requests.Load(), folderSize(dir)}
	if err := remove(); err != nil {
		b.Fatal(err)
	}
}

// ours makes all in one job.
func (c *cold) ours(ctx context.Context, o order) (string, func() error, error) {
	j, err := c.engine.Open(ctx, Remote{URL: o.URL})
	if err != nil {
		return "", nil, err
	}
	return j.dir, j.Close, o.inJob(ctx, j)
}

// inJob asks for all commits at once, as the bot does, before it looks at them one
// by one.
func (o order) inJob(ctx context.Context, j *Job) error {
	wanted := slices.Clone(o.Targets)
	for _, p := range o.Picks {
		wanted = append(wanted, p.Commit, p.Base)
	}
	if err := j.Fetch(ctx, wanted...); err != nil {
		return err
	}
	for i, target := range o.Targets {
		r, err := j.Replay(ctx, target, seriesOf(o.Picks...))
		if err == nil {
			err = j.Push(ctx, o.branch(i), r.Tip, "")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func blobless(_ context.Context, o order) (string, func() error, error) {
	return o.byClone("--filter=blob:none")
}

func full(_ context.Context, o order) (string, func() error, error) { return o.byClone() }

// byClone clones and picks in a work tree.
func (o order) byClone(options ...string) (dir string, remove func() error, err error) {
	steps := [][]string{slices.Concat([]string{"clone", "-q", "--no-checkout"}, options, []string{o.URL, o.Dir})}
	for i, target := range o.Targets {
		pick := []string{"-C", o.Dir, "cherry-pick", "-x"}
		for _, p := range o.Picks {
			pick = append(pick, string(p.Commit))
		}
		steps = append(steps,
			[]string{"-C", o.Dir, "checkout", "-q", "--detach", string(target)}, pick,
			[]string{"-C", o.Dir, "push", "-q", "origin", "HEAD:" + o.branch(i)})
	}
	for _, args := range steps {
		if _, err := gitIn(filepath.Dir(o.Dir), nil, args...); err != nil {
			return "", nil, err
		}
	}
	return o.Dir, func() error { return os.RemoveAll(o.Dir) }, nil
}

// report tells what each way took, and how it stands to one of them.
func (c *cold) report(b *testing.B, base string) {
	b.Helper()
	by := c.moved[base]
	for way, m := range c.moved {
		b.ReportMetric(milliseconds(c.took[way]), way+"-ms")
		b.ReportMetric(float64(m[0])/1024, way+"-KB")
		b.ReportMetric(float64(m[1]), way+"-requests")
		b.ReportMetric(float64(m[2])/1024, way+"-disk-KB")
		if way != base {
			b.ReportMetric(float64(m[0])/float64(by[0]), way+"/"+base+"-bytes")
			b.ReportMetric(milliseconds(c.took[way])/milliseconds(c.took[base]), way+"/"+base+"-time")
		}
	}
	b.ReportMetric(0, "ns/op")
}

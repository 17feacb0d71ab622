package gitops

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
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
			ways := map[string]func(branch string) string{
				"ours":     c.ours,
				"blobless": func(branch string) string { return c.clone(branch, "--filter=blob:none") },
				"full":     func(branch string) string { return c.clone(branch) },
			}
			for b.Loop() {
				for _, way := range []string{"ours", "blobless", "full"} {
					c.measure(way, ways[way])
				}
			}
			c.report()
		})
	}
}

// cold is a repository on a server that counts.
type cold struct {
	ground
	b               *testing.B
	url             string
	engine          *Engine
	pick            hotfix.Pick // a clean one
	bytes, requests atomic.Int64
	branches        int
	took            map[string][]time.Duration
	moved           map[string][3]int64 // bytes, requests, bytes on the disk
}

func newCold(b *testing.B, g ground) *cold {
	c := &cold{ground: g, b: b, engine: benchEngine(b), took: map[string][]time.Duration{}, moved: map[string][3]int64{}}
	root := b.TempDir()
	dir := filepath.Join(root, "served.git")
	refs := g.git(b, nil, "for-each-ref", "--format=%(objectname) %(refname)", "refs/heads", "refs/tags")
	if out, err := gitIn(root, nil, "init", "-q", "--bare", dir); err != nil {
		b.Fatal(out, err)
	}
	head := g.git(b, nil, "rev-parse", "HEAD")
	// `true` names no refs: a push would be told those of the clone, all pull requests among them.
	for name, content := range map[string]string{
		"objects/info/alternates": filepath.Join(g.dir, "objects") + "\n",
		"packed-refs":             refs + "\n",
		"config":                  "[core]\n\tbare = true\n\talternateRefsCommand = true\n[uploadpack]\n\tallowFilter = true\n\tallowAnySHA1InWant = true\n[http]\n\treceivepack = true\n[pack]\n\tthreads = 1\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	for ref, id := range map[string]string{"bench-head": head, "bench-target": string(g.target)} {
		if _, err := gitIn(dir, nil, "update-ref", "refs/heads/"+ref, id); err != nil {
			b.Fatal(err)
		}
	}
	backend, err := gittest.Backend(root)
	if err != nil {
		b.Fatal(err)
	}
	s := httptest.NewServer(c.counting(backend))
	b.Cleanup(s.Close)
	c.url = s.URL + "/served.git"
	c.pick = c.clean()
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

// clean finds a pick that leaves the peers nothing to resolve.
func (c *cold) clean() hotfix.Pick {
	clone, err := c.engine.Clone(c.b.Context(), c.dir)
	if err != nil {
		c.b.Fatal(err)
	}
	j, err := clone.Open(c.b.Context())
	if err != nil {
		c.b.Fatal(err)
	}
	defer j.Close()
	for _, p := range c.picks {
		r, err := j.Replay(c.b.Context(), c.target, seriesOf(p))
		if err == nil && r.Outcome == hotfix.Clean {
			return p
		}
	}
	c.b.Fatal("every pick conflicts")
	return hotfix.Pick{}
}

// measure makes the backport in one way, which returns the folder that it filled.
func (c *cold) measure(way string, do func(branch string) string) {
	c.bytes.Store(0)
	c.requests.Store(0)
	c.branches++
	start := time.Now()
	dir := do(fmt.Sprintf("backport/%d", c.branches))
	c.took[way] = append(c.took[way], time.Since(start))
	c.moved[way] = [3]int64{c.bytes.Load(), c.requests.Load(), folderSize(dir)}
	if err := os.RemoveAll(dir); err != nil {
		c.b.Fatal(err)
	}
}

func (c *cold) ours(branch string) string {
	j, err := c.engine.Open(c.b.Context(), Remote{URL: c.url})
	if err != nil {
		c.b.Fatal(err)
	}
	r, err := j.Replay(c.b.Context(), c.target, seriesOf(c.pick))
	if err == nil {
		err = j.Push(c.b.Context(), "refs/heads/"+branch, r.Tip, "")
	}
	if err != nil {
		c.b.Fatal(err)
	}
	return j.dir
}

func (c *cold) clone(branch string, options ...string) string {
	dir := filepath.Join(c.b.TempDir(), strings.ReplaceAll(branch, "/", "-"))
	for _, args := range [][]string{
		slices.Concat([]string{"clone", "-q", "--no-checkout"}, options, []string{c.url, dir}),
		{"-C", dir, "checkout", "-q", "--detach", string(c.target)},
		{"-C", dir, "cherry-pick", "-x", string(c.pick.Commit)},
		{"-C", dir, "push", "-q", "origin", "HEAD:refs/heads/" + branch},
	} {
		if _, err := gitIn(filepath.Dir(dir), nil, args...); err != nil {
			c.b.Fatal(err)
		}
	}
	return dir
}

func (c *cold) report() {
	ours := c.moved["ours"]
	for way, m := range c.moved {
		c.b.ReportMetric(milliseconds(c.took[way]), way+"-ms")
		c.b.ReportMetric(float64(m[0])/1024, way+"-KB")
		c.b.ReportMetric(float64(m[1]), way+"-requests")
		c.b.ReportMetric(float64(m[2])/1024, way+"-disk-KB")
		if way != "ours" {
			c.b.ReportMetric(float64(m[0])/float64(ours[0]), way+"/ours-bytes")
			c.b.ReportMetric(milliseconds(c.took[way])/milliseconds(c.took["ours"]), way+"/ours-time")
		}
	}
	c.b.ReportMetric(0, "ns/op")
}

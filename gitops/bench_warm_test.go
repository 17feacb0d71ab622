package gitops

import (
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// BenchmarkWarmPick picks commits of a repository that is here in four ways, in
// turn, so that a busy machine is as busy for each: with the engine, with one
// plain `git merge-tree` (the floor), with cherry-pick in a sparse work tree
// that is used again, and in a fresh work tree. It reports medians and ratios.
func BenchmarkWarmPick(b *testing.B) {
	for _, g := range grounds(b) {
		b.Run(g.name, func(b *testing.B) {
			w := newWarm(b, g)
			for b.Loop() {
				for i, p := range g.picks {
					w.round(b, i, p)
				}
			}
			w.report(b)
		})
	}
}

// warm is the four ways, ready to go.
type warm struct {
	ground  // the peers' repository
	job     *Job
	sparse  string
	merging []hotfix.OID // for each pick, the target with the pick's base as its parent
	took    map[string][]time.Duration
}

func newWarm(b *testing.B, g ground) *warm {
	b.Helper()
	w := &warm{ground: g.scratch(b), took: map[string][]time.Duration{}}
	w.job = g.onClone(b, benchEngine(b))
	for _, p := range g.picks {
		w.merging = append(w.merging, w.floorSide(b, p))
	}
	w.sparse = filepath.Join(b.TempDir(), "sparse")
	w.git(b, nil, "worktree", "add", "-q", "--no-checkout", "--detach", w.sparse, string(g.target))
	for _, args := range [][]string{{"sparse-checkout", "set", "--cone"}, {"reset", "-q", "--hard"}} {
		if _, err := gitIn(w.sparse, nil, args...); err != nil {
			b.Fatal(err)
		}
	}
	return w
}

// floorSide is the commit that a plain merge-tree needs: the target with the
// pick's base as its parent.
func (g ground) floorSide(b *testing.B, p hotfix.Pick) hotfix.OID {
	b.Helper()
	return hotfix.OID(g.git(b, nil, "commit-tree", "-p", string(p.Base), "-m", "target", string(g.target)+"^{tree}"))
}

// round makes one pick in every way, each time in another order: who comes first
// reads the objects from the disk for all.
func (w *warm) round(b *testing.B, i int, p hotfix.Pick) {
	b.Helper()
	ways := map[string]func(){
		"ours": func() {
			if _, err := w.job.Replay(b.Context(), w.target, seriesOf(p)); err != nil {
				b.Fatal(err)
			}
		},
		"floor": func() { w.floor(w.merging[i], p) },
		"sparse": func() {
			if _, err := gitIn(w.sparse, nil, "reset", "-q", "--hard", string(w.target)); err != nil {
				b.Fatal(err)
			}
			cherryPick(w.sparse, p)
		},
	}
	if i%10 == 0 { // it takes seconds
		ways["fresh"] = func() {
			dir := filepath.Join(b.TempDir(), "fresh")
			w.git(b, nil, "worktree", "add", "-q", "--detach", dir, string(w.target))
			cherryPick(dir, p)
			w.git(b, nil, "worktree", "remove", "--force", dir)
		}
	}
	order := slices.Sorted(maps.Keys(ways))
	rand.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	for _, way := range order {
		start := time.Now()
		ways[way]()
		w.took[way] = append(w.took[way], time.Since(start))
	}
}

// floor is one plain merge-tree. That it may conflict is no failure.
func (g ground) floor(side hotfix.OID, p hotfix.Pick) {
	_, _ = gitIn(g.dir, nil, "merge-tree", "--write-tree", string(side), string(p.Commit))
}

// cherryPick picks in a work tree. That it may conflict is no failure.
func cherryPick(dir string, p hotfix.Pick) {
	_, _ = gitIn(dir, nil, "cherry-pick", "-x", string(p.Commit))
}

func (w *warm) report(b *testing.B) {
	b.Helper()
	ours := milliseconds(w.took["ours"])
	for _, way := range []string{"ours", "floor", "sparse", "fresh"} {
		b.ReportMetric(milliseconds(w.took[way]), way+"-ms")
	}
	b.ReportMetric(ours/milliseconds(w.took["floor"]), "ours/floor")
	b.ReportMetric(milliseconds(w.took["sparse"])/ours, "sparse/ours")
	b.ReportMetric(milliseconds(w.took["fresh"])/ours, "fresh/ours")
	b.ReportMetric(0, "ns/op")
}

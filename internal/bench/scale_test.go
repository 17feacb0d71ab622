package bench_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/store"
)

// sizes are how many open hotfixes there are, ten in each repository.
var sizes = []int{0, 100, 1_000, 10_000}

const inRepository = 10

// BenchmarkScale runs `hotfixbot serve` on a database with open hotfixes, and asks for
// its pages. Each is asked for once before, which reads the database.
func BenchmarkScale(b *testing.B) {
	paths := []string{"/", "/hotfixes", "/hotfixes?state=open&page=2", "/hotfixes/1/100", "/api/v1/boards", "/api/v1/boards/acme/shop-0", "/metrics"}
	for b.Loop() {
		fmt.Println("| open hotfixes | memory fresh | memory after the pages | page | first | median | CPU | bytes |\n|---|---|---|---|---|---|---|---|")
		for _, n := range sizes {
			data := b.TempDir()
			fill(b, data, n)
			s := serveAlone(b, data)
			fresh := s.memory(b)
			var asked []view
			for _, path := range paths {
				if v := ask(b, s, path); v.bytes > 0 {
					asked = append(asked, v)
				}
			}
			after := s.memory(b)
			for _, v := range asked {
				fmt.Printf("| %d | %d MB | %d MB | `%s` | %s | %s | %s | %d |\n", n, fresh>>20, after>>20, v.path, round(v.first), round(v.median), round(v.cpu), v.bytes)
			}
			_ = s.process.Process.Kill()
		}
	}
}

// view is what asking for a page came to.
type view struct {
	path          string
	first, median time.Duration
	cpu           time.Duration // of one request after the first
	bytes         int
}

// ask asks for a page again and again. One that is not there has no bytes.
func ask(b *testing.B, s *server, path string) view {
	b.Helper()
	const times = 20
	v := view{path: path}
	var took []time.Duration
	var before time.Duration
	for i := range times + 1 {
		began := time.Now()
		resp, err := http.Get(s.root() + path)
		if err != nil {
			b.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err != nil || resp.StatusCode >= 500 {
			b.Fatalf("%s: %d, %v", path, resp.StatusCode, err)
		}
		if resp.StatusCode != http.StatusOK {
			return v
		}
		if i == 0 {
			v.first, v.bytes, before = time.Since(began), len(body), s.cpu(b)
			continue
		}
		took = append(took, time.Since(began))
	}
	v.cpu, v.median = (s.cpu(b)-before)/times, median(took)
	return v
}

// fill writes boards with n open hotfixes into a new database.
func fill(b *testing.B, data string, n int) {
	b.Helper()
	kept, err := store.Open(b.Context(), store.Config{DataDir: data, Log: zerolog.Nop()})
	if err != nil {
		b.Fatal(err)
	}
	defer kept.Close()
	for i := range n / inRepository {
		if err := kept.Save(b.Context(), board(i)); err != nil {
			b.Fatal(err)
		}
	}
}

// board is that of a repository with open hotfixes: contained in QA, or waiting there,
// and in conflict in Development.
func board(i int) hotfix.Board {
	id := hotfix.RepositoryID(i + 1)
	shop := hotfix.Board{
		Repository: id, Name: siteRepo(i), Public: true, Applications: []string{""},
		Environments: []hotfix.EnvironmentState{
			{Environment: hotfix.Environment{Name: "Production", Branch: "main", Landing: true}, Runs: []hotfix.Running{{Version: "1.7.10", Tag: "v1.7.10", Mark: "+"}}, Red: true},
			{Environment: hotfix.Environment{Name: "QA", Branch: "qa"}, Runs: []hotfix.Running{{Version: "1.8.0", Tag: "v1.8.0", Mark: "+", Ahead: 3}}},
			{Environment: hotfix.Environment{Name: "Development", Branch: "dev"}, Runs: []hotfix.Running{{Version: "1.9.0", Tag: "v1.9.0"}}},
		},
	}
	for j := range inRepository {
		shop.Hotfixes = append(shop.Hotfixes, openHotfix(id, 100+3*j))
	}
	return shop
}

func openHotfix(id hotfix.RepositoryID, pull int) hotfix.Status {
	commit := hotfix.OID(fmt.Sprintf("%040x", int(id)<<16|pull))
	qa := hotfix.Standing{Environment: "QA", Branch: "qa", Verdict: hotfix.VerdictProposed, Pull: pull + 1, Awaited: []string{"alice", "bob"}}
	if pull%2 == 0 {
		qa = hotfix.Standing{Environment: "QA", Branch: "qa", Verdict: hotfix.VerdictContained, Pull: pull + 1, Proof: &hotfix.Proof{Kind: hotfix.ProofMerged, Commit: commit, Pull: pull + 1, Person: "bob"}}
	}
	dev := hotfix.Standing{
		Environment: "Development", Branch: "dev", Verdict: hotfix.VerdictConflicted, Pull: pull + 2, Awaited: []string{"alice"},
		Conflicts: []hotfix.PathConflict{{Path: "cart/cart.go", Kind: hotfix.ConflictContent}}, Unresolved: []string{"cart/cart.go"},
	}
	return hotfix.Status{
		Key: hotfix.Key{Repository: id, Pull: pull}, Title: "Stop losing items after signing in", URL: fmt.Sprintf("https://github.example/acme/shop/pull/%d", pull),
		Author: "alice", MergedAt: time.Date(2026, 3, 2, 9, pull%60, 0, 0, time.UTC), Landing: "Production", Issue: pull - 1, State: hotfix.StateOpen,
		Versions: []hotfix.Tagged{{Tag: fmt.Sprintf("v1.7.%d", pull)}}, Landed: hotfix.Landing{Commit: commit, Method: hotfix.MergedBySquash, Evidence: "the diffs are the same"},
		Standings: slices.Clone([]hotfix.Standing{qa, dev}),
	}
}

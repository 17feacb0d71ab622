package bench_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/githubsim"
	"github.com/hotfixbot/hotfixbot/webhooks"
)

// historyLength is how many hotfixes the repository gets.
const historyLength = 80

// BenchmarkHistory carries hotfix after hotfix in one repository, from its merge until it
// is solved, and tells what the n-th costs: what is settled should cost little.
func BenchmarkHistory(b *testing.B) {
	address := freeAddress(b)
	s := newSite(b, 1, "http://"+address+webhooks.Path)
	pumping, stop := context.WithCancel(b.Context())
	defer stop()
	go s.github.Pump(pumping)
	bot := startServe(b, s.url, s.key, b.TempDir(), address)
	for b.Loop() {
		fmt.Println("| hotfix | until both are open | until it is solved | CPU of it, git's with it | requests |\n|---|---|---|---|---|")
		for n := 1; n <= historyLength; n++ {
			before, mark := bot.cpuOfAll(b), s.github.Mark()
			opened, solved := s.life(b, siteRepo(0), n)
			if n&(n-1) == 0 || n%20 == 0 {
				fmt.Printf("| %d | %s | %s | %s | %d |\n", n, ms(opened), ms(solved), ms(bot.cpuOfAll(b)-before), s.github.Mark()-mark)
			}
		}
	}
}

// life has a hotfix made and carried, and its backports merged, and tells how long it
// took until they were open, and then until its issue was closed.
func (s *site) life(tb testing.TB, repo string, n int) (opened, solved time.Duration) {
	tb.Helper()
	ctx, branch := tb.Context(), fmt.Sprintf("hotfix/fix-%d", n)
	must := func(err error) {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
	}
	must(s.alice().Branch(ctx, repo, branch, "main"))
	_, err := s.alice().Commit(ctx, repo, branch, fmt.Sprintf("Fix %d", n), map[string]string{fmt.Sprintf("fixes/%d.txt", n): "fixed\n"})
	must(err)
	number, err := s.alice().OpenPull(ctx, repo, githubsim.NewPull{Head: branch, Base: "main", Title: fmt.Sprintf("Fix %d", n)})
	must(err)
	for len(s.opened) > 0 {
		<-s.opened
	}
	_, err = s.alice().Merge(ctx, repo, number, "squash")
	must(err)
	at := time.Now()
	opened = s.bothOpen(tb, repo).Sub(at)
	at = s.mergeAll(tb, repo)
	for {
		var open []struct{ Number int }
		must(s.alice().Do(ctx, "GET", "/repos/"+repo+"/issues?state=open&labels=hotfix", nil, &open))
		if len(open) == 0 {
			return opened, time.Since(at)
		}
		<-time.After(20 * time.Millisecond)
	}
}

// mergeAll merges what is proposed in a repository, and tells when it began.
func (s *site) mergeAll(tb testing.TB, repo string) (at time.Time) {
	tb.Helper()
	var pulls []struct{ Number int }
	err := s.alice().Do(tb.Context(), "GET", "/repos/"+repo+"/pulls?state=open", nil, &pulls)
	at = time.Now()
	for _, p := range pulls {
		_, failed := s.alice().Merge(tb.Context(), repo, p.Number, "squash")
		err = errors.Join(err, failed)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return at
}

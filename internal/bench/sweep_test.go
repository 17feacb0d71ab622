package bench_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/app"
	"github.com/hotfixbot/hotfixbot/internal/githubsim"
)

// BenchmarkSweep looks at repositories with one open hotfix each, of which nothing has
// changed, as every SWEEP_INTERVAL does; the second sweep after a start is measured, the
// first fills what is remembered.
func BenchmarkSweep(b *testing.B) {
	for b.Loop() {
		fmt.Println("| repositories | sweep | for each | requests for each | of them not free |\n|---|---|---|---|---|")
		for _, n := range []int{4, 16, 64} {
			s := newSite(b, 2*n, "http://127.0.0.1:1") // every second has the App
			for i := range n {
				repo := siteRepo(2 * i)
				if _, err := s.alice().Merge(b.Context(), repo, s.propose(b, repo), "squash"); err != nil {
					b.Fatal(err)
				}
			}
			took, asked, paid := s.sweep(b)
			fmt.Printf("| %d | %s | %s | %.1f | %.1f |\n", n, ms(took), round(took/time.Duration(n)), float64(asked)/float64(n), float64(paid)/float64(n))
		}
	}
}

// sweep runs the App in this process until all is proposed, sweeps twice, and tells of the
// second: how long it took, and how many requests of the App's it made, all and those that
// count against GitHub's limit.
func (s *site) sweep(b *testing.B) (took time.Duration, asked, paid int) {
	b.Helper()
	key, err := os.ReadFile(s.key)
	if err != nil {
		b.Fatal(err)
	}
	bot, err := app.New(b.Context(), app.Config{
		AppID: 1, PrivateKey: key, WebhookSecrets: []string{secret}, APIURL: s.url, WebURL: s.url, DataDir: b.TempDir(),
		Gather: 200 * time.Millisecond, Log: zerolog.Nop(),
	})
	if err != nil {
		b.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	go func() { ended <- bot.Run(ctx, listener) }()
	var began time.Time
	mark := 0
	err = bot.Idle(ctx)
	for range 2 {
		mark, began = s.github.Mark(), time.Now()
		err = errors.Join(err, bot.Sweep(ctx), bot.Idle(ctx))
	}
	took = time.Since(began)
	for _, r := range s.github.Requests()[mark:] {
		if strings.Contains(r.Path, ".git/") {
			continue
		}
		if asked++; r.Status != 304 {
			paid++
		}
	}
	cancel()
	if err = errors.Join(err, <-ended, bot.Close()); err != nil {
		b.Fatal(err)
	}
	return took, asked, paid
}

// propose has a hotfix made, and gives the number of its pull request.
func (s *site) propose(tb testing.TB, repo string) int {
	tb.Helper()
	ctx := tb.Context()
	if err := s.alice().Branch(ctx, repo, "hotfix/cart", "main"); err != nil {
		tb.Fatal(err)
	}
	if _, err := s.alice().Commit(ctx, repo, "hotfix/cart", "Keep the cart", map[string]string{"cart/item-7.go": "package cart // kept\n"}); err != nil {
		tb.Fatal(err)
	}
	number, err := s.alice().OpenPull(ctx, repo, githubsim.NewPull{Head: "hotfix/cart", Base: "main", Title: "Keep the cart"})
	if err != nil {
		tb.Fatal(err)
	}
	return number
}

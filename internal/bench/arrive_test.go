package bench_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/webhooks"
)

const arriveRounds = 7

// BenchmarkArrive merges a hotfix on a simulated GitHub that answers at once, and measures
// until the backports to QA and to Development are open: by `hotfixbot serve`, from the
// webhook, and in turn by a script that does no more than clone, pick, push and open, and by
// npm's backport, both from their start.
func BenchmarkArrive(b *testing.B) {
	address := freeAddress(b)
	s := newSite(b, 4*(arriveRounds+1), "http://"+address+webhooks.Path)
	pumping, stop := context.WithCancel(b.Context())
	defer stop()
	go s.github.Pump(pumping)
	bot := startServe(b, s.url, s.key, b.TempDir(), address)
	var cpu []time.Duration
	by := map[string]func(i int) (time.Duration, bool){
		"hotfixbot": func(i int) (time.Duration, bool) {
			before := bot.cpuOfAll(b)
			took := s.carried(b, siteRepo(i))
			s.rest(b)
			cpu = append(cpu, bot.cpuOfAll(b)-before)
			return took, true
		},
		"a script":       func(i int) (time.Duration, bool) { return s.scripted(b, siteRepo(i+1)), true },
		"npm's backport": func(i int) (time.Duration, bool) { return s.backported(b, siteRepo(i+3)) },
	}
	for b.Loop() {
		took := map[string][]time.Duration{}
		for i := range arriveRounds + 1 {
			for name, carry := range by {
				if d, ok := carry(4 * i); ok && i > 0 { // the first is to warm up
					took[name] = append(took[name], d)
				}
			}
		}
		fmt.Println("| merged → both open by | median | least | greatest | / hotfixbot |\n|---|---|---|---|---|")
		for _, name := range slices.Sorted(maps.Keys(took)) {
			d := took[name]
			fmt.Printf("| %s | %s | %s | %s | %s |\n", name, ms(median(d)), ms(slices.Min(d)), ms(slices.Max(d)), ratios(d, took["hotfixbot"]))
		}
		fmt.Printf("hotfixbot's processor time until all is at rest, git's with it: %s\n", ms(median(cpu)))
	}
}

// ratios are those of pairs: the median, the least and the greatest.
func ratios(of, to []time.Duration) string {
	var all []float64
	for i := range of {
		all = append(all, float64(of[i])/float64(to[i]))
	}
	return fmt.Sprintf("%.2f (%.2f–%.2f)", median(all), slices.Min(all), slices.Max(all))
}

func ms(d time.Duration) string { return fmt.Sprintf("%d ms", d.Milliseconds()) }

// merge has a hotfix made and merged when all is at rest, and gives its commit and when
// it was merged.
func (s *site) merge(tb testing.TB, repo string) (commit string, at time.Time) {
	tb.Helper()
	number := s.propose(tb, repo)
	s.rest(tb)
	commit, err := s.alice().Merge(tb.Context(), repo, number, "squash")
	if err != nil {
		tb.Fatal(err)
	}
	return commit, time.Now()
}

// rest waits until nobody has asked anything for a second, and forgets what was opened.
func (s *site) rest(tb testing.TB) {
	tb.Helper()
	for asked := -1; asked != s.github.Mark(); {
		asked = s.github.Mark()
		<-time.After(time.Second)
	}
	for len(s.opened) > 0 {
		<-s.opened
	}
}

// bothOpen is when two pull requests are open in the repository.
func (s *site) bothOpen(tb testing.TB, repo string) time.Time {
	tb.Helper()
	limit, n := time.After(time.Minute), 0
	for {
		select {
		case p := <-s.opened:
			if p.repository == repo {
				if n++; n == 2 {
					return p.at
				}
			}
		case <-limit:
			tb.Fatalf("%s: %d backports are open after a minute", repo, n)
		}
	}
}

// carried is how long the bot takes.
func (s *site) carried(tb testing.TB, repo string) time.Duration {
	tb.Helper()
	_, at := s.merge(tb, repo)
	return s.bothOpen(tb, repo).Sub(at)
}

// carry is what a job of a workflow does, without starting one.
const carry = `set -e
git clone -q "$URL/$REPO.git" .
for env in qa dev; do
	git checkout -q -b "backport/$env" "origin/$env"
	git cherry-pick -x "$COMMIT" >/dev/null
	git push -q origin "backport/$env"
	curl -sf -X POST "$URL/repos/$REPO/pulls" -H "Authorization: Bearer alice-token" \
		-d '{"title":"Keep the cart","head":"backport/'$env'","base":"'$env'"}' >/dev/null
done
`

// scripted is how long the script takes.
func (s *site) scripted(tb testing.TB, repo string) time.Duration {
	tb.Helper()
	commit, _ := s.merge(tb, repo)
	script := exec.CommandContext(tb.Context(), "sh", "-c", carry)
	script.Dir = tb.TempDir()
	script.Env = append(s.personal(script.Dir), "URL="+s.url, "REPO="+repo, "COMMIT="+commit)
	at := time.Now()
	if out, err := script.CombinedOutput(); err != nil {
		tb.Fatalf("%v\n%s", err, out)
	}
	return s.bothOpen(tb, repo).Sub(at)
}

// personal is the environment of Alice's programs.
func (s *site) personal(home string) []string {
	return []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + home, "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=http.extraHeader",
		"GIT_CONFIG_VALUE_0=Authorization: Basic YWxpY2U6YWxpY2UtdG9rZW4=", // alice:alice-token
		"GIT_AUTHOR_NAME=Alice", "GIT_AUTHOR_EMAIL=alice@example.com", "GIT_COMMITTER_NAME=Alice", "GIT_COMMITTER_EMAIL=alice@example.com",
	}
}

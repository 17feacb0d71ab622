package bench_test

import (
	"context"
	"fmt"
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
// webhook, and in turn by a script that does no more than clone, pick, push and open.
func BenchmarkArrive(b *testing.B) {
	address := freeAddress(b)
	s := newSite(b, 2*(arriveRounds+1), "http://"+address+webhooks.Path)
	pumping, stop := context.WithCancel(b.Context())
	defer stop()
	go s.github.Pump(pumping)
	bot := startServe(b, s.url, s.key, b.TempDir(), address)
	for b.Loop() {
		var ours, script, cpu []time.Duration
		for i := range arriveRounds + 1 {
			o, c := s.carried(b, bot, 2*i)
			f := s.scripted(b, 2*i+1)
			if i > 0 { // the first is to warm up
				ours, script, cpu = append(ours, o), append(script, f), append(cpu, c)
			}
		}
		fmt.Println("| merged → both open by | median | least | greatest |\n|---|---|---|---|")
		for _, one := range []struct {
			name string
			took []time.Duration
		}{{"hotfixbot", ours}, {"a script", script}, {"hotfixbot's CPU, git's with it", cpu}} {
			fmt.Printf("| %s | %s | %s | %s |\n", one.name, ms(median(one.took)), ms(slices.Min(one.took)), ms(slices.Max(one.took)))
		}
	}
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

// carried is how long the bot takes, and what it uses until all is at rest.
func (s *site) carried(tb testing.TB, bot *server, i int) (took, cpu time.Duration) {
	tb.Helper()
	before := bot.cpuOfAll(tb)
	_, at := s.merge(tb, siteRepo(i))
	took = s.bothOpen(tb, siteRepo(i)).Sub(at)
	s.rest(tb)
	return took, bot.cpuOfAll(tb) - before
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
func (s *site) scripted(tb testing.TB, i int) time.Duration {
	tb.Helper()
	commit, _ := s.merge(tb, siteRepo(i))
	script := exec.CommandContext(tb.Context(), "sh", "-c", carry)
	script.Dir = tb.TempDir()
	script.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + script.Dir, "URL=" + s.url, "REPO=" + siteRepo(i), "COMMIT=" + commit,
		"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=http.extraHeader",
		"GIT_CONFIG_VALUE_0=Authorization: Basic YWxpY2U6YWxpY2UtdG9rZW4=", // alice:alice-token
		"GIT_AUTHOR_NAME=Alice", "GIT_AUTHOR_EMAIL=alice@example.com", "GIT_COMMITTER_NAME=Alice", "GIT_COMMITTER_EMAIL=alice@example.com",
	}
	at := time.Now()
	if out, err := script.CombinedOutput(); err != nil {
		tb.Fatalf("%v\n%s", err, out)
	}
	return s.bothOpen(tb, siteRepo(i)).Sub(at)
}

package e2e_test

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// soakRepos is how many repositories there are: while the bot waits for a minute in
// one, because of an outcome that a kill left unknown, the others go on.
const soakRepos = 6

// soak is one soaking.
type soak struct {
	t      *testing.T
	random *rand.Rand
	binary string
	dir    string
	url    string // of the simulated GitHub
	listen string // where webhooks go

	replicas int // how many programs run at once
	database string
	fleet    []soaked
	dealer   *dealer // nil: webhooks go to the one program

	merged    [soakRepos]int // hotfixes
	backports int
	programs  int
}

func soakName(repo int) string { return fmt.Sprintf("acme/shop-%d", repo) }

// begin makes all that is needed and starts the programs.
func (s *soak) begin() {
	s.build()
	s.startSim()
	if s.replicas > 1 {
		s.database, s.dealer = tables.Copy(s.t), newDealer(s.t, s.listen)
	}
	for range s.replicas {
		s.startBot()
	}
	s.t.Cleanup(func() {
		for len(s.fleet) > 0 {
			_ = s.killOne(0) // the test has failed
		}
	})
}

// build makes the program as people have it.
func (s *soak) build() {
	s.dir = s.t.TempDir()
	s.binary = filepath.Join(s.dir, "hotfixbot")
	out, err := exec.CommandContext(s.t.Context(), "go", "build", "-o", s.binary, "../../cmd/hotfixbot").CombinedOutput()
	if err != nil {
		s.t.Fatalf("go build: %v\n%s", err, out)
	}
}

// startSim runs the simulated GitHub with its repositories.
func (s *soak) startSim() {
	s.listen = freeAddress(s.t)
	shop := &story{files: map[string]string{}}
	origin, err := shop.origin(s.dir)
	if err = errors.Join(err, os.WriteFile(filepath.Join(s.dir, "seed.yml"), s.seed(origin), 0o600)); err != nil {
		s.t.Fatal(err)
	}
	sim := exec.CommandContext(s.t.Context(), s.binary, "sim", "--listen", "127.0.0.1:0",
		"--data", filepath.Join(s.dir, "github"), "--seed", filepath.Join(s.dir, "seed.yml"))
	sim.Stderr = os.Stderr
	out, err := sim.StdoutPipe()
	if err == nil {
		err = sim.Start()
	}
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = sim.Process.Kill(); _ = sim.Wait() })
	line, err := bufio.NewReader(out).ReadBytes('\n')
	var ready struct{ URL string }
	if err = errors.Join(err, json.Unmarshal(line, &ready)); err != nil {
		s.t.Fatalf("the simulated GitHub says %q: %v", line, err)
	}
	s.url = ready.URL
}

func (s *soak) seed(origin string) []byte {
	var seed bytes.Buffer
	fmt.Fprintf(&seed, "app: { id: 1, slug: hotfixbot, private_key: %s, webhook_url: 'http://%s/webhooks/github', webhook_secret: soak }\n",
		filepath.Join(s.dir, "app.pem"), s.listen)
	seed.WriteString("users:\n  - { login: alice, name: Alice, email: alice@example.com, token: alice-token }\nrepositories:\n")
	for repo := range soakRepos {
		fmt.Fprintf(&seed, "  - { name: %s, import: %s, installed: true, collaborators: { alice: admin } }\n", soakName(repo), origin)
	}
	return seed.Bytes()
}

// soaked is one running program.
type soaked struct {
	process *exec.Cmd
	log     *os.File
	address string
}

// startBot starts the next program; it is not waited for. Those that run at once share
// a folder.
func (s *soak) startBot() {
	s.programs++
	log, err := os.Create(s.logFile())
	if err != nil {
		s.t.Fatal(err)
	}
	bot := soaked{process: exec.Command(s.binary, "serve"), log: log, address: s.listen}
	if s.dealer != nil {
		bot.address = freeAddress(s.t)
	}
	bot.process.Env = append(os.Environ(), "APP_ID=1", "PRIVATE_KEY_PATH="+filepath.Join(s.dir, "app.pem"), "WEBHOOK_SECRET=soak",
		"GITHUB_API_URL="+s.url, "GITHUB_URL="+s.url, "LISTEN="+bot.address, "DATA_DIR="+filepath.Join(s.dir, "bot"), "SWEEP_INTERVAL=20s",
		"DATABASE_URL="+s.database)
	bot.process.Stdout, bot.process.Stderr = log, log
	if err := bot.process.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.fleet = append(s.fleet, bot)
	s.deal()
}

// deal tells the dealer which programs run.
func (s *soak) deal() {
	if s.dealer == nil {
		return
	}
	var to []string
	for _, bot := range s.fleet {
		to = append(to, bot.address)
	}
	s.dealer.forward(to)
}

// logFile is that of the program that was started last; twice as many are kept as run
// at once.
func (s *soak) logFile() string {
	return filepath.Join(s.dir, fmt.Sprintf("bot-%d.log", s.programs%(2*s.replicas)))
}

func (s *soak) lastLog() string {
	data, _ := os.ReadFile(s.logFile())
	lines := strings.Split(string(data), "\n")
	return strings.Join(lines[max(0, len(lines)-40):], "\n")
}

// killOne is kill -9 for one of the programs. The webhooks that it does not take any
// more fail first, and are then dealt to the others.
func (s *soak) killOne(i int) error {
	bot := s.fleet[i]
	s.fleet = slices.Delete(s.fleet, i, i+1)
	err := bot.kill()
	s.deal()
	return err
}

// stopOne ends one of the programs in order: no more webhooks are dealt to it.
func (s *soak) stopOne(i int) error {
	bot := s.fleet[i]
	s.fleet = slices.Delete(s.fleet, i, i+1)
	s.deal()
	return bot.stop()
}

func (s *soak) stopAll() (err error) {
	for len(s.fleet) > 0 {
		err = errors.Join(err, s.stopOne(0))
	}
	return err
}

// kill is kill -9. That a program ended by itself is an error.
func (p soaked) kill() error {
	if err := p.process.Process.Kill(); err != nil {
		return fmt.Errorf("the program ended by itself: %w", err)
	}
	var exit *exec.ExitError
	err := p.process.Wait()
	_ = p.log.Close()
	if errors.As(err, &exit) && exit.ExitCode() == -1 {
		return nil
	}
	return fmt.Errorf("the program ended by itself: %w", err)
}

// stop ends it in order.
func (p soaked) stop() error {
	_ = p.process.Process.Signal(os.Interrupt)
	err := p.process.Wait()
	_ = p.log.Close()
	return err
}

// ask sends one request of Alice's.
func (s *soak) ask(method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		data, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, body)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer alice-token")
	req.Header.Set("Content-Type", "application/json")
	client := http.Client{Timeout: time.Minute}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode >= 400 {
		return fmt.Errorf("%s %s: %d: %s", method, path, resp.StatusCode, data)
	}
	if out == nil || len(data) == 0 {
		return nil
	}
	return json.Unmarshal(data, out)
}

// all reads every page of a list.
func all[T any](s *soak, path string) (list []T, err error) {
	for page := 1; ; page++ {
		var some []T
		if err := s.ask("GET", fmt.Sprintf("%sper_page=100&page=%d", path, page), nil, &some); err != nil {
			return nil, err
		}
		if list = append(list, some...); len(some) < 100 {
			return list, nil
		}
	}
}

// mergeHotfix merges a hotfix that adds a file of its own.
func (s *soak) mergeHotfix(repo int) error {
	base, n := "/repos/"+soakName(repo), s.merged[repo]+1
	var main struct{ Object struct{ SHA string } }
	if err := s.ask("GET", base+"/git/ref/heads/main", nil, &main); err != nil {
		return err
	}
	branch := fmt.Sprintf("hotfix/fix-%d", n)
	if err := s.ask("POST", base+"/git/refs", map[string]string{"ref": "refs/heads/" + branch, "sha": main.Object.SHA}, nil); err != nil {
		return err
	}
	file := map[string]string{"message": fmt.Sprintf("Fix %d", n), "branch": branch, "content": base64.StdEncoding.EncodeToString([]byte("fixed\n"))}
	if err := s.ask("PUT", fmt.Sprintf("%s/contents/fixes/%d.txt", base, n), file, nil); err != nil {
		return err
	}
	var pull struct{ Number int }
	if err := s.ask("POST", base+"/pulls", map[string]string{"title": fmt.Sprintf("Fix %d", n), "head": branch, "base": "main"}, &pull); err != nil {
		return err
	}
	s.merged[repo] = n
	return s.merge(repo, pull.Number)
}

func (s *soak) merge(repo, number int) error {
	method := []string{"merge", "squash", "rebase"}[s.random.IntN(3)]
	return s.ask("PUT", fmt.Sprintf("/repos/%s/pulls/%d/merge", soakName(repo), number), map[string]string{"merge_method": method}, nil)
}

// mergeBackports merges every backport that is open.
func (s *soak) mergeBackports(repo int) (merged int, err error) {
	list, err := all[seenPull](s, "/repos/"+soakName(repo)+"/pulls?state=open&")
	if err != nil {
		return 0, err
	}
	for _, p := range list {
		if ofBot(p.User.Login) {
			if err := s.merge(repo, p.Number); err != nil {
				return merged, err
			}
			merged++
			s.backports++
		}
	}
	return merged, nil
}

func (s *soak) closedIssues(repo int) (int, error) {
	list, err := all[seenIssue](s, "/repos/"+soakName(repo)+"/issues?state=closed&labels=hotfix&")
	n := 0
	for _, i := range list {
		if i.Pull == nil {
			n++
		}
	}
	return n, err
}

package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"html"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/goldentest"
)

var update = flag.Bool("update", false, "write the golden file anew")

// listen is a listener for the bot.
func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	return listener
}

// TestPlay reads each story as people and as programs do, follows the links of the
// page, and looks at what is kept.
func TestPlay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pipeline     Pipeline
		environments int
		end          string
	}{
		{Simple, 3, `[{"name":"Production","branch":"main","version":"1.7.1","mark":"","red":false},` +
			`{"name":"QA","branch":"qa","version":"1.7.0","mark":"+","red":false},` +
			`{"name":"Development","branch":"dev","version":"1.7.0","mark":"+","red":false}]`},
		{Preprod, 4, `[{"name":"Production","branch":"main","version":"1.7.1","mark":"","red":false},` +
			`{"name":"Pre-Production","branch":"preprod","version":"1.7.1","mark":"","red":false},` +
			`{"name":"QA","branch":"qa","version":"1.8.0","mark":"+","red":false},` +
			`{"name":"Development","branch":"dev","version":"1.8.0","mark":"+","red":false}]`},
	} {
		t.Run(string(c.pipeline), func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "shop")
			told, lines := listened(t, c.pipeline, dir)
			goldentest.Hold(t, filepath.Join("testdata", string(c.pipeline)+".txt"), strings.ReplaceAll(told, dir, "DIR"), *update)
			bare := filepath.Join(dir, "git", "acme", "shop.git")
			checkLines(t, lines, c.environments, `"environments":`+c.end+`,"solved":true}`,
				`"github":"http://127.0.0.1:PORT","repository":"`+bare+`"}}`)
			if tag, err := git(t.Context(), bare, nil, "cat-file", "-t", "v1.7.1"); tag != "tag" {
				t.Errorf("v1.7.1 is %q (%v)", tag, err)
			}
			if err := Play(t.Context(), Config{Dir: dir, Listener: listen(t)}); !errors.Is(err, ErrFolder) {
				t.Errorf("a second story in the same folder: %v", err)
			}
			if c.pipeline == Preprod {
				goldentest.Hold(t, filepath.Join("..", "..", "docs", "status.md"), statusPage(t, lines), *update)
			}
		})
	}
}

// listened plays a story and gives what is told to people and to programs.
func listened(t *testing.T, pipeline Pipeline, dir string) (forPeople, forPrograms string) {
	t.Helper()
	var forReading, forParsing bytes.Buffer
	tellPeople, tellPrograms := Text(&forReading, false), JSON(&forParsing)
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	var turn sync.WaitGroup
	button, also, then := `value="deploy"`, url.Values(nil), "released as "
	if pipeline == Simple {
		button, also, then = `value="skip"`, url.Values{"reason": {"none is sold there"}}, "“none is sold there”"
	}
	config := Config{Pipeline: pipeline, Dir: dir, Listener: listen(t), Stay: true, Tell: func(l Line) error {
		if l.last {
			followLinks(t, l.Look.Page, l.Look.GitHub)
			turn.Go(func() {
				defer leave()
				takeTurn(ctx, t, l.Look, button, also, then)
			})
		}
		return errors.Join(tellPeople(l), tellPrograms(l))
	}}
	err := Play(ctx, config)
	turn.Wait()
	if err != nil {
		t.Fatal(err)
	}
	return address.ReplaceAllString(forReading.String(), "127.0.0.1:PORT"), address.ReplaceAllString(forParsing.String(), "127.0.0.1:PORT")
}

var (
	address = regexp.MustCompile(`127\.0\.0\.1:\d+`)
	href    = regexp.MustCompile(`href="([^"#]+)[^"]*"`)
	rootOf  = regexp.MustCompile(`^http://[^/]+`)
)

// followLinks follows every link of the page, and of the pages that it leads to, the
// simulated GitHub's among them. None leads elsewhere, and each to a page.
func followLinks(t *testing.T, page, github string) {
	t.Helper()
	seen := map[string]bool{}
	toGitHub := 0
	for open := []string{page}; len(open) > 0; open = open[1:] {
		told := browse(t, open[0])
		for _, link := range href.FindAllStringSubmatch(told, -1) {
			to := html.UnescapeString(link[1])
			if strings.HasPrefix(to, "/") {
				to = rootOf.FindString(open[0]) + to
			}
			if seen[to] {
				continue
			}
			seen[to] = true
			switch {
			case strings.HasPrefix(to, github+"/"):
				toGitHub++
			case !strings.HasPrefix(to, page):
				t.Errorf("%s leads to %s", open[0], to)
				continue
			}
			open = append(open, to)
		}
		if told == "" && strings.HasPrefix(open[0], github) {
			t.Errorf("%s is no page", open[0])
		}
	}
	if toGitHub < 10 {
		t.Errorf("the pages lead to %d places on GitHub only: %v", toGitHub, seen)
	}
}

// browse gets a page as a browser does; what is no page has no links.
func browse(t *testing.T, url string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept", "text/html,*/*")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Error(err)
		return ""
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("%s: %s", url, answer.Status)
	}
	text, err := io.ReadAll(answer.Body)
	if err != nil || !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/html") {
		return ""
	}
	return string(text)
}

// checkLines holds the lines of JSON to what is documented of them.
func checkLines(t *testing.T, text string, stages int, solved, end string) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for i, line := range lines {
		var got map[string]any
		if err := json.Unmarshal([]byte(line), &got); err != nil {
			t.Fatal(err)
		}
		environments, _ := got["environments"].([]any)
		if got["step"] != float64(i+1) || got["who"] == "" || got["text"] == "" || len(environments) != stages {
			t.Errorf("line %d is %s", i+1, line)
		}
		if _, says := got["solved"]; says != strings.HasSuffix(line, solved) {
			t.Errorf("line %d says solved: %t: %s", i+1, says, line)
		}
		if _, says := got["look"]; says != (i == len(lines)-1) {
			t.Errorf("line %d says where to look: %t", i+1, says)
		}
	}
	if n := strings.Count(text, `"solved":true`); n != 1 {
		t.Errorf("%d lines say that it is solved", n)
	}
	if last := lines[len(lines)-1]; !strings.HasSuffix(last, end) {
		t.Errorf("the last line is %s", last)
	}
}

// TestNothingIsClaimedThatIsNotSo breaks in while the story is told: then it must
// not come to its end.
func TestNothingIsClaimedThatIsNotSo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pipeline         Pipeline
		after, ref, onto string
		denied           string
	}{
		{Simple, "approves #3", "refs/heads/qa", "qa^", "qa has the fix"},
		{Preprod, "merges #2", "refs/tags/v1.7.1", "v1.7.0", "nothing is tagged before somebody says so"},
	} {
		t.Run(string(c.pipeline), func(t *testing.T) {
			t.Parallel()
			bare, solved := t.TempDir(), false
			config := Config{Pipeline: c.pipeline, Dir: bare, Listener: listen(t)}
			bare = filepath.Join(bare, "git", "acme", "shop.git")
			config.Tell = func(l Line) error {
				solved = solved || l.Solved
				if !strings.HasPrefix(l.Text, c.after) {
					return nil
				}
				_, err := git(t.Context(), bare, nil, "update-ref", c.ref, c.onto)
				return err
			}
			err := Play(t.Context(), config)
			if err == nil || !strings.Contains(err.Error(), c.denied) || solved {
				t.Errorf("the story ended with %v, solved: %t", err, solved)
			}
		})
	}
}

// TestGivenUp: who presses Ctrl-C during the story, or reads no more of it, gets an
// error, and no folder is left.
func TestGivenUp(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	ctx, giveUp := context.WithCancel(t.Context())
	if err := Play(ctx, Config{Listener: listen(t), Tell: func(Line) error { giveUp(); return nil }}); err == nil {
		t.Error("the story came to an end")
	}
	closed := &os.PathError{Op: "write", Path: "/dev/stdout", Err: syscall.EPIPE}
	if err := Play(t.Context(), Config{Listener: listen(t), Tell: func(Line) error { return closed }}); !errors.Is(err, ErrUnheard) {
		t.Errorf("a story that nobody reads: %v", err)
	}
	left, err := os.ReadDir(os.TempDir())
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v (%v)", left, err)
	}
}

package browser_test

import (
	"context"
	"errors"
	"flag"
	"net"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/demo"
)

var update = flag.Bool("update", false, "take the picture in docs anew")

// story is the demo's, told a part at a time.
type story struct {
	t     *testing.T
	url   string // of the bot's page, without a slash
	lines chan demo.Line
	more  chan struct{} // a receipt for each line
	told  bool          // a line waits for its receipt
	end   chan error
}

// tell begins the story. It ends with the test.
func tell(t *testing.T) *story {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &story{
		t: t, url: "http://" + listener.Addr().String(),
		lines: make(chan demo.Line), more: make(chan struct{}), end: make(chan error, 1),
	}
	ctx, leave := context.WithCancel(context.Background())
	config := demo.Config{Dir: t.TempDir(), Listener: listener, Stay: true, Tell: func(l demo.Line) error {
		select {
		case s.lines <- l:
		case <-ctx.Done():
			return ctx.Err()
		}
		select {
		case <-s.more:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}}
	go func() { s.end <- demo.Play(ctx, config) }()
	t.Cleanup(func() {
		leave()
		if err := <-s.end; err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	return s
}

// until goes on to the line that begins so; what it tells has happened.
func (s *story) until(beginning string) {
	s.t.Helper()
	for {
		if s.told {
			s.more <- struct{}{}
		}
		s.told = false
		select {
		case line := <-s.lines:
			s.told = true
			if strings.HasPrefix(line.Text, beginning) {
				return
			}
		case err := <-s.end:
			s.end <- err
			s.t.Fatalf("the story ended before “%s”: %v", beginning, err)
		}
	}
}

// TestStory looks at every page in the turns of the story, and keeps some open while
// it goes on.
func TestStory(t *testing.T) {
	t.Parallel()
	s, b, kept := tell(t), open(t), open(t)

	s.until("is installed and knows")
	kept.visit(s.url + "/")
	kept.until(`document.getElementById("live").textContent === "Live"`)
	kept.contains("eCommerce", "Production main", "No hotfix is in flight.")
	evaluate[bool](kept, `window.same = true`)

	s.until("tags nothing by itself")
	kept.until(`document.querySelector(".matrix .held .version.red")?.textContent === "1.7.0+"`)
	kept.contains("not solved: #2", "commits since v1.7.0", "misses #2")
	b.visit(s.url + "/hotfixes")
	page := evaluate[string](b, `document.querySelector(".hotfixes tbody th a").href`)
	b.visit(page)
	b.contains("Charge every order once", "has to press “Tag & Deploy v1.7.1”", "awaited", "not yet")
	b.picture("landed")

	s.until("picks what QA merged")
	kept.until(`document.querySelector(".matrix .held .version.red")?.textContent === "1.7.1"`)
	kept.until(`document.querySelectorAll(".matrix .lacks").length === 1`)
	for name, path := range map[string]string{"environments": "/", "hotfixes": "/hotfixes", "hotfix": strings.TrimPrefix(page, s.url), "deliveries": "/deliveries"} {
		b.visit(s.url + path)
		inspect(b, name)
	}
	b.visit(page)
	b.contains("at 9e30147", "conflicted", "Resolve checkout/pay.js", "Awaited: alice", "How the merge was read", "released as v1.7.1", "v1.7.1 is there.")
	if *update {
		b.visit(s.url + "/")
		b.until(`document.getElementById("live").textContent === "Live"`)
		b.size(1000)
		b.pictureIn(filepath.Join("..", "..", "docs", "page.webp"), 1.6)
		b.size(1440)
		b.visit(page)
	}
	onGitHub(b, page)
	b.visit(page)
	keyboard(b)
	withoutScripts(b, s.url)
	signIn(b, page)

	b.visit(page)
	s.until("closes #1")
	b.until(`document.querySelector(".facts .badge").innerText.trim() === "solved"`)
	kept.until(`!document.querySelector(".matrix .red, .matrix .misses")`)
	if !evaluate[bool](kept, `window.same === true`) {
		t.Error("the page was loaded again instead of brought up to date")
	}
	b.contains("v1.7.1")
	b.picture("solved")
	kept.picture("calm")
	quiet(b, "the hotfix until it is solved")
	quiet(kept, "the environments through the whole story")
}

// onGitHub looks at the pages of the simulated GitHub to which a hotfix's page leads.
func onGitHub(b *tab, page string) {
	b.t.Helper()
	for _, kind := range []string{"issues", "pull"} {
		b.visit(page)
		b.visit(evaluate[string](b, `document.querySelector('main a[href*="/`+kind+`/"]').href`))
		b.contains("This is the simulated GitHub")
		inspect(b, "github-"+kind)
	}
}

// signIn signs in at the simulated GitHub, as who maintains the shop, and out again.
func signIn(b *tab, page string) {
	b.t.Helper()
	b.visit(page)
	b.follow(`.desk a.button`)
	b.follow(`main a.button`)
	b.contains("Authorize as alice", "Authorize as bob")
	b.follow(`button[value="bob"]`)
	b.complaints() // the simulated website has no icon
	b.contains("Charge every order once", "bob Sign out", "What you can do", "Retry Development", "Skip Development…")
	b.picture("signed-in")
	quiet(b, "signed in")
	b.submit(nil, `.person form`)
	b.contains("Sign in with GitHub")
}

// keyboard goes through the page by the tab key: the first stop leads past the menu,
// and every stop can be seen.
func keyboard(b *tab) {
	b.t.Helper()
	evaluate[bool](b, `document.activeElement.blur(), true`)
	for i := range 12 {
		b.press("\t")
		at := evaluate[string](b, `document.activeElement.textContent.trim()`)
		if i == 0 && at != "Skip to content" {
			b.t.Errorf("the first stop is %q", at)
		}
		if !evaluate[bool](b, `getComputedStyle(document.activeElement).outlineStyle !== "none"`) {
			b.t.Errorf("the focus on %q cannot be seen", at)
		}
	}
}

// withoutScripts: everything is there, the filter works, and nothing pretends to be
// live.
func withoutScripts(b *tab, url string) {
	b.t.Helper()
	b.scripts(false)
	defer b.scripts(true)
	b.visit(url + "/hotfixes")
	b.submit(map[string]string{"state": "solved"}, `.filter`)
	b.contains("Nothing fits")
	b.submit(map[string]string{"state": "flight"}, `.filter`)
	b.contains("Charge every order once")
	b.visit(url + "/deliveries")
	b.submit(nil, `.receipts form`)
	b.contains("is looked at again")
	b.visit(url + "/")
	b.contains("eCommerce", "1.7.1")
	if live := evaluate[string](b, `document.getElementById("live").textContent`); live != "" {
		b.t.Errorf("without scripts the page says %q", live)
	}
	quiet(b, "without scripts")
}

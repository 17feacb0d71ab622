// Package browser looks at the page in a real browser, Chromium, as people do: with
// and without JavaScript, in three widths, in light and in dark. The pages show the
// story of the demo while it is played, and boards that are made up to be empty,
// long or broken.
//
// What must always hold: no page breaks its own Content-Security-Policy, says
// anything to the console, is wider than the window, or has a fault that axe-core
// finds.
//
// The package never leaves this machine, and one browser serves all its tests. It
// leaves pictures of what it saw in tmp/pages, for people to look at.
package browser_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience is how long a test waits for what must happen; nothing waits for it to
// pass.
const patience = 60 * time.Second

var (
	pictures = filepath.Join("..", "..", "tmp", "pages")
	endAll   = func() {} // ends the browser
)

func TestMain(m *testing.M) {
	code := m.Run()
	endAll()
	os.Exit(code)
}

// browser is the one of the package, started when the first test needs it.
var browser = sync.OnceValues(func() (context.Context, error) {
	program, err := find()
	if err != nil {
		return nil, err
	}
	allocator, release := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program),
		chromedp.NoSandbox, // as root, Chromium does not start otherwise; it sees this project's pages alone
		chromedp.DisableGPU,
		chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("font-render-hinting", "none"),
	)...)
	ctx, leave := chromedp.NewContext(allocator)
	endAll = func() { leave(); release() }
	return ctx, errors.Join(chromedp.Do(ctx), os.MkdirAll(pictures, 0o755))
})

// find is the browser's program.
func find() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if program, err := exec.LookPath(name); err == nil {
			return program, nil
		}
	}
	return "", errors.New("chromium is not installed: run `make setup`, which installs it or says how")
}

// tab is one tab of the browser.
type tab struct {
	t   *testing.T
	ctx context.Context

	mu    sync.Mutex
	noise []string // what the console and the browser's log complained about
}

// open opens a tab that is closed with the test. No two tabs share their cookies: a
// cookie belongs to a host at all its ports, so that who signs in at one test's server
// would be signed out at another's.
func open(t *testing.T) *tab {
	t.Helper()
	shared, err := browser()
	if err != nil {
		t.Fatal(err)
	}
	one := &tab{t: t}
	ctx, closeTab := chromedp.NewContext(shared, chromedp.WithListener(one.hear), chromedp.WithNewBrowserContext())
	ctx, cancel := context.WithTimeout(ctx, 4*patience) // on a busy machine a story takes its time
	t.Cleanup(func() { cancel(); closeTab() })
	one.ctx = ctx
	one.do(chromedp.EmulateViewport(1440, 900))
	return one
}

// hear keeps what the page complains about; a violation of the policy is an error
// in the browser's log.
func (b *tab) hear(ev any) {
	var what string
	switch ev := ev.(type) {
	case *cdplog.EventEntryAdded:
		if ev.Entry.Level == cdplog.EntryLevelError || ev.Entry.Level == cdplog.EntryLevelWarning {
			what = fmt.Sprintf("%s: %s (%s)", ev.Entry.Source, ev.Entry.Text, ev.Entry.URL)
		}
	case *runtime.EventExceptionThrown:
		what = ev.ExceptionDetails.Text
	case *runtime.EventConsoleAPICalled:
		what = "console." + string(ev.Type)
	}
	if what != "" {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.noise = append(b.noise, what)
	}
}

// complaints takes what was heard since the last time.
func (b *tab) complaints() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	heard := b.noise
	b.noise = nil
	return heard
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// evaluate gives the value of an expression, a promise's when it is kept.
func evaluate[T any](b *tab, expression string) T {
	b.t.Helper()
	value, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return value
}

// until waits for an expression to be true.
func (b *tab) until(expression string) {
	b.t.Helper()
	if _, err := chromedp.Run(b.ctx, chromedp.Poll[bool](expression, chromedp.WithPollingInterval(20*time.Millisecond), chromedp.WithPollingTimeout(patience/2))); err != nil {
		b.t.Fatalf("%s never came true: %v; the page says:\n%s", expression, err, b.text())
	}
}

// text is what a person reads.
func (b *tab) text() string { b.t.Helper(); return evaluate[string](b, `document.body.innerText`) }

// visit opens an address.
func (b *tab) visit(url string) {
	b.t.Helper()
	b.do(chromedp.Navigate(url))
}

// size sets the width of the window.
func (b *tab) size(width int64) { b.t.Helper(); b.do(chromedp.EmulateViewport(width, 900)) }

// theme is "light" or "dark".
func (b *tab) theme(name string) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}},
	}); err != nil {
		b.t.Fatal(err)
	}
}

// scripts turns JavaScript off or on for pages that are visited from now on.
func (b *tab) scripts(on bool) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on}); err != nil {
		b.t.Fatal(err)
	}
}

// picture takes a picture of the whole page.
func (b *tab) picture(name string) {
	b.t.Helper()
	b.pictureIn(filepath.Join(pictures, name+".png"), 1)
}

// pictureIn takes it to a file, in a scale, as PNG or, by the file's name, as WebP.
func (b *tab) pictureIn(file string, scale float64) {
	b.t.Helper()
	clip := evaluate[page.Viewport](b, `(() => {
		const box = document.documentElement.getBoundingClientRect();
		return { x: 0, y: 0, width: box.width, height: box.height, scale: 1 };
	})()`)
	clip.Scale = scale
	shot, err := chromedp.Call(b.ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{
		CaptureBeyondViewport: new(true), OptimizeForSpeed: new(scale == 1), Clip: &clip, Format: page.CaptureScreenshotFormat(strings.TrimPrefix(filepath.Ext(file), ".")),
	})
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(file, shot.Data, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// press presses keys.
func (b *tab) press(keys string) { b.t.Helper(); b.do(chromedp.KeyEvent(keys)) }

// submit chooses in a form and presses its button.
func (b *tab) submit(choices map[string]string, form string) {
	b.t.Helper()
	for name, value := range choices {
		b.do(chromedp.SetValue(chromedp.CSS(form+` [name="`+name+`"]`), value))
	}
	b.follow(form + " button")
}

// check chooses a box or a button of a form.
func (b *tab) check(field string) {
	b.t.Helper()
	b.do(chromedp.Click(chromedp.CSS(field)))
}

// enter presses Enter where that leads to another page.
func (b *tab) enter() {
	b.t.Helper()
	if _, err := chromedp.RunResponse(b.ctx, chromedp.KeyEvent("\r")); err != nil {
		b.t.Fatal(err)
	}
}

// follow presses a link, or what sends a form. It does so without a pointer: where the
// page moves between aiming and pressing, that would miss, and wait for ever.
func (b *tab) follow(link string) {
	b.t.Helper()
	b.do(chromedp.WaitVisible(chromedp.CSS(link)))
	click := chromedp.Evaluate[bool](`document.querySelector(` + strconv.Quote(link) + `).click(), true`)
	press := func(ctx context.Context, t *chromedp.Target) (none chromedp.Void, err error) {
		_, err = click(ctx, t)
		return none, err
	}
	if _, err := chromedp.RunResponse(b.ctx, press); err != nil {
		b.t.Fatal(err)
	}
}

// contains fails where the page lacks a text.
func (b *tab) contains(texts ...string) {
	b.t.Helper()
	got := strings.Join(strings.Fields(b.text()), " ")
	for _, text := range texts {
		if !strings.Contains(got, text) {
			b.t.Errorf("no %q in: %s", text, got)
		}
	}
}

package browser_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/contract/pinned"
)

// widths are those of a telephone, a tablet and a screen, in CSS pixels.
var widths = []int64{360, 768, 1440}

// inspect looks at the page that is open in every width and theme: axe-core finds
// no fault, nothing is wider than the window, and a picture is left of each.
func inspect(b *tab, name string) {
	b.t.Helper()
	axe, err := pinned.Read(pinned.Axe)
	if err != nil {
		b.t.Fatal(err)
	}
	evaluate[bool](b, string(axe)+"\n;true")
	for _, theme := range []string{"light", "dark"} {
		b.theme(theme)
		for _, width := range widths {
			b.size(width)
			place := fmt.Sprintf("%s-%d-%s", name, width, theme)
			for _, fault := range faults(b) {
				b.t.Errorf("%s: %s", place, fault)
			}
			if wide := evaluate[[]string](b, tooWide); len(wide) > 0 {
				b.t.Errorf("%s: wider than the window: %s", place, strings.Join(wide, ", "))
			}
			b.picture(place)
		}
	}
	b.theme("light")
	b.size(1440)
	quiet(b, name)
}

// quiet fails on what the console or the browser's log complained about, a
// violation of the Content-Security-Policy above all.
func quiet(b *tab, name string) {
	b.t.Helper()
	for _, complaint := range b.complaints() {
		b.t.Errorf("%s: %s", name, complaint)
	}
}

// faults are what axe-core finds: WCAG 2.0 to 2.2, A and AA, and what it calls best
// practice.
func faults(b *tab) []string {
	b.t.Helper()
	return evaluate[[]string](b, `axe.run(document, {
		resultTypes: ["violations"],
		runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
	}).then((found) => found.violations.flatMap((v) => v.nodes.map((n) => v.id + ": " + n.target.join(" ") + ": " + n.failureSummary)))`)
}

// tooWide names the elements that reach beyond the window.
const tooWide = `document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
	[...document.querySelectorAll("main *, header *")].filter((e) => {
		const box = e.getBoundingClientRect();
		return box.right > document.documentElement.clientWidth + 1 && box.width > 0;
	}).slice(0, 5).map((e) => e.tagName.toLowerCase() + "." + e.className)`

// A remedy is told in one sentence where the browser is missing.
func TestMissingBrowserIsNamed(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := find(); err == nil || !strings.Contains(err.Error(), "make setup") || strings.Contains(err.Error(), "\n") {
		t.Errorf("error %v", err)
	}
}

package hotfix_test

import (
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

func TestParseRelease(t *testing.T) {
	for _, c := range []struct{ name, template, prefix, version string }{
		{"v1.7.1", "", "v", "1.7.1"},
		{"1.7", "", "", "1.7.0"},
		{"release-2.10.3", "", "release-", "2.10.3"},
		{"v1.8.0-rc.1", "", "v", "1.8.0-rc.1"},
		{"v1.8.0+build.5", "", "v", "1.8.0"},
		{"cart/v1.2.3", "cart/v{version}", "cart/v", "1.2.3"},
		{"v01.2.3", "", "", ""},
		{"v1", "", "", ""},
		{"nightly", "", "", ""},
		{"1.2.3.4", "", "", ""},
		{"v99999999999.1.1", "", "", ""},
		{"v1.2.3", "release-{version}", "", ""},
		{"php8.1.2", "", "php", "8.1.2"},
	} {
		got, ok := hotfix.ParseRelease(hotfix.Tag{Name: c.name}, c.template)
		if ok != (c.version != "") {
			t.Errorf("%s: parsed %t", c.name, ok)
			continue
		}
		if ok && (got.Version.String() != c.version || got.Prefix != c.prefix) {
			t.Errorf("%s: got prefix %q version %s", c.name, got.Prefix, got.Version)
		}
	}
}

func TestReleasesAreOrderedAndLeaveOtherPrefixesOut(t *testing.T) {
	var tags []hotfix.Tag
	for _, name := range []string{"v1.10.0", "v1.9.0", "api/v3.0.0", "v1.10.0-rc.1", "junk"} {
		tags = append(tags, hotfix.Tag{Name: name})
	}
	var names []string
	for _, r := range hotfix.Releases(tags, "") {
		names = append(names, r.Name)
	}
	if got := strings.Join(names, " "); got != "v1.9.0 v1.10.0-rc.1 v1.10.0" {
		t.Errorf("got %s", got)
	}
}

func TestReleasesTakeAnotherPrefixWhereThereIsNoUsualOne(t *testing.T) {
	releases := hotfix.Releases([]hotfix.Tag{{Name: "release-1.2"}, {Name: "release-1.3"}}, "")
	if len(releases) != 2 || releases[1].Version.String() != "1.3.0" {
		t.Errorf("got %v", releases)
	}
}

// A version that was bumped is always higher, and never skips the line.
func FuzzNextVersion(f *testing.F) {
	f.Add("v1.7.1")
	f.Add("1.7")
	f.Fuzz(func(t *testing.T, name string) {
		r, ok := hotfix.ParseRelease(hotfix.Tag{Name: name}, "")
		if !ok {
			return
		}
		next := r.Version.Next()
		if r.Version.Pre == "" && next.Compare(r.Version) <= 0 || next.Major != r.Version.Major || next.Minor != r.Version.Minor {
			t.Errorf("%s: next is %s", name, next)
		}
		again, ok := hotfix.ParseRelease(hotfix.Tag{Name: r.Prefix + next.String()}, "")
		if !ok && !strings.HasSuffix(next.String(), "1000000000") {
			t.Errorf("%s: next %q is no release", name, r.Prefix+next.String())
		}
		if ok && again.Version != next {
			t.Errorf("%s: %s became %s", name, next, again.Version)
		}
	})
}

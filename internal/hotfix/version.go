package hotfix

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Version is a release number. A tag without a third number counts as .0.
type Version struct {
	Major, Minor, Patch int
	Pre                 string // pre-release part without its dash; empty for a release
}

// String is "1.7.1", or "1.8.0-rc.1".
func (v Version) String() string {
	s := fmt.Sprintf("%d.%d.%d", v.Major, v.Minor, v.Patch)
	if v.Pre != "" {
		s += "-" + v.Pre
	}
	return s
}

// Next is the next third number of the same line.
func (v Version) Next() Version {
	return Version{Major: v.Major, Minor: v.Minor, Patch: v.Patch + 1}
}

// SameLine reports whether two versions differ in their third number at most.
func (v Version) SameLine(w Version) bool { return v.Major == w.Major && v.Minor == w.Minor }

// Compare orders versions; a pre-release comes before its release. Two
// pre-releases of one version are ordered as text: they are never a base, so
// semver's finer rules do not matter here.
func (v Version) Compare(w Version) int {
	byNumber := cmp.Or(cmp.Compare(v.Major, w.Major), cmp.Compare(v.Minor, w.Minor), cmp.Compare(v.Patch, w.Patch))
	if byNumber != 0 || v.Pre == w.Pre {
		return byNumber
	}
	if v.Pre == "" {
		return 1
	}
	if w.Pre == "" {
		return -1
	}
	return cmp.Compare(v.Pre, w.Pre)
}

// ReleaseTag is a tag whose name is a version.
type ReleaseTag struct {
	Tag
	Application string // whose version it is, by its name in Config.Lines
	Prefix      string
	Version     Version
}

// The number part of a tag. Nine digits are more than any release and fit an int.
var releaseName = regexp.MustCompile(`^(.*?)(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})(?:\.(0|[1-9][0-9]{0,8}))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$`)

// ParseRelease reads the version out of a tag's name. With a template
// ("v{version}") only names of that form count; without one, any prefix that
// does not end in a digit or a dot does.
func ParseRelease(tag Tag, template string) (ReleaseTag, bool) {
	m := releaseName.FindStringSubmatch(tag.Name)
	if m == nil || strings.ContainsAny(lastByte(m[1]), "0123456789.") {
		return ReleaseTag{}, false
	}
	if template != "" && m[1] != TagPrefix(template) {
		return ReleaseTag{}, false
	}
	release := ReleaseTag{Tag: tag, Prefix: m[1], Version: Version{Pre: m[5]}}
	for i, into := range []*int{&release.Version.Major, &release.Version.Minor, &release.Version.Patch} {
		*into, _ = strconv.Atoi("0" + m[2+i]) // digits by the pattern, absent third number is 0
	}
	return release, true
}

// Releases picks the release tags out of tags, lowest version first. Where no
// template is given and the repository has tags of the usual forms ("v1.2.3" or
// "1.2.3"), tags with other prefixes (of modules, of other products) are left out.
func Releases(tags []Tag, template string) []ReleaseTag {
	var all, usual []ReleaseTag
	for _, tag := range tags {
		release, ok := ParseRelease(tag, template)
		if !ok {
			continue
		}
		all = append(all, release)
		if release.Prefix == "" || release.Prefix == "v" {
			usual = append(usual, release)
		}
	}
	if template == "" && len(usual) > 0 {
		all = usual
	}
	slices.SortStableFunc(all, func(a, b ReleaseTag) int { return a.Version.Compare(b.Version) })
	return all
}

func lastByte(s string) string {
	if s == "" {
		return ""
	}
	return s[len(s)-1:]
}

// TagPrefix is what a tag template ("v{version}") has before the version.
func TagPrefix(template string) string {
	prefix, _, _ := strings.Cut(template, "{version}")
	return prefix
}

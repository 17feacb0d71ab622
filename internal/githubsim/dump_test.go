package githubsim

import (
	"strings"
	"testing"
)

// TestDumpsOfEqualStories: what happened twice in the same way looks the same, commit ids
// included.
func TestDumpsOfEqualStories(t *testing.T) {
	tell := func() string {
		s := newServer(t)
		n := s.openHotfix("hotfix/sum", "Fixes #1")
		issue, err := s.mallory.OpenIssue(s.ctx, shop, "Lost", "Items")
		s.must(err)
		c, err := s.bob.Comment(s.ctx, shop, issue, "/hotfix status\nplease")
		s.must(err)
		s.must(s.carol.React(s.ctx, shop, c, "eyes"))
		s.must(s.carol.Label(s.ctx, shop, issue, "hotfix", "bug"))
		s.must(s.alice.Approve(s.ctx, shop, n))
		_, err = s.alice.Merge(s.ctx, shop, n, "rebase")
		s.must(err)
		s.must(s.alice.CreateTag(s.ctx, shop, "v1.7.1", s.head("main"), "Release"))
		text, err := s.Dump(s.ctx, shop)
		s.must(err)
		return text
	}
	first, second := tell(), tell()
	if first != second {
		t.Errorf("two equal stories:\n%s\n---\n%s", first, second)
	}
	for _, want := range []string{
		"refs/tags/v1.7.1 annotated, on ", `issue #2 "Lost" by mallory open`, "labels [bug, hotfix]",
		"comment by bob reactions [eyes:carol]\n    body\n      | /hotfix status\n      | please",
		"review by alice APPROVED of ", "merged as ",
	} {
		if !strings.Contains(first, want) {
			t.Errorf("%q is missing in\n%s", want, first)
		}
	}
}

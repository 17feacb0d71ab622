package render_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
	"github.com/hotfixbot/hotfixbot/internal/render"
)

var (
	production  = hotfix.Environment{Name: "Production", Branch: "main", Landing: true}
	development = hotfix.Environment{Name: "Development", Branch: "dev"}
	pull34      = hotfix.Pull{Number: 34, Title: "Stop the cart from losing items (fixes #12)", Author: "alice", URL: "https://github.com/acme/shop/pull/34"}
)

func backport(replay hotfix.Replay) render.Backport {
	s := status()
	replay.Onto = oid("6660000")
	return render.Backport{
		Hotfix: pull34, Environment: development, Landing: production, Landed: s.Landed, Replay: replay, Tags: []string{"v1.7.1"},
		Carries: hotfix.Carries{Picks: s.Landed.Picks},
		Issue:   12, Attempt: 1, Branch: "backport/dev/34-cart",
		Repository: hotfix.Repository{Owner: "acme", Name: "shop", WebURL: "https://github.com/acme/shop"},
	}
}

func clean() hotfix.Replay {
	return hotfix.Replay{Outcome: hotfix.Clean, Tip: oid("8880000"), Commits: []hotfix.Picked{
		{Source: oid("abc1234"), Outcome: hotfix.Clean, Commit: oid("8880000"), Subject: "Keep items on reload (fixes #12)"},
		{Source: oid("abc1235"), Outcome: hotfix.Contained, Subject: "Test the cart"},
	}}
}

func everyConflict() hotfix.Replay {
	replay := hotfix.Replay{Outcome: hotfix.Conflict, Tip: oid("8880000"), Commits: []hotfix.Picked{
		{Source: oid("abc1234"), Outcome: hotfix.Conflict, Commit: oid("8880000"), Subject: "Keep items on reload"},
	}}
	kinds := []hotfix.ConflictKind{
		hotfix.ConflictContent, hotfix.ConflictAddAdd, hotfix.ConflictModifyDelete, hotfix.ConflictRenameRename,
		hotfix.ConflictRenameDelete, hotfix.ConflictDirectory, hotfix.ConflictFileDirectory, hotfix.ConflictMode,
		hotfix.ConflictBinary, hotfix.ConflictLFS, hotfix.ConflictSubmodule, hotfix.ConflictSymlink, hotfix.ConflictDistinctTypes, "something new",
	}
	for i, kind := range kinds {
		replay.Conflicts = append(replay.Conflicts, hotfix.PathConflict{
			Path: fmt.Sprintf("cart/file %d.go", i), Kind: kind, Commit: oid("abc1234"), Markers: i < 2,
		})
	}
	replay.Conflicts = append(replay.Conflicts, hotfix.PathConflict{Kind: hotfix.ConflictOther})
	return replay
}

func pullCases() map[string]render.Backport {
	hostileOne := backport(everyConflict())
	hostileOne.Hotfix.Title, hostileOne.Landed.Evidence = hostile, hostile
	hostileOne.Branch, hostileOne.Environment = "backport/d`e'v;$(id)/34-x", hotfix.Environment{Name: hostile, Branch: "d`e'v;$(id)"}
	hostileOne.Replay.Commits[0].Subject = hostile
	for i := range hostileOne.Replay.Conflicts {
		hostileOne.Replay.Conflicts[i].Path = hostile
	}
	second := backport(clean())
	second.Attempt, second.Supersedes, second.Command, second.Branch = 2, 41, 900, "backport/dev/34-cart-2"
	merge := backport(everyConflict())
	merge.Landed.Method, merge.SignOff, merge.Tags, merge.Issue = hotfix.MergedByMerge, true, nil, 0
	return map[string]render.Backport{
		"clean": backport(clean()), "second attempt": second, "conflicts": backport(everyConflict()),
		"conflicts of a merge": merge, "hostile": hostileOne,
	}
}

func TestPullBody(t *testing.T) {
	for name, b := range pullCases() {
		t.Run(name, func(t *testing.T) {
			text := render.PullBody(b)
			golden(t, "pull/"+name, text)
			safe(t, text)
			var marker hotfix.BackportMarker
			if !naming.FindMarker(text, naming.KindBackport, &marker) {
				t.Fatal("the marker is not found")
			}
			if marker.Pull != 34 || marker.Onto != b.Replay.Onto || marker.Tip != b.Replay.Tip || marker.Environment != b.Environment.Branch ||
				marker.Attempt != b.Attempt || marker.Command != b.Command || len(marker.Conflicts) != len(b.Replay.Conflicts) {
				t.Errorf("the marker reads as %+v", marker)
			}
		})
	}
}

func TestPullBodyOfThousands(t *testing.T) {
	b := backport(everyConflict())
	b.Carries.Picks = nil
	for i := range 5000 {
		id := oid(fmt.Sprintf("%07x", i))
		b.Carries.Picks = append(b.Carries.Picks, hotfix.Pick{Commit: id})
		b.Replay.Commits = append(b.Replay.Commits, hotfix.Picked{Source: id, Outcome: hotfix.Clean, Subject: strings.Repeat("long ", 80)})
		b.Replay.Conflicts = append(b.Replay.Conflicts, hotfix.PathConflict{Path: strings.Repeat("deep/", 40) + fmt.Sprint(i), Kind: hotfix.ConflictContent, Markers: true})
	}
	text := render.PullBody(b)
	safe(t, text)
	var marker hotfix.BackportMarker
	if !naming.FindMarker(text, naming.KindBackport, &marker) || len(marker.Conflicts) == 0 {
		t.Errorf("the marker reads as %+v", marker)
	}
	if !strings.Contains(text, "… and 4951 more") {
		t.Error("the paths that are left out are not counted")
	}
	if strings.Count(text, "```")%2 != 0 {
		t.Error("a code block is left open")
	}
}

func TestPullTitle(t *testing.T) {
	const template = "{title} (backport of #{pr} to {environment})"
	b := backport(clean())
	cases := map[string]struct{ template, title, want string }{
		"plain":           {template, "Fix the cart", "Fix the cart (backport of #34 to Development)"},
		"all":             {"[{branch} {tag}] {title}", "Fix the cart", "[dev v1.7.1] Fix the cart"},
		"placeholder":     {template, "{pr} {branch}", "{pr} {branch} (backport of #34 to Development)"},
		"several lines":   {template, "Fix\n\tthe\u202e cart", "Fix the cart (backport of #34 to Development)"},
		"without a title": {"Backport #{pr}", "Fix the cart", "Backport #34"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			b.Hotfix.Title = c.title
			if got := render.PullTitle(c.template, b); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	b.Hotfix.Title = strings.Repeat("ä", 256)
	got := render.PullTitle(template, b)
	if utf8.RuneCountInString(got) > 256 || !strings.HasSuffix(got, "(backport of #34 to Development)") {
		t.Errorf("a long title becomes %q", got)
	}
}

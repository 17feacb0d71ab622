package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
	"github.com/hotfixbot/hotfixbot/internal/render"
)

// botsGit is a workspace in which every commit bears the bot's address, and in which the
// pick makes one commit.
type botsGit struct {
	Git
	picked hotfix.OID
}

func (botsGit) Commit(context.Context, hotfix.OID) (hotfix.Commit, error) {
	return hotfix.Commit{CommitterEmail: emptyForge{}.Bot().Email()}, nil
}

func (g botsGit) Replay(context.Context, hotfix.OID, hotfix.Series) (hotfix.Replay, error) {
	return hotfix.Replay{Outcome: hotfix.Clean, Tip: g.picked}, nil
}

// notes are a ledger's facts.
type notes struct {
	Ledger
	facts map[string]string
}

func (n notes) Recall(_ context.Context, _ hotfix.RepositoryID, fact string, into any) (bool, error) {
	text, ok := n.facts[fact]
	if !ok {
		return false, nil
	}
	return true, json.Unmarshal([]byte(text), into)
}

func (n notes) Remember(_ context.Context, _ hotfix.RepositoryID, fact string, value any) error {
	text, err := json.Marshal(value)
	n.facts[fact] = string(text)
	return err
}

// Anybody can write the bot's address into a commit: its branch is its own only while it
// stands where the bot left it (P12).
func TestAnAddressAloneIsNotTheBots(t *testing.T) {
	for name, c := range map[string]struct {
		pushed []hotfix.OID
		marker hotfix.OID
		picked hotfix.OID
		want   bool
	}{
		"pushed":                             {pushed: []hotfix.OID{"", oid(5)}, want: true},
		"to be pushed over":                  {pushed: []hotfix.OID{oid(5), oid(6)}, marker: oid(5), want: true},
		"not pushed, whatever the body says": {pushed: []hotfix.OID{"", oid(6)}, marker: oid(5), picked: oid(5)},
		"told by the body alone":             {marker: oid(5), want: true},
		"made again by the same pick":        {marker: oid(4), picked: oid(5), want: true},
		"told by nothing":                    {marker: oid(4), picked: oid(6)},
	} {
		r := &run{Forge: emptyForge{}, git: botsGit{picked: c.picked}, ledger: notes{facts: map[string]string{}}, snap: &hotfix.Snapshot{}}
		a := hotfix.Attempt{Branch: "backport/qa/34-cart", Marker: hotfix.BackportMarker{Tip: c.marker}}
		if c.pushed != nil {
			if err := r.notePush(t.Context(), a.Branch, c.pushed[0], c.pushed[1]); err != nil {
				t.Fatal(err)
			}
		}
		own, err := r.own(t.Context(), &hotfix.Hotfix{}, &hotfix.Target{}, &a, oid(5))
		if own != c.want || err != nil {
			t.Errorf("%s: own is %t, %v", name, own, err)
		}
	}
}

// conflictedGit makes a pick of many conflicts.
type conflictedGit struct {
	Git
	conflicts []hotfix.PathConflict
}

func (conflictedGit) Fetch(context.Context, ...hotfix.OID) error { return nil }

func (g conflictedGit) Replay(context.Context, hotfix.OID, hotfix.Series) (hotfix.Replay, error) {
	return hotfix.Replay{Outcome: hotfix.Conflict, Conflicts: g.conflicts}, nil
}

func (g conflictedGit) Changed(context.Context, hotfix.OID, hotfix.OID) ([]string, error) {
	return nil, nil
}

// A pull request's body has room for some three hundred conflicts: of more the check
// passed while files that it did not name still held conflict markers.
func TestConflictsThatTheMarkerHasNoRoomForAreResolvedToo(t *testing.T) {
	git := conflictedGit{}
	for i := range 1000 {
		git.conflicts = append(git.conflicts, hotfix.PathConflict{Path: fmt.Sprintf("deep/er/and/deeper/cart/%d.go", i), Kind: hotfix.ConflictContent, Markers: true})
	}
	text := render.Backport{
		Hotfix: hotfix.Pull{Number: 34}, Attempt: 1,
		Replay: hotfix.Replay{Onto: oid(5), Tip: oid(6), Outcome: hotfix.Conflict, Conflicts: git.conflicts},
	}
	var a hotfix.Attempt
	if !naming.FindMarker(render.PullBody(text), naming.KindBackport, &a.Marker) || len(a.Marker.Conflicts) == 1000 {
		t.Fatalf("the marker has %d conflicts", len(a.Marker.Conflicts))
	}
	r := &run{Forge: emptyForge{}, git: git, ledger: newBook(), snap: &hotfix.Snapshot{}}
	err := r.fillConflicts(t.Context(), &hotfix.Hotfix{}, &hotfix.Target{}, &a)
	if err != nil || len(a.Marker.Conflicts) != 1000 {
		t.Errorf("%d conflicts, %v", len(a.Marker.Conflicts), err)
	}
}

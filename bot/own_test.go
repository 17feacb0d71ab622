package bot

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
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

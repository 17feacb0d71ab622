package bot

import (
	"context"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

func TestQueueBase(t *testing.T) {
	for branch, want := range map[string]string{
		"gh-readonly-queue/main/pr-7-abc":        "main",
		"gh-readonly-queue/release/1.6/pr-7-abc": "release/1.6",
		"gh-readonly-queue/main":                 "",
		"main":                                   "",
		"feature/gh-readonly-queue/main/pr-7-a":  "",
	} {
		if got := queueBase(branch); got != want {
			t.Errorf("%s: %q instead of %q", branch, got, want)
		}
	}
}

// There is one check run on a commit, whatever branches it is proposed to: what is
// wrong for one of them is wrong, in whatever order they come.
func TestOneCheckForEachHead(t *testing.T) {
	qa, dev := hotfix.Environment{Branch: "qa"}, hotfix.Environment{Branch: "dev"}
	lost := []hotfix.Guarded{{Pull: 34}}
	unknown := &hotfix.Problem{What: "gone"}
	fine := hotfix.Gated{Pull: 1, Head: oid(1), Base: qa}
	losing := hotfix.Gated{Pull: 2, Head: oid(1), Base: dev, Below: true, Losing: lost, Unknown: unknown, Conflicted: true}
	for _, list := range [][]hotfix.Gated{{fine, losing}, {losing, fine}} {
		got := oneForEachHead(list)
		if len(got) != 1 || len(got[0].Losing) != 1 || got[0].Base != dev || !got[0].Below || got[0].Unknown == nil || !got[0].Conflicted {
			t.Errorf("%+v", got)
		}
	}
	if got := oneForEachHead([]hotfix.Gated{fine, {Pull: 3, Head: oid(2)}}); len(got) != 2 {
		t.Errorf("two heads: %+v", got)
	}
}

// gateForge answers what the gate asks: every head left main where it stands.
type gateForge struct{ emptyForge }

func (gateForge) Compare(context.Context, hotfix.OID, hotfix.OID) (hotfix.Comparison, error) {
	return hotfix.Comparison{Relation: hotfix.Ancestor, Base: oid(1)}, nil
}

// gateGit counts the merges that are tried.
type gateGit struct {
	botsGit
	tried *int
}

func (gateGit) Changed(context.Context, hotfix.OID, hotfix.OID) ([]string, error) {
	return []string{"cart.txt"}, nil
}

func (g gateGit) Replay(_ context.Context, onto hotfix.OID, _ hotfix.Series) (hotfix.Replay, error) {
	*g.tried++
	return hotfix.Replay{Outcome: hotfix.Contained, Onto: onto}, nil
}

// A push to a branch with very many proposals looks at the newest, and those to come
// with the next look; what was looked at is remembered.
func TestAPushLooksAtSoManyProposals(t *testing.T) {
	s := repository()
	h := landed(s, 34)
	tagged(s, h, "v1.7.1")
	h.Landing.Paths = []string{"cart.txt"}
	var lists seen
	const all = maxJudged
	for n := range all {
		lists.pulls = append(lists.pulls, hotfix.Pull{
			Number: 100 + n, Open: true, Base: "main", HeadOID: oid(1000 + n), UpdatedAt: noon.Add(time.Duration(n) * time.Minute),
		})
	}
	ledger := notes{facts: map[string]string{"older/0001-01-01T00:00:00Z": "[]"}}
	look := func() (judged, oldest int) {
		tried := 0
		s.Gated = nil
		r := &run{Forge: gateForge{}, git: gateGit{tried: &tried}, ledger: ledger, snap: s, now: func() time.Time { return noon }, log: zerolog.Nop()}
		if err := r.observeGate(t.Context(), lists); err != nil {
			t.Fatal(err)
		}
		for _, g := range s.Gated {
			if !g.Later && (oldest == 0 || g.Pull < oldest) {
				oldest = g.Pull
			}
		}
		return tried, oldest
	}
	if tried, oldest := look(); tried == 0 || oldest != 100+all/2 { // where it left the branch, and the verdict
		t.Errorf("at first: %d merges, down to #%d", tried, oldest)
	}
	if _, oldest := look(); oldest != 100 {
		t.Errorf("then: down to #%d", oldest)
	}
	if tried, oldest := look(); tried != 0 || oldest != 100 {
		t.Errorf("at rest: %d merges, down to #%d", tried, oldest)
	}
}

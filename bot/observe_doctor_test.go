package bot

import (
	"context"
	"errors"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// exhausted is a repository of which one thing can be read no more.
type exhausted struct {
	Forge
	err error
}

func (exhausted) About() hotfix.Repository                        { return hotfix.Repository{HasIssues: true} }
func (e exhausted) Grants(context.Context) (hotfix.Grants, error) { return hotfix.Grants{}, e.err }

// A budget that is used up is no finding: the answer waits for it.
func TestDoctorWaitsForTheBudget(t *testing.T) {
	later := &hotfix.Later{Why: "the budget is used up"}
	for _, test := range []struct{ err, want error }{{later, later}, {errors.New("502"), nil}} {
		r := &run{Forge: exhausted{err: test.err}, snap: &hotfix.Snapshot{
			ConfigProblems: []hotfix.ConfigProblem{{Message: "broken"}}, // then only the grants are asked for
			Requests:       []hotfix.Request{{Commands: []hotfix.Command{{Verb: hotfix.VerbDoctor}}}},
		}}
		if err := r.observeDoctor(t.Context()); !errors.Is(err, test.want) || err != nil && test.want == nil {
			t.Errorf("%v, want %v", err, test.want)
		}
		if len(r.snap.Findings) == 0 {
			t.Error("nothing was found")
		}
	}
}

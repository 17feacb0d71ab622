package bot

import (
	"context"
	"fmt"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/render"
)

// How soon a merge that GitHub refused is asked for again: when something changed,
// after a pause that doubles each time; else, since GitHub does not show all that
// stands in the way, once in a while.
const (
	mergeSoonest = 10 * time.Second
	mergeLatest  = time.Hour
)

// mergeTried is how asking GitHub to merge a backport went the last time.
type mergeTried struct {
	Head, Base hotfix.OID // the backport's head and its environment's tip
	State      string     // GitHub's word for whether it can be merged
	Problem    hotfix.Problem
	Times      int // with this head
	At         time.Time
}

// mergeFact names what is remembered of asking for a backport's merge.
func mergeFact(pull int) string { return fmt.Sprintf("merge/%d", pull) }

// observeMerging tells why a backport that is to merge by itself did not, and whether
// to ask again.
func (r *run) observeMerging(ctx context.Context, h *hotfix.Hotfix, t *hotfix.Target, a *hotfix.Attempt) error {
	if !mergesItself(r.snap, t, a) {
		return nil
	}
	if h.Marker.Told[t.Environment.Branch] == a.Pull.Number { // GitHub was told, and is not any more
		a.Stuck = ptr(render.MergeCalledOff(a.Pull.Number))
		return nil
	}
	var tried mergeTried
	known, err := r.ledger.Recall(ctx, r.About().ID, mergeFact(a.Pull.Number), &tried)
	if err != nil || !known || tried.Head != a.Pull.HeadOID {
		return err
	}
	now, err := r.Pull(ctx, a.Pull.Number)
	if err != nil {
		return fmt.Errorf("read #%d: %w", a.Pull.Number, err)
	}
	again := tried.again(now.MergeState, t.Environment.Tip)
	if due := !r.snap.Now.Before(again); due && now.MergeState != unjudged {
		return nil
	} else if due { // as long again as it has not been known
		again = r.snap.Now.Add(min(r.snap.Now.Sub(tried.At), mergeLatest))
	}
	a.Stuck, a.MergeAgain = &tried.Problem, again
	return nil
}

// unjudged is GitHub's state of a pull request of which it has not worked out yet
// whether it can be merged.
const unjudged = "unknown"

// again is when the merge is asked for again, as things are now.
func (m mergeTried) again(state string, base hotfix.OID) time.Time {
	if state == m.State && state != unjudged && base == m.Base {
		return m.At.Add(mergeLatest)
	}
	pause := mergeSoonest
	for i := 1; i < m.Times && pause < mergeLatest; i++ {
		pause *= 2
	}
	return m.At.Add(min(pause, mergeLatest))
}

package forge

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"testing"
	"time"
)

var noon = time.Date(2030, 5, 4, 12, 0, 0, 0, time.UTC)

// TestBudgetIsNeverExceeded lets repositories write at random times and holds what
// was allowed against GitHub's limits.
func TestBudgetIsNeverExceeded(t *testing.T) {
	for seed := range uint64(20) {
		random := rand.New(rand.NewPCG(seed, 1))
		var p purse
		var made []time.Time
		var blocks []time.Time
		now := noon
		for range 6000 {
			now = now.Add(time.Duration(random.IntN(2000)) * time.Millisecond)
			if random.IntN(200) == 0 {
				now = now.Add(time.Duration(random.IntN(50)) * time.Minute)
			}
			if p.write(now, fmt.Sprint(random.IntN(9)), rank(random.IntN(3))) == nil {
				made = append(made, now)
			}
			if p.points(now, "a") == nil {
				blocks = append(blocks, now)
			}
		}
		holds(t, made, 10*time.Second, writeBurst+10)
		holds(t, made, time.Minute, writesPerMinute)
		holds(t, made, time.Hour, writesPerHour)
		holds(t, blocks, time.Minute+blockLife, pointsPerMinute/pointBlock)
	}
}

// holds fails when more happened within a time than may.
func holds(t *testing.T, times []time.Time, within time.Duration, most int) {
	t.Helper()
	for i := range times {
		if i >= most && times[i].Sub(times[i-most]) < within {
			t.Fatalf("%d within %s of %s", most+1, within, times[i])
		}
	}
}

// A repository that comes when it was told to can make what it waited for.
func TestTurnIsKept(t *testing.T) {
	var p purse
	now := noon
	for n := range 10 {
		at := spend(&p, now, "busy", 1000)
		now = at
		for i := range p.progress("busy").left() {
			if later := p.write(now, "busy", rankRest); later != nil {
				t.Fatalf("turn %d: write %d must wait until %s, at %s", n, i, later, now)
			}
		}
	}
}

// spend writes until the repository is put off, and tells until when.
func spend(p *purse, now time.Time, repository string, most int) time.Time {
	for range most {
		if later := p.write(now, repository, rankRest); later != nil {
			return later.At
		}
	}
	return time.Time{}
}

// Repositories with much to do and one with little take turns.
func TestTurnsAreFair(t *testing.T) {
	var p purse
	type job struct {
		name string
		left int
		at   time.Time
	}
	jobs := []job{{name: "little", left: 12, at: noon.Add(3 * time.Second)}}
	for i := range 8 {
		jobs = append(jobs, job{name: fmt.Sprint(i), left: 300, at: noon.Add(time.Duration(i) * time.Millisecond)})
	}
	done := map[string]time.Time{}
	for len(jobs) > 0 {
		slices.SortStableFunc(jobs, func(a, b job) int { return a.at.Compare(b.at) })
		j := &jobs[0]
		at := j.at
		for j.left > 0 {
			if later := p.write(at, j.name, rankRest); later != nil {
				j.at = later.At
				break
			}
			j.left--
		}
		if j.left == 0 {
			p.leave(j.name)
			done[j.name] = at
			jobs = jobs[1:]
		}
	}
	if took := done["little"].Sub(noon); took > 5*time.Minute {
		t.Errorf("twelve writes took %s beside repositories with hundreds", took)
	}
	var ends []time.Time
	for i := range 8 {
		ends = append(ends, done[fmt.Sprint(i)])
	}
	first, last := slices.MinFunc(ends, time.Time.Compare), slices.MaxFunc(ends, time.Time.Compare)
	if last.Sub(first) > 30*time.Minute {
		t.Errorf("the first ended at %s, the last at %s", first, last)
	}
	// 2412 writes: 500 at once or nearly so, then 500 an hour.
	if last.Sub(noon) > 5*time.Hour {
		t.Errorf("the last ended at %s", last)
	}
}

// What people wait for stands in no line, and pull requests come before the rest.
func TestPeopleComeFirst(t *testing.T) {
	var p purse
	spend(&p, noon, "a", 1000)
	spend(&p, noon, "b", 1000)
	if later := p.write(noon, "c", rankPeople); later != nil {
		t.Errorf("a reply waits until %s", later)
	}
	rest, pulls := p.write(noon, "d", rankRest), p.write(noon, "e", rankPulls)
	if pulls == nil || !pulls.At.Before(rest.At) {
		t.Errorf("a pull request waits until %s, the rest until %s", pulls, rest)
	}
}

// A repository that is gone, or late, holds nobody up for long; and when it comes, it is
// its turn all the same.
func TestPlaceIsKeptForWhoIsLate(t *testing.T) {
	var p purse
	at := spend(&p, noon, "late", 1000)
	if later := p.write(at, "next", rankRest); later == nil {
		t.Fatal("the turn of another was taken")
	}
	now := at.Add(awaited + time.Millisecond)
	if at := spend(&p, now, "next", 1000); at.IsZero() {
		t.Fatal("the budget has no end")
	}
	if p.place("late") != 0 {
		t.Fatalf("who is late lost its place: %+v", p.Line)
	}
	waits := spend(&p, now, "late", 1000).Sub(now)
	if other := spend(&p, now, "next", 1000).Sub(now); waits > writeBurst*writeEvery || other < waits {
		t.Errorf("who was late waits another %s, who came after it %s", waits, other)
	}
	p.forget(now.Add(2 * lapse))
	if len(p.Line) > 0 || len(p.Turns) > 0 {
		t.Errorf("what nobody comes for is kept: %+v, %+v", p.Line, p.Turns)
	}
}

// GitHub's own word counts for every process.
func TestHeldPurseGivesNothing(t *testing.T) {
	var p purse
	p.hold(noon, noon.Add(time.Hour), true)
	p.hold(noon, noon.Add(time.Minute), true)
	if later := p.write(noon, "a", rankPeople); later == nil || !later.At.Equal(noon.Add(time.Hour)) || later.Own {
		t.Errorf("writes wait until %s", later)
	}
	if later := p.points(noon, "a"); later == nil || !later.At.Equal(noon.Add(time.Hour)) || later.Own {
		t.Errorf("reads wait until %s", later)
	}
}

// Who waits to begin comes in the order in which it came to wait; before it who has a
// turn to write, and whom a person called.
func TestReadersComeInTheirOrder(t *testing.T) {
	var p purse
	for p.points(noon, "busy") == nil {
	}
	spend(&p, noon, "writer", 1000)
	const many = 100
	var told []time.Time
	for i := range many {
		told = append(told, p.begin(noon, fmt.Sprint(i), false).At)
	}
	last := told[many-1]
	if !slices.IsSortedFunc(told, time.Time.Compare) || last.Sub(told[0]) < time.Minute || last.Sub(noon) > 3*time.Minute {
		t.Fatalf("they are told %s to %s", told[0], last)
	}
	if writer := p.begin(noon, "writer", false).At; writer.After(told[0]) {
		t.Errorf("who has a turn to write is told %s", writer)
	}
	now := told[0]
	if later := p.begin(now, "new", false); later == nil || later.At.Before(last) {
		t.Errorf("a new one may begin before others: %v", later)
	}
	if later := p.begin(now, fmt.Sprint(many-1), false); later != nil { // sooner than it was told
		t.Errorf("a person waits until %s", later.At)
	}
	for _, first := range []string{"writer", "busy"} {
		if later := p.begin(now, first, first == "busy"); later != nil {
			t.Errorf("%s is put off until %s", first, later.At)
		}
	}
	for i, at := range told[:many-1] {
		now = latest(now, at)
		if later := p.begin(now, fmt.Sprint(i), i%8 > 0); later != nil {
			t.Errorf("%d comes at %s and is put off until %s", i, now, later.At)
		}
	}
}

// One that answers a person keeps its place for the rest.
func TestAnsweringLosesNoPlace(t *testing.T) {
	var p purse
	spend(&p, noon, "a", 1000)
	spend(&p, noon.Add(time.Millisecond), "b", 1000)
	spend(&p, noon.Add(2*time.Millisecond), "c", 1000)
	was := p.place("b")
	now := noon
	for p.write(now, "b", rankPeople) == nil {
	}
	if p.place("b") != 0 {
		t.Fatalf("who answers stands behind others: %+v", p.Line)
	}
	if later := p.write(now.Add(4*time.Second), "b", rankPeople); later != nil {
		t.Fatalf("the answer waits until %s", later.At)
	}
	if p.place("b") != was {
		t.Errorf("it stood at %d, now at %d", was, p.place("b"))
	}
}

// No more than so many requests are under way at once, and one write.
func TestRequestsAtOnceAreBounded(t *testing.T) {
	request := func(ctx context.Context, method string) *http.Request {
		req, err := http.NewRequestWithContext(ctx, method, "https://hub.example/repos/acme/shop/issues/3", nil)
		if err != nil {
			t.Fatal(err)
		}
		return req
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	p := newPace(7, &memory{}, func() time.Time { return noon })
	endWrite, err := p.enter(request(t.Context(), http.MethodPost))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.enter(request(over, http.MethodPost)); !errors.Is(err, context.Canceled) {
		t.Fatalf("a second write: %v", err)
	}
	for range atOnce - 1 {
		if _, err := p.enter(request(t.Context(), http.MethodGet)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := p.enter(request(over, http.MethodGet)); !errors.Is(err, context.Canceled) {
		t.Fatalf("one read more: %v", err)
	}
	endWrite()
	if _, err := p.enter(request(t.Context(), http.MethodPost)); err != nil {
		t.Fatalf("after another ended: %v", err)
	}
}

// A clock that was a day ahead for a minute put an installation to sleep for that day.
func TestAClockThatWasAheadIsForgotten(t *testing.T) {
	var p purse
	tomorrow := noon.Add(24 * time.Hour)
	for p.points(tomorrow, "a") == nil { // until the minute's is used up
	}
	for p.write(tomorrow, "a", rankPeople) == nil {
	}
	p.hold(tomorrow, tomorrow.Add(time.Hour), true)
	if later := p.points(noon, "a"); later != nil {
		t.Errorf("reads wait until %s", later)
	}
	if later := p.write(noon, "a", rankPeople); later != nil {
		t.Errorf("writes wait until %s", later)
	}
	if later := p.write(noon, "a", rankPeople); later != nil || len(p.Writes) != 2 {
		t.Errorf("writes are not counted any more: %d, %v", len(p.Writes), later)
	}
}

package forge

import (
	"fmt"
	"math/rand/v2"
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
			if p.points(now, 0) == nil {
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
		for i := range turnWrites {
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

// A repository that is gone holds nobody up for long.
func TestTurnLapses(t *testing.T) {
	var p purse
	at := spend(&p, noon, "gone", 1000)
	if later := p.write(at, "next", rankRest); later == nil {
		t.Fatal("the turn of another was taken")
	}
	if later := p.write(at.Add(turnLapse+time.Millisecond), "next", rankRest); later != nil {
		t.Errorf("it waits for who does not come until %s", later)
	}
}

// GitHub's own word counts for every process.
func TestHeldPurseGivesNothing(t *testing.T) {
	var p purse
	p.hold(noon.Add(time.Hour))
	p.hold(noon.Add(time.Minute))
	if later := p.write(noon, "a", rankPeople); later == nil || !later.At.Equal(noon.Add(time.Hour)) || later.Own {
		t.Errorf("writes wait until %s", later)
	}
	if later := p.points(noon, 0); later == nil || !later.At.Equal(noon.Add(time.Hour)) || later.Own {
		t.Errorf("reads wait until %s", later)
	}
}

// Who waits for points is told different times.
func TestReadersComeOneAfterTheOther(t *testing.T) {
	var p purse
	for p.points(noon, 0) == nil {
	}
	before := time.Time{}
	for range 5 {
		at := p.points(noon, 0).At
		if !at.After(before) {
			t.Fatalf("%s after %s", at, before)
		}
		before = at
	}
}

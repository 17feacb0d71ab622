package forge

import (
	"slices"
	"time"
)

// since is the times after another one, which are in order.
func since(times []int64, after time.Time) []int64 {
	i, _ := slices.BinarySearch(times, after.UnixMilli()+1)
	return times[i:]
}

// upTo is the times up to another one, in order.
func upTo(times []int64, last time.Time) []int64 {
	times = slices.DeleteFunc(slices.Clone(times), func(at int64) bool { return at > last.UnixMilli() })
	slices.Sort(times)
	return times
}

// room is how many writes may be made now.
func (p *purse) room(now time.Time) int {
	lacking := max(p.full().Sub(now), 0)
	bucket := writeBurst - int((lacking+writeEvery-1)/writeEvery)
	minute := writesPerMinute - len(since(p.Writes, now.Add(-time.Minute-margin)))
	return max(min(bucket, minute, writesPerHour-len(p.Writes)), 0)
}

// when is the time at which so many writes may be made at once after others have
// made theirs as fast as they may.
func (p *purse) when(now time.Time, ahead, writes int) time.Time {
	times, full := slices.Clone(p.Writes), p.full()
	for range min(ahead, 4*writesPerHour) {
		now = soonest(times, full, now, 1)
		full = latest(full, now).Add(writeEvery)
		times = append(times, now.UnixMilli())
	}
	return soonest(times, full, now, writes)
}

// full is when the bucket of writes is full again. After GitHub refused, it is empty.
func (p *purse) full() time.Time {
	var full time.Time
	if p.Held > 0 {
		full = time.UnixMilli(p.Held).Add(writeBurst * writeEvery)
	}
	for _, at := range p.Writes[max(0, len(p.Writes)-writesPerMinute-writeBurst):] {
		if at > p.Held || p.Held == 0 {
			full = latest(full, time.UnixMilli(at)).Add(writeEvery)
		}
	}
	return full
}

// soonest is the first time, from one on, at which n writes may be made at once.
func soonest(writes []int64, full, from time.Time, n int) time.Time {
	at := latest(from, full.Add(-time.Duration(writeBurst-n)*writeEvery))
	for _, window := range []struct {
		length time.Duration
		limit  int
	}{{time.Minute, writesPerMinute}, {time.Hour, writesPerHour}} {
		if out := len(writes) - 1 - (window.limit - n); out >= 0 { // this one must count no more
			at = latest(at, time.UnixMilli(writes[out]).Add(window.length+margin))
		}
	}
	return at
}

package forge

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

const (
	headerLimit      = "X-Ratelimit-Limit"
	headerResource   = "X-Ratelimit-Resource"
	headerRemaining  = "X-Ratelimit-Remaining"
	headerReset      = "X-Ratelimit-Reset"
	headerSetAside   = "X-Hotfix-Reset"
	headerRetryAfter = "Retry-After"
)

// backOff is the wait when GitHub names none: "at least one minute"
// (docs.github.com, "Rate limits for the REST API").
const backOff = time.Minute

// limited tells whether an answer means that a budget is used up, primary or
// secondary, and until when. GitHub answers 403 or 429 for either. complaint is
// the answer's body; named is whether GitHub named the time.
func limited(resp *http.Response, complaint []byte, now time.Time) (later *hotfix.Later, named bool) {
	if resp.StatusCode != http.StatusForbidden && resp.StatusCode != http.StatusTooManyRequests {
		return nil, false
	}
	at, named := waitUntil(resp.Header, now)
	if !named {
		if resp.StatusCode == http.StatusForbidden && !aboutLimits(complaint) {
			return nil, false
		}
		at = now.Add(backOff)
	}
	return &hotfix.Later{At: at, Why: fmt.Sprintf("GitHub's rate limit is used up (%d)", resp.StatusCode)}, named
}

// waitUntil reads the two ways in which GitHub says when to come back:
// Retry-After, else X-RateLimit-Reset when nothing remains.
func waitUntil(header http.Header, now time.Time) (time.Time, bool) {
	if seconds, err := strconv.Atoi(header.Get(headerRetryAfter)); err == nil {
		return now.Add(max(time.Duration(seconds)*time.Second, time.Second)), true
	}
	if header.Get(headerRemaining) != "0" {
		return time.Time{}, false
	}
	reset, err := strconv.ParseInt(resetOf(header), 10, 64)
	if err != nil {
		return time.Time{}, false
	}
	if at := time.Unix(reset, 0); at.After(now) {
		return at, true
	}
	return now.Add(backOff), true
}

// aboutLimits tells a secondary limit by the page that the answer points to, the
// only machine-readable sign when there is no Retry-After.
func aboutLimits(complaint []byte) bool {
	var answer struct {
		Page string `json:"documentation_url"`
	}
	if json.Unmarshal(complaint, &answer) != nil {
		return false
	}
	return strings.HasSuffix(answer.Page, "secondary-rate-limits") || strings.HasSuffix(answer.Page, "#abuse-rate-limits")
}

// setResetAside hides the reset time from go-github, which would hold requests back
// on its own, by the machine's clock and in an error of its own; wire does that.
func setResetAside(header http.Header) {
	if reset := header.Get(headerReset); reset != "" {
		header.Set(headerSetAside, reset)
		header.Del(headerReset)
	}
}

func resetOf(header http.Header) string {
	if reset := header.Get(headerReset); reset != "" {
		return reset
	}
	return header.Get(headerSetAside)
}

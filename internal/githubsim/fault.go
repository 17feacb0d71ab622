package githubsim

import (
	"net/http"
	"strconv"
	"time"
)

// Fault is what goes wrong with one request. The zero Fault is no fault.
type Fault struct {
	// Drop closes the connection without an answer, before anything happened.
	Drop bool
	// Lose lets the request have its effect and then closes the connection.
	Lose bool
	// Status, if not 0, is answered at once, with Header and Body; nothing happens.
	Status int
	Header http.Header
	Body   string
}

// complain is an answer of GitHub's that says no. page is its documentation_url's end.
func complain(status int, message, page string, header http.Header) Fault {
	if header == nil {
		header = http.Header{}
	}
	header.Set("Content-Type", "application/json; charset=utf-8")
	return Fault{Status: status, Header: header, Body: `{"message":"` + message + `","documentation_url":"` + docs + page +
		`","status":"` + strconv.Itoa(status) + `"}`}
}

// BadGateway is what stands before GitHub saying that GitHub did not answer: no JSON.
func BadGateway() Fault {
	return Fault{Status: http.StatusBadGateway, Header: http.Header{"Content-Type": {"text/html"}}, Body: "<html><h1>502 Bad Gateway</h1></html>"}
}

// ServerError is GitHub failing before it did anything.
func ServerError() Fault { return complain(http.StatusInternalServerError, "Server Error", "", nil) }

// BadCredentials is the answer to a token that has expired or was revoked.
func BadCredentials() Fault { return complain(http.StatusUnauthorized, "Bad credentials", "", nil) }

// NotFound is the answer to a read that comes before the thing is everywhere.
func NotFound() Fault { return complain(http.StatusNotFound, "Not Found", "", nil) }

// SecondaryLimit refuses for a secondary limit; after is what it says of when to come back,
// and 0 says nothing.
func SecondaryLimit(after time.Duration) Fault {
	header := http.Header{"X-Ratelimit-Remaining": {"4000"}}
	if after > 0 {
		header.Set("Retry-After", strconv.Itoa(int(after.Seconds())))
	}
	return complain(http.StatusForbidden, "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
		"/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits", header)
}

// UsedUp refuses because nothing is left of the hour's requests until reset.
func UsedUp(reset time.Time) Fault {
	return complain(http.StatusTooManyRequests, "API rate limit exceeded.", "/overview/rate-limits-for-the-rest-api",
		http.Header{"X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Reset": {strconv.FormatInt(reset.Unix(), 10)}})
}

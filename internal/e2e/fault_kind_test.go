package e2e_test

import (
	"net/http"
	"strings"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/githubsim"
)

// kind is a way in which one request to GitHub, or one commit of the database, can
// go wrong.
type kind string

// What can go wrong with a request. A lost answer comes after the effect.
const (
	dropped     kind = "connection lost before"
	lostAnswer  kind = "answer lost after the effect"
	serverError kind = "500"
	badGateway  kind = "502"
	limitedFor  kind = "403 secondary limit, retry-after"
	limited     kind = "403 secondary limit"
	usedUp      kind = "429 remaining 0"
	expired     kind = "401 expired token"
	stale       kind = "404 stale read"
	staleList   kind = "304 stale list"
	killedFirst kind = "killed before"
	killedAfter kind = "killed after"
	uncommitted kind = "commit fails"
)

// requestKinds are those that any request of the bot can meet, commitKinds those of
// a commit.
var (
	requestKinds = []kind{dropped, lostAnswer, serverError, badGateway, limitedFor, limited, usedUp, expired, killedFirst, killedAfter}
	commitKinds  = []kind{uncommitted, killedFirst, killedAfter}
)

// kindsOf are the ways in which a call can go wrong. Only a read is stale: what is there
// is missing, or is as it was when it was read before.
func kindsOf(call string) []kind {
	switch {
	case strings.HasPrefix(call, "commit "):
		return commitKinds
	case strings.HasPrefix(call, "GET "):
		kinds := append(requestKinds[:len(requestKinds):len(requestKinds)], stale)
		if !strings.Contains(call, ".git/") { // git asks for no changes since
			kinds = append(kinds, staleList)
		}
		return kinds
	}
	return requestKinds
}

// How long things last on the story's clock.
const (
	retryAfter = time.Minute
	usedUpFor  = 20 * time.Minute
	staleFor   = 20 * time.Second
)

// strike is what the struck request meets. The lock is held.
func (t *trip) strike(r *http.Request) githubsim.Fault {
	switch t.cell.kind {
	case dropped:
		return githubsim.Fault{Drop: true}
	case lostAnswer:
		return githubsim.Fault{Lose: true}
	case serverError:
		return githubsim.ServerError()
	case badGateway:
		return githubsim.BadGateway()
	case limitedFor:
		return githubsim.SecondaryLimit(retryAfter)
	case limited:
		return githubsim.SecondaryLimit(0)
	case usedUp:
		return githubsim.UsedUp(t.now().Add(usedUpFor))
	case expired:
		if secret := secretOf(r.Header); strings.HasPrefix(secret, "ghs_") {
			t.expired = secret
		}
		return githubsim.BadCredentials()
	case stale:
		t.stalePath, t.staleUntil = r.URL.Path, t.now().Add(staleFor)
		return githubsim.NotFound()
	case staleList:
		t.stalePath, t.staleUntil = r.URL.Path, t.now().Add(staleFor)
		return unchanged(r)
	case killedFirst:
		t.kill()
		return githubsim.Fault{Drop: true}
	case killedAfter:
		t.kill()
		return githubsim.Fault{Lose: true}
	}
	return githubsim.Fault{}
}

// unchanged answers that nothing has changed since it was asked for last, if it was.
func unchanged(r *http.Request) githubsim.Fault {
	if tag := r.Header.Get("If-None-Match"); tag != "" {
		return githubsim.Fault{Status: http.StatusNotModified, Header: http.Header{"Etag": {tag}}}
	}
	return githubsim.Fault{}
}

package forge_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

const pullJSON = `{"number":34,"state":"closed","title":"Fix the cart","body":"Fixes #12","html_url":"https://hub.example/acme/shop/pull/34",
 "user":{"login":"alice","id":9},"draft":false,"merged_at":"2030-05-01T00:00:00Z","merged":true,"merged_by":{"login":"bob"},
 "merge_commit_sha":"%[1]s","labels":[{"name":"Hotfix"}],"milestone":{"number":3},
 "created_at":"2030-04-01T00:00:00Z","updated_at":"2030-05-02T00:00:00Z",
 "head":{"ref":"hotfix/cart","sha":"%[2]s","repo":{"id":200,"owner":{"login":"alice"}}},
 "base":{"ref":"main","sha":"%[1]s","repo":{"id":100,"owner":{"login":"acme"}}}}`

var (
	oidA = hotfix.OID(strings.Repeat("a", 40))
	oidB = hotfix.OID(strings.Repeat("b", 40))
)

func TestPull(t *testing.T) {
	h := newHub(t)
	h.on("GET "+shop+"/pulls/34", says(200, fmt.Sprintf(pullJSON, oidA, oidB)))
	got, err := h.repo().Pull(t.Context(), 34)
	if err != nil {
		t.Fatal(err)
	}
	want := hotfix.Pull{
		Number: 34, Title: "Fix the cart", Body: "Fixes #12", URL: "https://hub.example/acme/shop/pull/34",
		Author: "alice", AuthorID: 9, Head: "hotfix/cart", HeadOwner: "alice", HeadOID: oidB, Fork: true,
		Base: "main", BaseOID: oidA, Merged: true, MergedAt: time.Date(2030, 5, 1, 0, 0, 0, 0, time.UTC), MergedBy: "bob",
		Landed: oidA, Labels: []string{"Hotfix"}, Milestone: 3,
		CreatedAt: time.Date(2030, 4, 1, 0, 0, 0, 0, time.UTC), UpdatedAt: time.Date(2030, 5, 2, 0, 0, 0, 0, time.UTC),
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// TestPullWithoutItsFork: a deleted fork leaves no head repository, and the commit
// of a test merge is no landing.
func TestPullWithoutItsFork(t *testing.T) {
	h := newHub(t)
	h.on("GET "+shop+"/pulls/34", says(200, `{"number":34,"state":"open","merge_commit_sha":"`+string(oidA)+`",
	  "user":{"login":"hotfixbot[bot]","id":41},"head":{"ref":"x","repo":null},"base":{"ref":"main","repo":{"id":100}}}`))
	got, err := h.repo().Pull(t.Context(), 34)
	if err != nil || !got.Fork || got.HeadOwner != "" || got.Landed != "" || !got.Open || !got.ByBot {
		t.Errorf("got %+v, %v", got, err)
	}
}

// TestPullsStopAtSince: pages end with the first that is older, and a pull request
// that shifted between pages is listed once.
func TestPullsStopAtSince(t *testing.T) {
	h := newHub(t)
	since := time.Date(2030, 5, 1, 12, 0, 0, 500, time.UTC)
	page := func(from int, at time.Time) string {
		list := []string{}
		for i := range 100 {
			list = append(list, fmt.Sprintf(`{"number":%d,"updated_at":%q}`, from+i, at.Format(time.RFC3339)))
		}
		return "[" + strings.Join(list, ",") + "]"
	}
	h.on("GET "+shop+"/pulls", inTurn(
		says(200, page(1, since.Add(time.Hour))),
		says(200, page(100, since.Truncate(time.Second))), // #100 again
		says(200, page(200, since.Add(-time.Hour))),
	))
	pulls, err := h.repo().Pulls(t.Context(), since)
	if err != nil || len(pulls) != 199 {
		t.Errorf("got %d pulls (%v), want 199", len(pulls), err)
	}
	if sent := h.sent("GET " + shop + "/pulls"); len(sent) != 3 || sent[2].query != "direction=desc&page=3&per_page=100&sort=updated&state=all" {
		t.Errorf("asked %d pages", len(sent))
	}
}

// TestPullCommitsSayWhenTheyAreCut: 250 are all, or only the first.
func TestPullCommitsSayWhenTheyAreCut(t *testing.T) {
	list := strings.TrimSuffix(strings.Repeat(`{"sha":"`+string(oidA)+`","parents":[{"sha":"`+string(oidB)+`"}],
	  "commit":{"message":"m","tree":{"sha":"t"},"author":{"name":"alice"},"committer":{"name":"bob","date":"2030-05-01T00:00:00Z"}}},`, 100), ",")
	half := list[:len(list)/2]
	for count, want := range map[int]bool{250: false, 251: true} {
		h := newHub(t)
		h.on("GET "+shop+"/pulls/34/commits", inTurn(says(200, "["+list+"]"), says(200, "["+list+"]"), says(200, "["+strings.TrimSuffix(half, ",")+"]")))
		h.on("GET "+shop+"/pulls/34", says(200, fmt.Sprintf(`{"number":34,"commits":%d}`, count)))
		commits, cut, err := h.repo().PullCommits(t.Context(), 34)
		if err != nil || len(commits) != 250 || cut != want {
			t.Fatalf("got %d commits, cut %v, %v; want cut %v", len(commits), cut, err, want)
		}
		first := hotfix.Commit{
			OID: oidA, Tree: "t", Parents: []hotfix.OID{oidB}, AuthorName: "alice", CommitterName: "bob",
			CommittedAt: time.Date(2030, 5, 1, 0, 0, 0, 0, time.UTC), Message: "m",
		}
		if !reflect.DeepEqual(commits[0], first) {
			t.Errorf("got %+v", commits[0])
		}
	}
}

// TestPullTellsWhoIsAskedForIt: people by login, teams with their organisation.
func TestPullTellsWhoIsAskedForIt(t *testing.T) {
	h := newHub(t)
	h.on("GET "+shop+"/pulls/34", says(200, `{"number":34,"assignees":[{"login":"alice"}],"requested_reviewers":[{"login":"bob"}],"requested_teams":[{"slug":"shops"}]}`))
	got, err := h.repo().Pull(t.Context(), 34)
	if err != nil || !reflect.DeepEqual(got.Assignees, []string{"alice"}) || !reflect.DeepEqual(got.Reviewers, []string{"bob", "acme/shops"}) {
		t.Errorf("got %+v, %v", got, err)
	}
}

// TestApprovers: a person's last verdict counts, and a comment is none.
func TestApprovers(t *testing.T) {
	h := newHub(t)
	h.on("GET "+shop+"/pulls/34/reviews", says(200, `[
	  {"user":{"login":"alice"},"state":"APPROVED"}, {"user":{"login":"bob"},"state":"APPROVED"},
	  {"user":{"login":"carol"},"state":"CHANGES_REQUESTED"}, {"user":null,"state":"APPROVED"},
	  {"user":{"login":"alice"},"state":"COMMENTED"}, {"user":{"login":"bob"},"state":"CHANGES_REQUESTED"},
	  {"user":{"login":"carol"},"state":"APPROVED"}, {"user":{"login":"dave"},"state":"DISMISSED"},
	  {"user":{"login":"erin"},"state":"COMMENTED"}]`))
	got, err := h.repo().Approvers(t.Context(), 34)
	if want := []string{"alice", "carol"}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, %v; want %v", got, err, want)
	}
}

// TestOpenPullFindsTheOneThatExists, of the same branches and not of a fork; and
// without one GitHub's reason is told.
func TestOpenPullFindsTheOneThatExists(t *testing.T) {
	h := newHub(t)
	const opening = "POST " + shop + "/pulls"
	const refusal = `{"message":"Validation Failed","errors":[{"resource":"PullRequest","code":"custom","message":"No commits between dev and x"}]}`
	h.on(opening, says(422, refusal))
	h.on("GET "+shop+"/pulls", inTurn(
		says(200, `[{"number":40,"head":{"ref":"x","repo":{"id":200}},"base":{"ref":"dev"}},{"number":41,"head":{"ref":"x","repo":{"id":100}},"base":{"ref":"dev"}}]`),
		says(200, `[]`),
		says(500, `{}`),
	))
	repo := h.repo()
	wanted := hotfix.NewPull{Head: "x", Base: "dev", Title: "t", Body: "b", Draft: true}
	if pull, err := repo.OpenPull(t.Context(), wanted); err != nil || pull.Number != 41 {
		t.Errorf("got %+v, %v", pull, err)
	}
	if query := h.sent("GET " + shop + "/pulls")[0].query; !strings.Contains(query, "head=acme%3Ax") || !strings.Contains(query, "base=dev") {
		t.Errorf("asked %s", query)
	}
	if got := h.bodyOf(opening); got["draft"] != true || got["head"] != "x" || got["base"] != "dev" {
		t.Errorf("sent %v", got)
	}
	_, err := repo.OpenPull(t.Context(), wanted)
	if fateOf(err, h.clock()) != "refusal" || !strings.Contains(err.Error(), "opening a pull request from x to dev") ||
		!strings.Contains(err.Error(), "No commits between dev and x") {
		t.Errorf("got %v", err)
	}
	if _, err := repo.OpenPull(t.Context(), wanted); fateOf(err, h.clock()) != "plain" {
		t.Errorf("got %v, want that it is not known", err)
	}
}

// TestReviewersWhoCannotAreLeftOut: together, then one by one.
func TestReviewersWhoCannotAreLeftOut(t *testing.T) {
	h := newHub(t)
	route := "POST " + shop + "/pulls/34/requested_reviewers"
	h.on(route, inTurn(says(422, `{}`), says(422, `{}`), says(201, `{}`), says(201, `{}`)))
	repo := h.repo()
	if _, err := repo.RequestReview(t.Context(), 34, []string{"alice", "bob", "acme/core"}); err != nil {
		t.Error(err)
	}
	want := []string{
		`{"reviewers":["alice","bob"],"team_reviewers":["core"]}`,
		`{"reviewers":["alice"]}`, `{"reviewers":["bob"]}`, `{"team_reviewers":["core"]}`,
	}
	for i, sent := range h.sent(route) {
		if strings.TrimSpace(sent.body) != want[i] {
			t.Errorf("sent %s, want %s", sent.body, want[i])
		}
	}
	h.on(route, says(403, `{"message":"no"}`))
	if _, err := repo.RequestReview(t.Context(), 34, []string{"alice", "bob"}); fateOf(err, h.clock()) != "refusal" {
		t.Errorf("got %v", err)
	}
	if _, err := repo.RequestReview(t.Context(), 34, nil); err != nil || len(h.sent(route)) != 5 {
		t.Errorf("nobody was asked for: %v", err)
	}
}

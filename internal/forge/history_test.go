package forge_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

func TestHistory(t *testing.T) {
	h := newHub(t)
	route := "GET " + shop + "/commits"
	h.on(route, says(200, `[{"sha":"`+string(oidA)+`","parents":[{"sha":"`+string(oidB)+`"}],"author":{"login":"alice"},
	  "commit":{"message":"m","tree":{"sha":"t"},"author":{"name":"Alice","email":"a@example.com"},
	   "committer":{"name":"Bob","email":"b@example.com","date":"2030-05-01T00:00:00Z"}}},
	  {"sha":"`+string(oidB)+`","author":null,"commit":{"message":"n"}}]`))
	repo := h.repo()
	got, err := repo.History(t.Context(), oidA, "cart/total.txt", 30)
	want := []hotfix.Commit{{
		OID: oidA, Tree: "t", Parents: []hotfix.OID{oidB}, AuthorName: "Alice", AuthorEmail: "a@example.com", AuthorLogin: "alice",
		CommitterName: "Bob", CommitterEmail: "b@example.com", CommittedAt: time.Date(2030, 5, 1, 0, 0, 0, 0, time.UTC), Message: "m",
	}, {OID: oidB, Message: "n"}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
	if query := h.sent(route)[0].query; query != "path=cart%2Ftotal.txt&per_page=30&sha="+string(oidA) {
		t.Errorf("asked %s", query)
	}
	if _, err := repo.History(t.Context(), oidA, "", 1000); err != nil {
		t.Error(err)
	}
	if query := h.sent(route)[1].query; query != "per_page=100&sha="+string(oidA) {
		t.Errorf("asked %s", query)
	}
	h.on(route, says(404, `{"message":"Not Found"}`))
	if _, err := repo.History(t.Context(), oidA, "", 1); fateOf(err, h.clock()) != "gone: commit aaaaaaa" {
		t.Errorf("got %v", err)
	}
}

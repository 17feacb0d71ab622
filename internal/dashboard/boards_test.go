package dashboard_test

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

func TestBoardsAsJSON(t *testing.T) {
	board := shop()
	got := get(t, pages(t, config(shelf{boards: []hotfix.Board{board}})), http.MethodGet, "/api/v1/boards")
	if got.status != http.StatusOK || got.header.Get("Content-Type") != "application/json; charset=utf-8" {
		t.Fatalf("%d %v", got.status, got.header)
	}
	var answer struct{ Boards []hotfix.Board }
	if err := json.Unmarshal([]byte(got.body), &answer); err != nil {
		t.Fatal(err)
	}
	board.Applications = []string{}
	for i := range board.Hotfixes {
		board.Hotfixes[i].Landed.Picks = []hotfix.Pick{}
	}
	if !reflect.DeepEqual(answer.Boards, []hotfix.Board{board}) {
		t.Errorf("got %+v", answer.Boards)
	}
}

func TestEmptyListsAreNotNull(t *testing.T) {
	for _, boards := range [][]hotfix.Board{nil, {{Name: "acme/shop"}}, {{Name: "acme/shop", Hotfixes: []hotfix.Status{{}}}}} {
		if got := get(t, pages(t, config(shelf{boards: boards})), http.MethodGet, "/api/v1/boards"); strings.Contains(got.body, "null") {
			t.Error(got.body)
		}
	}
}

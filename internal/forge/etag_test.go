package forge_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestAnswersAreRevalidated: the second read costs nothing and gives the same.
func TestAnswersAreRevalidated(t *testing.T) {
	h := newHub(t)
	route := "GET " + shop + "/pulls/34"
	h.on(route, inTurn(
		says(200, `{"number":34,"title":"one"}`, `ETag: W/"a"`),
		says(304, ``, `ETag: W/"a"`),
		says(200, `{"number":34,"title":"two"}`, `ETag: W/"b"`),
		says(304, ``),
	))
	repo := h.repo()
	for i, want := range []struct{ title, asked string }{
		{"one", ""}, {"one", `W/"a"`}, {"two", `W/"a"`}, {"two", `W/"b"`},
	} {
		pull, err := repo.Pull(t.Context(), 34)
		if err != nil {
			t.Fatal(err)
		}
		if asked := h.sent(route)[i].header.Get("If-None-Match"); pull.Title != want.title || asked != want.asked {
			t.Errorf("read %d: got %q with If-None-Match %q, want %+v", i, pull.Title, asked, want)
		}
	}
}

// TestAFullPageIsNotTheLast: the kept first page has no link to a second one that
// began since.
func TestAFullPageIsNotTheLast(t *testing.T) {
	h := newHub(t)
	count := 100
	h.on("GET "+shop+"/issues/comments", func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Query().Get("page") == "2":
			says(200, comments(100, count))(w, r)
		case r.Header.Get("If-None-Match") != "":
			says(304, ``)(w, r)
		default:
			says(200, comments(0, 100), `ETag: "first"`)(w, r)
		}
	})
	repo := h.repo()
	for _, count = range []int{100, 101} {
		got, err := repo.Comments(t.Context(), time.Time{})
		if err != nil || len(got) != count {
			t.Errorf("got %d comments (%v), want %d", len(got), err, count)
		}
	}
}

func comments(from, to int) string {
	list := []string{}
	for i := from; i < to; i++ {
		list = append(list, fmt.Sprintf(`{"id":%d,"issue_url":"https://api.github.com/repos/acme/shop/issues/12"}`, i))
	}
	return "[" + strings.Join(list, ",") + "]"
}

// TestLargeAnswersPass whole, though they are not kept.
func TestLargeAnswersPass(t *testing.T) {
	h := newHub(t)
	body := strings.Repeat("x", 3<<20)
	quoted, _ := json.Marshal(body)
	route := "GET " + shop + "/pulls/34"
	h.on(route, says(200, `{"number":34,"body":`+string(quoted)+`}`, `ETag: "big"`))
	repo := h.repo()
	for range 2 {
		pull, err := repo.Pull(t.Context(), 34)
		if err != nil || pull.Body != body {
			t.Fatalf("got %d bytes, %v", len(pull.Body), err)
		}
	}
	if asked := h.sent(route)[1].header.Get("If-None-Match"); asked != "" {
		t.Errorf("a large answer was kept: %s", asked)
	}
}

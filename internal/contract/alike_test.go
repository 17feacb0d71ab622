package contract

import "testing"

func TestAlike(t *testing.T) {
	same := [][2]string{
		{`{"id":7,"sha":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}`, `{"sha":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb","id":9}`},
		{`{"at":"2026-01-02T03:04:05Z"}`, `{"at":"2025-01-02T03:04:06Z"}`},
		{`{"body":"some words of a person"}`, `{"body":"other words of another person"}`},
		{`[{"a":1},{"a":2},{"a":3}]`, `[{"a":4},{"a":5}]`},
		{`{"u":"https://x.example/a"}`, `{"u":"https://x.example/b?c=d"}`},
	}
	for _, c := range same {
		if a, b := string(alike([]byte(c[0]))), string(alike([]byte(c[1]))); a != b {
			t.Errorf("%s and %s are judged apart: %s, %s", c[0], c[1], a, b)
		}
	}
	apart := [][2]string{
		{`{"state":"open"}`, `{"state":"opened"}`},
		{`{"a":1}`, `{"a":-1}`},
		{`{"a":0}`, `{"a":1}`},
		{`{"a":1}`, `{"a":"1"}`},
		{`{"a":null}`, `{"a":false}`},
		{`{"a":1}`, `{"b":1}`},
		{`[]`, `[{"a":1}]`},
		{`[{"a":1}]`, `[{"a":"x"}]`},
		{`{"sha":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}`, `{"sha":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}`},
		{`{"at":"2026-01-02T03:04:05Z"}`, `{"at":"2026-01-02 03:04:05"}`},
		{`{"u":"https://x.example/a"}`, `{"u":"https://x.example/{a}"}`},
		{`{"m":"a@example.com"}`, `{"m":"1+a[bot]@example.com"}`},
		{`nonsense`, `other nonsense`},
	}
	for _, c := range apart {
		if a, b := string(alike([]byte(c[0]))), string(alike([]byte(c[1]))); a == b {
			t.Errorf("%s and %s are judged as one: %s", c[0], c[1], a)
		}
	}
	if alikePath("/repos/a/b/issues/7/comments?per_page=100") != alikePath("/repos/a/b/issues/12/comments?per_page=100") {
		t.Error("paths that differ by a number are judged apart")
	}
	if alikePath("/repos/a/b/issues?per_page=100") == alikePath("/repos/a/b/issues?per_page=30") {
		t.Error("what a parameter says is not judged")
	}
}

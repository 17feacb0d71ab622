package pinned_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/contract/pinned"
)

// Without the descriptions a test must fail with the remedy, in one line.
func TestMissing(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	_, err := pinned.Read(pinned.REST)
	if err == nil || !strings.Contains(err.Error(), "run `make setup`") || strings.Contains(err.Error(), "\n") {
		t.Errorf("error %v", err)
	}
}

func TestDir(t *testing.T) {
	cache := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", cache)
	dir, err := pinned.Dir()
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Dir(dir) != filepath.Join(cache, "hotfixbot", "contract") {
		t.Errorf("descriptions in %s", dir)
	}
}

func TestDocument(t *testing.T) {
	t.Parallel()
	d := pinned.NewDocument()
	d.Add(pinned.Operations, "GET /a", json.RawMessage(`{"$ref":"#/components/schemas/x"}`))
	d.Add("schemas", "x", json.RawMessage(`{"items":{"$ref":"#/components/schemas/x"},"not":{"$ref":"#/components/schemas/y"}}`))
	d.Add("schemas", "y", json.RawMessage(`{}`))
	d.Add("schemas", "z", json.RawMessage(`{}`))
	var b strings.Builder
	if _, err := d.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	read, err := pinned.ParseDocument([]byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	got := read.Components(read.Piece(pinned.Operations, "GET /a"))
	if len(got["schemas"]) != 2 || got["schemas"]["y"] == nil {
		t.Errorf("components %v", got)
	}
	if _, err := pinned.ParseDocument([]byte("half a line\n")); err == nil {
		t.Error("half a line was read")
	}
}

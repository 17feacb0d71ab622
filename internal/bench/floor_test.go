package bench_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"os"
	"sync"
	"testing"
)

// floorVariable makes this binary a floor instead of a test: the address to listen on.
// With floorFile it appends each body to a file and waits until the disk has it.
const (
	floorVariable = "HOTFIXBOT_FLOOR"
	floorFile     = "HOTFIXBOT_FLOOR_FILE"
)

func TestMain(m *testing.M) {
	address := os.Getenv(floorVariable)
	if address == "" {
		os.Exit(m.Run())
	}
	keep := func([]byte) error { return nil }
	if name := os.Getenv(floorFile); name != "" {
		keep = appendTo(name)
	}
	panic(http.ListenAndServe(address, floor(keep)))
}

// floor is the least that a receiver of webhooks can do.
func floor(keep func([]byte) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write(body)
		want := "sha256=" + hex.EncodeToString(mac.Sum(nil))
		if err != nil || !hmac.Equal([]byte(want), []byte(r.Header.Get("X-Hub-Signature-256"))) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		if err := keep(body); err != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		w.WriteHeader(http.StatusAccepted)
	}
}

// appendTo keeps bodies one after the other, each with an fsync of its own.
func appendTo(name string) func([]byte) error {
	var mu sync.Mutex
	file, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	return func(body []byte) error {
		mu.Lock()
		defer mu.Unlock()
		if err == nil {
			_, err = file.Write(body)
		}
		if err == nil {
			err = file.Sync()
		}
		return err
	}
}

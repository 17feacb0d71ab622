package bench_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/githubsim"
)

// payload is how long the body of a delivery is.
const payload = 24 << 10

// signed is a body with its signature.
type signed struct {
	body      []byte
	signature string
}

func sign(body []byte) signed {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return signed{body: body, signature: "sha256=" + hex.EncodeToString(mac.Sum(nil))}
}

// deliveries are bodies of `pull_request`, each about another repository: the simulated
// GitHub's, with a description as long as the size wants it.
func deliveries(tb testing.TB, n int) []signed {
	tb.Helper()
	s := newSite(tb, 1, "http://127.0.0.1")
	s.takePayload(tb, "first", "")
	short := s.takePayload(tb, "short", "")
	body := s.takePayload(tb, "whole", words(payload-len(short)))
	var about struct{ Repository struct{ ID int } }
	if err := json.Unmarshal(body, &about); err != nil || about.Repository.ID == 0 {
		tb.Fatalf("the delivery names no repository: %v", err)
	}
	id := fmt.Appendf(nil, `"id":%d,`, about.Repository.ID)
	var all []signed
	for i := range n {
		all = append(all, sign(bytes.ReplaceAll(body, id, fmt.Appendf(nil, `"id":%d,`, about.Repository.ID+i))))
	}
	return all
}

// words is prose of so many bytes, no line of which is like another.
func words(n int) string {
	var text bytes.Buffer
	for i := 0; text.Len() < n; i++ {
		h := sha256.Sum256(fmt.Append(nil, i))
		fmt.Fprintf(&text, "- step %d: the cart %x was empty after signing in\n", i, h[:8])
	}
	return text.String()[:max(n, 0)]
}

// takePayload opens a pull request and gives the body of the delivery that tells of it.
func (s *site) takePayload(tb testing.TB, name, description string) []byte {
	tb.Helper()
	ctx, repo, branch := tb.Context(), siteRepo(0), "hotfix/12-"+name
	if err := s.alice().Branch(ctx, repo, branch, "main"); err != nil {
		tb.Fatal(err)
	}
	if _, err := s.alice().Commit(ctx, repo, branch, "Keep the cart", map[string]string{name: "kept\n"}); err != nil {
		tb.Fatal(err)
	}
	if _, err := s.alice().OpenPull(ctx, repo, githubsim.NewPull{Head: branch, Base: "main", Title: "Keep the cart", Body: description}); err != nil {
		tb.Fatal(err)
	}
	for _, d := range s.github.Take() {
		if d.Event == "pull_request" && d.Action == "opened" {
			return d.Body
		}
	}
	tb.Fatal("no delivery tells of the pull request")
	return nil
}

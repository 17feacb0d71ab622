package forge

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestCappedBody(t *testing.T) {
	for _, c := range []struct {
		body string
		want error
	}{{"12345", nil}, {"123456", errTooLarge}, {"", nil}} {
		got, err := io.ReadAll(&capped{body: io.NopCloser(strings.NewReader(c.body)), left: 5})
		if !errors.Is(err, c.want) {
			t.Errorf("%q: %v, want %v", c.body, err, c.want)
		}
		if c.want == nil && string(got) != c.body {
			t.Errorf("got %q, want %q", got, c.body)
		}
	}
}

// TestCacheIsBounded: the least used answers make room.
func TestCacheIsBounded(t *testing.T) {
	c := newRevalidating(http.DefaultTransport)
	big := make([]byte, maxKept/4)
	for _, key := range []string{"a", "b", "c", "d"} {
		c.add(&kept{key: key, body: big})
	}
	c.find("a")
	c.add(&kept{key: "e", body: big})
	if c.find("b") != nil || c.find("a") == nil || c.find("e") == nil || c.size > maxKept {
		t.Errorf("kept %d bytes, %d answers", c.size, c.order.Len())
	}
	c.add(&kept{key: "e", body: []byte("smaller")})
	if want := 3*len(big) + len("smaller"); c.size != want {
		t.Errorf("size is %d, want %d", c.size, want)
	}
}

func TestGraphQLURL(t *testing.T) {
	for api, want := range map[string]string{
		"https://api.github.com":         "https://api.github.com/graphql",
		"https://api.github.com/":        "https://api.github.com/graphql",
		"https://ghe.example/api/v3":     "https://ghe.example/api/graphql",
		"https://ghe.example/api/v3/":    "https://ghe.example/api/graphql",
		"http://127.0.0.1:9":             "http://127.0.0.1:9/graphql",
		"https://proxy.example/github/x": "https://proxy.example/github/x/graphql",
	} {
		if got := graphqlURL(api); got != want {
			t.Errorf("%s: got %s, want %s", api, got, want)
		}
	}
}

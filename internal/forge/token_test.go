package forge_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v4"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// TestToken: a token for git is that of one repository, asks for no more than the
// installation has, and is made again before it ends.
func TestToken(t *testing.T) {
	h := newHub(t)
	const minting = "POST /app/installations/7/access_tokens"
	h.on("GET /app/installations/7", inTurn(
		says(200, `{"id":7,"permissions":{"contents":"write","workflows":"write"}}`),
		says(200, `{"id":7,"permissions":{"contents":"write"}}`),
	))
	app := h.app()
	about := hotfix.Repository{ID: 100, Installation: 7, Owner: "acme", Name: "shop"}
	get := func() string {
		t.Helper()
		token, err := app.Token(t.Context(), about)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	first := get()
	if get() != first {
		t.Error("a fresh token is made twice")
	}
	h.wait(46 * time.Minute)
	second := get()
	app.ForgetToken(100)
	if third := get(); first == second || second == third {
		t.Errorf("got %s, %s, %s", first, second, third)
	}
	for i, want := range []string{
		`{"repository_ids":[100],"permissions":{"contents":"write","workflows":"write"}}`,
		`{"repository_ids":[100],"permissions":{"contents":"write"}}`,
		`{"repository_ids":[100],"permissions":{"contents":"write"}}`,
	} {
		if got := h.sent(minting)[i].body; !sameJSON(t, got, want) {
			t.Errorf("asked for %s, want %s", got, want)
		}
	}
}

// TestInstallationTokenBody: ghinstallation sends an object, not null.
func TestInstallationTokenBody(t *testing.T) {
	h := newHub(t)
	h.repo()
	if body := h.bodyOf("POST /app/installations/7/access_tokens"); len(body) != 0 {
		t.Errorf("sent %v, want an empty object", body)
	}
}

// TestJWT: the App's own token is made on the injected clock, within GitHub's ten
// minutes, for this App.
func TestJWT(t *testing.T) {
	h := newHub(t)
	if err := h.app().Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	token := strings.TrimPrefix(h.sent("GET /app")[0].auth, "Bearer ")
	parser := jwt.NewParser(jwt.WithoutClaimsValidation(), jwt.WithValidMethods([]string{"RS256"}))
	var claims jwt.RegisteredClaims
	if _, err := parser.ParseWithClaims(token, &claims, func(*jwt.Token) (any, error) { return &testKey().PublicKey, nil }); err != nil {
		t.Fatal(err)
	}
	issued, expires := h.clock().Sub(claims.IssuedAt.Time), claims.ExpiresAt.Sub(h.clock())
	if claims.Issuer != "5" || issued != time.Minute || expires <= 0 || expires > 10*time.Minute {
		t.Errorf("issuer %q, issued %s ago, expires in %s", claims.Issuer, issued, expires)
	}
}

func TestTokenOfAGoneInstallation(t *testing.T) {
	h := newHub(t)
	h.on("GET /app/installations/7", says(404, `{"message":"Not Found"}`))
	_, err := h.app().Token(t.Context(), hotfix.Repository{ID: 100, Installation: 7, Owner: "acme"})
	if got := fateOf(err, h.clock()); got != "gone: the App's installation on acme" {
		t.Errorf("fate is %q", got)
	}
}

func sameJSON(t *testing.T, a, b string) bool {
	t.Helper()
	var x, y any
	if err := json.Unmarshal([]byte(a), &x); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(b), &y); err != nil {
		t.Fatal(err)
	}
	return reflect.DeepEqual(x, y)
}

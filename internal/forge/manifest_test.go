package forge_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/forge"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

func TestConvert(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.on("POST /app-manifests/a1b2/conversions", inTurn(
		says(201, `{"id":5,"slug":"hotfixbot-acme","name":"hotfixbot acme","owner":{"login":"acme"},"html_url":"https://github.com/apps/hotfixbot-acme",
			"client_id":"Iv1","client_secret":"c","webhook_secret":"w","pem":"p"}`),
		says(404, `{"message":"Not Found"}`), says(502, `<html>`),
		says(201, `{"id":5,"pem":"p","webhook_secret":null}`),
	))
	convert := func(code string) (hotfix.Registered, error) {
		return forge.Convert(t.Context(), forge.Config{APIURL: h.URL}, code)
	}
	made, err := convert("a1b2")
	want := hotfix.Registered{
		AppID: 5, Slug: "hotfixbot-acme", Name: "hotfixbot acme", Owner: "acme", URL: "https://github.com/apps/hotfixbot-acme",
		PrivateKey: "p", WebhookSecret: "w", ClientID: "Iv1", ClientSecret: "c",
	}
	if err != nil || made != want {
		t.Errorf("%+v, %v", made, err)
	}
	var gone *hotfix.Gone
	if _, err := convert("a1b2"); !errors.As(err, &gone) {
		t.Errorf("the second time: %v", err)
	}
	for _, what := range []string{"502", "lacks"} {
		if _, err := convert("a1b2"); err == nil || errors.As(err, &gone) || !strings.Contains(err.Error(), what) {
			t.Errorf("want %s: %v", what, err)
		}
	}
	for _, strange := range []string{"", "../app", "a b", strings.Repeat("a", 256)} {
		if _, err := convert(strange); !errors.As(err, &gone) {
			t.Errorf("%q: %v", strange, err)
		}
	}
	if got := len(h.sent("POST /app-manifests/a1b2/conversions")); got != 4 {
		t.Errorf("%d requests", got)
	}
}

// TestCodeStandsInNoError: the code is as good as the credentials until it was used.
func TestCodeStandsInNoError(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.on("POST /app-manifests/a1b2c3/conversions", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	if _, err := forge.Convert(t.Context(), forge.Config{APIURL: h.URL}, "a1b2c3"); err == nil || strings.Contains(err.Error(), "a1b2c3") {
		t.Errorf("broken off: %v", err)
	}
	for _, answer := range []http.HandlerFunc{says(422, `{"message":"no"}`), says(403, `{"message":"limit"}`, "X-RateLimit-Remaining: 0", "X-RateLimit-Reset: 2000000000")} {
		h.on("POST /app-manifests/a1b2c3/conversions", answer)
		if _, err := forge.Convert(t.Context(), forge.Config{APIURL: h.URL}, "a1b2c3"); err == nil || strings.Contains(err.Error(), "a1b2c3") {
			t.Errorf("refused: %v", err)
		}
	}
}

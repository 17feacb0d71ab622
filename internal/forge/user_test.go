package forge_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/forge"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

const verifier = "a-verifier-that-is-long-enough-to-be-allowed-1"

var signIn = forge.UserConfig{
	ClientID: "Iv1.abc", ClientSecret: "the App's own secret", Callback: "https://bot.example.com/sign-in/callback",
}

// authorized signs somebody in.
func (w *world) authorized(users *forge.Users, login string) hotfix.UserToken {
	w.t.Helper()
	sum := sha256.Sum256([]byte(verifier))
	to := must[string](w.t)(w.Person(login).Authorize(w.ctx, users.AuthorizeURL("a state", base64.RawURLEncoding.EncodeToString(sum[:]))))
	back := must[*url.URL](w.t)(url.Parse(to))
	if back.Query().Get("state") != "a state" {
		w.t.Fatalf("%s came back to %s", login, to)
	}
	return must[hotfix.UserToken](w.t)(users.Exchange(w.ctx, back.Query().Get("code"), verifier))
}

func TestStoryOfSigningIn(t *testing.T) {
	w := newWorld(t)
	users := w.app.Users(signIn)
	w.ok(w.Person("alice").Do(w.ctx, http.MethodPatch, "/repos/"+project, map[string]bool{"private": true}, nil))
	shop := w.repo().About().ID

	bob := w.authorized(users, "bob")
	if bob.Refresh == "" || bob.Due(time.Date(2031, 2, 3, 4, 5, 6, 0, time.UTC)) || !bob.Due(time.Date(2031, 2, 3, 12, 1, 0, 0, time.UTC)) {
		t.Errorf("ends at %s", bob.Expires)
	}
	who := must[hotfix.Account](t)(users.Who(w.ctx, bob.Access))
	if who.Login != "bob" || who.ID == 0 {
		t.Errorf("%+v", who)
	}
	list := must[[]hotfix.Readable](t)(users.Readable(w.ctx, bob.Access))
	if len(list) != 1 || list[0] != (hotfix.Readable{ID: shop, Role: hotfix.Maintain}) {
		t.Errorf("bob reads %+v", list)
	}
	if role := must[hotfix.Permission](t)(users.Role(w.ctx, bob.Access, shop, project)); role != hotfix.Maintain {
		t.Errorf("bob is %s", role)
	}
	if _, err := users.Role(w.ctx, bob.Access, shop+1, project); !isGone(err) {
		t.Errorf("another repository of that name: %v", err)
	}

	mallory := w.authorized(users, "mallory")
	if list := must[[]hotfix.Readable](t)(users.Readable(w.ctx, mallory.Access)); len(list) != 0 {
		t.Errorf("mallory reads %+v", list)
	}
	if _, err := users.Role(w.ctx, mallory.Access, shop, project); !isGone(err) {
		t.Errorf("mallory asks for the shop: %v", err)
	}

	for who, want := range map[hotfix.Account]hotfix.Permission{
		who: hotfix.Maintain, {ID: who.ID + 100, Login: "bob"}: hotfix.NoPermission, {ID: 1, Login: "ghost"}: hotfix.NoPermission,
	} {
		if role := must[hotfix.Permission](t)(users.Still(w.ctx, shop, who)); role != want {
			t.Errorf("%+v is %s", who, role)
		}
	}

	renewed := must[hotfix.UserToken](t)(users.Refresh(w.ctx, bob.Refresh))
	w.signedOut(users.Refresh(w.ctx, bob.Refresh))
	w.signedOut(users.Who(w.ctx, bob.Access))
	w.ok(users.Revoke(w.ctx, renewed.Access))
	w.ok(users.Revoke(w.ctx, renewed.Access))
	w.signedOut(users.Readable(w.ctx, renewed.Access))
	w.signedOut(users.Exchange(w.ctx, "guessed", verifier))
}

func (w *world) signedOut(_ any, err error) {
	w.t.Helper()
	var out *hotfix.SignedOut
	if !errors.As(err, &out) {
		w.t.Errorf("not signed out: %v", err)
	}
}

// Neither an error nor the log repeats what is secret.
func TestSigningInKeepsItsSecrets(t *testing.T) {
	h := newHub(t)
	var log bytes.Buffer
	app, err := forge.New(forge.Config{AppID: 5, Key: testKey(), APIURL: h.URL, WebURL: h.URL, Log: zerolog.New(&log)})
	if err != nil {
		t.Fatal(err)
	}
	users := app.Users(signIn)
	said := log.String
	for answer, want := range map[string]string{
		`{"error":"incorrect_client_credentials"}`:                 "CLIENT_SECRET",
		`not JSON topsecret`:                                       "no JSON",
		`{"access_token":"","token_type":"bearer"}`:                "has none",
		`{"access_token":"ghu_topsecret","token_type":"mac"}`:      "has none",
		`{"access_token":"ghu_topsecret","token_type":"bearer",]}`: "no JSON",
	} {
		h.on("POST /login/oauth/access_token", says(200, answer))
		_, err := users.Exchange(t.Context(), "topsecret-code", "topsecret-verifier")
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error()+said(), "topsecret") ||
			strings.Contains(err.Error()+said(), signIn.ClientSecret) {
			t.Errorf("%s: %v %s", answer, err, said())
		}
	}
	h.on("POST /login/oauth/access_token", says(503, ""))
	if _, err := users.Exchange(t.Context(), "code", verifier); err == nil {
		t.Error("503 was taken")
	}
}

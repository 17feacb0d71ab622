package webhooks

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/rs/zerolog"
)

func FuzzWake(f *testing.F) {
	f.Add("push", []byte(`{"repository":{"id":7}}`))
	f.Add("installation", []byte(`{"repositories":[{"id":7},{"id":7},{"id":-1}]}`))
	f.Add("installation_repositories", []byte(`{"repositories_added":[{}],"repositories_removed":null}`))
	f.Add("star", []byte(`{"repository":{"id":7}}`))
	f.Add("push", []byte("null"))
	f.Fuzz(func(t *testing.T, event string, body []byte) {
		ids, err := Wake(event, body)
		if err == nil && !json.Valid(body) {
			t.Error("no JSON was read")
		}
		if len(ids) > 0 && (err != nil || !Known(event)) {
			t.Errorf("%v are woken by event %q, error %v", ids, event, err)
		}
		if slices.Contains(ids, 0) {
			t.Error("no repository has the id 0")
		}
		slices.Sort(ids)
		if len(slices.Compact(slices.Clone(ids))) != len(ids) {
			t.Errorf("woken twice: %v", ids)
		}
	})
}

// What is taken for an object is one to encoding/json, and the other way round; and what
// is found in it is what encoding/json finds.
func FuzzMembers(f *testing.F) {
	f.Add([]byte(`{"a":1,"b":[{"a":"x"},-0.5e+3,"\\\"\u00e9"],"a":{"b":null} , "c":true}`))
	f.Add([]byte(` {"a" : false} `))
	f.Add([]byte(`{"a":01}`))
	f.Add([]byte(`{"a":1,}`))
	f.Add([]byte("{\"a\":\"\n\"}"))
	f.Add([]byte(`{"a":"\u12g4"}`))
	f.Add([]byte(`{}{}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var want map[string]json.RawMessage
		object := json.Unmarshal(body, &want) == nil && want != nil
		got, err := members(body, "a")
		if (err == nil) != object {
			t.Fatalf("an object to encoding/json: %v; here: %v", object, err)
		}
		if object && !bytes.Contains(body, []byte(`\u`)) && !bytes.Equal(got[0], want["a"]) { // a name may be escaped
			t.Errorf("%s is there, and %s was found", want["a"], got[0])
		}
	})
}

// Whatever is sent, the receiver answers JSON, does not panic, and keeps nothing
// whose signature is not that of the body.
func FuzzReceiver(f *testing.F) {
	f.Add("application/json", "push", guid, "", []byte(`{"repository":{"id":7}}`), true)
	f.Add("application/json", "push", guid, "sha256=00", []byte(`{}`), false)
	f.Add("text/plain; charset", "", "", "sha1=00", []byte(nil), false)
	f.Fuzz(func(t *testing.T, kind, event, id, signature string, body []byte, genuine bool) {
		kept := &shelf{}
		r, err := New(Config{Secrets: []string{secret}, Acceptor: kept, Log: zerolog.Nop()})
		if err != nil {
			t.Fatal(err)
		}
		req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, Path, strings.NewReader(string(body)))
		for name, value := range headers(event, string(body)) {
			req.Header.Set(name, value)
		}
		req.Header.Set("Content-Type", kind)
		req.Header.Set("X-GitHub-Delivery", id)
		if !genuine {
			req.Header.Set("X-Hub-Signature-256", signature)
		}
		genuine = req.Header.Get("X-Hub-Signature-256") == headers(event, string(body))["X-Hub-Signature-256"]
		answer := httptest.NewRecorder()
		r.ServeHTTP(answer, req)
		if answer.Code >= http.StatusInternalServerError || !json.Valid(answer.Body.Bytes()) {
			t.Errorf("answered %d %s", answer.Code, answer.Body)
		}
		if !genuine && (answer.Code == http.StatusAccepted || len(kept.kept) > 0) {
			t.Errorf("accepted without a signature: %d", answer.Code)
		}
	})
}

package contract_test

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/contract"
)

const goodPing = `{"zen":"Half measures are as bad as nothing at all.","hook_id":1,"hook":{"type":"App","id":1,"name":"web","active":true,` +
	`"app_id":2,"events":["push"],"config":{"content_type":"json","insecure_ssl":"0","url":"https://bot.example/webhooks/github"},` +
	`"created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z"}}`

func hookHeader() http.Header {
	h := http.Header{}
	for name, value := range map[string]string{
		"Content-Type": "application/json", "User-Agent": "GitHub-Hookshot/044aadd", "X-GitHub-Event": "ping",
		"X-GitHub-Delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958", "X-GitHub-Hook-ID": "1",
		"X-GitHub-Hook-Installation-Target-ID": "2", "X-GitHub-Hook-Installation-Target-Type": "integration",
		"X-Hub-Signature": "sha1=" + strings.Repeat("0", 40), "X-Hub-Signature-256": "sha256=" + strings.Repeat("0", 64),
	} {
		h.Set(name, value)
	}
	return h
}

func TestWebhooks(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, header, value, body, want string }{
		{"right", "", "", goodPing, ""},
		{"no switch", "", "", strings.Replace(goodPing, `"active":true,`, "", 1), "missing property 'active'"},
		{"an invented property", "", "", strings.Replace(goodPing, `{"zen"`, `{"koan":"x","zen"`, 1), "'koan'"},
		{"an unknown event", "X-GitHub-Event", "hotfix", goodPing, "knows no such event"},
		{"an unknown action", "", "", strings.Replace(goodPing, `{"zen"`, `{"action":"sung","zen"`, 1), "webhook ping-sung"},
		{"a body of another event", "X-GitHub-Event", "push", goodPing, "missing properties"},
		{"no signature", "X-Hub-Signature-256", "", goodPing, "X-Hub-Signature-256"},
		{"a delivery that is no GUID", "X-GitHub-Delivery", "1", goodPing, "X-GitHub-Delivery"},
		{"an undescribed header", "X-Hotfix", "1", goodPing, "X-Hotfix"},
	}
	for _, tt := range cases {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, err := contract.New()
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			s := httptest.NewServer(c.Receiver(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				b, _ := io.ReadAll(r.Body)
				got = string(b)
			})))
			defer s.Close()
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, s.URL, strings.NewReader(tt.body))
			r.RequestURI = ""
			maps.Copy(r.Header, hookHeader())
			if tt.header != "" {
				r.Header.Set(tt.header, tt.value)
			}
			answer, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			_ = answer.Body.Close()
			if got != tt.body {
				t.Error("the body changed on its way")
			}
			wantViolation(t, c, tt.want)
		})
	}
}

// GitHub's own examples are older than its description, yet most of them fit. A check that
// refused nearly all, or none, would be broken.
func TestExamples(t *testing.T) {
	t.Parallel()
	examples, err := contract.Examples()
	if err != nil {
		t.Fatal(err)
	}
	right := map[bool]int{}
	for _, e := range examples {
		if e.Event != "push" && e.Event != "create" && e.Event != "ping" && e.Event != "issues" {
			continue
		}
		c, err := contract.New()
		if err != nil {
			t.Fatal(err)
		}
		h := hookHeader()
		h.Set("X-GitHub-Event", e.Event)
		c.Webhook(h, e.Payload)
		right[len(c.Violations()) == 0]++
		if !json.Valid(e.Payload) {
			t.Errorf("an example of %s is no JSON", e.Event)
		}
	}
	if right[true] == 0 || right[false] == 0 {
		t.Errorf("right and wrong: %v", right)
	}
}

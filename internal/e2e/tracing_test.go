package e2e_test

import (
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/rs/zerolog"
	collected "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	spans "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/hotfixbot/hotfixbot/internal/tracing"
)

// collector receives spans by OTLP over HTTP.
type collector struct {
	mu     sync.Mutex
	spans  []*spans.Span
	bodies []byte
}

// ServeHTTP takes a batch.
func (c *collector) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	var batch collected.ExportTraceServiceRequest
	if err != nil || r.URL.Path != "/v1/traces" || proto.Unmarshal(body, &batch) != nil {
		http.Error(w, "no spans", http.StatusBadRequest)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.bodies = append(c.bodies, body...)
	for _, resource := range batch.GetResourceSpans() {
		for _, scope := range resource.GetScopeSpans() {
			c.spans = append(c.spans, scope.GetSpans()...)
		}
	}
	w.Header().Set("Content-Type", "application/x-protobuf")
}

// TestTraces: one propagation as an OTLP receiver sees it. The merge's webhook is the
// root of a trace that has its GUID as its id; the look that served it lies below, and
// below that each request to GitHub and each run of git.
func TestTraces(t *testing.T) {
	received := &collector{}
	server := httptest.NewServer(received)
	t.Cleanup(server.Close)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", server.URL)
	sent, err := tracing.New(t.Context(), "1.2.3", zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	s, err := readStory("testdata/merge.txtar")
	if err != nil {
		t.Fatal(err)
	}
	s.tracer = sent.Tracer()
	p := &playing{world: newWorld(t, s), ctx: t.Context(), story: s, how: wayInOrder, repo: "acme/shop", said: map[string][]int64{}}
	guid := p.firstOf(t, "merge")
	if err := p.stop(); err != nil {
		t.Fatal(err)
	}
	if err := sent.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	below := map[string][]string{} // by the parent's name
	for _, span := range received.of(guid) {
		parent := received.find(span.GetParentSpanId())
		below[parent.GetName()] = append(below[parent.GetName()], span.GetName()+" "+told(span))
	}
	for parent, want := range map[string][]string{
		"":        {"webhook", `hotfixbot.event=pull_request`, "hotfixbot.deliveries=[" + guid + "]"},
		"webhook": {"reconcile", "hotfixbot.outcome=done", "hotfixbot.repository=2000001"},
		"reconcile": {
			"POST GitHub", "git push", "git fetch", "git merge-tree", "url.path=/repos/acme/shop/pulls", "hotfixbot.hotfix=2000001#1",
			"hotfixbot.repository.name=acme/shop", "http.response.status_code=201", "process.exit.code=0", guid,
		},
	} {
		text := strings.Join(below[parent], "\n")
		for _, part := range want {
			if !strings.Contains(text, part) {
				t.Errorf("below %q there is no %s:\n%s", parent, part, text)
			}
		}
	}
	if len(below) != 3 || len(below[""]) != 1 {
		t.Errorf("there are spans below %d others, and %d roots", len(below), len(below[""]))
	}
	secrets, err := p.secrets()
	if err != nil {
		t.Fatal(err)
	}
	for _, leak := range leaksIn("the traces", received.bodies, secrets) {
		t.Error(leak)
	}
}

// of are the spans of a delivery's trace.
func (c *collector) of(guid string) (found []*spans.Span) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, span := range c.spans {
		if hex.EncodeToString(span.GetTraceId()) == strings.ReplaceAll(guid, "-", "") {
			found = append(found, span)
		}
	}
	return found
}

func (c *collector) find(id []byte) *spans.Span {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, span := range c.spans {
		if string(span.GetSpanId()) == string(id) {
			return span
		}
	}
	return nil
}

// told are a span's attributes.
func told(span *spans.Span) string {
	var parts []string
	for _, a := range span.GetAttributes() {
		value := fmt.Sprint(a.GetValue().GetIntValue())
		if text := a.GetValue().GetStringValue(); text != "" {
			value = text
		}
		if list := a.GetValue().GetArrayValue(); list != nil {
			value = ""
			for _, v := range list.GetValues() {
				value += v.GetStringValue() + " "
			}
			value = "[" + strings.TrimSpace(value) + "]"
		}
		parts = append(parts, a.GetKey()+"="+value)
	}
	return strings.Join(parts, " ")
}

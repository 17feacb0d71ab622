package dashboard_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	strict "github.com/pb33f/libopenapi-validator/config"

	"github.com/hotfixbot/hotfixbot/internal/dashboard"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// describer holds answers to the description that the page itself gives.
type describer struct {
	validator.Validator
	text []byte
}

func newDescriber(t *testing.T) describer {
	t.Helper()
	text, err := os.ReadFile("assets/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := libopenapi.NewDocument(text)
	if err != nil {
		t.Fatal(err)
	}
	judge, errs := validator.NewValidator(doc, strict.WithStrictMode(), strict.WithFormatAssertions(),
		// Names that are data, and the description itself.
		strict.WithStrictIgnorePaths("$.body.**.needs.*", "$.body.**.compare.*", "$.body.needs.*", "$.body.info", "$.body.servers", "$.body.security", "$.body.paths", "$.body.components"),
		strict.WithStrictIgnoredHeadersExtra(
			"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Resource-Policy", "Cache-Control", "Www-Authenticate",
		))
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	if ok, wrong := judge.ValidateDocument(); !ok {
		t.Fatal(wrong)
	}
	return describer{judge, text}
}

// judge holds one answer to the description.
func (d describer) judge(t *testing.T, path string, got answer) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	w := &http.Response{StatusCode: got.status, Header: got.header, Body: io.NopCloser(strings.NewReader(got.body)), Request: r}
	if ok, wrong := d.ValidateHttpResponse(r, w); !ok {
		for _, fault := range wrong {
			t.Errorf("%s %d: %s: %s", path, got.status, fault.Message, fault.Reason)
			for _, f := range fault.SchemaValidationErrors {
				t.Errorf("  %s: %s", f.FieldPath, f.Reason)
			}
		}
	}
}

// Every route of the API is described, and nothing else.
func TestTheDescriptionNamesEveryRoute(t *testing.T) {
	var doc struct {
		Paths map[string]map[string]struct{ OperationID string }
	}
	if err := json.Unmarshal(newDescriber(t).text, &doc); err != nil {
		t.Fatal(err)
	}
	var described, served []string
	for path := range doc.Paths {
		described = append(described, regexp.MustCompile(`\{(\w+)\}`).ReplaceAllString(path, ":$1"))
	}
	for _, route := range newHouse(t).pages.Routes() {
		if path, ok := strings.CutPrefix(route, "GET /api/"); ok {
			served = append(served, "/api/"+path)
		}
		if strings.Contains(route, "/api/") && !strings.HasPrefix(route, "GET ") && !strings.HasPrefix(route, "HEAD ") {
			t.Errorf("%s: the API is for reading", route)
		}
	}
	slices.Sort(described)
	slices.Sort(served)
	if !slices.Equal(described, served) {
		t.Errorf("described are %v, served are %v", described, served)
	}
}

// Real answers, good and bad, are as described: all fields that there can be, none that
// there cannot, and each field of the description is met.
func TestAnswersAreAsDescribed(t *testing.T) {
	d := newDescriber(t)
	var board hotfix.Board
	fill(reflect.ValueOf(&board).Elem())
	board.Public = false
	board.Repository, board.Name, board.Hotfixes[0].Key = private, "acme/shop", hotfix.Key{Repository: private, Pull: 34}
	var event hotfix.Event
	fill(reflect.ValueOf(&event).Elem())
	event.Pull = 34
	bare := hotfix.Board{Repository: open, Name: "acme/site", Public: true, Hotfixes: []hotfix.Status{{Key: hotfix.Key{Repository: open, Pull: 1}, State: hotfix.StateOpen}}}
	s := &shelf{boards: []hotfix.Board{board, bare}, history: []hotfix.Event{event, {Pull: 34}}, receipts: []hotfix.Receipt{
		{GUID: "g", Event: "push", Action: "a", Repository: 7, ReceivedAt: now(), State: hotfix.ReceiptServed}, {State: hotfix.ReceiptWaiting},
	}}
	h := newHouse(t, func(c *dashboard.Config) { c.Boards, c.Deliveries = s, s })
	alice, mallory, stranger := h.as("alice"), h.as("mallory"), h.browser()
	const one = "/api/v1/boards/acme/shop/hotfixes/34"
	met := map[string]bool{}
	for _, path := range []string{
		"/api/v1/boards", "/api/v1/boards/acme/shop", "/api/v1/boards/ACME/Site", one, "/api/v1/boards/acme/site/hotfixes/1", "/api/v1/deliveries", "/api/v1/openapi.json",
	} {
		got := alice.get(path)
		if got.status != http.StatusOK {
			t.Fatalf("%s: %d %s", path, got.status, got.body)
		}
		d.judge(t, path, got)
		collect(met, got.body)
	}
	for _, name := range d.properties(t) {
		if !met[name] {
			t.Errorf("the description has %q, and no answer does", name)
		}
	}
	for path, want := range map[string]int{
		one: http.StatusUnauthorized, "/api/v1/boards": http.StatusUnauthorized, "/api/v1/deliveries": http.StatusUnauthorized, "/api/v1/boards/acme/shop": http.StatusUnauthorized,
	} {
		d.refused(t, path, want, stranger.get(path))
	}
	for _, path := range []string{one, "/api/v1/boards/acme/shop", "/api/v1/boards/acme/nothing", "/api/v1/boards/acme/site/hotfixes/2", "/api/v1/deliveries"} {
		d.refused(t, path, http.StatusNotFound, mallory.get(path))
	}
	for _, path := range []string{one, "/api/v1/boards", "/api/v1/boards/acme/shop", "/api/v1/deliveries"} {
		d.refused(t, path, http.StatusBadRequest, alice.get(path+"?state=open"))
	}
	h.hub.away = errAway
	h.wait(2 * time.Minute)
	d.refused(t, one, http.StatusServiceUnavailable, alice.get(one))
	h.hub.away = nil
	s.err = errAway
	d.refused(t, one, http.StatusInternalServerError, alice.get(one))
	w := httptest.NewRecorder()
	pages(t, config(s)).ServeHTTP(w, httptest.NewRequest(http.MethodGet, one, nil))
	d.refused(t, one, http.StatusForbidden, answer{w.Code, w.Header(), w.Body.String()})
}

func (d describer) refused(t *testing.T, path string, want int, got answer) {
	t.Helper()
	if got.status != want {
		t.Errorf("%s: %d, not %d: %s", path, got.status, want, got.body)
	}
	d.judge(t, path, got)
}

// properties are all that the description names.
func (d describer) properties(t *testing.T) []string {
	t.Helper()
	var doc struct {
		Components struct {
			Schemas map[string]struct{ Properties map[string]any }
		}
	}
	if err := json.Unmarshal(d.text, &doc); err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for schema, s := range doc.Components.Schemas {
		if schema == "Error" {
			continue
		}
		for name := range s.Properties {
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// collect notes the names of all fields of an answer.
func collect(met map[string]bool, body string) {
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for name, inner := range v {
				met[name] = true
				walk(inner)
			}
		case []any:
			for _, inner := range v {
				walk(inner)
			}
		}
	}
	var v any
	_ = json.NewDecoder(bytes.NewReader([]byte(body))).Decode(&v)
	walk(v)
}

// fill gives every field a value, so that an answer has all that there can be.
func fill(v reflect.Value) {
	if known, ok := samples[v.Type()]; ok {
		v.Set(reflect.ValueOf(known))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).Tag.Get("json") != "-" { // else it is no part of the answer
				fill(v.Field(i))
			}
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Map:
		value := reflect.New(v.Type().Elem()).Elem()
		fill(value)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("deploy"), value)
	case reflect.String:
		v.SetString("text")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(3)
	default:
		panic(fmt.Sprintf("no sample of %s", v.Type()))
	}
}

// samples are values of what has few of them.
var samples = map[reflect.Type]any{
	reflect.TypeFor[time.Time]():          merged,
	reflect.TypeFor[hotfix.State]():       hotfix.StateForced,
	reflect.TypeFor[hotfix.Verdict]():     hotfix.VerdictLost,
	reflect.TypeFor[hotfix.StageState]():  hotfix.StageFailed,
	reflect.TypeFor[hotfix.ProofKind]():   hotfix.ProofEarlier,
	reflect.TypeFor[hotfix.Permission]():  hotfix.Maintain,
	reflect.TypeFor[hotfix.MergeMethod](): hotfix.MergedBySquash,
}

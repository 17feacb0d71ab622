package contract

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// exchange is one request with its answer. A Status of 0 means that no answer came.
type exchange struct {
	Request *http.Request // its Body was read into Sent
	Sent    []byte
	Status  int
	Header  http.Header
	Body    []byte
}

// where names the exchange in a violation.
func (e exchange) where() string {
	return fmt.Sprintf("%s %s → %d", e.Request.Method, e.Request.URL.EscapedPath(), e.Status)
}

// rest judges an exchange by the REST description.
func (c *Checker) rest(e exchange) {
	method, isHead := e.Request.Method, e.Request.Method == http.MethodHead
	if isHead { // GitHub describes GET, and HTTP says that HEAD is the same without a body
		method = http.MethodGet
	}
	r, path, ok := c.d.routes.find(method, described(e.Request.URL.EscapedPath()))
	if !ok {
		c.report(e.where(), []string{"GitHub's REST description knows no such operation"})
		return
	}
	op, err := c.d.restOperation(r)
	if err != nil {
		c.report(e.where(), []string{"the description cannot be used: " + err.Error()})
		return
	}
	u, err := withPath(e.Request.URL, path)
	if err != nil {
		c.report(e.where(), []string{err.Error()})
		return
	}
	asked := &http.Request{Method: r.method, URL: u, Host: e.Request.Host, Header: jsonHeader(e)}
	c.report(e.where(), c.d.once(func() []string { return op.request(asked, e.Sent) },
		"request", r.name, alikePath(u.String()), headerKey(asked.Header), alike(e.Sent)))
	if e.Status == 0 || isHead || bodiless(e.Status) || outage(e.Status) {
		return
	}
	c.report(e.where(), c.d.once(func() []string { return op.answer(asked, e.Status, e.Header, e.Body) },
		"answer", r.name, strconv.Itoa(e.Status), e.Header.Get("Content-Type"), headerNames(e.Header), alike(e.Body)))
}

// headerNames is what of an answer's headers can change a verdict: most values are checked by
// nobody, and differ every time.
func headerNames(h http.Header) string {
	return strings.Join(slices.Sorted(maps.Keys(h)), " ")
}

// jsonHeader copies the request's headers. GitHub reads every body as JSON, whatever the client
// calls it (curl -d says it is a form), so the check does, too.
func jsonHeader(e exchange) http.Header {
	h := e.Request.Header.Clone()
	if h == nil {
		h = http.Header{}
	}
	if len(e.Sent) > 0 {
		h.Set("Content-Type", "application/json")
	}
	return h
}

// headerKey is what of a request's headers can change a verdict.
func headerKey(h http.Header) string {
	var b strings.Builder
	_ = h.WriteSubset(&b, map[string]bool{"Authorization": true, "Traceparent": true, "Content-Length": true, "If-None-Match": true})
	return b.String()
}

// withUndescribedStatuses adds to an operation the answers that every route of GitHub can give.
func withUndescribedStatuses(piece json.RawMessage) (json.RawMessage, error) {
	var op map[string]json.RawMessage
	if err := json.Unmarshal(piece, &op); err != nil {
		return nil, err
	}
	var answers map[string]json.RawMessage
	if err := json.Unmarshal(op["responses"], &answers); err != nil {
		return nil, err
	}
	const basicError = `{"description":"","content":{"application/json":{"schema":{"$ref":"#/components/schemas/basic-error"}}}}`
	for status := range undescribedStatuses() {
		if code := strconv.Itoa(status); answers[code] == nil {
			answers[code] = json.RawMessage(basicError)
		}
	}
	var err error
	if op["responses"], err = json.Marshal(answers); err != nil {
		return nil, err
	}
	return json.Marshal(op)
}

// corrected applies the correction of an operation or a schema, if it has one, everywhere in its
// piece.
func corrected(name string, piece json.RawMessage) (json.RawMessage, error) {
	correct, ok := corrections()[name]
	if strings.HasPrefix(name, "webhook") {
		correct, ok = anyEvent, true
	}
	if !ok {
		return piece, nil
	}
	var v any
	if err := json.Unmarshal(piece, &v); err != nil {
		return nil, err
	}
	everywhere(v, correct)
	return json.Marshal(v)
}

// everywhere visits all objects of a JSON value.
func everywhere(v any, visit func(map[string]any)) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			everywhere(x, visit)
		}
	case map[string]any:
		visit(v)
		for _, x := range v {
			everywhere(x, visit)
		}
	}
}

// REST tells whether GitHub's REST description has an operation for a method and a path.
func REST(method, path string) (operation string, ok bool, err error) {
	d, err := load()
	if err != nil {
		return "", false, err
	}
	r, _, ok := d.routes.find(method, described(path))
	return strings.TrimPrefix(r.name, method+" "), ok, nil
}

package githubsim

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// object is a JSON object; nil is null.
type object = map[string]any

// answer is what a request gets.
type answer struct {
	status int
	body   any    // JSON, unless it is a []byte; nil = no body
	kind   string // Content-Type; "" = JSON
	header http.Header
}

func ok(body any) answer    { return answer{status: http.StatusOK, body: body} }
func noContent() answer     { return answer{status: http.StatusNoContent} }
func accepted(b any) answer { return answer{status: http.StatusAccepted, body: b} }
func moved(url string) answer {
	return answer{status: 301, body: object{"message": "Moved Permanently", "url": url, "documentation_url": docs}, header: http.Header{"Location": {url}}}
}

// created is a 201 with the place of the new object.
func created(body object) answer {
	a := answer{status: http.StatusCreated, body: body, header: http.Header{}}
	if url, isString := body["url"].(string); isString {
		a.header.Set("Location", url)
	}
	return a
}

// docs is the page that errors point to.
const docs = "https://docs.github.com/rest"

// fieldError is one entry of errors[] in a 422.
type fieldError struct {
	Resource string `json:"resource"`
	Field    string `json:"field,omitempty"`
	Code     string `json:"code"`
	Message  string `json:"message,omitempty"`
	Value    any    `json:"value,omitempty"`
}

// refusal is an answer that refuses, as an error.
type refusal struct {
	status  int
	message string
	errors  []fieldError
	docs    string // documentation_url; "" = the front page
	header  http.Header
}

func (r *refusal) Error() string { return strconv.Itoa(r.status) + " " + r.message }

// answer renders the refusal as GitHub does: status is a string.
func (r *refusal) answer() answer {
	body := object{"message": r.message, "documentation_url": cmp.Or(r.docs, docs), "status": strconv.Itoa(r.status)}
	if len(r.errors) > 0 {
		body["errors"] = r.errors
	}
	return answer{status: r.status, body: body, header: r.header}
}

// refuse makes a refusal without errors[].
func refuse(status int, format string, args ...any) error {
	return &refusal{status: status, message: fmt.Sprintf(format, args...)}
}

// invalid is a 422 about a field: code is "missing_field", "invalid", "already_exists", ….
func invalid(resource, field, code string) error {
	return &refusal{status: 422, message: "Validation Failed", errors: []fieldError{{Resource: resource, Field: field, Code: code}}}
}

// invalidBecause is a 422 in words (code "custom").
func invalidBecause(resource, field, message string) error {
	return &refusal{status: 422, message: "Validation Failed",
		errors: []fieldError{{Resource: resource, Field: field, Code: "custom", Message: message}}}
}

// The refusals that have no words of their own.
var (
	errNotFound       = &refusal{status: 404, message: "Not Found"}
	errBadCredentials = &refusal{status: 401, message: "Bad credentials"}
	errNeedsLogin     = &refusal{status: 401, message: "Requires authentication"}
	errIntegration    = &refusal{status: 403, message: "Resource not accessible by integration"}
	errBlocked        = &refusal{status: 403, message: "Blocked"} // GitHub documents no text
	errNeedsAdmin     = &refusal{status: 403, message: "Must have admin rights to Repository."}
	errArchived       = &refusal{status: 403, message: "Repository was archived so is read-only."}
	errEmptyRepo      = &refusal{status: 409, message: "Git Repository is empty."}
)

// send writes an answer with the headers that GitHub always gives. A GET that repeats the
// ETag it knows gets 304.
func (g *GitHub) send(w http.ResponseWriter, r *http.Request, a answer) int {
	h := w.Header()
	for k, v := range a.header {
		h[k] = v
	}
	g.usualHeaders(h)
	data, isRaw := a.body.([]byte)
	if !isRaw && a.body != nil {
		var err error
		if data, err = json.Marshal(a.body); err != nil {
			a.status, data = 500, []byte(`{"message":"the simulator cannot render its answer"}`)
		}
	}
	if a.kind == "" {
		a.kind = "application/json; charset=utf-8"
	}
	if a.status == http.StatusOK && r.Method == http.MethodGet {
		sum := sha256.Sum256(data)
		etag := `W/"` + hex.EncodeToString(sum[:]) + `"`
		h.Set("ETag", etag)
		h.Set("Cache-Control", "private, max-age=60, s-maxage=60")
		h.Set("Vary", "Accept, Authorization, Cookie, X-GitHub-OTP")
		if matchesETag(r.Header.Get("If-None-Match"), etag) {
			w.WriteHeader(http.StatusNotModified)
			return http.StatusNotModified
		}
	}
	if data != nil {
		h.Set("Content-Type", a.kind)
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(data)
	return a.status
}

// matchesETag compares weakly, as RFC 9110 has it for If-None-Match.
func matchesETag(header, etag string) bool {
	for _, x := range strings.Split(header, ",") {
		if x = strings.TrimSpace(x); x != "" && strings.TrimPrefix(x, "W/") == strings.TrimPrefix(etag, "W/") {
			return true
		}
	}
	return false
}

// usualHeaders are on every answer.
func (g *GitHub) usualHeaders(h http.Header) {
	g.answers++
	h.Set("X-GitHub-Request-Id", fmt.Sprintf("%04X:%06X:%08X", 0xA11C, g.answers, g.answers*2654435761%(1<<32)))
	h.Set("X-GitHub-Media-Type", "github.v3; format=json")
	h.Set("X-GitHub-Api-Version-Selected", "2022-11-28")
	h.Set("Server", "github.com")
	h.Set("Date", g.clock().Format(http.TimeFormat))
}

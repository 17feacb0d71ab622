package contract

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/contract/pinned"
)

// Receiver checks each webhook that goes to a receiver.
func (c *Checker) Receiver(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent, body, err := copyBody(r.Body)
		if err != nil {
			http.Error(w, "the request broke off", http.StatusBadRequest)
			return
		}
		c.Webhook(r.Header, sent)
		r.Body = body
		next.ServeHTTP(w, r)
	})
}

// Webhook judges the headers and the body of a webhook. Whether its signature is right only who
// knows the secret can tell; here it must be well formed.
func (c *Checker) Webhook(header http.Header, body []byte) {
	event := header.Get("X-GitHub-Event")
	name, ok := c.d.hookName(event, body)
	where := "webhook " + name
	if !ok {
		c.report(where, []string{"GitHub's description knows no such event"})
		return
	}
	op, err := c.d.hook(name)
	if err != nil {
		c.report(where, []string{"the description cannot be used: " + err.Error()})
		return
	}
	body = c.anywhere(body)
	r := &http.Request{Method: http.MethodPost, URL: &url.URL{Scheme: "https", Host: "receiver", Path: "/" + name}, Header: sameForAll(header)}
	wrong := c.d.once(func() []string { return op.request(r, body) }, "webhook", name, headerKey(r.Header), alike(body))
	c.report(where, append(badHeaders(header), wrong...))
}

// headerForms are the shapes of the headers, which the description gives by example only.
func headerForms() map[string]*regexp.Regexp {
	return map[string]*regexp.Regexp{
		"User-Agent":                             regexp.MustCompile(`^GitHub-Hookshot/[0-9a-f]+$`),
		"X-GitHub-Delivery":                      regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`),
		"X-GitHub-Hook-ID":                       regexp.MustCompile(`^[0-9]+$`),
		"X-Hub-Signature":                        regexp.MustCompile(`^sha1=[0-9a-f]{40}$`),
		"X-Hub-Signature-256":                    regexp.MustCompile(`^sha256=[0-9a-f]{64}$`),
		"Content-Type":                           regexp.MustCompile(`^application/json$`),
		"X-GitHub-Hook-Installation-Target-ID":   regexp.MustCompile(`^[0-9]+$`),
		"X-GitHub-Hook-Installation-Target-Type": regexp.MustCompile(`^(integration|repository|organization)$`),
	}
}

// sameForAll puts fixed values for those headers that differ with every delivery. Their forms
// are judged by badHeaders, and the description says no more of them than that they are text.
func sameForAll(header http.Header) http.Header {
	h := header.Clone()
	for _, name := range []string{"X-GitHub-Delivery", "X-Hub-Signature", "X-Hub-Signature-256", "Content-Length"} {
		if h.Get(name) != "" {
			h.Set(name, "0")
		}
	}
	return h
}

func badHeaders(h http.Header) []string {
	var wrong []string
	for name, form := range headerForms() {
		if !form.MatchString(h.Get(name)) {
			wrong = append(wrong, "header "+name+": not of the form "+form.String())
		}
	}
	slices.Sort(wrong)
	return wrong
}

// hookName is the description's name of an event: "pull-request-closed", "push".
func (d *descriptions) hookName(event string, body []byte) (string, bool) {
	var b struct{ Action string }
	_ = json.Unmarshal(body, &b) // a body that is no JSON is the validator's to report
	plain := strings.ReplaceAll(event, "_", "-")
	name := plain
	if b.Action != "" {
		name += "-" + strings.ReplaceAll(b.Action, "_", "-")
	}
	return name, d.hooks.Piece(pinned.Hooks, name) != nil
}

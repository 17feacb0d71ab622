package forge

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"
)

// onMachineTime stands below ghinstallation, which tells by the machine's clock
// whether a token is still good. Where the App lives by another clock, the time in
// GitHub's answer is moved to the machine's; else each request would ask for a token
// of its own, or none for a new one.
type onMachineTime struct {
	base http.RoundTripper
	now  func() time.Time
}

// RoundTrip implements http.RoundTripper.
func (t onMachineTime) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.base.RoundTrip(req)
	ahead := time.Since(t.now())
	if err != nil || resp.StatusCode != http.StatusCreated || ahead.Abs() < time.Second || !strings.HasSuffix(req.URL.Path, "/access_tokens") {
		return resp, err
	}
	body, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(moved(body, ahead)))
	return resp, nil
}

// moved is a token's JSON with its end moved; what is no such JSON stays.
func moved(body []byte, by time.Duration) []byte {
	fields := map[string]json.RawMessage{}
	var ends time.Time
	if json.Unmarshal(body, &fields) != nil || json.Unmarshal(fields["expires_at"], &ends) != nil {
		return body
	}
	text, err := json.Marshal(ends.Add(by))
	if err != nil {
		return body
	}
	fields["expires_at"] = text
	if text, err = json.Marshal(fields); err != nil {
		return body
	}
	return text
}

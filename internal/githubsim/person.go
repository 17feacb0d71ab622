package githubsim

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// Person acts on the simulated GitHub as a user does: every verb is one or more ordinary
// requests with the user's own token, over the network, seen by whoever watches it.
type Person struct {
	github *GitHub
	user   *User
	login  string
}

// Person gives the user of that login. What an unknown login does is refused by the server.
func (g *GitHub) Person(login string) *Person {
	g.mu.Lock()
	defer g.mu.Unlock()
	return &Person{github: g, user: g.user(login), login: login}
}

// Refused is an answer of 400 or more.
type Refused struct {
	Status  int
	Message string // GitHub's own, with what errors[] says
	Body    string
}

func (r *Refused) Error() string { return fmt.Sprintf("%d: %s", r.Status, r.Message) }

// token gives the person's token; "" makes the request anonymous.
func (p *Person) token() string {
	if p.user == nil {
		return ""
	}
	return p.user.Token
}

// Do sends one request to the REST API, in as JSON if it is not nil, and reads the answer
// into out if that is not nil. An answer of 400 or more is a *Refused.
func (p *Person) Do(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		data, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(ctx, method, p.github.URL()+path, body)
	if err != nil {
		return err
	}
	req.Header.Set("Accept", "application/vnd.github+json")
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if t := p.token(); t != "" {
		req.Header.Set("Authorization", "Bearer "+t)
	}
	resp, err := p.github.client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode >= 400 {
		return refused(resp.StatusCode, data)
	}
	if out == nil || len(data) == 0 {
		return nil
	}
	return json.Unmarshal(data, out)
}

// refused reads GitHub's error body.
func refused(status int, data []byte) error {
	var body struct {
		Message string `json:"message"`
		Errors  []struct {
			Message string `json:"message"`
			Field   string `json:"field"`
			Code    string `json:"code"`
		} `json:"errors"`
	}
	_ = json.Unmarshal(data, &body) // what is no JSON is told by Body
	words := []string{body.Message}
	for _, e := range body.Errors {
		words = append(words, strings.TrimSpace(e.Message+" "+e.Field+" "+e.Code))
	}
	return &Refused{Status: status, Message: strings.Join(words, ": "), Body: string(data)}
}

// URL gives the root that SetURL was told.
func (g *GitHub) URL() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.url
}

// numbered is the part of an answer that has a number and ids.
type numbered struct {
	ID     int64  `json:"id"`
	Number int    `json:"number"`
	NodeID string `json:"node_id"`
	SHA    string `json:"sha"`
}

// make sends a POST and gives the ids of what was made.
func (p *Person) make(ctx context.Context, in any, format string, args ...any) (numbered, error) {
	var out numbered
	err := p.Do(ctx, http.MethodPost, fmt.Sprintf(format, args...), in, &out)
	return out, err
}

// change sends a PATCH.
func (p *Person) change(ctx context.Context, in any, format string, args ...any) error {
	return p.Do(ctx, http.MethodPatch, fmt.Sprintf(format, args...), in, nil)
}

// Package relay brings webhooks to a machine without a public address: it listens
// to a smee.io channel, which GitHub sends to, and passes on what comes.
//
// What must always hold: the body is passed on byte for byte as the channel gave
// it, since the signature is made over the bytes; nothing but GitHub's headers and
// the content type goes along; a connection that breaks is made again.
//
// What the channel's own server changed (it reads the JSON and writes it anew) or
// lost while nobody listened cannot be told here: the receiver refuses a signature
// that does not fit, and the bot asks GitHub again for what never arrived. The
// package checks no signature and keeps nothing.
package relay

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/tmaxmax/go-sse"
)

// longest is the greatest event that is read: GitHub's cap on a body, 25 MB, with
// its envelope.
const longest = 30 << 20

// patience is how long GitHub itself waits for the answer to a delivery.
// https://docs.github.com/en/webhooks/using-webhooks/best-practices-for-using-webhooks
const patience = 10 * time.Second

// Relay is one channel and where it leads.
type Relay struct {
	Channel string // https://smee.io/…
	To      string // the receiver
	// Passed is told of each delivery: its event and GUID, and what the receiver
	// answered or why it could not be passed on.
	Passed func(event, guid string, status int, err error)
	// Lost is told when the channel is out of reach, and how long it will be until it
	// is tried again.
	Lost   func(err error, wait time.Duration)
	Client *http.Client // reaches the receiver
	// Patience is how long the receiver may take to answer, while no other delivery
	// is passed on; 0: as long as GitHub waits.
	Patience time.Duration
}

// Run listens until ctx ends; that is no error. One that is returned tells that the
// channel is none.
func (r Relay) Run(ctx context.Context) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, r.Channel, nil)
	if err != nil {
		return err
	}
	client := sse.Client{
		HTTPClient: &http.Client{Transport: awaiting{http.DefaultTransport}}, OnRetry: r.Lost,
		Backoff: sse.Backoff{InitialInterval: 500 * time.Millisecond, MaxInterval: 30 * time.Second},
	}
	connection := client.NewConnection(request)
	connection.Buffer(nil, longest)
	connection.SubscribeMessages(func(e sse.Event) {
		if e.Data != "" { // go-sse tells of a bare "retry:", too
			r.pass(ctx, []byte(e.Data))
		}
	})
	if err = connection.Connect(); ctx.Err() == nil {
		return err
	}
	return nil
}

// awaiting makes an error, after which it is tried again, of an answer that may be
// another one soon: go-sse would take it for the last word.
type awaiting struct{ base http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (a awaiting) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := a.base.RoundTrip(r)
	if err == nil && (answer.StatusCode >= 500 || answer.StatusCode == http.StatusTooManyRequests) {
		_ = answer.Body.Close()
		return nil, fmt.Errorf("the channel answered %s", answer.Status)
	}
	return answer, err
}

// pass passes one event on.
func (r Relay) pass(ctx context.Context, data []byte) {
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(r.Patience, patience))
	defer cancel()
	request, err := r.request(ctx, data)
	if err != nil {
		r.Passed("", "", 0, err)
		return
	}
	event, guid := request.Header.Get("X-GitHub-Event"), request.Header.Get("X-GitHub-Delivery")
	answer, err := r.Client.Do(request)
	if err != nil {
		r.Passed(event, guid, 0, err)
		return
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 1<<20)) // so that the connection is used again
	_ = answer.Body.Close()
	r.Passed(event, guid, answer.StatusCode, nil)
}

// request is the delivery that an event holds: an object with the headers in lower
// case and the body.
func (r Relay) request(ctx context.Context, data []byte) (*http.Request, error) {
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(data, &parts); err != nil {
		return nil, fmt.Errorf("the event is no JSON object: %w", err)
	}
	if !strings.HasPrefix(string(parts["body"]), "{") {
		return nil, errors.New("the event holds no JSON body; set the webhook's content type to application/json")
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, r.To, bytes.NewReader(parts["body"]))
	if err != nil {
		return nil, err
	}
	for name, value := range parts {
		var text string
		if passedOn(name) && json.Unmarshal(value, &text) == nil {
			request.Header.Set(name, text)
		}
	}
	return request, nil
}

func passedOn(header string) bool {
	return header == "content-type" || header == "user-agent" ||
		strings.HasPrefix(header, "x-github-") || strings.HasPrefix(header, "x-hub-signature")
}

package hotfix

import "time"

// Sending is one attempt of GitHub's to hand over a delivery, as its deliveries
// API lists it. A redelivery is another sending under the same GUID.
type Sending struct {
	ID     int64 // what a redelivery is asked for by
	GUID   string
	Event  string
	Action string // empty for events without actions
	At     time.Time
	// Arrived is whether the receiver answered with a 2xx. What it said otherwise, or
	// why nothing was heard of it, stands in Status and Code as GitHub tells it.
	Arrived    bool
	Status     string // "OK", "timed out", "failed to connect to host", …
	Code       int    // of HTTP, or what GitHub puts in its place
	Redelivery bool
}

// Missed is a delivery of which no sending arrived yet.
type Missed struct {
	GUID    string
	Sending int64 // the id of its newest sending
	Event   string
	Action  string
	Asked   int // how often GitHub was asked to send it again
}

// Press reports whether the delivery is a button press, which exists nowhere else.
func (m Missed) Press() bool { return m.Event == "check_run" && m.Action == "requested_action" }

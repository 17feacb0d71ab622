package githubsim

import "net/http"

// Fault is what goes wrong with one request. The zero Fault is no fault.
type Fault struct {
	// Drop closes the connection without an answer, before anything happened.
	Drop bool
	// Lose lets the request have its effect and then closes the connection.
	Lose bool
	// Status, if not 0, is answered at once, with Header and Body; nothing happens.
	Status int
	Header http.Header
	Body   string
}

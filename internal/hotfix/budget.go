package hotfix

// Budget is what is left for one installation.
type Budget struct {
	Installation int64
	// Paced is whether the bot holds itself to GitHub's limits; Writes are the requests
	// that create content and Points those of all requests that it may spend now.
	Paced          bool
	Writes, Points int
	// Told is whether GitHub has said what is left of its hourly limit, to this process and
	// for the hour that counts now.
	Told             bool
	Limit, Remaining int
}

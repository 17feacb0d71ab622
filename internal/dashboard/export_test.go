package dashboard

// Routes are those that are served, as "GET /path/:parameter".
func (p *Pages) Routes() []string {
	var out []string
	for _, r := range p.router.Routes() {
		out = append(out, r.Method+" "+r.Path)
	}
	return out
}

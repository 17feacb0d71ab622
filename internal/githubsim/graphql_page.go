package githubsim

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
)

// gqlPage is a connection: a part of a list.
type gqlPage struct {
	all      []any
	from, to int
}

func (p gqlPage) nodes() []any { return p.all[p.from:p.to] }

// cursor points at an item of the list.
func cursor(n int) string {
	return base64.StdEncoding.EncodeToString([]byte("cursor:" + strconv.Itoa(n)))
}

func parseGQLCursor(s string) (int, error) {
	b, err := base64.StdEncoding.DecodeString(s)
	n, isCursor := strings.CutPrefix(string(b), "cursor:")
	i, err2 := strconv.Atoi(n)
	if err != nil || err2 != nil || !isCursor {
		return 0, &gqlError{Type: "INVALID_CURSOR_ARGUMENTS", Message: fmt.Sprintf("`%s` does not appear to be a valid cursor.", s)}
	}
	return i, nil
}

// gqlPageOf cuts a list by first, last, after and before, of which GitHub demands one of the
// former two, up to 100.
func gqlPageOf[T any](name string, list []T, args map[string]any) (any, error) {
	p := gqlPage{to: len(list)}
	for _, x := range list {
		p.all = append(p.all, x)
	}
	first, last := gqlInt(args["first"]), gqlInt(args["last"])
	if first < 0 && last < 0 {
		return nil, &gqlError{Type: "MISSING_PAGINATION_BOUNDARIES",
			Message: fmt.Sprintf("You must provide a `first` or `last` value to properly paginate the `%s` connection.", name)}
	}
	if n := max(first, last); n > 100 {
		return nil, &gqlError{Type: "EXCESSIVE_PAGINATION",
			Message: fmt.Sprintf("Requesting %d records on the `%s` connection exceeds the `first` limit of 100 records.", n, name)}
	}
	if err := p.between(args); err != nil {
		return nil, err
	}
	if first >= 0 {
		p.to = min(p.to, p.from+first)
	}
	if last >= 0 {
		p.from = max(p.from, p.to-last)
	}
	return p, nil
}

func (p *gqlPage) between(args map[string]any) error {
	if s, ok := args["after"].(string); ok {
		n, err := parseGQLCursor(s)
		if err != nil {
			return err
		}
		p.from = min(n+1, len(p.all))
	}
	if s, ok := args["before"].(string); ok {
		n, err := parseGQLCursor(s)
		if err != nil {
			return err
		}
		p.to = max(p.from, min(n, len(p.all)))
	}
	return nil
}

// gqlInt reads an Int argument, -1 if it was not given.
func gqlInt(v any) int {
	switch n := v.(type) {
	case int64:
		return int(n)
	case int:
		return n
	case float64:
		return int(n)
	}
	return -1
}

// pageFields are the same for each connection.
func pageFields(connection string) map[string]gqlField {
	return map[string]gqlField{
		connection + ".nodes":      on(func(_ *gqlRun, p gqlPage) any { return p.nodes() }),
		connection + ".totalCount": on(func(_ *gqlRun, p gqlPage) any { return len(p.all) }),
		connection + ".pageInfo":   on(func(_ *gqlRun, p gqlPage) any { return p }),
	}
}

func pageInfoFields() map[string]gqlField {
	edge := func(p gqlPage, n int) any {
		if p.from == p.to {
			return nil
		}
		return cursor(n)
	}
	return map[string]gqlField{
		"PageInfo.hasNextPage":     on(func(_ *gqlRun, p gqlPage) any { return p.to < len(p.all) }),
		"PageInfo.hasPreviousPage": on(func(_ *gqlRun, p gqlPage) any { return p.from > 0 }),
		"PageInfo.startCursor":     on(func(_ *gqlRun, p gqlPage) any { return edge(p, p.from) }),
		"PageInfo.endCursor":       on(func(_ *gqlRun, p gqlPage) any { return edge(p, p.to-1) }),
	}
}

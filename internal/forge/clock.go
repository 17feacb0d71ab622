package forge

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// Clock is GitHub's time, to the second, as its answers carry it (RFC 9110, "Date").
// It needs no credentials: it is asked when they do not work. The transport may be
// nil.
func Clock(ctx context.Context, api string, transport http.RoundTripper) (time.Time, error) {
	c := withDefaults(Config{APIURL: api, Transport: transport})
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(c.APIURL, "/")+"/meta", nil)
	if err != nil {
		return time.Time{}, errors.New("the API url must look like " + DefaultAPIURL)
	}
	req.Header.Set("User-Agent", userAgent)
	resp, err := c.Transport.RoundTrip(req)
	if err != nil {
		return time.Time{}, fmt.Errorf("asking %s for the time: %w", req.URL.Host, err)
	}
	defer resp.Body.Close()
	_, _ = io.CopyN(io.Discard, resp.Body, maxComplaint) // so that the connection can be used again
	now, err := http.ParseTime(resp.Header.Get("Date"))
	if err != nil {
		return time.Time{}, fmt.Errorf("%s answers %d without a date", req.URL.Host, resp.StatusCode)
	}
	return now, nil
}

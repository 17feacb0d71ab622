package relay

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// NewChannel makes a channel of a smee server, https://smee.io or one of one's own,
// and gives its address. The server answers GET /new with a redirect to it.
func NewChannel(ctx context.Context, server string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(server, "/")+"/new", nil)
	if err != nil {
		return "", err
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(request)
	var failed *url.Error
	if errors.As(err, &failed) {
		return "", fmt.Errorf("%s cannot be reached: %w", server, failed.Err)
	}
	if err != nil {
		return "", err
	}
	_ = answer.Body.Close()
	to, err := answer.Location()
	if err != nil || to.Host != request.URL.Host || to.Scheme != request.URL.Scheme || len(to.Path) < 2 {
		return "", fmt.Errorf("%s answered %s and no channel", server, answer.Status)
	}
	return to.String(), nil
}

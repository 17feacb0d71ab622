package forge

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// What waits for another write to end is not sent when that one is refused.
func TestWaitingWriteIsNotSentAfterARefusal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		answer, sent := make(chan struct{}), 0
		w := &wire{who: "test", now: time.Now, pace: newPace(7, &memory{}, time.Now), base: answering(func() *http.Response {
			sent++
			<-answer
			return &http.Response{
				StatusCode: http.StatusForbidden, Header: http.Header{headerRetryAfter: {"60"}}, Body: io.NopCloser(strings.NewReader("{}")),
			}
		})}
		fates := make(chan error)
		for range 3 {
			go func() {
				req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://hub.example/repos/acme/shop/issues", nil)
				resp, err := w.RoundTrip(req)
				if err == nil {
					err = resp.Body.Close()
				}
				fates <- err
			}()
		}
		synctest.Wait()
		close(answer)
		for range 3 {
			if err := <-fates; !errors.As(err, new(*hotfix.Later)) {
				t.Errorf("%v", err)
			}
		}
		if sent != 1 {
			t.Errorf("%d were sent", sent)
		}
	})
}

// answering answers requests.
type answering func() *http.Response

// RoundTrip implements http.RoundTripper.
func (a answering) RoundTrip(*http.Request) (*http.Response, error) { return a(), nil }

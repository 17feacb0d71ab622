package forge

import (
	"context"
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
			go func() { fates <- write(t.Context(), w) }()
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

// A process was stopped while a change waited for another one to end, and its work was
// taken over meanwhile.
func TestWaitingWriteIsNotSentByWhoLostTheWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		answer, sent, lost := make(chan struct{}), 0, error(nil)
		w := &wire{
			who: "test", now: time.Now, pace: newPace(7, &memory{}, time.Now), allowed: func(context.Context) error { return lost },
			base: answering(func() *http.Response {
				sent++
				<-answer
				return &http.Response{StatusCode: http.StatusCreated, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("{}"))}
			}),
		}
		fates := make(chan error)
		for range 2 {
			go func() { fates <- write(t.Context(), w) }()
		}
		synctest.Wait()
		lost = errors.New("another process has the work")
		close(answer)
		if err := errors.Join(<-fates, <-fates); !errors.Is(err, lost) || sent != 1 {
			t.Errorf("%d were sent: %v", sent, err)
		}
	})
}

// write sends a change and reads its answer.
func write(ctx context.Context, w *wire) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://hub.example/repos/acme/shop/issues", nil)
	if err != nil {
		return err
	}
	resp, err := w.RoundTrip(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// answering answers requests.
type answering func() *http.Response

// RoundTrip implements http.RoundTripper.
func (a answering) RoundTrip(*http.Request) (*http.Response, error) { return a(), nil }

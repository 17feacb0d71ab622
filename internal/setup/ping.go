package setup

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Hooks is the handler of webhooks. Only a ping that is signed with the App's secret
// is accepted: everything else is for `hotfixbot serve`, which asks GitHub for what
// failed.
func (s *Setup) Hooks() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		receiver := s.receiver
		s.mu.Unlock()
		if receiver == nil {
			http.Error(w, "the App is being set up; redeliver this later", http.StatusServiceUnavailable)
			return
		}
		receiver.ServeHTTP(w, r)
	})
}

// errLater is said of every webhook but a ping.
var errLater = errors.New("the App is being set up; redeliver this later")

// Accept takes a ping whose signature was checked.
func (s *Setup) Accept(_ context.Context, d hotfix.Delivery, _ ...hotfix.RepositoryID) (fresh bool, err error) {
	if d.Event != "ping" {
		return false, errLater
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stage == ready {
		return false, nil
	}
	s.stage, s.trouble = ready, nil
	s.bump()
	s.config.Tell("GitHub's ping arrived, signed: ready. Install the App: " + s.made.URL + "/installations/new")
	return true, nil
}

// ask has Run ping, unless it does so already. The lock is held.
func (s *Setup) ask() {
	s.pinging = true
	select {
	case s.pings <- struct{}{}:
	default:
	}
}

// ping has GitHub send the registration's ping once more, now that its signature can
// be checked, and waits for it. It ends when it arrived, or when it is clear that it
// does not; one that comes later is welcome, too.
func (s *Setup) ping(ctx context.Context) {
	s.mu.Lock()
	made := s.made
	s.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, s.config.Patience)
	defer cancel()
	outcome, err := s.exchange(ctx, made)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pinging = false
	if s.stage == kept && s.ctx.Err() == nil {
		s.trouble = s.unheard(outcome, err)
		s.config.Tell(s.trouble.What)
	}
	s.bump()
}

// exchange asks for the ping and gives what GitHub says became of it; nil: nothing
// yet.
func (s *Setup) exchange(ctx context.Context, made hotfix.Registered) (*hotfix.Sending, error) {
	first, err := s.find(ctx, made, 0)
	if err != nil || first == nil {
		return nil, err
	}
	if err := s.config.GitHub.Redeliver(ctx, made, first.ID); err != nil {
		return nil, err
	}
	return s.find(ctx, made, first.ID)
}

// find looks into GitHub's list until its newest ping is another than the known one,
// or until nobody needs it any more, which is no error.
func (s *Setup) find(ctx context.Context, made hotfix.Registered, known int64) (*hotfix.Sending, error) {
	ticker := time.NewTicker(s.config.Look)
	defer ticker.Stop()
	for {
		list, err := s.config.GitHub.Sendings(ctx, made, s.config.Now().Add(-time.Hour))
		if ctx.Err() != nil {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(list, func(sent hotfix.Sending) bool { return sent.Event == "ping" })
		if i >= 0 && list[i].ID != known {
			return &list[i], nil
		}
		select {
		case <-ctx.Done():
			return nil, nil
		case <-ticker.C:
		}
	}
}

// unheard tells why no ping arrived, by what GitHub says of it, and what to look at.
func (s *Setup) unheard(sent *hotfix.Sending, err error) *trouble {
	t := &trouble{Again: "Have GitHub ping again"}
	switch {
	case err != nil:
		t.What = "GitHub could not be asked for its ping: " + err.Error()
		t.Remedies = []string{"See whether this machine reaches GitHub's API, and whether its clock is right: GitHub takes the App's word for ten minutes."}
	case sent == nil:
		t.What = "No ping has arrived yet, and GitHub has not said what became of it."
		t.Remedies = s.places()
	case sent.Arrived:
		t.What = fmt.Sprintf("GitHub says that its ping was answered with %d, but it did not arrive here.", sent.Code)
		t.Remedies = []string{
			"Something else answers at " + s.plan.hook + ": another hotfixbot, or a proxy that leads somewhere else.",
			"It must lead to " + s.config.Local + s.config.Hook + " on this machine.",
		}
		if s.plan.Reach == Channel {
			t.Remedies = []string{"The channel took it and did not pass it on here, or changed it so that its signature does not fit any more: that happens to few. Have GitHub ping again."}
		}
	case sent.Code == http.StatusUnauthorized:
		t.What = "A ping arrived whose signature does not fit."
		t.Remedies = []string{"Something on the way changes what GitHub sends, or another hotfixbot with another secret answered: webhooks must be passed on byte for byte, with their headers."}
	case sent.Status == "timed out" || sent.Code == http.StatusGatewayTimeout || sent.Code == http.StatusBadGateway || sent.Code == 0:
		t.What = "GitHub did not get through to " + s.plan.hook + ": " + said(sent) + "."
		t.Remedies = s.places()
	default:
		t.What = "Something else than hotfixbot answered GitHub at " + s.plan.hook + ": " + said(sent) + "."
		t.Remedies = []string{"The proxy must pass " + s.config.Hook + " on to " + s.config.Local + ", with its method, body and headers."}
	}
	return t
}

// said is what GitHub says became of a delivery.
func said(sent *hotfix.Sending) string {
	code := strconv.Itoa(sent.Code)
	if strings.Contains(sent.Status, code) {
		return sent.Status
	}
	return sent.Status + " (" + code + ")"
}

// places are what to look at when nothing arrives.
func (s *Setup) places() []string {
	if s.plan.Reach == Channel {
		return []string{"See in the terminal whether the channel can be reached from here."}
	}
	return []string{
		"Address: does the name of " + s.plan.base + " lead to this machine, for everybody on the Internet?",
		"Firewall: is its port open, and does the proxy pass " + s.config.Hook + " on to " + s.config.Local + "?",
		"TLS: is the certificate one that everybody trusts, for this name, and not expired? GitHub takes no self-signed one.",
		"If the address itself is wrong, change it in the App's settings, " + s.account(s.plan) + "/settings/apps/" + s.made.Slug + ", and BASE_URL in " + s.path + ".",
	}
}

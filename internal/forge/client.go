package forge

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/bradleyfalzon/ghinstallation/v2"
	"github.com/golang-jwt/jwt/v4"
	"github.com/google/go-github/v60/github"
	ghtoken "github.com/google/go-github/v88/github" // only for ghinstallation's options
)

const (
	userAgent = "hotfixbot"
	// patience is how long one request may take altogether. A comparison of two
	// distant commits is the slowest thing that is asked.
	patience = time.Minute
)

// installation is one installation of the App with its own client, so that the
// budget and the token of one account never touch another's.
type installation struct {
	id     int64
	client *github.Client
	wire   *wire
	pace   *pace // nil: requests are not paced
}

// installation gives the client of one installation, the same for every caller.
func (a *App) installation(id int64) *installation {
	a.mu.Lock()
	defer a.mu.Unlock()
	if i := a.installations[id]; i != nil {
		return i
	}
	i := &installation{id: id}
	if a.purses != nil {
		i.pace = newPace(id, a.purses, a.now)
	}
	wire := a.newWire(fmt.Sprintf("installation %d", id))
	wire.pace, i.wire = i.pace, wire
	i.client = a.newClient(newRenewing(func() http.RoundTripper { return a.asInstallation(wire, id) }))
	a.installations[id] = i
	return i
}

// newClient puts the ETag cache and go-github on an authenticated transport.
func (a *App) newClient(authenticated http.RoundTripper) *github.Client {
	client := github.NewClient(&http.Client{
		Transport:     newRevalidating(authenticated),
		CheckRedirect: checkRedirect,
		Timeout:       patience,
	})
	client.BaseURL = a.api
	client.UserAgent = userAgent
	return client
}

// checkRedirect follows GitHub's redirects of renamed repositories (301 for
// reading, 307 for writing), and no others: the transport would send the token
// to any host, and net/http would turn a redirected POST into a GET.
func checkRedirect(req *http.Request, via []*http.Request) error {
	first := via[0]
	switch {
	case len(via) > 5:
		return errors.New("too many redirects")
	case req.URL.Host != first.URL.Host || req.URL.Scheme != first.URL.Scheme:
		return errors.New("redirected to another host")
	case req.Method != first.Method:
		return fmt.Errorf("a %s was redirected to a %s", first.Method, req.Method)
	}
	return nil
}

// asApp signs requests as the App itself.
func (a *App) asApp(wire http.RoundTripper) *ghinstallation.AppsTransport {
	transport, err := ghinstallation.NewAppsTransportWithOptions(wire, a.id,
		ghinstallation.WithSigner(signer{app: a}))
	if err != nil {
		panic("ghinstallation refuses a signer: " + err.Error()) // it refuses only a missing one
	}
	transport.BaseURL = a.apiRoot()
	return transport
}

// asInstallation signs requests as one installation. Each has an AppsTransport of
// its own: ghinstallation writes to it when it refreshes a token. Without options
// it would send the JSON null, which GitHub's description does not allow.
func (a *App) asInstallation(wire http.RoundTripper, id int64) *ghinstallation.Transport {
	transport := ghinstallation.NewFromAppsTransport(a.asApp(onMachineTime{wire, a.now}), id)
	transport.InstallationTokenOptions = &ghtoken.InstallationTokenOptions{}
	return transport
}

func (a *App) apiRoot() string {
	root := a.api.String()
	return root[:len(root)-1]
}

// signer signs the App's JWT on the injected clock; ghinstallation's own claims
// are made on the machine's. GitHub allows ten minutes of life and wants the
// issue time in the past.
type signer struct{ app *App }

// Sign implements ghinstallation.Signer.
func (s signer) Sign(jwt.Claims) (string, error) {
	now := s.app.now().Truncate(time.Second)
	claims := jwt.RegisteredClaims{
		Issuer:    fmt.Sprint(s.app.id),
		IssuedAt:  jwt.NewNumericDate(now.Add(-time.Minute)),
		ExpiresAt: jwt.NewNumericDate(now.Add(5 * time.Minute)),
	}
	return jwt.NewWithClaims(jwt.SigningMethodRS256, claims).SignedString(s.app.key)
}

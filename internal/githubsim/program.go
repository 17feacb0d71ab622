package githubsim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Program is `hotfixbot sim`: a simulated GitHub that listens until it is told to stop.
type Program struct {
	Listen string    // the address, "127.0.0.1:8090"; port 0 takes a free one
	Data   string    // the folder that will hold git/<owner>/<repo>.git
	Seed   string    // the seed file
	Grant  Grant     // what app.yml asks for
	Out    io.Writer // gets one line of JSON when all is ready
}

// ready is that line.
type ready struct {
	URL            string `json:"url"`
	InstallationID int64  `json:"installation_id"`
}

// judging wraps the simulated GitHub before it is served; tests put their checks
// there.
type judging func(http.Handler) http.Handler

// Run serves until the context ends, and then returns nil. Before it is ready, an error says
// what is wrong with the seed, the folder or the address.
func (p Program) Run(ctx context.Context) error { return p.run(ctx, nil) }

func (p Program) run(ctx context.Context, wrap judging) error {
	seed, err := ReadSeed(p.Seed)
	if err != nil {
		return err
	}
	g, err := p.open()
	if err != nil {
		return err
	}
	defer g.Close()
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", p.Listen)
	if err != nil {
		return fmt.Errorf("cannot listen: %w; name another address with --listen, such as 127.0.0.1:0 for any port that is free", err)
	}
	root := "http://" + reachable(listener.Addr())
	g.SetURL(root)
	planted, err := g.Plant(ctx, seed, p.Grant)
	if err != nil {
		// open saw that nothing was there: what is there now is half a seed, and would
		// stand in the way of the next run.
		return errors.Join(err, listener.Close(), os.RemoveAll(p.repositories()))
	}
	return g.serveUntil(ctx, listener, wrap, func() error {
		return json.NewEncoder(p.Out).Encode(ready{URL: root, InstallationID: planted.InstallationID})
	})
}

// open makes the GitHub. The model lives in memory, so repositories of an earlier run would
// have lost their issues and pull requests: they are refused, not taken over.
func (p Program) open() (*GitHub, error) {
	data, err := filepath.Abs(p.Data)
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(p.repositories())
	if err == nil && len(entries) > 0 {
		return nil, fmt.Errorf("%s holds the repositories of an earlier run: remove it, or name another --data",
			filepath.Join(data, "git"))
	}
	return New(Options{Dir: data})
}

// repositories is the folder of all repositories.
func (p Program) repositories() string { return filepath.Join(p.Data, "git") }

// reachable is the address that clients use.
func reachable(a net.Addr) string {
	tcp, ok := a.(*net.TCPAddr)
	if ok && tcp.IP.IsUnspecified() {
		return fmt.Sprintf("127.0.0.1:%d", tcp.Port)
	}
	return a.String()
}

// grace is how long requests may take to end when the program stops.
const grace = 5 * time.Second

// serveUntil serves and delivers webhooks until the context ends.
func (g *GitHub) serveUntil(ctx context.Context, l net.Listener, wrap judging, announce func() error) error {
	var handler http.Handler = g
	if wrap != nil {
		handler = wrap(g)
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	delivering, stop := context.WithCancel(ctx)
	var pump sync.WaitGroup
	pump.Go(func() { g.Pump(delivering) })
	defer pump.Wait()
	defer stop()
	if err := announce(); err != nil {
		return errors.Join(err, server.Close())
	}
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if err := server.Shutdown(closing); err != nil {
		return server.Close() // somebody keeps a request open
	}
	return nil
}

package e2e_test

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"net"
	"sync"

	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/app"
)

// program is a running App.
type program struct {
	app  *app.App
	addr net.Addr
	stop func() error
}

// config is that of a world's App.
func (w *world) config() (app.Config, error) {
	key, err := appKey()
	if err != nil {
		return app.Config{}, err
	}
	return app.Config{
		AppID: appID, PrivateKey: pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}),
		WebhookSecrets: []string{webhookSecret}, SignIn: w.signIn(),
		APIURL: w.url, WebURL: w.url, DataDir: w.data(), DatabaseURL: w.keeping.place(), Now: w.clock.Now,
		Paced: w.paced, Gather: w.gather, Tracer: w.tracer,
		Poll:  w.poll,
		Lease: w.keeping.lease,
		Log:   zerolog.New(w.log).Level(zerolog.DebugLevel),
	}, nil
}

// run runs an App until stop is called.
func run(ctx context.Context, config app.Config) (*program, error) {
	bot, err := app.New(ctx, config)
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, errors.Join(err, bot.Close())
	}
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan error, 1)
	go func() { ended <- bot.Run(running, listener) }()
	return &program{app: bot, addr: listener.Addr(), stop: sync.OnceValue(func() error {
		cancel()
		return errors.Join(<-ended, bot.Close())
	})}, nil
}

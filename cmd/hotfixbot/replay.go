package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"

	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/app"
	"github.com/hotfixbot/hotfixbot/internal/terminal"
)

// replayCommand is `hotfixbot replay`.
type replayCommand struct {
	GUID string `arg:"" help:"The delivery: its GUID, X-GitHub-Delivery."`
	account
	storage
}

// Help is the longer text of `replay --help`.
func (replayCommand) Help() string {
	return `GitHub is asked to send the delivery again. Where it does not have it any more, after three days, the repositories that it concerns are looked at again, from what is stored. It may run beside hotfixbot serve, with the same settings.

Example:

	hotfixbot replay 72d3162e-cc78-11e3-81ab-4c9367dc0958

Exit code: 0 it is sent again, or what it concerns is looked at again; 1 nobody has the delivery, or GitHub could not be asked; 2 a setting is wrong.`
}

// deliveryShape is that of X-GitHub-Delivery (docs, "Webhook events and payloads").
var deliveryShape = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)

// Run replays the delivery.
func (c replayCommand) Run(ctx context.Context, std streams) error {
	if !deliveryShape.MatchString(c.GUID) {
		return usageError{fmt.Errorf("%s is no GUID of a delivery, such as 72d3162e-cc78-11e3-81ab-4c9367dc0958: the page's Deliveries and the App's settings on GitHub, under “Advanced”, show them", shown(c.GUID))}
	}
	config, err := c.read()
	if err != nil {
		return usageError{err}
	}
	progress := terminal.Start(std.err, "looking for the delivery among those of the last three days at GitHub")
	how, err := app.Replay(ctx, config, c.GUID)
	progress.Done()
	switch {
	case errors.As(err, new(*app.DatabaseError)):
		return c.misplaced(err)
	case err != nil:
		return err
	case how == app.Woken:
		_, err = fmt.Fprintf(std.out, "GitHub does not have delivery %s any more; what it concerns is looked at again\n", c.GUID)
	default:
		_, err = fmt.Fprintf(std.out, "GitHub sends delivery %s again\n", c.GUID)
	}
	return err
}

// read checks the settings.
func (c replayCommand) read() (app.Config, error) {
	if err := c.find(); err != nil {
		return app.Config{}, err
	}
	config := app.Config{DataDir: c.DataDir, DatabaseURL: c.DatabaseURL, Log: zerolog.New(io.Discard)}
	kept, err := c.kept()
	if err != nil {
		return config, err
	}
	return config, c.account.or(kept).read(&config)
}

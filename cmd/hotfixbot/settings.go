package main

import (
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/app"
)

// settings are what hotfixbot serve is set by. hotfixbot doctor reads the same in the
// same way.
type settings struct {
	account
	storage
	signIn
	signing
	Listen        string `name:"listen" env:"LISTEN" default:":8080" help:"Address to listen on. Default: ${default}."`
	LogLevel      string `name:"log-level" env:"LOG_LEVEL" default:"info" help:"debug, info, warn or error. Default: ${default}."`
	FetchInterval string `name:"fetch-interval" env:"FETCH_INTERVAL" default:"1m" help:"How often GitHub is asked to send again what it could not deliver. Default: ${default}."`
	RateLimits    string `name:"rate-limits" env:"RATE_LIMITS" default:"auto" help:"on: stay below the limits of github.com. off: only stop when GitHub says so. auto: off for an Enterprise Server and on this machine, else on. Default: ${default}."`
	SweepInterval string `name:"sweep-interval" env:"SWEEP_INTERVAL" default:"10m" help:"How often every repository is looked at, whether or not a webhook came. Default: ${default}."`
}

// read checks each setting by itself: wrong are those that are missing or wrong, each
// error with the name of its setting. The signing key, the data folder and whether
// LISTEN is free are looked at by who uses them.
func (c settings) read(logs io.Writer) (config app.Config, wrong []error) {
	if err := c.find(); err != nil {
		wrong = append(wrong, err)
	}
	config = app.Config{DataDir: c.DataDir, DatabaseURL: c.DatabaseURL}
	kept, err := c.kept()
	if err != nil {
		wrong = append(wrong, err)
	}
	c.signIn, c.account = c.signIn.or(kept.Of(c.AppID)), c.account.or(kept)
	readers := []func(*app.Config) error{
		c.readURLs, c.readLimits, c.readIntervals, func(config *app.Config) error { return c.readLog(config, logs) },
	}
	if err == nil || c.AppID != "" { // else nobody knows what the file has
		readers = append([]func(*app.Config) error{c.readApp, c.readKey, c.readSecrets, c.signIn.read}, readers...)
	}
	for _, read := range readers {
		if err := read(&config); err != nil {
			wrong = append(wrong, err)
		}
	}
	return config, wrong
}

// readLimits tells whether requests are paced. Enterprise Servers have no limits by
// default (docs.github.com, "Rate limits for the REST API", Enterprise Server).
func (c settings) readLimits(config *app.Config) error {
	switch c.RateLimits {
	case "on", "off":
		config.Paced = c.RateLimits == "on"
	case "auto":
		api, err := url.Parse(config.APIURL)
		config.Paced = err == nil && !loopback(api.Hostname()) && !strings.HasSuffix(api.Path, "/api/v3")
	default:
		return fmt.Errorf("RATE_LIMITS is %q: it must be on, off or auto", c.RateLimits)
	}
	return nil
}

// longestInterval is a day: GitHub keeps what it could not deliver for three (docs,
// "Redelivering webhooks").
const longestInterval = 24 * time.Hour

func (c settings) readIntervals(config *app.Config) error {
	for _, setting := range []struct {
		name, value string
		into        *time.Duration
	}{
		{"SWEEP_INTERVAL", c.SweepInterval, &config.SweepInterval},
		{"FETCH_INTERVAL", c.FetchInterval, &config.FetchInterval},
	} {
		interval, err := time.ParseDuration(setting.value)
		if err != nil || interval < time.Second || interval > longestInterval {
			return fmt.Errorf("%s is %q: it must be a duration from a second to a day, such as 10m", setting.name, setting.value)
		}
		*setting.into = interval
	}
	return nil
}

func (c settings) readLog(config *app.Config, out io.Writer) error {
	level, err := zerolog.ParseLevel(c.LogLevel)
	if err != nil || !slices.Contains([]string{"debug", "info", "warn", "error"}, c.LogLevel) {
		return fmt.Errorf("LOG_LEVEL is %q: it must be debug, info, warn or error", c.LogLevel)
	}
	config.Log = zerolog.New(out).Level(level).With().Timestamp().Logger()
	return nil
}

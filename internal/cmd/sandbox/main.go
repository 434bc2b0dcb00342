// Command sandbox serves a stand-in for the HighLevel API on this machine, for trying things without an
// account:
//
//	go run ./internal/cmd/sandbox [-addr 127.0.0.1:8787] [-seed file.json] [-no-rate-limit] [-latency 30ms]
//
// It prints the address of a page that shows what it holds, and the lines to paste into the shell that terraform or another
// client runs in. -help lists the flags, among them one for each behaviour of the API that sources disagree on.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "sandbox:", err)
		os.Exit(1)
	}
}

// settings are what the command line says.
type settings struct {
	addr        string
	seedFile    string
	noRateLimit bool
	options     sandbox.Options
}

// keepRequests bounds the log of a sandbox that may run for days.
const keepRequests = 1000

func readFlags(args []string, stderr io.Writer) (settings, error) {
	c := settings{options: sandbox.Options{KeepRequests: keepRequests}}
	flags := flag.NewFlagSet("sandbox", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&c.addr, "addr", "127.0.0.1:8787", "listen `address`; port 0 takes a free one")
	flags.StringVar(&c.seedFile, "seed", "", "JSON `file` of sub-accounts and what they hold to begin with")
	flags.BoolVar(&c.noRateLimit, "no-rate-limit", false, "refuse no call for its number")
	flags.DurationVar(&c.options.Latency, "latency", 0, "`time` added to each answer")
	flags.StringVar(&c.options.Prefix, "prefix", "", "base `path`, such as /v1")
	quirkFlags(flags, &c.options.Quirks)
	if err := flags.Parse(args); err != nil {
		return c, err
	}
	c.options.Prefix = strings.TrimSuffix(c.options.Prefix, "/")
	if flags.NArg() > 0 {
		return c, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	return c, nil
}

// run serves until the context ends.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	c, err := readFlags(args, stderr)
	if err != nil {
		return err
	}
	start := defaultSeed()
	if c.seedFile != "" {
		if start, err = readSeedFile(c.seedFile); err != nil {
			return err
		}
	}
	server, err := newSandbox(ctx, c, start)
	if err != nil {
		return err
	}
	port, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.addr)
	if err != nil {
		return fmt.Errorf("unable to listen: %w", err)
	}
	announce(stdout, "http://"+port.Addr().String(), c.options.Prefix, start)
	return serve(ctx, port, server)
}

// newSandbox makes a sandbox that holds what the seed says. The seed does not count against the budget.
func newSandbox(ctx context.Context, c settings, start seed) (*sandbox.Sandbox, error) {
	latency := c.options.Latency
	c.options.Latency = 0
	c.options.RateLimit = sandbox.RateLimit{Unlimited: true}
	s := sandbox.New(c.options)
	if err := start.plant(ctx, s, c.options.Prefix); err != nil {
		return nil, err
	}
	s.ResetRequests()
	s.SetLatency(latency)
	s.SetRateLimit(sandbox.RateLimit{Unlimited: c.noRateLimit})
	return s, nil
}

// announce prints a ready line, where to look, and what to paste.
func announce(w io.Writer, address, prefix string, start seed) {
	first, baseURL := start.Locations[0], address+prefix
	_, _ = fmt.Fprintf(w, "The sandbox is ready on %s. Stop it with Ctrl-C.\n", baseURL)
	_, _ = fmt.Fprintf(w, "To see what it holds, open %s/ in a browser.\n\n", address)
	_, _ = fmt.Fprintf(w, "export GHL_BASE_URL=%s\nexport GHL_ACCESS_TOKEN=%s\nexport GHL_LOCATION_ID=%s\n", baseURL, first.Token, first.ID)
	for _, l := range start.Locations[1:] {
		_, _ = fmt.Fprintf(w, "# another sub-account: %s, with the token %s\n", l.ID, l.Token)
	}
	for _, a := range start.Agencies {
		_, _ = fmt.Fprintf(w, "# an agency, with the app %s: export GHL_COMPANY_ID=%s GHL_AGENCY_ACCESS_TOKEN=%s\n", a.AppID, a.CompanyID, a.Token)
	}
}

func serve(ctx context.Context, port net.Listener, handler http.Handler) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}
	release := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer release()
	if err := server.Serve(port); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("unable to serve: %w", err)
	}
	return nil
}

// Command sandbox serves a stand-in for the HighLevel API on this machine, for experiments without an account:
//
//	go run ./internal/cmd/sandbox [-addr 127.0.0.1:8787] [-seed file.json] [-no-rate-limit] [-latency 30ms]
//
// The command prints the address of the sandbox's page and the environment variables that Terraform or another client needs.
//
//	go run ./internal/cmd/sandbox [flags] -- terraform test
//
// This form runs one command against a sandbox on a free port. It sets these variables for the command, and exits with the exit
// code of the command. -help lists the flags. There is a flag for each behaviour of the API that sources disagree on.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	var ended *exec.ExitError
	switch {
	case errors.Is(err, flag.ErrHelp):
	case errors.As(err, &ended) && ended.Exited():
		os.Exit(ended.ExitCode())
	case err != nil:
		fmt.Fprintln(os.Stderr, "sandbox:", err)
		os.Exit(1)
	}
}

// settings holds the values of the command line.
type settings struct {
	addr        string
	seedFile    string
	noRateLimit bool
	options     sandbox.Options
	command     []string // command to run against the sandbox; if empty, the sandbox serves until it is interrupted
}

// The default listen addresses: usualAddr without a command, freeAddr with a command.
const (
	usualAddr = "127.0.0.1:8787"
	freeAddr  = "127.0.0.1:0"
)

// keepRequests limits the request log, because a sandbox may run for days.
const keepRequests = 1000

func readFlags(args []string, stderr io.Writer) (settings, error) {
	c := settings{addr: usualAddr, options: sandbox.Options{KeepRequests: keepRequests}}
	if i := slices.Index(args, "--"); i >= 0 {
		args, c.command, c.addr = args[:i], args[i+1:], freeAddr
		if len(c.command) == 0 {
			return c, errors.New(`a command must follow "--"`)
		}
	}
	flags := flag.NewFlagSet("sandbox", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		_, _ = fmt.Fprintln(stderr, "Usage: sandbox [flags] [-- command to run against the sandbox]")
		flags.PrintDefaults()
	}
	flags.StringVar(&c.addr, "addr", c.addr, "`address` to listen on; port 0 selects a free port")
	flags.StringVar(&c.seedFile, "seed", "", "JSON `file` of sub-accounts and their content")
	flags.BoolVar(&c.noRateLimit, "no-rate-limit", false, "accept any number of calls")
	flags.DurationVar(&c.options.Latency, "latency", 0, "`time` added to each answer")
	flags.StringVar(&c.options.Prefix, "prefix", "", "base `path`, for example /v1")
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

// run serves until the context is cancelled or the command exits.
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
	switch {
	case isInUse(err):
		return fmt.Errorf("the address %s is in use: stop the program that uses it, perhaps another sandbox, or select a free port with -addr %s", c.addr, freeAddr)
	case err != nil:
		return fmt.Errorf("unable to listen on -addr: %w", err)
	}
	address := "http://" + port.Addr().String()
	if len(c.command) > 0 {
		return serveCommand(ctx, c.command, port, server, start.variables(address+c.options.Prefix), stdout, stderr)
	}
	announce(stdout, address, c.options.Prefix, start)
	return serve(ctx, port, server)
}

// isInUse reports whether err says that another program listens on the port. The error number of Windows is WSAEADDRINUSE.
func isInUse(err error) bool {
	return errors.Is(err, syscall.EADDRINUSE) || errors.Is(err, syscall.Errno(10048))
}

// serveCommand serves while a command runs, and returns the command's error.
func serveCommand(ctx context.Context, line []string, port net.Listener, handler http.Handler, variables []string, stdout, stderr io.Writer) error {
	serving, stop := context.WithCancel(context.WithoutCancel(ctx))
	served := make(chan error, 1)
	go func() { served <- serve(serving, port, handler) }()
	// Ctrl-C also interrupts the command, which may need the sandbox for its cleanup. So the sandbox stops only when the command
	// has exited.
	command := exec.CommandContext(serving, line[0], line[1:]...)
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, stdout, stderr
	command.Env = append(withoutAccount(os.Environ()), variables...)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM) // before the command starts, so that no signal is missed
	err := command.Start()
	if err == nil {
		go func() {
			for s := range signals {
				_ = command.Process.Signal(s) // the command may have exited
			}
		}()
		err = command.Wait()
	}
	signal.Stop(signals)
	close(signals)
	stop()
	if err != nil {
		err = fmt.Errorf("%s: %w", line[0], err)
	}
	return errors.Join(err, <-served)
}

// withoutAccount removes the credentials that would take precedence over those of the sandbox.
func withoutAccount(environment []string) []string {
	return slices.DeleteFunc(slices.Clone(environment), func(variable string) bool {
		name, _, _ := strings.Cut(variable, "=")
		return slices.Contains([]string{"GHL_AGENCY_ACCESS_TOKEN", "GHL_COMPANY_ID", "GHL_LOCATION_ACCESS_TOKENS", "GHL_ALLOWED_LOCATION_IDS"}, name)
	})
}

// newSandbox creates a sandbox and fills it from a seed. The calls of the seed do not count against the rate limit.
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

// variables returns the environment variables that point a client to the sandbox and its first sub-account.
func (s seed) variables(baseURL string) []string {
	first := s.Locations[0]
	return []string{"GHL_BASE_URL=" + baseURL, "GHL_ACCESS_TOKEN=" + first.Token, "GHL_LOCATION_ID=" + first.ID}
}

// announce prints that the sandbox is ready, the address of its page, and the variables to export.
func announce(w io.Writer, address, prefix string, start seed) {
	baseURL := address + prefix
	say := func(format string, values ...any) { _, _ = fmt.Fprintf(w, format+"\n", values...) }
	say("The sandbox is ready on %s. Stop it with Ctrl-C.", baseURL)
	say("To see what it holds, open %s/ in a browser.\n", address)
	for _, variable := range start.variables(baseURL) {
		say("export %s", variable)
	}
	if len(start.Locations) == 1 && len(start.Agencies) == 0 {
		return
	}
	say("\nInstead of the last two, you can export those of another sub-account or of an agency:\n")
	for _, l := range start.Locations[1:] {
		say("%s:\nexport GHL_ACCESS_TOKEN=%s GHL_LOCATION_ID=%s", cmp.Or(l.Name, l.ID), l.Token, l.ID)
	}
	for _, a := range start.Agencies {
		say("An agency whose app has the id %s:\nexport GHL_AGENCY_ACCESS_TOKEN=%s GHL_COMPANY_ID=%s", a.AppID, a.Token, a.CompanyID)
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

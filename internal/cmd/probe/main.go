// Command probe finds out how the API of a HighLevel sub-account behaves in cases that are not documented:
//
//	make probe [PROBE="-objects"]
//
// It makes at most 300 calls, deletes everything that it creates, and writes a report without personal data. -help lists the
// flags. CONTRIBUTING.md lists the environment variables.
package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

const (
	envToken    = "GHL_TEST_ACCESS_TOKEN"
	envLocation = "GHL_TEST_LOCATION_ID"
	envRecords  = "GHL_TEST_RECORD_IDS"
	envBaseURL  = "GHL_TEST_BASE_URL"
	envAgency   = "GHL_TEST_AGENCY_ACCESS_TOKEN"
	envCompany  = "GHL_TEST_COMPANY_ID"
	envApp      = "GHL_TEST_APP_ID"

	defaultBaseURL = "https://services.leadconnectorhq.com"
)

// settings are read from the environment and the command line.
type settings struct {
	baseURL     string
	token       string
	locationID  string
	contacts    []string
	agencyToken string
	companyID   string
	appID       string

	objects    bool   // create custom objects too
	report     string // file
	recordings string // folder
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second interrupt kills the program at once
	err := start(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "probe:", err)
		os.Exit(1)
	}
}

func start(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) error {
	s, err := readSettings(args, getenv, stderr)
	if err != nil {
		return err
	}
	return run(ctx, s, http.DefaultTransport, stdout, stderr)
}

func readSettings(args []string, getenv func(string) string, stderr io.Writer) (settings, error) {
	s := settings{
		baseURL: getenv(envBaseURL), token: getenv(envToken), locationID: getenv(envLocation),
		contacts:    strings.FieldsFunc(getenv(envRecords), func(r rune) bool { return r == ',' || r == ' ' }),
		agencyToken: getenv(envAgency), companyID: getenv(envCompany), appID: getenv(envApp),
	}
	flags := flag.NewFlagSet("probe", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.BoolVar(&s.objects, "objects", false,
		"also create two custom objects (an account may have 10); if the API refuses to delete them, delete them by hand")
	flags.StringVar(&s.report, "report", "probe-report.md", "`file` for the report")
	flags.StringVar(&s.recordings, "recordings", "probe-recordings", "`folder` for the calls and their answers, without names, ids or tokens")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	if s.baseURL == "" {
		s.baseURL = defaultBaseURL
	}
	if flags.NArg() > 0 {
		return s, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if s.token == "" || s.locationID == "" {
		return s, fmt.Errorf("set %s and %s to the token and the id of the sub-account to probe", envToken, envLocation)
	}
	return s, checkBaseURL(s.baseURL)
}

func newAccount(s settings, prefix string, transport http.RoundTripper) *account {
	secrets := map[string]string{}
	for _, id := range append([]string{s.locationID, s.companyID, s.appID}, s.contacts...) {
		secrets[id] = "<id>"
	}
	secrets[s.token], secrets[s.agencyToken] = "<token>", "<token>"
	delete(secrets, "")
	return &account{
		settings: s, prefix: prefix, system: map[string]bool{}, tried: map[string]bool{},
		api: newCaller(s.baseURL, s.token, transport, newRedactor(prefix, secrets)),
	}
}

// run asks all questions, prints the report, and writes the report and the recordings to files.
func run(ctx context.Context, s settings, transport http.RoundTripper, stdout, stderr io.Writer) error {
	a := newAccount(s, "tfacc_"+randomText()+"_", transport)
	seen, left, err := a.examine(ctx, stderr)
	if err != nil {
		return err
	}
	report := a.report(seen, len(left))
	if err := a.api.redactor.leak(report); err != nil {
		return err
	}
	fmt.Fprint(stdout, report)
	if err = os.WriteFile(s.report, []byte(report), 0o600); err == nil {
		err = a.writeRecordings(s.recordings)
	}
	if len(left) > 0 {
		err = errors.Join(err, errors.New("the probe could not delete these objects, so delete them by hand:\n  "+strings.Join(left, "\n  ")))
	}
	if ctx.Err() != nil {
		err = errors.Join(err, errors.New("interrupted, so the report is incomplete"))
	}
	return err
}

// examine asks all questions if the token belongs to the sub-account, and deletes everything that it created. It also returns
// what it could not delete.
func (a *account) examine(ctx context.Context, progress io.Writer) (seen answers, left []string, err error) {
	a.api.group = "start"
	if err := a.belongs(ctx); err != nil {
		return nil, nil, fmt.Errorf("nothing was asked: %w", err)
	}
	if a.objects {
		fmt.Fprintln(progress, "The probe will create two custom objects, then delete them with an undocumented call. If HighLevel "+
			"refuses that call, delete the objects by hand under Settings > Objects. To create no objects, run the probe without -objects.")
	}
	seen = a.ask(ctx, groups(), progress)
	fmt.Fprintln(progress, "Looking for objects that are left ...")
	return seen, a.sweep(ctx), nil
}

func randomText() string {
	b := make([]byte, 4)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

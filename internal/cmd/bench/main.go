// Command bench measures plans and applies at scale: a real engine runs the provider as a program of its own against the
// sandbox. It shows each figure beside its goal, and fails where a number of requests misses it; times and memory depend
// on the machine, and are only shown.
//
//	bench [-runs 3] [-only 'hub|290'] [-provider bin/terraform-provider-ghl]
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"syscall"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/cmd/internal/engine"
)

// settings are what the command line says.
type settings struct {
	engine   string
	provider string
	runs     int
	only     *regexp.Regexp
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	s, err := readFlags(os.Args[1:], os.Stderr)
	if err == nil {
		err = run(ctx, os.Stdout, s, plans, applies)
	}
	if ctx.Err() != nil {
		err = errors.New("interrupted")
	}
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "\nbench:", err)
		os.Exit(1)
	}
}

func readFlags(args []string, stderr io.Writer) (settings, error) {
	s := settings{only: regexp.MustCompile("")}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&s.engine, "engine", os.Getenv("TF_ACC_TERRAFORM_PATH"), "`path` of terraform or tofu")
	flags.StringVar(&s.provider, "provider", "", "`path` of a built provider; without it, the provider is built")
	flags.IntVar(&s.runs, "runs", 3, "how `often` to measure; an odd number, since medians are shown")
	flags.Func("only", "measure the cases whose names match this `expression`", func(text string) (err error) {
		s.only, err = regexp.Compile(text)
		return err
	})
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	switch {
	case flags.NArg() > 0:
		return s, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case s.runs < 1 || s.runs%2 == 0:
		return s, fmt.Errorf("-runs %d: it must be an odd number, since medians are shown", s.runs)
	case s.engine == "":
		return s, errors.New("no engine: name one with -engine, or use make bench")
	}
	return s, nil
}

// run measures, and leaves nothing behind whatever its outcome.
func run(ctx context.Context, out io.Writer, s settings, plans []planCase, applies []applyCase) (err error) {
	scratch, err := os.MkdirTemp("", "ghl-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()

	b := &bench{engine: engine.New(s.engine, scratch), scratch: scratch, runs: s.runs, report: &report{out: out}}
	version, err := b.engine.Version(ctx)
	if err != nil {
		return err
	}
	if err := b.engine.Install(ctx, s.provider); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s, medians of %d, requests the most of all\n", version, s.runs)
	if err := b.measurePlans(ctx, matching(plans, s.only)); err != nil {
		return err
	}
	if err := b.measureApplies(ctx, matching(applies, s.only)); err != nil {
		return err
	}
	return b.report.verdict()
}

// named is a case that -only can choose.
type named interface{ title() string }

func matching[T named](cases []T, only *regexp.Regexp) (chosen []T) {
	for _, c := range cases {
		if only.MatchString(c.title()) {
			chosen = append(chosen, c)
		}
	}
	return chosen
}

// bench is what all measurements share.
type bench struct {
	engine  *engine.Engine
	scratch string
	runs    int
	report  *report
}

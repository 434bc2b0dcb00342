// Command bench measures plans and applies against the sandbox with a real engine. It prints each figure beside its bound. It
// fails only if a bound on requests is exceeded, because only these bounds hold on any machine. Times, memory and fleets are
// only printed.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"syscall"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/cmd/internal/engine"
)

func main() {
	path := flag.String("engine", os.Getenv("TF_ACC_TERRAFORM_PATH"), "`path` of terraform or tofu")
	built := flag.String("provider", "", "`path` of a built provider; if empty, bench builds one")
	only := flag.String("only", "", "measure the shapes and fleets whose names match this `expression`")
	runs := flag.Int("runs", 3, "`number` of measurements")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Stdout, *path, *built, *only, *runs, shapes, fleets)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "\nbench:", err)
		os.Exit(1)
	}
}

// run measures the shapes and fleets whose names match the given expression. It always removes its files.
func run(ctx context.Context, out io.Writer, path, built, only string, runs int, shapes []shape, fleets []fleet) (err error) {
	chosen, err := regexp.Compile(only)
	if err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "ghl-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	e := engine.New(path, scratch)
	version, err := e.Version(ctx)
	if err := errors.Join(err, e.Install(ctx, built)); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s. Times are the shortest of %d runs. All other figures are the maximum.\n%s\n", version, runs, explanation)
	fmt.Fprintf(out, table, "shape, latency", "requests", "429s", "time", "beyond no refresh", "÷ one by one", "÷ floor", "memory", "state", "verdict")
	fmt.Fprintf(out, table, "---", "---", "---", "---", "---", "---", "---", "---", "---", "---")
	var verdict error
	for _, shape := range shapes {
		if !chosen.MatchString(shape.name) {
			continue
		}
		m := measurement{runs: make([]sample, len(shape.latencies))}
		for i := range runs {
			if err := m.add(ctx, e, filepath.Join(scratch, fmt.Sprint(shape.name, i)), shape); err != nil {
				return fmt.Errorf("%s: %w", shape.name, err)
			}
		}
		for i := range shape.latencies {
			l := m.line(shape, i)
			fmt.Fprintf(out, table, l.cells...)
			if l.failed {
				verdict = errors.New("more requests than the bound allows")
			}
		}
	}
	return errors.Join(verdict, runFleets(ctx, out, e, scratch, chosen, runs, fleets))
}

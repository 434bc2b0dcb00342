// Command demo runs a real engine against the sandbox. It manages the associations and relations of a small school from
// creation to destruction, then an object model, then the associations of an agency of schools. It checks each statement
// against the sandbox's objects and requests.
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
	"syscall"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/cmd/internal/engine"
	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

const (
	locationID = "demo-school"
	token      = "pit-demo-school"
)

func main() {
	engine := flag.String("engine", os.Getenv("TF_ACC_TERRAFORM_PATH"), "path of terraform or tofu")
	provider := flag.String("provider", "", "path of a built provider; if empty, the demo builds one")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Stdout, *engine, *provider)
	if ctx.Err() != nil {
		err = errors.New("interrupted")
	}
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "\nThe demo failed:", err)
		os.Exit(1)
	}
}

// run runs the demo, and always removes its files.
func run(ctx context.Context, out io.Writer, enginePath, providerPath string) (err error) {
	if enginePath == "" {
		return errors.New("no engine: set -engine to the path of terraform or tofu, or run make demo")
	}
	scratch, err := os.MkdirTemp("", "ghl-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()

	api := sandbox.New(sandbox.Options{Locations: []sandbox.Location{{ID: locationID, Token: token}}})
	url := api.Start()
	defer api.Close()

	d := &demo{
		out:      out,
		api:      api,
		folder:   filepath.Join(scratch, "school"),
		provider: providerPath,
		engine: engine.New(enginePath, scratch).With(
			"GHL_BASE_URL="+url, "GHL_ACCESS_TOKEN="+token, "GHL_LOCATION_ID="+locationID,
		),
	}
	if err := os.Mkdir(d.folder, 0o700); err != nil {
		return err
	}
	return d.perform(ctx, url)
}

func (d *demo) perform(ctx context.Context, url string) error {
	version, err := d.engine.Version(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(d.out, "A school in HighLevel, managed by %s in a sandbox at %s\n", version, url)

	begin := time.Now()
	for i, step := range steps {
		fmt.Fprintf(d.out, "\n%d. %s\n", i+1, step.title)
		if err := step.run(d, ctx); err != nil {
			return fmt.Errorf("step %d: %w", i+1, err)
		}
	}
	fmt.Fprintf(d.out, "\nEverything above was checked against the sandbox. It took %.1f s.\n", time.Since(begin).Seconds())
	return nil
}

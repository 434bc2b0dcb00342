// Command terraform-provider-ghl serves the HighLevel provider to Terraform and OpenTofu.
package main

import (
	"flag"
	"fmt"
	"log"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/provider"
)

// The linker sets both variables in release builds.
var (
	version = "dev"
	commit  = "unknown"
)

func main() {
	debug := flag.Bool("debug", false, "serve until interrupted, so that a debugger can attach")
	showVersion := flag.Bool("version", false, "print the version and the commit of the build, and exit")
	flag.Parse()

	if *showVersion {
		fmt.Printf("%s (commit %s)\n", version, commit)
		return
	}
	if err := provider.Serve(version, *debug); err != nil {
		log.Fatal(err)
	}
}

// Command terraform-provider-ghl serves the HighLevel provider to Terraform and OpenTofu.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/provider"
)

const address = "registry.terraform.io/terraform-provider-ghl/ghl"

// version is set by the linker in release builds.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "serve until interrupted, so that a debugger can be attached")
	showVersion := flag.Bool("version", false, "print the version and exit")
	flag.Parse()

	if *showVersion {
		fmt.Println(version)
		return
	}

	err := providerserver.Serve(context.Background(), provider.New(version), providerserver.ServeOpts{
		Address: address,
		Debug:   *debug,
	})
	if err != nil {
		log.Fatal(err)
	}
}

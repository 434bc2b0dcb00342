package provider

import (
	"io"
	"log"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

const address = "registry.terraform.io/terraform-provider-ghl/ghl"

// Serve serves the provider to an engine until the engine disconnects or, with debug,
// until the process is interrupted.
func Serve(version string, debug bool) error {
	if !logsWanted(os.Environ()) {
		if err := silenceLoggers(); err != nil {
			return err
		}
	}
	defer silenceNetHTTP()()
	var options []tf6server.ServeOpt
	var underWay atomic.Int64
	if debug {
		options = append(options, tf6server.WithManagedDebug())
	} else {
		go endAfterEngine(os.Getppid(), &underWay)
	}
	var used usage
	err := tf6server.Serve(address, newServer(&underWay, version, func(p *ghlProvider) { p.usage = &used }), options...)
	used.of(nil)
	return err
}

// logsWanted reports whether the environment enables logs. TF_LOG_PATH alone does not.
func logsWanted(environment []string) bool {
	for _, setting := range environment {
		name, value, _ := strings.Cut(setting, "=")
		if strings.HasPrefix(name, "TF_LOG") && name != "TF_LOG_PATH" && value != "" {
			return true
		}
	}
	return false
}

// silenceNetHTTP switches the standard logger off, and returns a function that restores it.
// net/http logs unsolicited responses, which may contain an access token.
func silenceNetHTTP() (restore func()) {
	before := log.Writer()
	log.SetOutput(io.Discard)
	return func() { log.SetOutput(before) }
}

// silenceLoggers switches off the loggers of the SDK and of the provider. By default,
// they write every line, down to TRACE, to an engine that parses and discards the line.
// The log lines would take longer than the rest of a refresh.
func silenceLoggers() error {
	for _, logger := range []string{"TF_LOG_SDK", "TF_LOG_PROVIDER_GHL"} {
		if err := os.Setenv(logger, "OFF"); err != nil {
			return err
		}
	}
	return nil
}

// A killed engine does not disconnect, and go-plugin would serve forever. This package
// has no access to the connection, and the process shares the user's stdin.

// endAfterEngine ends the process when the engine, its parent, has ended and no call is
// under way. A call's context ends with the engine's connection: a read then stops, and a
// create that was already sent settles its outcome.
func endAfterEngine(engine int, underWay *atomic.Int64) {
	// Ignore SIGPIPE: otherwise, a log line to the engine's broken pipe could end the
	// process during a create.
	signal.Ignore(syscall.SIGPIPE)
	awaitEnd(engine)
	for underWay.Load() > 0 {
		time.Sleep(pollEvery)
	}
	os.Exit(0)
}

// pollEvery is how often the process checks whether the engine, or its last call, has ended.
const pollEvery = 500 * time.Millisecond

// awaitEnd returns when the parent of this process has ended. If it cannot wait for the
// parent, it never returns.
func awaitEnd(parent int) {
	if runtime.GOOS != "windows" { // a process gets another parent when its parent ends
		for os.Getppid() == parent {
			time.Sleep(pollEvery)
		}
		return
	}
	// On Windows, the parent's id does not change, and a process can wait for any other
	// process.
	process, err := os.FindProcess(parent)
	if err == nil {
		_, err = process.Wait()
	}
	if err != nil {
		select {}
	}
}

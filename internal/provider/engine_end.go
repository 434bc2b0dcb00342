package provider

import (
	"os"
	"os/signal"
	"runtime"
	"sync/atomic"
	"syscall"
	"time"
)

// An engine that is killed hangs up on nobody, and go-plugin would serve on for ever. Its
// connection is not to be seen from here, and its stdin is the user's own.

// endAfterEngine ends the process when the engine, its parent, has ended and no call is
// under way any more. A call's context ends with the engine's connection: a read is cut
// short, and a create that was sent finds out what became of it.
func endAfterEngine(engine int, underWay *atomic.Int64) {
	// A line for the log must not end a create by way of the engine's broken pipe.
	signal.Ignore(syscall.SIGPIPE)
	awaitEnd(engine)
	for underWay.Load() > 0 {
		time.Sleep(pollEvery)
	}
	os.Exit(0)
}

// pollEvery is how often the process checks whether the engine, or its last call, has ended.
const pollEvery = 500 * time.Millisecond

// awaitEnd returns when the parent of this process has ended, or never if nobody can tell.
func awaitEnd(parent int) {
	if runtime.GOOS != "windows" { // an orphan gets another parent
		for os.Getppid() == parent {
			time.Sleep(pollEvery)
		}
		return
	}
	// There an orphan keeps the number of its parent, and any process can be waited for.
	process, err := os.FindProcess(parent)
	if err == nil {
		_, err = process.Wait()
	}
	if err != nil {
		select {}
	}
}

package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// memoryInterval is how often the processes are looked at. What they take in their last instant is missed.
const memoryInterval = 10 * time.Millisecond

// watchMemory watches whatever processes run a program from now on. The returned function ends that, and tells the most
// memory that one of them had resident, in bytes; 0 where the system does not tell.
func watchMemory(program string) (stop func() int64) {
	w := &memoryWatch{program: program}
	w.others = w.processes()
	done, peak := make(chan struct{}), make(chan int64)
	go func() {
		ticks := time.NewTicker(memoryInterval)
		defer ticks.Stop()
		for {
			select {
			case <-ticks.C:
				w.look()
			case <-done:
				peak <- w.peak
				return
			}
		}
	}()
	return func() int64 {
		close(done)
		return <-peak
	}
}

type memoryWatch struct {
	program string
	others  map[string]bool // the processes from before
	peak    int64
}

// processes are the ids of all processes, as Linux lists them; none elsewhere.
func (w *memoryWatch) processes() map[string]bool {
	ids := map[string]bool{}
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return ids
	}
	for _, entry := range entries {
		if _, err := strconv.Atoi(entry.Name()); err == nil && !w.others[entry.Name()] {
			ids[entry.Name()] = true
		}
	}
	return ids
}

func (w *memoryWatch) look() {
	program, err := os.Stat(w.program)
	if err != nil {
		return
	}
	for id := range w.processes() {
		running, err := os.Stat("/proc/" + id + "/exe")
		if err == nil && os.SameFile(program, running) {
			w.peak = max(w.peak, peakOf(id))
		}
	}
}

// peakOf is the most memory that a process had resident so far; 0 where it has ended.
func peakOf(process string) int64 {
	status, err := os.ReadFile("/proc/" + process + "/status")
	if err != nil {
		return 0
	}
	lines := bufio.NewScanner(bytes.NewReader(status))
	for lines.Scan() {
		text, ok := strings.CutPrefix(lines.Text(), "VmHWM:")
		if !ok {
			continue
		}
		var kibibytes int64
		if _, err := fmt.Sscanf(text, "%d kB", &kibibytes); err != nil {
			return 0
		}
		return kibibytes << 10
	}
	return 0
}

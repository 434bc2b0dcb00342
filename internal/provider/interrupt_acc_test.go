//go:build unix

package provider_test

import (
	"bytes"
	"net/http"
	"os/exec"
	"regexp"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// mentors returns the configuration of twenty associations, and links that of twenty relations. An engine works on ten
// resources at once.
func (a *account) mentors() string {
	return contacts("mentor", a.key("mentor_${count.index}"), "Mentor ${count.index}", "Mentee", "count = 20")
}

func (a *account) links() string {
	return relation("link", quoted(a.friendship().ID), "contact-1", "contact-${count.index + 2}", "count = 20")
}

// underWay is a running command of an engine.
type underWay struct {
	*engine
	command *exec.Cmd
	printed watched
}

// starts runs a command in its own process group. A signal to the group reaches the engine and the provider, like an
// interrupt from a terminal.
func (e *engine) starts(arguments ...string) *underWay {
	e.t.Helper()
	path, err := enginePath()
	if err != nil {
		e.t.Fatal(err)
	}
	u := &underWay{engine: e, command: exec.CommandContext(e.t.Context(), path, arguments...)}
	u.command.Dir, u.command.Stdout, u.command.Stderr = e.dir, &u.printed, &u.printed
	u.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	u.command.Cancel = func() error { return syscall.Kill(-u.command.Process.Pid, syscall.SIGKILL) }
	for name, value := range e.env {
		u.command.Env = append(u.command.Env, name+"="+value)
	}
	if err := u.command.Start(); err != nil {
		e.t.Fatal(err)
	}
	return u
}

func (u *underWay) signal(s syscall.Signal) {
	u.t.Helper()
	if err := syscall.Kill(-u.command.Process.Pid, s); err != nil {
		u.t.Error(err)
	}
}

// ends waits until the command ends, and returns its output. The command must fail.
func (u *underWay) ends() string {
	u.t.Helper()
	if err := u.command.Wait(); err == nil {
		u.t.Error("the command succeeded")
	}
	return u.printed.String()
}

// watched collects the output of a command, and signals when a line appears that a test waits for.
type watched struct {
	mu      sync.Mutex
	text    bytes.Buffer
	waiting map[*regexp.Regexp]chan struct{}
}

func (w *watched) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n, err := w.text.Write(p)
	for line, shown := range w.waiting {
		if line.Match(w.text.Bytes()) {
			close(shown)
			delete(w.waiting, line)
		}
	}
	return n, err
}

func (w *watched) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

// shows returns a channel that is closed when the output contains the line. The caller must call shows before the line can
// appear.
func (w *watched) shows(line string) <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.waiting == nil {
		w.waiting = map[*regexp.Regexp]chan struct{}{}
	}
	shown := make(chan struct{})
	w.waiting[regexp.MustCompile(line)] = shown
	return shown
}

// await waits for the event, and fails the test after a minute.
func (u *underWay) await(event <-chan struct{}, what string) {
	u.t.Helper()
	select {
	case <-event:
	case <-time.After(time.Minute):
		u.t.Fatalf("no %s:\n%s", what, u.printed.String())
	}
}

// heldCreates answers the given number of creates, and then delays the next n until release is called. If committed is true,
// the delayed creates have already taken effect. The channel held is closed when all n are delayed.
func (a *account) heldCreates(n, answered int, committed bool) (held <-chan struct{}, release func()) {
	var group sync.WaitGroup
	group.Add(n)
	all, free := make(chan struct{}), make(chan struct{})
	go func() {
		group.Wait()
		close(all)
	}()
	a.sandbox.AddFault(sandbox.Fault{Method: http.MethodPost, After: answered, Count: n, Committed: committed, Effect: sandbox.Do(func() {
		group.Done()
		<-free
	})})
	release = sync.OnceFunc(func() { close(free) })
	a.t.Cleanup(release)
	return all, release
}

// After an interrupt during an apply, the provider waits for the ten creates that are running, and makes no other request. The
// state contains all created objects.
func TestAccInterrupt(t *testing.T) {
	for name, configuration := range map[string]func(*account) string{"associations": (*account).mentors, "relations": (*account).links} {
		t.Run(name, func(t *testing.T) {
			a := newSandboxAccount(t)
			e := a.engine(configuration(a))
			// The output shows when the provider has received the interrupt.
			e.env["TF_LOG_PROVIDER"], e.env["TF_LOG_SDK"], e.env["TF_LOG_SDK_PROTO"] = "TRACE", "OFF", "TRACE"
			// The create of the first relation shows the order of the records, and the other creates wait for it.
			held, release := a.heldCreates(10, 1, false)

			apply := e.starts(applyCommand...)
			interrupted, stopped := apply.printed.shows("Interrupt received"), apply.printed.shows("Served request:.* tf_rpc=StopProvider")
			apply.await(held, "ten delayed creates")
			a.forget()
			apply.signal(syscall.SIGINT)
			apply.await(interrupted, "interrupt in the engine")
			apply.await(stopped, "interrupt in the provider")
			release()
			says(t, apply.ends(), "Error: execution halted")
			if more := a.requests(); len(more) != 0 {
				t.Errorf("requests after the interrupt: %v", more)
			}
			made := posts{len(a.sandbox.Associations(a.locationID)) - len(a.kept), len(a.sandbox.Relations(a.locationID))}
			if made.association+made.relation != 11 {
				t.Errorf("made %+v, want 11", made)
			}
			a.holds(e, made.association, made.relation)

			delete(e.env, "TF_LOG_PROVIDER")
			says(t, e.apply(), "9 added, 0 changed, 0 destroyed")
			e.plansNothing()
		})
	}
}

// An engine that is killed during an apply loses what it did not write to the state. The next apply fails with duplicate
// errors that contain import blocks. After an apply with these blocks, the plan is empty.
func TestAccInterrupt_killed(t *testing.T) {
	a := newSandboxAccount(t)
	config := a.mentorAndLink()
	e := a.engine(config)
	e.env["TF_VAR_access_token"] = a.token
	held, release := a.heldCreates(2, 0, true)
	apply := e.starts(applyCommand...)
	apply.await(held, "delayed creates")
	apply.signal(syscall.SIGKILL)
	apply.ends()
	release()

	output := e.fails(applyCommand...)
	says(t, output, "Unable to Create Association", "Unable to Create Relation", "already exists")
	e.write("main.tf", config+importBlocks(t, output, "ghl_association.mentor", "ghl_relation.link"))
	says(t, e.apply(), "2 imported, 0 added, 0 changed, 0 destroyed")
	a.holds(e, 1, 1)
	e.plansNothing()
}

// pluginStarted matches the line of the engine's log that contains the process id of the provider.
const pluginStarted = `plugin started: path=\S*terraform-provider-ghl pid=(\d+)`

// If the provider crashes during a create, it prints its goroutines, and the engine prints a crash report. Neither output
// contains the token.
func TestAccInterrupt_crashed(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.engine(a.mentorAndLink())
	e.env["TF_VAR_access_token"] = a.token
	e.env["TF_LOG"], e.env["GOTRACEBACK"] = "TRACE", "all"
	held, _ := a.heldCreates(2, 0, true)
	apply := e.starts(applyCommand...)
	apply.await(held, "delayed creates")
	started := regexp.MustCompile(pluginStarted).FindAllStringSubmatch(apply.printed.String(), -1)
	if len(started) == 0 {
		t.Fatalf("the provider did not start:\n%s", apply.printed.String())
	}
	pid, err := strconv.Atoi(started[len(started)-1][1])
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	says(t, apply.ends(), "SIGQUIT: quit", "net/http.(*persistConn)", "(*GRPCProvider).ApplyResourceChange")
	e.write("output.txt", apply.printed.String())
	e.revealsNothing(map[string]string{"output.txt": "SIGQUIT: quit"})
}

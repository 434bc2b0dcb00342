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

// mentors and links are twenty associations, or relations: an engine works on ten at once.
func (a *account) mentors() string {
	return contacts("mentor", a.key("mentor_${count.index}"), "Mentor ${count.index}", "Mentee", "count = 20")
}

func (a *account) links() string {
	return relation("link", quoted(a.friendship().ID), "contact-1", "contact-${count.index + 2}", "count = 20")
}

// underWay is an engine at work.
type underWay struct {
	*engine
	command *exec.Cmd
	printed watched
}

// starts runs a command in a process group of its own, which is what a terminal's
// interrupt goes to: the engine, and the provider with it.
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

// ends waits for the end of a command that must fail, and returns its output.
func (u *underWay) ends() string {
	u.t.Helper()
	if err := u.command.Wait(); err == nil {
		u.t.Error("the command succeeded")
	}
	return u.printed.String()
}

// watched is an output, a line of which can be waited for.
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

// shows is closed when the output holds the line. It is called before that comes.
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

// await fails a test that would wait for ever.
func (u *underWay) await(event <-chan struct{}, what string) {
	u.t.Helper()
	select {
	case <-event:
	case <-time.After(time.Minute):
		u.t.Fatalf("no %s:\n%s", what, u.printed.String())
	}
}

// heldCreates holds n creates back until released, before they take effect or, where
// committed, after; as many as told are answered before. Held is closed when all n are.
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

// An interrupt in mid-apply, with ten creates under way that are still to take effect:
// each is waited for and ends in the state, and no other request is made.
func TestAccInterrupt(t *testing.T) {
	for name, configuration := range map[string]func(*account) string{"associations": (*account).mentors, "relations": (*account).links} {
		t.Run(name, func(t *testing.T) {
			a := newSandboxAccount(t)
			e := a.engine(configuration(a))
			// The output shows when the provider has received the interrupt.
			e.env["TF_LOG_PROVIDER"], e.env["TF_LOG_SDK"], e.env["TF_LOG_SDK_PROTO"] = "TRACE", "OFF", "TRACE"
			// From the first relation the order of the records is learned, and the others wait for it.
			held, release := a.heldCreates(10, 1, false)

			apply := e.starts(applyCommand...)
			interrupted, stopped := apply.printed.shows("Interrupt received"), apply.printed.shows("Served request:.* tf_rpc=StopProvider")
			apply.await(held, "ten creates under way")
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

// An engine that is killed during an apply loses what it did not write to the state. The next
// apply fails with duplicate errors, which print import blocks: with those, the plan is empty.
func TestAccInterrupt_killed(t *testing.T) {
	a := newSandboxAccount(t)
	config := a.mentorAndLink()
	e := a.engine(config)
	e.env["TF_VAR_access_token"] = a.token
	held, release := a.heldCreates(2, 0, true)
	apply := e.starts(applyCommand...)
	apply.await(held, "creates under way")
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

// pluginStarted is the line of the engine's log that names the provider's process.
const pluginStarted = `plugin started: path=\S*terraform-provider-ghl pid=(\d+)`

// A provider that crashes in mid-create, with its token in memory and a request under
// way, prints its goroutines, and the engine all it knows: the token is not among it.
func TestAccInterrupt_crashed(t *testing.T) {
	a := newSandboxAccount(t)
	e := a.engine(a.mentorAndLink())
	e.env["TF_VAR_access_token"] = a.token
	e.env["TF_LOG"], e.env["GOTRACEBACK"] = "TRACE", "all"
	held, _ := a.heldCreates(2, 0, true)
	apply := e.starts(applyCommand...)
	apply.await(held, "creates under way")
	started := regexp.MustCompile(pluginStarted).FindAllStringSubmatch(apply.printed.String(), -1)
	if len(started) == 0 {
		t.Fatalf("no provider was started:\n%s", apply.printed.String())
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

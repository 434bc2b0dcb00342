package sandbox_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// browser returns the path of a Chromium: the value of $CHROME, or else the first on PATH.
func browser(t *testing.T) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the pipe to the browser needs inherited file descriptors, which Windows does not support")
	}
	if path := os.Getenv("CHROME"); path != "" {
		return path
	}
	names := []string{"chromium", "chromium-browser", "google-chrome", "chrome"}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skipf("no browser found: install one of %s, or set CHROME to its path", strings.Join(names, ", "))
	return ""
}

// tab is a page in a browser, driven by the DevTools protocol: JSON messages over a pipe, each with a zero byte at its end.
type tab struct {
	t          *testing.T
	to         *os.File
	from       *bufio.Reader
	session    string
	calls      int
	complaints []string // reports of the browser: errors, and violations of the page's policy
}

// open starts a browser and loads a page.
func open(t *testing.T, url string) *tab {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	home := t.TempDir()
	args := []string{
		"--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
		"--user-data-dir=" + filepath.Join(home, "profile"), "--remote-debugging-pipe",
	}
	if os.Geteuid() == 0 {
		args = append(args, "--no-sandbox") // without this flag, Chromium does not run for root
	}
	command := exec.CommandContext(ctx, browser(t), args...)
	command.Env = append(os.Environ(), "HOME="+home, "XDG_CONFIG_HOME="+home, "XDG_CACHE_HOME="+home)
	command.WaitDelay = 10 * time.Second
	command.Stderr = new(bytes.Buffer) // all processes of the browser inherit this pipe, so Wait waits for all of them
	itsInput, input := pipe(t)
	output, itsOutput := pipe(t)
	command.ExtraFiles = []*os.File{itsInput, itsOutput} // file descriptors 3 and 4
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	b := &tab{t: t, to: input, from: bufio.NewReader(output)}
	t.Cleanup(func() {
		defer cancel()
		_, _ = input.WriteString(`{"id":0,"method":"Browser.close"}` + "\x00")
		_ = command.Wait() // the browser was killed if it hung
	})
	for _, file := range command.ExtraFiles { // closed here so that reading ends when the browser exits
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
	}
	var target struct{ TargetID, SessionID string }
	b.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	b.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &target)
	b.session = target.SessionID
	for _, domain := range []string{"Page", "Runtime", "Log"} {
		b.call(domain+".enable", nil, nil)
	}
	b.call("Page.navigate", map[string]any{"url": url}, nil)
	b.wait(`document.readyState === "complete" && location.href !== "about:blank"`)
	return b
}

func pipe(t *testing.T) (from, to *os.File) {
	t.Helper()
	from, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = from.Close(), to.Close() }) // one end is already closed
	return from, to
}

// call sends a command and decodes its answer into result. It returns the message of the browser if the browser refuses the
// command.
func (b *tab) call(method string, params map[string]any, result any) (refusal string) {
	b.t.Helper()
	b.calls++
	message := map[string]any{"id": b.calls, "method": method, "params": params}
	if b.session != "" {
		message["sessionId"] = b.session
	}
	text, err := json.Marshal(message)
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.to.Write(append(text, 0)); err != nil {
		b.t.Fatalf("%s: %v", method, err)
	}
	for {
		text, err := b.from.ReadBytes(0)
		if err != nil {
			b.t.Fatalf("%s: the browser has exited: %v", method, err)
		}
		var answer struct {
			ID     int
			Method string
			Result json.RawMessage
			Error  struct{ Message string }
		}
		if err := json.Unmarshal(bytes.TrimSuffix(text, []byte{0}), &answer); err != nil {
			b.t.Fatal(err)
		}
		switch answer.Method {
		case "Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown":
			b.complaints = append(b.complaints, string(text))
		}
		if answer.ID != b.calls {
			continue
		}
		if result != nil && answer.Error.Message == "" {
			if err := json.Unmarshal(answer.Result, result); err != nil {
				b.t.Fatal(err)
			}
		}
		return answer.Error.Message
	}
}

// try evaluates an expression in the page. It fails while the page is being replaced, and if the expression throws an error.
func (b *tab) try(expression string) (value any, failure string) {
	b.t.Helper()
	var evaluated struct {
		Result           struct{ Value any }
		ExceptionDetails *struct{ Exception struct{ Description string } }
	}
	failure = b.call("Runtime.evaluate", map[string]any{"expression": expression, "awaitPromise": true, "returnByValue": true, "userGesture": true}, &evaluated)
	if evaluated.ExceptionDetails != nil {
		failure = evaluated.ExceptionDetails.Exception.Description
	}
	return evaluated.Result.Value, failure
}

// run evaluates an expression in the page and returns its value as a string.
func (b *tab) run(expression string) string {
	b.t.Helper()
	value, failure := b.try(expression)
	if failure != "" {
		b.t.Fatalf("%s: %s", expression, failure)
	}
	return fmt.Sprint(value)
}

// wait waits until a condition holds in the page.
func (b *tab) wait(condition string) {
	b.t.Helper()
	var last string
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); {
		value, failure := b.try(condition)
		if value == true {
			return
		}
		last = failure
	}
	b.t.Fatalf("the condition %s was never true in the page (%s):\n%s", condition, last, b.run("document.body.innerText"))
}

// document returns the HTML of the page in the browser.
func (b *tab) document() string {
	b.t.Helper()
	return b.run("document.documentElement.outerHTML")
}

// mustNotComplain fails the test if the browser has reported anything.
func (b *tab) mustNotComplain() {
	b.t.Helper()
	for _, complaint := range b.complaints {
		b.t.Errorf("the browser reports problems: %s", complaint)
	}
}

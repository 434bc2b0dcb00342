package sandbox_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// browser finds a Chromium: the one that $CHROME names, else the first on PATH.
func browser(t *testing.T) string {
	t.Helper()
	if path := os.Getenv("CHROME"); path != "" {
		return path
	}
	names := []string{"chromium", "chromium-browser", "google-chrome", "chrome"}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skipf("no browser here: install one of %s, or name one in CHROME", strings.Join(names, ", "))
	return ""
}

// render gives the document that a browser makes of a page, and what it writes to its log meanwhile.
func render(t *testing.T, url string) (document, log string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	home := t.TempDir()
	args := []string{
		"--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
		"--user-data-dir=" + filepath.Join(home, "profile"), "--enable-logging=stderr", "--dump-dom", url,
	}
	if os.Geteuid() == 0 {
		args = append([]string{"--no-sandbox"}, args...) // without it, Chromium does not run for root
	}
	command := exec.CommandContext(ctx, browser(t), args...)
	command.Env = append(os.Environ(), "HOME="+home, "XDG_CONFIG_HOME="+home, "XDG_CACHE_HOME="+home)
	command.WaitDelay = 10 * time.Second
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	if err := command.Run(); err != nil {
		t.Fatalf("%s: %v\n%s", command, err, stderr.String())
	}
	return stdout.String(), stderr.String()
}

// A browser shows what the sandbox holds: its own reading of the page, not that of the code that wrote it.
func TestViewInABrowser(t *testing.T) {
	t.Parallel()
	c := schoolWithLessons(t)
	const hostile = `</bdi><script>document.title = "run"</script><img src="/associations/stolen">`
	odd := c.create("odd", "business", hostile, "contact", "Contact")
	c.relate(odd, "business-1", "contact-1")
	before := len(c.s.Requests())

	document, log := render(t, c.url+"/")
	mustRead(t, document,
		"What the sandbox holds", "Elm Street School", "Associations",
		"taught_by", "Student custom_objects.student", "Teacher custom_objects.teacher", " 3 ",
		"odd", hostile, "business", "Contact contact", " 1 ",
		"BUSINESSES_CONTACTS_ASSOCIATION system-defined",
		"Relations", "taught_by 3 relations", "student-10", "student-1", "student-9", "teacher-1", "teacher-2",
		"parent_of 1 relation ", "odd 1 relation ", "business-1", "contact-1",
		"Last requests", "POST /associations/relations school 201 Created",
	)
	for element, want := range map[string]int{"<title>What the sandbox holds</title>": 1, "<script": 0, "<img": 0, `<path class="line"`: 5, "<figure": 3, "<rect": 9} {
		if got := strings.Count(document, element); got != want {
			t.Errorf("%s is in the document %d times, want %d", element, got, want)
		}
	}
	if complaint := regexp.MustCompile(`(?m)^.*(CONSOLE|Content Security Policy).*$`).FindString(log); complaint != "" {
		t.Errorf("the browser complains: %s", complaint)
	}
	if got := c.s.Requests()[before:]; len(got) > 0 {
		t.Errorf("looking made requests: %+v", got)
	}
}

package provider_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// With TF_LOG=TRACE, no token appears in logs, plans, state or output, whatever fails. The search also finds tokens in base64
// and URL-encoded tokens. If the test run writes logs, TestMain searches them in the same way.
func TestAccSecrets(t *testing.T) {
	const oddities = "+/=&%41?#" // characters that each encoding changes
	otherToken := "pit-" + oddities + newToken()
	a := newSandboxAccount(t, func(o *sandbox.Options) { o.Locations[0].Token = "pit-" + oddities + newToken() }, withSecondLocation(otherToken))
	friend := a.addAssociation(a.key("friend"), "Friend", "Befriended")
	before := contacts("mentor", a.key("mentor"), "Mentor", "Mentee") + relation("link", quoted(friend.ID), "contact-1", "contact-2") + `
data "ghl_associations" "all" {}
`
	after := strings.Replace(before, `"Mentee"`, `"Pupil"`, 1)
	e := a.engine(before)
	e.env["TF_LOG"] = "TRACE"
	e.env["TF_LOG_PATH"] = filepath.Join(e.dir, "trace.log")
	run := e.recording()
	withFault := func(f sandbox.Fault, arguments ...string) {
		t.Helper()
		a.sandbox.AddFault(f)
		run(exitFailed, arguments...)
		a.sandbox.ClearFaults()
	}
	plan := []string{"plan", "-no-color"}

	withFault(sandbox.Fault{Effect: sandbox.EchoAuthorization(400)}, applyCommand...)
	run(0, "plan", "-no-color", "-out=create.tfplan")
	run(0, "show", "-json", "create.tfplan")
	run(0, "apply", "-no-color", "create.tfplan")
	run(0, "show", "-json")
	for _, status := range []int{401, 422} { // internal/hostile tests other tokens and statuses
		withFault(sandbox.Fault{Effect: sandbox.EchoAuthorization(status)}, plan...)
	}
	withFault(sandbox.Fault{Effect: sandbox.Reset()}, plan...)
	withFault(sandbox.Fault{Effect: sandbox.OKHTML()}, plan...)
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a redirect was followed") }))
	defer elsewhere.Close()
	withFault(sandbox.Fault{Effect: sandbox.RedirectTo(elsewhere.URL)}, plan...)
	e.write("main.tf", after)
	withFault(sandbox.Fault{Method: "PUT", Effect: sandbox.EchoAuthorization(422)}, applyCommand...)
	e.env["GHL_ACCESS_TOKEN"] = otherToken
	run(exitFailed, plan...)
	e.env["GHL_ACCESS_TOKEN"] = "pit-nobody-" + a.token
	run(exitFailed, plan...)
	e.env["GHL_ACCESS_TOKEN"] = a.token + "\nAuthorization: Bearer " + otherToken
	run(exitFailed, plan...)
	e.env["GHL_ACCESS_TOKEN"] = a.token
	run(0, "plan", "-no-color", "-out=change.tfplan")
	run(0, "apply", "-no-color", "change.tfplan")
	run(0, "destroy", "-auto-approve", "-no-color")
	e.revealsNothing(map[string]string{
		"trace.log":                "/associations/",
		"output.txt":               "Unable to Read Association",
		"terraform.tfstate":        `"serial"`,
		"create.tfplan!tfplan":     "ghl_association",
		"change.tfplan!tfstate":    a.key("mentor"),
		"terraform.tfstate.backup": "ghl_relation",
	}, a.token, otherToken)
}

// revealsNothing checks that no file of the engine contains the canary or one of the tokens. To prove that the search reads
// the right files, each file in wanted must contain the given text.
func (e *engine) revealsNothing(wanted map[string]string, tokens ...string) {
	e.t.Helper()
	searched := filesUnder(e.t, e.dir)
	for name, content := range searched {
		for _, token := range append(tokens, canary) {
			if form := revealed(content, token); form != "" {
				e.t.Errorf("a token appears in %s, %s", name, form)
			}
		}
	}
	for name, text := range wanted {
		if !bytes.Contains(searched[name], []byte(text)) {
			e.t.Errorf("%q is not in %s, so the search would miss a token there", text, name)
		}
	}
}

// recording returns a function that runs a command and appends its output to output.txt. The command must end with the wanted
// exit code.
func (e *engine) recording() (run func(wantedCode int, arguments ...string)) {
	printed := ""
	return func(wantedCode int, arguments ...string) {
		e.t.Helper()
		output, code := e.run(arguments...)
		printed += output
		e.write("output.txt", printed)
		if code != wantedCode {
			e.t.Fatalf("%s: exit code %d, want %d\n%s", strings.Join(arguments, " "), code, wantedCode, output)
		}
	}
}

// filesUnder returns the content of all files under a directory, and of all entries in ZIP archives.
func filesUnder(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		if files[name], err = os.ReadFile(path); err != nil {
			return err
		}
		archive, err := zip.NewReader(bytes.NewReader(files[name]), int64(len(files[name])))
		if err != nil {
			return nil //nolint:nilerr // not an archive
		}
		for _, member := range archive.File {
			opened, err := member.Open()
			if err != nil {
				return err
			}
			if files[name+"!"+member.Name], err = io.ReadAll(opened); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// searchRunLogs returns an error if the logs of the test run contain a token. There are logs if TF_LOG and TF_LOG_PATH, or
// TF_ACC_LOG and TF_ACC_LOG_PATH, are set.
func searchRunLogs() error {
	tokens := []string{canary}
	if token := os.Getenv(envLiveToken); token != "" {
		tokens = append(tokens, token)
	}
	for _, name := range []string{"TF_LOG_PATH", "TF_ACC_LOG_PATH"} {
		file := os.Getenv(name)
		if file == "" {
			continue
		}
		log, err := os.ReadFile(file)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		for _, token := range tokens {
			if form := revealed(log, token); form != "" {
				return fmt.Errorf("a token appears in %s (%s), %s", file, name, form)
			}
		}
	}
	return nil
}

// revealed returns the form in which a text contains a secret: plain, URL-encoded, or in base64 at any offset. If the secret
// does not appear, the result is empty.
func revealed(text []byte, secret string) string {
	for form, encoded := range map[string][]string{
		"plain":       {secret},
		"URL-encoded": {url.QueryEscape(secret), url.PathEscape(secret)},
		"in base64":   inBase64(secret),
	} {
		for _, e := range encoded {
			if bytes.Contains(text, []byte(e)) {
				return form
			}
		}
	}
	return ""
}

// inBase64 returns the parts of an encoded secret that do not depend on the surrounding text. The result contains a part for
// each of the three offsets in a group of three bytes, in both alphabets.
func inBase64(secret string) []string {
	var forms []string
	for shift := range 3 {
		for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			encoded := encoding.EncodeToString([]byte(strings.Repeat("x", shift) + secret))
			begin := []int{0, 2, 3}[shift] // the first characters contain bits of the preceding text
			end := len(encoded) - 1        // the last character may contain bits of the following text
			forms = append(forms, encoded[begin:end])
		}
	}
	return forms
}

// The search finds a token in every form.
func TestRevealed(t *testing.T) {
	t.Parallel()
	const secret = "pit-a+b/c=d e"
	for _, text := range []string{
		"Authorization: Bearer " + secret,
		"?token=" + url.QueryEscape(secret),
		"/" + url.PathEscape(secret) + "/",
		base64.StdEncoding.EncodeToString([]byte(secret)),
		base64.StdEncoding.EncodeToString([]byte("u:" + secret + ":more")),
		base64.URLEncoding.EncodeToString([]byte("Bearer " + secret + " and more")),
		base64.StdEncoding.EncodeToString([]byte("1" + secret + "23")),
	} {
		if revealed([]byte(text), secret) == "" {
			t.Errorf("not found in %q", text)
		}
	}
	if form := revealed([]byte("Bearer (masked)"), secret); form != "" {
		t.Errorf("found %s in a text without the secret", form)
	}
}

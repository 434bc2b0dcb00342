package provider_test

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-ghl/terraform-provider-ghl/internal/sandbox"
)

// With TF_LOG=TRACE no token appears anywhere, plain, in base64 or URL-encoded:
// not in logs, plans, state or output, whatever goes wrong. TestMain searches the
// logs of the whole run in the same way, where it writes any.
func TestAccSecrets(t *testing.T) {
	const oddities = "+/=&%41?#" // so that each encoding differs from the plain text
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
	var printed strings.Builder
	run := func(wantedCode int, arguments ...string) {
		t.Helper()
		output, code := e.runRaw(arguments...)
		printed.WriteString(output)
		if code != wantedCode {
			t.Fatalf("%s: exit code %d, want %d\n%s", strings.Join(arguments, " "), code, wantedCode, output)
		}
	}
	withFault := func(f sandbox.Fault, arguments ...string) {
		t.Helper()
		a.sandbox.AddFault(f)
		run(exitFailed, arguments...)
		a.sandbox.ClearFaults()
	}
	plan := []string{"plan", "-no-color"}
	apply := []string{"apply", "-auto-approve", "-no-color"}

	withFault(sandbox.Fault{Effect: sandbox.EchoAuthorization(400)}, apply...)
	run(0, "plan", "-no-color", "-out=create.tfplan")
	run(0, "show", "-json", "create.tfplan")
	run(0, "apply", "-no-color", "create.tfplan")
	run(0, "show", "-json")
	for _, status := range []int{400, 401, 403, 422, 500} {
		withFault(sandbox.Fault{Effect: sandbox.EchoAuthorization(status)}, plan...)
	}
	withFault(sandbox.Fault{Effect: sandbox.Reset()}, plan...)
	withFault(sandbox.Fault{Effect: sandbox.OKHTML()}, plan...)
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a redirect was followed") }))
	defer elsewhere.Close()
	withFault(sandbox.Fault{Effect: sandbox.RedirectTo(elsewhere.URL)}, plan...)
	e.write("main.tf", after)
	withFault(sandbox.Fault{Method: "PUT", Effect: sandbox.EchoAuthorization(422)}, apply...)
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

	e.write("output.txt", printed.String())
	searched := filesUnder(t, e.dir)
	for name, content := range searched {
		for _, token := range []string{a.token, otherToken, canary} {
			if form := revealed(content, token); form != "" {
				t.Errorf("a token stands in %s, %s", name, form)
			}
		}
	}
	// The search looks where it should.
	for name, wanted := range map[string]string{
		"trace.log":                "/associations/",
		"output.txt":               "Unable to Read Association",
		"terraform.tfstate":        `"serial"`,
		"create.tfplan!tfplan":     "ghl_association",
		"change.tfplan!tfstate":    a.key("mentor"),
		"terraform.tfstate.backup": "ghl_relation",
	} {
		if !bytes.Contains(searched[name], []byte(wanted)) {
			t.Errorf("%q is not in %s, so the search would miss a token there", wanted, name)
		}
	}
}

// filesUnder reads all files under a directory, archives entry by entry.
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

package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// serving runs the program until it is ready, and returns its output and the variables to export.
func serving(t *testing.T, args ...string) (banner string, env map[string]string) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	out, in := io.Pipe()
	done := make(chan error, 1)
	go func() {
		done <- run(ctx, append([]string{"-addr", "127.0.0.1:0"}, args...), in, io.Discard)
		_ = in.Close()
	}()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("stopped with %v", err)
		}
	})
	env = map[string]string{}
	lines := bufio.NewScanner(out)
	for len(env) < 3 && lines.Scan() {
		banner += lines.Text() + "\n"
		if name, value, ok := strings.Cut(strings.TrimPrefix(lines.Text(), "export "), "="); ok {
			env[name] = value
		}
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	return banner, env
}

func get(t *testing.T, env map[string]string, path string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, env["GHL_BASE_URL"]+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if token := env["GHL_ACCESS_TOKEN"]; token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	r.Header.Set("Version", "2021-07-28")
	r.Header.Set("User-Agent", "sandbox-test/1")
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

func TestServesASchool(t *testing.T) {
	t.Parallel()
	banner, env := serving(t, "-no-total", "-prefix", "/v1/")
	if !strings.HasPrefix(banner, "The sandbox is ready on "+env["GHL_BASE_URL"]+". ") || !strings.HasSuffix(env["GHL_BASE_URL"], "/v1") {
		t.Errorf("banner %s", banner)
	}
	if env["GHL_ACCESS_TOKEN"] != "fake-token-for-school" || env["GHL_LOCATION_ID"] != "school" {
		t.Errorf("env %v", env)
	}
	_, page, _ := strings.Cut(banner, "To see what it holds, open ")
	page, _, _ = strings.Cut(page, " in a browser.")
	if page+"v1" != env["GHL_BASE_URL"] {
		t.Errorf("the page is at %q", page)
	}
	status, body := get(t, map[string]string{"GHL_BASE_URL": page}, "")
	if status != 200 || !strings.Contains(body, "Sub-account <code>school</code>") || !strings.Contains(body, "No requests yet.") {
		t.Errorf("%d %s", status, body)
	}
	for _, part := range []string{"Level", "SINGLE_OPTIONS", "{{ custom_values.opening_hours }}", "No relations."} {
		if !strings.Contains(body, part) {
			t.Errorf("%s is missing in %s", part, body)
		}
	}
	status, body = get(t, env, "/associations/?locationId=school&skip=3&limit=100")
	if status != 200 || !strings.HasPrefix(body, `{"associations":[{`) || strings.Contains(body, "total") {
		t.Errorf("%d %s", status, body)
	}
}

// The seed can be stored even if quirks change the answers.
func TestServesASchoolOfAnotherBehaviour(t *testing.T) {
	t.Parallel()
	_, env := serving(t, "-create-value-is-200", "-wrap-objects", "-strict-objects", "-folders-wrapped")
	status, body := get(t, env, "/custom-fields/object-key/custom_objects.student?locationId=school")
	if status != 200 || !strings.Contains(body, `"fieldKey":"custom_objects.student.level"`) {
		t.Errorf("%d %s", status, body)
	}
}

func TestServesAnAgency(t *testing.T) {
	t.Parallel()
	_, env := serving(t)
	env["GHL_ACCESS_TOKEN"] = "fake-token-for-agency"
	status, body := get(t, env, "/oauth/installedLocations?companyId=agency&appId=app")
	if status != 200 || !strings.Contains(body, `{"_id":"school","name":"School","address":"","isInstalled":true}`) {
		t.Errorf("%d %s", status, body)
	}
}

// The second agency contains what the guides use: sub-accounts with the ids in the guides, a model, relations, and records to
// look up.
func TestServesWhatTheGuidesAssume(t *testing.T) {
	t.Parallel()
	_, env := serving(t)
	const elmStreet, oakHill, harborView = "ve9EPM428h8vShlRW1KT", "ojQjykmwNIU88vfsfzvH", "Yh4bXZbGdvHcWuKvZpQe"
	for _, test := range []struct {
		token, path string
		want        []string
	}{
		{"example-agency", "/oauth/installedLocations?companyId=example-agency&appId=6578278e879ad2646715ba9c", []string{elmStreet, oakHill, harborView, `"count":3`}},
		{"elm-street", "/associations/key/taught_by?locationId=" + elmStreet, []string{`"id":"68d2c5f0a1b2c3d4e5f60718"`, `"secondObjectLabel":"Teacher"`}},
		{"elm-street", "/associations/relations/teacher-1?skip=0&limit=100&locationId=" + elmStreet, []string{`"id":"68d2c5f0a1b2c3d4e5f60719"`, "student-1", "student-2", `"total":2`}},
		{"elm-street", "/associations/relations/teacher-2?skip=0&limit=100&locationId=" + elmStreet, []string{"student-1", `"total":1`}},
		{"oak-hill", "/contacts/search/duplicate?email=ada%2Bhome@example.com&locationId=" + oakHill, []string{`"id":"contact-1"`}},
		{"oak-hill", "/contacts/search/duplicate?email=bob@example.com&locationId=" + oakHill, []string{`"id":"contact-2"`}},
		{"oak-hill", "/contacts/search/duplicate?email=cleo@example.com&locationId=" + oakHill, []string{`"contact":null`}},
		{"oak-hill", "/objects/custom_objects.property/records/property-2?locationId=" + oakHill, []string{`"number":"P-101"`}},
		{"oak-hill", "/associations/?skip=0&limit=100&locationId=" + oakHill, []string{`"total":4`}}, // the associations of HighLevel
		{"harbor-view", "/associations/relations/property-1?skip=0&limit=100&locationId=" + harborView, []string{"contact-1", "contact-2", "contact-3", `"total":3`}},
		{"harbor-view", "/custom-fields/object-key/custom_objects.course?locationId=" + harborView, []string{`"name":"Timetable"`, "custom_objects.course.starts_on", "custom_objects.course.seats"}},
		{"harbor-view", "/locations/" + harborView + "/customValues", []string{"Front Desk", "Open From"}},
	} {
		env["GHL_ACCESS_TOKEN"] = "fake-token-for-" + test.token
		status, body := get(t, env, test.path)
		for _, part := range test.want {
			if status != 200 || !strings.Contains(body, part) {
				t.Errorf("%s: %d %s\nwant %s", test.path, status, body, part)
			}
		}
	}
}

// A field is in the folder that the seed specifies for it.
func TestFoldersOfASeed(t *testing.T) {
	t.Parallel()
	s, err := newSandbox(t.Context(), settings{}, defaultSeed())
	if err != nil {
		t.Fatal(err)
	}
	const location = "Yh4bXZbGdvHcWuKvZpQe"
	names := map[string]string{}
	for _, d := range s.FieldFolders().All(location) {
		names[d.ID] = d.Name
	}
	got := map[string]string{}
	for _, f := range s.CustomFields().All(location) {
		if f.ObjectKey == "custom_objects.course" {
			got[f.FieldKey] = names[f.ParentID]
		}
	}
	want := map[string]string{
		"custom_objects.course.title":     "Course Details",
		"custom_objects.course.starts_on": "Timetable",
		"custom_objects.course.seats":     "Timetable",
	}
	if !maps.Equal(got, want) {
		t.Errorf("the folders are %q, want %q", got, want)
	}
}

func TestServesASeed(t *testing.T) {
	t.Parallel()
	_, env := serving(t, "-seed", "../../../examples/guides/sandbox/seed.json")
	status, body := get(t, env, "/associations/relations/6790f1d2c3b4a59687786950?locationId=school&skip=0&limit=100")
	if status != 200 || !strings.Contains(body, `"firstRecordId":"student-1"`) || !strings.Contains(body, `"total":2`) {
		t.Errorf("%d %s", status, body)
	}
	for path, want := range map[string]string{
		"/objects/custom_objects.teacher?locationId=school&fetchProperties=true":             `"fieldKey":"custom_objects.teacher.subject"`,
		"/objects/custom_objects.teacher/records/6790f1d2c3b4a59687786950?locationId=school": `"name":"Ann Archer"`,
		"/locations/school/customValues":                                                     `"name":"Opening hours"`,
	} {
		if status, body := get(t, env, path); status != 200 || !strings.Contains(body, want) {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
}

func TestNoRateLimit(t *testing.T) {
	t.Parallel()
	for flag, want := range map[string]int{"": 429, "-no-rate-limit": 200} {
		c, err := readFlags(strings.Fields(flag), io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		c.options.Now = func() time.Time { return time.Unix(0, 0) } // a fixed clock, so that the duration of the calls does not matter
		s, err := newSandbox(t.Context(), c, defaultSeed())
		if err != nil {
			t.Fatal(err)
		}
		env := map[string]string{"GHL_BASE_URL": s.Start(), "GHL_ACCESS_TOKEN": "fake-token-for-school"}
		var status int
		for range 101 {
			status, _ = get(t, env, "/associations/BUSINESSES_CONTACTS_ASSOCIATION")
		}
		s.Close()
		if status != want {
			t.Errorf("with %q the 101st call got %d, want %d", flag, status, want)
		}
	}
}

func TestRefusedSeeds(t *testing.T) {
	t.Parallel()
	const school = `{"locations":[{"id":"school","token":"fake-token-for-school",`
	for seed, want := range map[string]string{
		`{`:                          "line 1: unexpected EOF",
		"{\n\"locations\":[],\n7}":   "line 3: invalid character '7'",
		`{"location":[]}`:            `unknown field "location"`,
		`{"locations":[]}`:           "at least one sub-account",
		`{"locations":[]} {}`:        "text after the end",
		`{"locations":[{"id":"a"}]}`: `locations[0] needs "id" and "token"`,
		`{"agencies":[{"companyId":"a","token":"x"}],"locations":[{"id":"a","token":"x"}]}`:                                                           `agencies[0] needs "companyId", "appId" and "token"`,
		`{"agencies":[{"companyId":"a","appId":"p","token":"x"},{"companyId":"a","appId":"p","token":"y"}],"locations":[{"id":"a","token":"z"}]}`:     `agencies[1]: the id "a" is taken`,
		`{"agencies":[{"companyId":"a","appId":"p","token":"x"},{"companyId":"b","appId":"p","token":"x"}],"locations":[{"id":"a","token":"z"}]}`:     `agencies[1]: the token "x" is taken`,
		`{"agencies":[{"companyId":"a","appId":"p","token":"x"}],"locations":[{"id":"a","token":"x"}]}`:                                               `locations[0]: the token "x" is taken`,
		`{"locations":[{"id":"a","token":"x","companyId":"c"}]}`:                                                                                      `locations[0]: no agency has the id "c"`,
		`{"locations":[{"id":"a","token":"x"},{"id":"a","token":"y"}]}`:                                                                               `locations[1]: the id "a" is taken`,
		`{"locations":[{"id":"a","token":"x"},{"id":"b","token":"x"}]}`:                                                                               `locations[1]: the token "x" is taken`,
		school + `"associations":[{"id":"short"}]}]}`:                                                                                                 `locations[0].associations[0]: the id "short" must be 24 hexadecimal digits`,
		school + `"associations":[{"id":"68d2c5f0a1b2000000000001"}]}]}`:                                                                              `the id "68d2c5f0a1b2000000000001" must be 24 hexadecimal digits that do not begin with 68d2c5f0a1b20000`,
		school + `"relations":[{"id":"68d2c5f0a1b2c3d4e5f60719"},{"id":"68d2c5f0a1b2c3d4e5f60719"}]}]}`:                                               `locations[0].relations[1]: the id "68d2c5f0a1b2c3d4e5f60719" is taken`,
		school + `"folders":[{"objectKey":"business"}]}]}`:                                                                                            "locations[0].folders[0]: 422 Unprocessable Entity: [name should not be empty]",
		school + `"records":[{"id":"r"}]}]}`:                                                                                                          `locations[0].records[0] needs "id" and "objectKey"`,
		school + `"objects":[{"key":"k"}]}]}`:                                                                                                         "locations[0].objects[0]: 422 Unprocessable Entity: [labels should not be empty",
		school + `"fields":[{"objectKey":"business","fieldKey":"k","dataType":"TEXT"}]}]}`:                                                            "locations[0].fields[0]: 422 Unprocessable Entity: [parentId should not be empty]",
		school + `"customValues":[{"name":"n"}]}]}`:                                                                                                   "locations[0].customValues[0]: 422 Unprocessable Entity: [value should not be empty]",
		school + `"associations":[{"key":"k"}]}]}`:                                                                                                    "locations[0].associations[0]: 422 Unprocessable Entity: [firstObjectLabel should not be empty",
		school + `"relations":[{"association":"k","firstRecordId":"a","secondRecordId":"b"}]}]}`:                                                      "locations[0].relations[0]: 400 Bad Request: Association already deleted or not found",
		school + `"relations":[{"association":"OPPORTUNITIES_CONTACTS_ASSOCIATION","firstRecordId":"contact-1","secondRecordId":"opportunity-1"}]}]}`: "422 Unprocessable Entity: Invalid record id : 'contact-1' for association : OPPORTUNITIES_CONTACTS_ASSOCIATION",
	} {
		name := filepath.Join(t.TempDir(), "seed.json")
		if err := os.WriteFile(name, []byte(seed), 0o600); err != nil {
			t.Fatal(err)
		}
		err := run(t.Context(), []string{"-addr", "127.0.0.1:0", "-seed", name}, io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("seed %s\ngot  %v\nwant %s", seed, err, want)
		}
	}
}

func TestRefusedCommandLines(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"-object-key-answer maybe":      "must be one of wrapped, array, single",
		"-seed testdata/nowhere.json":   "unable to read the seed",
		"extra":                         `unexpected argument "extra"`,
		"extra -- true":                 `unexpected argument "extra"`,
		"-no-rate-limit --":             `a command must follow "--"`,
		"-- testdata/nowhere":           "testdata/nowhere: ",
		"-addr 127.0.0.1:not-a-port":    "unable to listen",
		"-listing-lag soon":             "invalid value",
		"-deleted-record-listing never": "must be one of empty, 404, 400",
	} {
		err := run(t.Context(), strings.Fields(line), io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", line, err, want)
		}
	}
}

// If the port is in use, the error says what to do.
func TestBusyPort(t *testing.T) {
	t.Parallel()
	busy, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = busy.Close() }() // nothing was accepted
	address := busy.Addr().String()
	err = run(t.Context(), []string{"-addr", address}, io.Discard, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "the address "+address+" is in use: ") || !strings.Contains(err.Error(), "-addr 127.0.0.1:0") {
		t.Errorf("got %v", err)
	}
}

// TestMain also contains the commands that TestRunsACommand and TestEndsItsCommand start. One requests a custom value from the
// sandbox and prints the status. The other waits for SIGTERM.
func TestMain(m *testing.M) {
	switch os.Getenv("TEST_COMMAND") {
	case "":
		os.Exit(m.Run())
	case "wait":
		ended := make(chan os.Signal, 1)
		signal.Notify(ended, syscall.SIGTERM)
		fmt.Println("waiting")
		fmt.Println(<-ended)
		os.Exit(4)
	}
	url := os.Getenv("GHL_BASE_URL") + "/locations/" + os.Getenv("GHL_LOCATION_ID") + "/customValues"
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, url, nil)
	if err != nil {
		panic(err)
	}
	r.Header = http.Header{"Authorization": {"Bearer " + os.Getenv("GHL_ACCESS_TOKEN")}, "Version": {"2021-07-28"}, "User-Agent": {"sandbox-test/1"}}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		panic(err)
	}
	fmt.Println(response.StatusCode, os.Args[1:])
	_ = response.Body.Close() // the process ends
	os.Exit(3)
}

func TestRunsACommand(t *testing.T) {
	t.Setenv("TEST_COMMAND", "1")
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var stdout strings.Builder
	err = run(t.Context(), []string{"-latency", "1ms", "--", program, "test", "-verbose"}, &stdout, io.Discard)
	var ended *exec.ExitError
	if !errors.As(err, &ended) || ended.ExitCode() != 3 {
		t.Errorf("the command ended with %v, want its exit code 3", err)
	}
	if got := stdout.String(); got != "200 [test -verbose]\n" {
		t.Errorf("the command printed %q", got)
	}
}

// The sandbox forwards SIGTERM to the command. The command exits cleanly, and then the sandbox exits.
func TestEndsItsCommand(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such signal")
	}
	t.Setenv("TEST_COMMAND", "wait")
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	printed, stdout := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- run(t.Context(), []string{"--", program}, stdout, io.Discard)
		_ = stdout.Close() // never fails
	}()
	lines := bufio.NewScanner(printed)
	if !lines.Scan() || lines.Text() != "waiting" {
		t.Fatalf("the command printed %q", lines.Text())
	}
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if err := self.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if !lines.Scan() || lines.Text() != "terminated" {
		t.Errorf("the command printed %q", lines.Text())
	}
	var status *exec.ExitError
	if err := <-ended; !errors.As(err, &status) || status.ExitCode() != 4 {
		t.Errorf("the command ended with %v, want its exit code 4", err)
	}
}

// A command in a sandbox does not get the credentials of a real account from the shell.
func TestCommandHasNoAccount(t *testing.T) {
	t.Parallel()
	got := withoutAccount([]string{"PATH=/bin", "GHL_AGENCY_ACCESS_TOKEN=fake", "GHL_COMPANY_ID=c", "GHL_LOCATION_ACCESS_TOKENS={}", "GHL_ALLOWED_LOCATION_IDS=a", "GHL_MAX_RETRIES=0"})
	if want := []string{"PATH=/bin", "GHL_MAX_RETRIES=0"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// The output in the guide is the output of the program, and the program accepts the commands in the guide.
func TestGuide(t *testing.T) {
	t.Parallel()
	const root = "../../.."
	text, err := os.ReadFile(filepath.Join(root, "docs", "guides", "sandbox.md"))
	if err != nil {
		t.Fatal(err)
	}
	var banner strings.Builder
	announce(&banner, "http://127.0.0.1:8787", "", defaultSeed())
	_, printed, _ := strings.Cut(string(text), "```text\nThe sandbox is ready")
	printed, _, ok := strings.Cut("The sandbox is ready"+printed, "```")
	if !ok || !strings.HasPrefix(banner.String(), printed) {
		t.Errorf("the guide says:\n%s\nthe sandbox prints:\n%s", printed, banner.String())
	}
	_, image, _ := strings.Cut(string(text), "/terraform-provider-ghl/main/docs/")
	image, _, _ = strings.Cut(image, ")")
	if screenshot, err := os.Stat(filepath.Join(root, "docs", image)); err != nil || screenshot.IsDir() || screenshot.Size() > 100_000 {
		t.Errorf("the screenshot %q is missing or too large: %v", image, err)
	}
	typed := 0
	for line := range strings.Lines(string(text)) {
		arguments, ok := strings.CutPrefix(line, "go run ./internal/cmd/sandbox ")
		if !ok {
			continue
		}
		typed++
		c, err := readFlags(strings.Fields(arguments), io.Discard)
		if err != nil && !errors.Is(err, flag.ErrHelp) {
			t.Errorf("%s: %v", line, err)
		}
		if c.seedFile == "" {
			continue
		}
		if _, err := readSeedFile(filepath.Join(root, c.seedFile)); err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
	if typed == 0 {
		t.Error("the guide contains no command that starts a sandbox with flags")
	}
}

// fieldsOf returns the paths of the JSON fields of a type, without the fields of API bodies.
func fieldsOf(of reflect.Type, path string) []string {
	if of.Kind() == reflect.Slice && of.Elem().Kind() == reflect.Struct {
		of, path = of.Elem(), path+"[]."
	}
	if of.Kind() != reflect.Struct {
		return []string{path}
	}
	var paths []string
	for _, field := range reflect.VisibleFields(of) {
		paths = append(paths, fieldsOf(field.Type, path+field.Tag.Get("json"))...)
	}
	return paths
}

// The guide describes every field of a seed file in the order of the types, and no other field.
func TestGuideDescribesTheSeed(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../../docs/guides/sandbox.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## Write a seed file\n")
	section, _, _ = strings.Cut(section, "\n## ")
	var described []string
	for _, row := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\| [A-Z0-9`]").FindAllStringSubmatch(section, -1) {
		described = append(described, row[1])
	}
	if want := fieldsOf(reflect.TypeFor[seed](), ""); !slices.Equal(described, want) {
		t.Errorf("the guide describes\n%q, want\n%q", described, want)
	}
}

package provider_test

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// appTokens is a stand-in for HighLevel's token endpoint. It accepts each refresh token only once.
type appTokens struct {
	refresh string
	given   int
	asked   []url.Values
}

func (a *appTokens) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil || r.Method != http.MethodPost || r.URL.Path != "/oauth/token" {
		http.NotFound(w, r)
		return
	}
	a.asked = append(a.asked, r.PostForm)
	if r.PostForm.Get("refresh_token") != a.refresh {
		http.Error(w, `{"error": "invalid_grant"}`, http.StatusUnauthorized)
		return
	}
	a.given++
	a.refresh = fmt.Sprintf("refresh/+%d", a.given)
	fmt.Fprintf(w, `{"access_token": "access-%d", "refresh_token": %q, "userType": "Company", "companyId": "company"}`, a.given, a.refresh)
}

// workflowStep matches a command of a workflow, and the environment of its step. stepVariable matches one variable in that
// environment.
var (
	workflowStep = regexp.MustCompile(`(?m)^      - run: (.*)\n((?:        .*\n)*)`)
	stepVariable = regexp.MustCompile(`(?m)^          (\w+): \$\{\{ (vars|secrets)\.(\w+) \}\}$`)
)

// tokenJob runs the workflow in the guide on authentication, which stores a refresh token.
type tokenJob struct {
	t        *testing.T
	dir, url string
}

// jobPrograms are stand-ins for the programs that the job runs, except curl and jq. gh stores a secret in a file. It fails if the
// file "broken" exists, or if the file "fragile" exists and the token has already been exchanged. It also fails if a step has
// already received the access token. terraform writes its first argument and its credentials to the file "called".
var jobPrograms = map[string]string{
	"gh": `[ ! -s "$GITHUB_ENV" ] || exit 9
[ ! -e broken ] && { [ ! -e fragile ] || [ ! -e token.json ]; } || { echo "gh: no connection" >&2; exit 1; }
[ "$1 $2 $4 $5 $6 $7" = "secret set --env highlevel --repo owner/fleet" ] && [ "$GH_TOKEN" = "SECRETS_TOKEN" ] || exit 8
cat > "secret.$3"`,
	"sleep":     "exit 0",
	"terraform": `echo "$1 with ${GHL_AGENCY_ACCESS_TOKEN:-no token} of ${GHL_COMPANY_ID:-no company}" >> called`,
}

func newTokenJob(t *testing.T, handler http.Handler) *tokenJob {
	t.Helper()
	for _, program := range []string{"sh", "curl", "jq"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip("the job needs " + program)
		}
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	j := &tokenJob{t: t, dir: t.TempDir(), url: server.URL}
	if err := os.CopyFS(j.dir, os.DirFS(filepath.Join(examples, "guides", "authentication"))); err != nil {
		t.Fatal(err)
	}
	for name, text := range jobPrograms {
		j.write(filepath.Join("programs", name), "#!/bin/sh\n"+text+"\n")
	}
	j.write("secret.HIGHLEVEL_REFRESH_TOKEN", "refresh-0")
	return j
}

func (j *tokenJob) write(name, text string) {
	j.t.Helper()
	path := filepath.Join(j.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		j.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o700); err != nil {
		j.t.Fatal(err)
	}
}

func (j *tokenJob) read(name string) string {
	content, _ := os.ReadFile(filepath.Join(j.dir, name)) // a file that does not exist counts as empty
	return string(content)
}

// leavesNoAnswer checks that the file with the new tokens was removed, whether or not the job succeeded.
func (j *tokenJob) leavesNoAnswer() {
	j.t.Helper()
	if _, err := os.Stat(filepath.Join(j.dir, "token.json")); !errors.Is(err, fs.ErrNotExist) {
		j.t.Errorf("the file with the new tokens still exists: %v", err)
	}
}

// run runs the steps of the workflow until one fails, and returns what they print.
func (j *tokenJob) run() (output string, failed error) {
	j.t.Helper()
	handed := filepath.Join(j.dir, "github_env")
	j.write("github_env", "")
	j.write("called", "")
	for _, step := range workflowStep.FindAllStringSubmatch(example(j.t, "guides", "authentication", "plan.yml"), -1) {
		command := exec.CommandContext(j.t.Context(), "sh", "-e", "-c", step[1])
		command.Dir = j.dir
		command.Env = append(strings.Fields(j.read("github_env")), "PATH="+filepath.Join(j.dir, "programs")+":"+os.Getenv("PATH"),
			"GITHUB_ENV="+handed, "RUNNER_TEMP="+j.dir, "GITHUB_REPOSITORY=owner/fleet", "GHL_BASE_URL="+j.url)
		for _, set := range stepVariable.FindAllStringSubmatch(step[2], -1) {
			value := set[3] // the value of each variable and secret is its name, except for the secret that changes
			if value == "HIGHLEVEL_REFRESH_TOKEN" {
				value = j.read("secret.HIGHLEVEL_REFRESH_TOKEN")
			}
			command.Env = append(command.Env, set[1]+"="+value)
		}
		printed, err := command.CombinedOutput()
		output += string(printed)
		if err != nil {
			return output, err
		}
	}
	return output, nil
}

// The job in the guide on authentication exchanges the refresh token, and stores the next refresh token before it uses the access
// token. The job prints tokens only to mask them.
func TestGuide_tokenJob(t *testing.T) {
	t.Parallel()
	tokens := &appTokens{refresh: "refresh-0"}
	j := newTokenJob(t, tokens)
	for i, refresh := range []string{"refresh-0", "refresh/+1"} {
		output, err := j.run()
		access, next := fmt.Sprintf("access-%d", i+1), fmt.Sprintf("refresh/+%d", i+1)
		if want := "::add-mask::" + access + "\n::add-mask::" + next + "\n"; err != nil || output != want {
			t.Fatalf("the job returned %v and printed %q, want only the masks %q", err, output, want)
		}
		if got := j.read("secret.HIGHLEVEL_REFRESH_TOKEN"); got != next {
			t.Errorf("the secret is %q, want %q", got, next)
		}
		if got, want := j.read("called"), "init with no token of no company\nplan with "+access+" of GHL_COMPANY_ID\n"; got != want {
			t.Errorf("the engine ran as %q, want %q", got, want)
		}
		want := url.Values{
			"grant_type": {"refresh_token"}, "user_type": {"Company"}, "client_id": {"HIGHLEVEL_CLIENT_ID"}, "client_secret": {"HIGHLEVEL_CLIENT_SECRET"}, "refresh_token": {refresh},
		}
		if got := tokens.asked[i].Encode(); got != want.Encode() {
			t.Errorf("the job requested %s, want %s", got, want.Encode())
		}
	}
	j.leavesNoAnswer()

}

// If the job gets no token, or cannot store the next refresh token, it reports the reason and plans nothing.
func TestGuide_tokenJobFails(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		handler http.Handler
		broken  string // the file that makes gh fail
		tries   int    // number of times that gh must fail
		says    string
	}{
		"the refresh token is used up": {handler: &appTokens{refresh: "another"}, says: "::error::HighLevel returned no token. Run the job again; if it fails again, authorize the app again."},
		"no secret can be stored": {
			handler: http.NotFoundHandler(), broken: "broken", tries: 1,
			says: "::error::GH_TOKEN cannot store secrets. The refresh token was not used: renew SECRETS_TOKEN, and run the job again.",
		},
		"the secret cannot be stored": {handler: &appTokens{refresh: "refresh-0"}, broken: "fragile", tries: 3, says: "::error::The new refresh token is not stored, and the old one is used up: authorize the app again."},
		"the answer has one token": {
			handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"access_token": "access-1"}`) }),
			says:    "::error::HighLevel's answer has no refresh_token: authorize the app again.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := newTokenJob(t, test.handler)
			if test.broken != "" {
				j.write(test.broken, "")
			}
			output, err := j.run()
			if err == nil || !strings.Contains(output, test.says+"\n") {
				t.Errorf("the job returned %v and printed %q, want an error and %q", err, output, test.says)
			}
			if n := strings.Count(output, "no connection"); n != test.tries {
				t.Errorf("gh failed %d times, want %d", n, test.tries)
			}
			if handed := j.read("github_env"); handed != "" || strings.Contains(j.read("called"), "plan") {
				t.Errorf("the job passed on %q and ran %q, want no token and no plan", handed, j.read("called"))
			}
			j.leavesNoAnswer()
			if got := j.read("secret.HIGHLEVEL_REFRESH_TOKEN"); got != "refresh-0" {
				t.Errorf("the secret is %q, want the old token", got)
			}
			for line := range strings.Lines(output) {
				if !strings.HasPrefix(line, "::add-mask::") && (strings.Contains(line, "access-1") || strings.Contains(line, "refresh/")) {
					t.Errorf("the job printed a token: %s", line)
				}
			}
		})
	}
}

package main_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// job is the YAML text of one job in a workflow.
type job string

var (
	jobName     = regexp.MustCompile(`(?m)^ {2}([\w-]+):\n`)
	jobNeeds    = regexp.MustCompile(`(?m)^ {4}needs: (.*)$`)
	jobPlace    = regexp.MustCompile(`(?m)^ {4}environment: (.*)$`)
	jobRights   = regexp.MustCompile(`(?m)^ {4}permissions:(.*\n(?: {6}.*\n)*)`)
	right       = regexp.MustCompile(`(?m)^ {6}([\w-]+: [\w-]+)`)
	secret      = regexp.MustCompile(`secrets\.(\w+)`)
	setupGo     = regexp.MustCompile(`uses: actions/setup-go@.*\n( {8}.*\n)*`)
	ownersRight = regexp.MustCompile(`: write\b`)
)

// jobsOf returns the jobs of a workflow, by name.
func jobsOf(t *testing.T, workflow string) map[string]job {
	t.Helper()
	_, text, found := strings.Cut(workflow, "\njobs:\n")
	if !found {
		t.Fatal("a workflow has no jobs")
	}
	jobs, begins := map[string]job{}, jobName.FindAllStringSubmatchIndex(text, -1)
	for i, begin := range begins {
		end := len(text)
		if i+1 < len(begins) {
			end = begins[i+1][0]
		}
		jobs[text[begin[2]:begin[3]]] = job(text[begin[1]:end])
	}
	return jobs
}

// one returns the first match of a pattern in the job, or "" if nothing matches.
func (j job) one(pattern *regexp.Regexp) string {
	if found := pattern.FindStringSubmatch(string(j)); found != nil {
		return strings.TrimSpace(found[1])
	}
	return ""
}

// all returns the distinct matches of a pattern in a text, sorted.
func all(pattern *regexp.Regexp, text string) []string {
	found := map[string]bool{}
	for _, match := range pattern.FindAllStringSubmatch(text, -1) {
		found[match[1]] = true
	}
	return slices.Sorted(maps.Keys(found))
}

func (j job) rights() []string {
	block := jobRights.FindStringSubmatch(string(j))
	if block == nil {
		return []string{"those of the workflow"}
	}
	return all(right, block[1])
}

// Third-party code, the signing key and the right to publish must be in different jobs, so that third-party code can neither sign
// nor publish.
func TestRelease_jobsShareNothing(t *testing.T) {
	t.Parallel()
	wanted := map[string]struct {
		rights, secrets []string
		environment     string
	}{
		"tag":     {rights: []string{"contents: read"}},
		"test":    {rights: []string{"contents: read"}},
		"build":   {rights: []string{"contents: read"}},
		"sign":    {secrets: []string{"GPG_PASSPHRASE", "GPG_PRIVATE_KEY"}, environment: "release-signing"},
		"attest":  {rights: []string{"attestations: write", "id-token: write"}},
		"publish": {rights: []string{"contents: write"}, environment: "release"},
	}
	jobs := jobsOf(t, workflows(t)["release.yml"])
	for _, name := range slices.Sorted(maps.Keys(jobs)) {
		got, want := jobs[name], wanted[name]
		if rights := got.rights(); !slices.Equal(rights, want.rights) {
			t.Errorf("%s has the rights %q, want %q", name, rights, want.rights)
		}
		if secrets := all(secret, string(got)); !slices.Equal(secrets, want.secrets) {
			t.Errorf("%s has the secrets %q, want %q", name, secrets, want.secrets)
		}
		if environment := got.one(jobPlace); environment != want.environment {
			t.Errorf("%s runs in the environment %q, want %q", name, environment, want.environment)
		}
		if isKept := strings.Contains(string(got), "github.token"); isKept != (name == "publish") {
			t.Errorf("%s uses the repository's token: %t", name, isKept)
		}
	}
	if len(jobs) != len(wanted) {
		t.Errorf("the workflow has unexpected or missing jobs: %q", slices.Sorted(maps.Keys(jobs)))
	}
}

// The privileged jobs must not run code from this repository or its dependencies. The job with the signing key must not use
// actions either.
func TestRelease_codeOfPrivilegedJobs(t *testing.T) {
	t.Parallel()
	jobs := jobsOf(t, workflows(t)["release.yml"])
	code := regexp.MustCompile(`actions/checkout|actions/setup-|\bmake |\bbin/|\bgo (run|build|install|test)\b|goreleaser`)
	for _, name := range []string{"sign", "attest", "publish"} {
		if jobs[name] == "" {
			t.Errorf("the workflow has no job %s", name)
		}
		if found := code.FindString(string(jobs[name])); found != "" {
			t.Errorf("%s runs code: %s", name, found)
		}
	}
	if strings.Contains(string(jobs["sign"]), "uses:") {
		t.Error("the job sign uses an action, although it has the signing key")
	}
	if !strings.Contains(string(jobs["build"]), "bin/goreleaser release") {
		t.Error("the job build does not run goreleaser")
	}
	config := contentOf(t, ".goreleaser.yml")
	if regexp.MustCompile(`(?m)^signs:|GPG`).MatchString(config) || !strings.Contains(config, "\nrelease:\n  disable: true\n") {
		t.Error("goreleaser signs or publishes")
	}
}

// Every job must wait until the job "tag" has verified that the tag is on main.
func TestRelease_tagIsOnMain(t *testing.T) {
	t.Parallel()
	jobs := jobsOf(t, workflows(t)["release.yml"])
	first := string(jobs["tag"])
	if !strings.Contains(first, "fetch-depth: 0\n") || !strings.Contains(first, "git merge-base --is-ancestor HEAD origin/main\n") {
		t.Error("no job checks that the tag is on main")
	}
	var waits func(name string) bool
	waits = func(name string) bool {
		needs := strings.FieldsFunc(jobs[name].one(jobNeeds), func(r rune) bool { return strings.ContainsRune("[], ", r) })
		return slices.Contains(needs, "tag") || slices.ContainsFunc(needs, waits)
	}
	for name := range jobs {
		if name != "tag" && !waits(name) {
			t.Errorf("%s does not wait for the job tag", name)
		}
		if strings.Contains(string(jobs[name]), "always()") {
			t.Errorf("%s runs even if an earlier job failed", name)
		}
	}
}

// Any run on main can write to the cache. So a job that has a token, or that builds a part of a release, must not restore the
// cache.
func TestWorkflows_noCacheBesideSecrets(t *testing.T) {
	t.Parallel()
	seen := 0
	for file, text := range workflows(t) {
		for name, j := range jobsOf(t, text) {
			isPrivileged := file == "release.yml" || strings.Contains(string(j), "secrets.") || j.one(jobPlace) != "" || ownersRight.MatchString(string(j))
			if !isPrivileged {
				continue
			}
			for _, step := range setupGo.FindAllString(string(j), -1) {
				seen++
				if !strings.Contains(step, "cache: false\n") {
					t.Errorf("%s: %s restores a cache of Go modules and builds", file, name)
				}
			}
			if strings.Contains(string(j), "actions/cache") {
				t.Errorf("%s: %s restores a cache", file, name)
			}
		}
	}
	if seen < 2 {
		t.Errorf("the patterns of this test found only %d jobs that install Go, want at least 2", seen)
	}
}

// A release must contain the sandbox in archives that no registry mistakes for the provider, and must publish every file that has
// a checksum.
func TestRelease_sandbox(t *testing.T) {
	t.Parallel()
	config := contentOf(t, ".goreleaser.yml")
	_, archives, _ := strings.Cut(config, "\narchives:\n")
	archives, _, _ = strings.Cut(archives, "\n\n")
	_, sandbox, found := strings.Cut(archives, "  - id: sandbox\n    ids: [sandbox]\n")
	if !found || !strings.Contains(sandbox, "formats: [tar.gz]\n") || !strings.Contains(sandbox, `name_template: "ghl-sandbox_{{ .Version }}_{{ .Os }}_{{ .Arch }}"`) {
		t.Errorf("the archives of the sandbox have an unexpected format or name:\n%s", archives)
	}
	if strings.Count(archives, "zip]") != 1 || !strings.Contains(archives, "    ids: [provider]\n    formats: [zip]\n") {
		t.Errorf("only the archives of the provider may be zips:\n%s", archives)
	}
	if strings.Count(config, "  - id: sandbox\n") != 3 || !strings.Contains(config, "    main: ./internal/cmd/sandbox\n    binary: ghl-sandbox\n") {
		t.Error("the sandbox is not built, is not archived, or has no bill of materials")
	}
	build := string(jobsOf(t, workflows(t)["release.yml"])["build"])
	for _, kind := range []string{"zip", "tar.gz", "cdx.json"} {
		if !strings.Contains(build, "            dist/*."+kind+"\n") {
			t.Errorf("the job build does not upload *.%s", kind)
		}
	}
}

package ghl

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// cachedAgency is a server and the path of a token cache that several processes use.
type cachedAgency struct {
	*agencyAPI
	t    *testing.T
	path string
}

func newCachedAgency(t *testing.T) *cachedAgency {
	t.Helper()
	return &cachedAgency{newAgencyAPI(), t, filepath.Join(t.TempDir(), "tokens")}
}

// config returns the configuration of a process.
func (a *cachedAgency) config(changes ...func(*Config)) Config {
	config := Config{UserAgent: testUserAgent, Transport: a, TokenCache: a.path}
	for _, change := range append([]func(*Config){withAgency}, changes...) {
		change(&config)
	}
	return config
}

func (a *cachedAgency) process(changes ...func(*Config)) *Client {
	a.t.Helper()
	client, err := New(a.config(changes...))
	if err != nil {
		a.t.Fatal(err)
	}
	return client
}

func (a *cachedAgency) reads(client *Client, locationIDs ...string) {
	a.t.Helper()
	if err := errors.Join(together(len(locationIDs), func(i int) error { return read(a.t.Context(), client, locationIDs[i]) })...); err != nil {
		a.t.Fatal(err)
	}
}

// open opens the cache as New does.
func (a *cachedAgency) open() (*tokenCache, error) {
	config := a.config()
	config.BaseURL, config.Clock = DefaultBaseURL, config.Clock.OrSystem() // the defaults that New sets
	return openTokenCache(config)
}

// wantHeld checks that the file contains valid tokens for exactly these sub-accounts.
func (a *cachedAgency) wantHeld(want ...string) {
	a.t.Helper()
	cache, err := a.open()
	if err != nil {
		a.t.Fatal(err)
	}
	if got := slices.Sorted(maps.Keys(cache.found)); !slices.Equal(got, want) {
		a.t.Errorf("the file contains tokens of %v, want %v", got, want)
	}
	a.set(func() {
		for locationID, held := range cache.found {
			if a.sold[held.Token] != locationID {
				a.t.Errorf("the file contains another token for %s", locationID)
			}
		}
	})
}

func (a *cachedAgency) content() []byte {
	a.t.Helper()
	content, err := os.ReadFile(a.path)
	if err != nil {
		a.t.Fatal(err)
	}
	return content
}

// A process uses the tokens that earlier processes have exchanged. Only the owner can read
// the file, and the tokens in the file are encrypted.
func TestTokenCache(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newCachedAgency(t)
		a.reads(a.process(), "a", "b")
		a.reads(a.process(), "a", "b", "b", "c")
		a.reads(a.process(), "a", "b", "c")
		got := a.exchanges()
		slices.Sort(got)
		if !slices.Equal(got, []string{"a", "b", "c"}) {
			t.Errorf("tokens were requested for %v, want one exchange for each", got)
		}
		a.wantHeld("a", "b", "c")
		content := a.content()
		for token := range a.sold {
			for _, shown := range []string{token, base64.StdEncoding.EncodeToString([]byte(token))[:16], agencyToken, "loc"} {
				if bytes.Contains(content, []byte(shown)) {
					t.Errorf("the file shows %q", shown)
				}
			}
		}
		files, err := os.ReadDir(filepath.Dir(a.path))
		if err != nil || len(files) != 1 {
			t.Errorf("left behind: %v, %v", files, err)
		}
		if info, err := os.Stat(a.path); err != nil || info.Mode() != 0o600 && runtime.GOOS != "windows" {
			t.Errorf("the mode is %v, %v", info.Mode(), err)
		}
	})
}

// A cache cannot be read with another agency token, company or server, so that its tokens
// are never sent to the wrong server. A process with another configuration replaces the
// file.
func TestTokenCacheOfAnother(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Config){
		"token":   func(c *Config) { c.AgencyAccessToken = "oauth-another.agency" },
		"company": func(c *Config) { c.CompanyID = "another" },
		"server":  func(c *Config) { c.BaseURL = "https://another.example.com" },
	} {
		synctest.Test(t, func(t *testing.T) {
			a := newCachedAgency(t)
			a.reads(a.process(), "a")
			theirs := newAgencyAPI()
			theirs.answer = func(r *http.Request) (*http.Response, error) {
				r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), "oauth-another.agency", agencyToken, 1))
				return theirs.answers(r)
			}
			for range 2 {
				a.reads(a.process(change, func(c *Config) { c.Transport = theirs }), "a")
			}
			theirs.wantExchanges(t, "a")
			a.wantHeld()
			a.reads(a.process(), "a")
			if got := a.exchanges(); len(got) != 2 {
				t.Errorf("%s: tokens were requested for %v, want a twice", name, got)
			}
		})
	}
}

// New returns an error if other users can access the file, or if the file is not a token
// cache. New does not change the file.
func TestTokenCacheRefused(t *testing.T) {
	t.Parallel()
	const key = "-----BEGIN PRIVATE KEY-----\n"
	for name, test := range map[string]struct {
		make func(path string) error
		says string
	}{
		"others can read it":   {func(path string) error { return errors.Join(os.WriteFile(path, nil, 0o600), os.Chmod(path, 0o644)) }, "(mode 0644)"},
		"a group can write it": {func(path string) error { return errors.Join(os.WriteFile(path, nil, 0o600), os.Chmod(path, 0o620)) }, "(mode 0620)"},
		"a link": {func(path string) error {
			return errors.Join(os.WriteFile(path+"-to", []byte(cacheHeading), 0o600), os.Symlink(path+"-to", path))
		}, "not a regular file"},
		"a link to nowhere": {func(path string) error { return os.Symlink(path+"-to", path) }, "not a regular file"},
		"a folder":          {func(path string) error { return os.Mkdir(path, 0o700) }, "not a regular file"},
		"another file":      {func(path string) error { return os.WriteFile(path, []byte(key), 0o600) }, "not a token cache"},
		"too large": {func(path string) error {
			return os.WriteFile(path, append([]byte(cacheHeading), make([]byte, mostCached)...), 0o600)
		}, "not a token cache"},
		"no folder": {func(path string) error { return os.Remove(filepath.Dir(path)) }, "/sub does not exist: create it first"},
	} {
		if strings.HasPrefix(test.says, "(mode") && runtime.GOOS == "windows" {
			continue
		}
		path := filepath.Join(t.TempDir(), "sub", "tokens")
		if err := errors.Join(os.Mkdir(filepath.Dir(path), 0o700), test.make(path)); err != nil {
			t.Fatal(err)
		}
		before, _ := os.Lstat(path)
		a := &cachedAgency{newAgencyAPI(), t, path}
		_, err := New(a.config())
		if !errors.Is(err, ErrTokenCache) || !strings.Contains(err.Error(), test.says) && runtime.GOOS != "windows" {
			t.Errorf("%s: got %v, want %q", name, err, test.says)
		}
		after, _ := os.Lstat(path)
		if before != nil && (!os.SameFile(before, after) || before.Size() != after.Size() || before.Mode() != after.Mode()) {
			t.Errorf("%s: the file was changed", name)
		}
		if _, err := New(a.config(func(c *Config) { c.AgencyAccessToken, c.CompanyID, c.AccessToken = "", "", "pit-x" })); err != nil {
			t.Errorf("%s: an error although the client exchanges no tokens: %v", name, err)
		}
	}
}

// If a path contains ~ or a variable, the error says that the client does not expand the
// path.
func TestTokenCachePathIsNotExpanded(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"~/tokens":             "~ and variables are not expanded in ~/tokens: set the full path",
		"~nobody/tokens":       "~ and variables are not expanded in ~nobody/tokens: set the full path",
		"$HOME/.cache/tokens":  "~ and variables are not expanded in $HOME/.cache/tokens: set the full path",
		"no-such-folder/x":     "the folder no-such-folder does not exist: create it first",
		"no-such-folder/a~b/x": "the folder no-such-folder/a~b does not exist: create it first",
	} {
		_, err := New((&cachedAgency{newAgencyAPI(), t, path}).config())
		if !errors.Is(err, ErrTokenCache) || !strings.HasSuffix(filepath.ToSlash(err.Error()), ": "+want) {
			t.Errorf("%s: got %v", path, err)
		}
	}
}

// If the cache is replaced by another file or its folder is removed during a run, the run
// continues. The client does not overwrite the other file, and the log reports the failure
// once.
func TestTokenCacheCannotBeWritten(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(path string) error{
		"another file": func(path string) error { return os.WriteFile(path, []byte("mine"), 0o600) },
		"no folder":    func(path string) error { return os.RemoveAll(filepath.Dir(path)) },
	} {
		synctest.Test(t, func(t *testing.T) {
			a := newCachedAgency(t)
			var log bytes.Buffer
			client := a.process(func(c *Config) { c.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
			if err := change(a.path); err != nil {
				t.Fatal(err)
			}
			a.reads(client, "a", "b", "c")
			if text := log.String(); strings.Count(text, "unable to write the token cache") != 1 || strings.Contains(text, "sold-") {
				t.Errorf("%s: the log says %s", name, text)
			}
			if content, err := os.ReadFile(a.path); err == nil && string(content) != "mine" {
				t.Errorf("%s: the file was overwritten with %q", name, content)
			}
		})
	}
}

// If the cache is damaged, empty or truncated, the client exchanges the tokens again and
// replaces the file.
func TestTokenCacheDamaged(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]func(content []byte) []byte{
		"a bit":     func(content []byte) []byte { content[len(content)-1] ^= 1; return content },
		"cut short": func(content []byte) []byte { return content[:len(cacheHeading)+5] },
		"empty":     func([]byte) []byte { return nil },
	} {
		synctest.Test(t, func(t *testing.T) {
			a := newCachedAgency(t)
			a.reads(a.process(), "a")
			if err := os.WriteFile(a.path, damage(a.content()), 0o600); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				a.reads(a.process(), "a")
			}
			if got := a.exchanges(); len(got) != 2 {
				t.Errorf("%s: tokens were requested for %v, want a twice", name, got)
			}
		})
	}
}

// A cached token is used until one minute before it expires, and is then removed from the
// file. A token with an unknown expiry is never saved.
func TestTokenCacheExpiry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newCachedAgency(t)
		a.reads(a.process(), "a")
		time.Sleep(86337*time.Second - time.Millisecond) // the exchange and the read took one second each
		a.reads(a.process(), "a")
		a.wantExchanges(t, "a")
		time.Sleep(time.Second)
		a.reads(a.process(), "b")
		a.wantHeld("b")
		a.reads(a.process(), "a")
		a.wantExchanges(t, "a", "b", "a")

		a.set(func() { a.lifetime = "" })
		for range 2 {
			a.reads(a.process(), "c")
		}
		a.wantExchanges(t, "a", "b", "a", "c", "c")
		a.wantHeld("a", "b")
	})
}

// If the server refuses a cached token for any reason, the client exchanges one new token
// and retries the calls, including creates. The next process uses the new token.
func TestTokenCacheRefusedToken(t *testing.T) {
	t.Parallel()
	for name, refusal := range map[string]struct {
		status  int
		message string
		want    Kind
	}{
		"revoked":               {401, "Invalid JWT", Unauthorized},
		"lacks a scope":         {401, "The token is not authorized for this scope.", MissingScope},
		"wrong type":            {401, "Token's user type mismatch", WrongTokenType},
		"without access":        {403, "The token does not have access to this location.", Forbidden},
		"new token refused too": {403, "The token does not have access to this location.", Forbidden},
	} {
		synctest.Test(t, func(t *testing.T) {
			a := newCachedAgency(t)
			a.reads(a.process(), location)
			answers := a.answer
			a.answer = func(r *http.Request) (*http.Response, error) {
				token := r.Header.Get("Authorization")
				if strings.Contains(token, "sold-1.") || strings.Contains(token, "sold-") && name == "new token refused too" {
					return answerOf(refusal.status, fmt.Sprintf(`{"statusCode":%d,"message":%q}`, refusal.status, refusal.message)), nil
				}
				return answers(r)
			}
			client := a.process()
			errs := together(6, func(int) error { return createAssociation(t.Context(), client) })
			a.wantExchanges(t, location, location)
			if name == "new token refused too" {
				for _, err := range errs {
					if KindOf(err) != refusal.want {
						t.Errorf("%s: got %v", name, err)
					}
				}
				return
			}
			if err := errors.Join(errs...); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			before := a.count()
			a.reads(a.process(), location)
			if got := a.count() - before; got != 1 {
				t.Errorf("%s: the third process made %d requests, want 1", name, got)
			}
		})
	}
}

// AccessToken never returns a token of an earlier process, because its user could not
// replace a token that is revoked, lacks a scope or expires. One exchange serves all
// callers. Later calls and the next process use the new token.
func TestTokenCacheHandsOutNewTokens(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newCachedAgency(t)
		a.reads(a.process(), location)
		client := a.process()
		a.reads(client, location)
		a.wantExchanges(t, location) // the provider's own calls use the cached token
		const fresh = "sold-2." + location + ".token"
		for range 2 {
			for _, err := range together(8, func(i int) error {
				if i%2 == 0 {
					return read(t.Context(), client, location)
				}
				token, err := client.AccessToken(t.Context(), location)
				if err == nil && (token.Value != fresh || time.Until(token.Expires) < 23*time.Hour) {
					t.Errorf("handed out %s, which expires in %s", token.Value, time.Until(token.Expires))
				}
				return err
			}) {
				if err != nil {
					t.Error(err)
				}
			}
		}
		a.wantExchanges(t, location, location)
		a.reads(client, location)
		a.reads(a.process(), location)
		a.wantExchanges(t, location, location)
		for _, r := range a.sent()[a.count()-2:] {
			if got := r.Header.Get("Authorization"); got != "Bearer "+fresh {
				t.Errorf("a later call was made with %s", got)
			}
		}
	})
}

// A process that saves its tokens keeps the tokens that other processes have saved. The
// file is complete at any time.
func TestTokenCacheOfSeveralProcesses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newCachedAgency(t)
		one, another := a.process(), a.process()
		a.reads(one, "a")
		a.reads(another, "b")
		a.reads(one, "c")
		a.wantHeld("a", "b", "c")

		for _, err := range together(8, func(i int) error {
			client, err := New(a.config())
			for j := 0; j < 10 && err == nil; j++ {
				err = read(t.Context(), client, fmt.Sprintf("loc-%d-%d", i, j))
			}
			return err
		}) {
			if err != nil {
				t.Error(err)
			}
		}
		all := []string{"a", "b", "c"}
		for i := range 80 {
			all = append(all, fmt.Sprintf("loc-%d-%d", i/10, i%10))
		}
		a.reads(a.process(), all...)
		slices.Sort(all)
		a.wantHeld(all...)
	})
}

// A process can open and save the cache while others replace or remove the file. The test
// does not use synctest, because goroutines in a synctest bubble rarely overlap during a
// system call.
func TestTokenCacheReplacedWhileOpened(t *testing.T) {
	t.Parallel()
	a := newCachedAgency(t)
	for _, err := range together(8, func(i int) error {
		for j := range 100 {
			cache, err := a.open()
			if err == nil {
				cache.exchanged[fmt.Sprintf("loc-%d-%d", i, j)] = cachedToken{"sold", time.Now().Add(time.Hour)}
				err = cache.save()
			}
			if i == 0 {
				_ = os.Remove(a.path)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}) {
		if err != nil {
			t.Error(err)
		}
	}
}

// While exchanges are under way, the file is written once a second. After the last
// exchange, the file contains all tokens, even if the last exchange failed.
func TestTokenCacheIsSavedTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newCachedAgency(t)
		client, begun := a.process(), time.Now()
		at := func(d time.Duration) { time.Sleep(time.Until(begun.Add(d))) }
		exchange := func(locationID string) error { // takes a second
			_, err := client.AccessToken(t.Context(), locationID)
			return err
		}
		a.set(func() {
			a.fault = func(form url.Values) *http.Response {
				if form.Get("locationId") == "slow" {
					return answerOf(400, `{"message":"App is not installed"}`)
				}
				return nil
			}
		})
		a.answer = func(r *http.Request) (*http.Response, error) {
			if len(a.exchanges()) == 1 { // the slow exchange
				time.Sleep(4 * time.Second)
			}
			return a.answers(r)
		}
		var all sync.WaitGroup
		all.Go(func() {
			if err := exchange("slow"); KindOf(err) != NotInstalled {
				t.Errorf("got %v", err)
			}
		})
		for i, begin := range []int{100, 500, 1200, 1400} {
			at(time.Duration(begin) * time.Millisecond)
			all.Go(func() {
				if err := exchange(string(rune('a' + i))); err != nil {
					t.Error(err)
				}
			})
		}
		at(1600 * time.Millisecond)
		a.wantHeld("a")
		at(2300 * time.Millisecond)
		a.wantHeld("a", "b", "c")
		at(4900 * time.Millisecond)
		a.wantHeld("a", "b", "c")
		all.Wait()
		a.wantHeld("a", "b", "c", "d")

		if err := errors.Join(os.Remove(a.path), exchange("a")); err != nil {
			t.Error(err)
		}
		if err := exchange("slow"); KindOf(err) != NotInstalled {
			t.Errorf("got %v", err)
		}
		if _, err := os.Stat(a.path); !os.IsNotExist(err) {
			t.Errorf("the file was written without a new token: %v", err)
		}
	})
}

// A cached token of an earlier process is redacted like any other token.
func TestTokenCacheIsRedacted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newCachedAgency(t)
		a.reads(a.process(), location)
		a.answer = func(r *http.Request) (*http.Response, error) {
			return answerOf(422, fmt.Sprintf(`{"message":"you sent %s"}`, strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))), nil
		}
		err := read(context.WithoutCancel(t.Context()), a.process(), location)
		if failure := failureOf(t, err); failure.Message != "you sent ***" {
			t.Errorf("got %q", failure.Message)
		}
	})
}

package ghl

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"
)

// ErrTokenCache means that New rejected the token cache.
var ErrTokenCache = errors.New("invalid token cache")

const (
	// cacheHeading is the first line of a token cache. A file without this line is never
	// overwritten.
	cacheHeading = "terraform-provider-ghl token cache 1\n"

	mostCached = 16 << 20 // maximum size of a token cache, in bytes; 500 sub-accounts need half a MiB

	// mostOpenings is how many times readPrivate tries to open the cache while other
	// processes replace it.
	mostOpenings = 10

	// savingEvery is the minimum time between two saves of the cache while exchanges are in
	// progress. Saving it after each of 500 exchanges would take seconds.
	savingEvery = time.Second
)

// tokenCache stores exchanged tokens in a file, for the next process with the same agency
// token. The encryption key is derived from the agency token, so anybody who can decrypt
// the file could also exchange the agency token. A file that belongs to another token,
// company or server counts as empty and is replaced. A nil cache stores nothing.
type tokenCache struct {
	path   string
	seal   cipher.AEAD
	clock  Clock
	logger *slog.Logger

	mu        sync.Mutex
	found     map[string]cachedToken // tokens of earlier processes, by sub-account; each is used once
	exchanged map[string]cachedToken // tokens of this process
	underWay  int                    // exchanges in progress
	unsaved   bool
	savedAt   time.Time
	failed    bool
}

type cachedToken struct {
	Token   string    `json:"token"`
	Expires time.Time `json:"expires"`
}

// openTokenCache reads the token cache if Config names a file. It returns an error that
// wraps ErrTokenCache if other users can access the file, or if the file is not a token
// cache.
func openTokenCache(config Config) (*tokenCache, error) {
	if config.TokenCache == "" || config.AgencyAccessToken == "" {
		return nil, nil //nolint:nilnil // a nil cache stores nothing
	}
	c := &tokenCache{path: config.TokenCache, clock: config.Clock, logger: config.Logger, exchanged: map[string]cachedToken{}}
	key, err := hkdf.Key(sha256.New, []byte(config.AgencyAccessToken), nil, cacheHeading+config.CompanyID+"\n"+config.BaseURL, 32)
	if err == nil {
		var block cipher.Block
		if block, err = aes.NewCipher(key); err == nil {
			c.seal, err = cipher.NewGCMWithRandomNonce(block)
		}
	}
	if err == nil {
		c.found, err = c.read()
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTokenCache, err)
	}
	return c, nil
}

// read returns the tokens in the file, by sub-account.
func (c *tokenCache) read() (map[string]cachedToken, error) {
	content, err := readPrivate(c.path)
	if err != nil || len(content) == 0 {
		return map[string]cachedToken{}, err
	}
	sealed, isCache := bytes.CutPrefix(content, []byte(cacheHeading))
	if !isCache || len(content) > mostCached {
		return nil, fmt.Errorf("%s is not a token cache, so it was not changed: set the path of a file that does not exist", c.path)
	}
	held := map[string]cachedToken{}
	if text, err := c.seal.Open(nil, nil, sealed, []byte(cacheHeading)); err != nil || json.Unmarshal(text, &held) != nil {
		return map[string]cachedToken{}, nil //nolint:nilerr // the file belongs to another token, or is damaged
	}
	return held, nil
}

// errReplaced means that a file was replaced or removed while it was being opened.
var errReplaced = errors.New("the file was replaced while it was being opened: try again")

// readPrivate reads a file that only its owner may use. A missing file counts as empty, but
// its folder must exist. If another process is saving the file, readPrivate opens it again.
func readPrivate(path string) (content []byte, err error) {
	for range mostOpenings {
		if content, err = readOnce(path); !errors.Is(err, errReplaced) {
			break
		}
	}
	return content, err
}

func readOnce(path string) ([]byte, error) {
	before, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, checkFolder(path)
	}
	if err != nil {
		return nil, err
	}
	if !before.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file: set the path of a file, not of a link or a folder", path)
	}
	file, err := os.Open(path) //nolint:gosec // the user chooses the path
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", path, errReplaced)
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	opened, err := file.Stat()
	switch {
	case err != nil:
		return nil, err
	case !os.SameFile(before, opened):
		return nil, fmt.Errorf("%s: %w", path, errReplaced)
	case opened.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows": // Windows does not use the mode
		return nil, fmt.Errorf("other users can access %s (mode %04o): remove the file, or run chmod 600 on it", path, opened.Mode().Perm())
	}
	return io.ReadAll(io.LimitReader(file, mostCached+1))
}

func checkFolder(path string) error {
	folder := filepath.Dir(path)
	_, err := os.Stat(folder)
	switch {
	case !errors.Is(err, fs.ErrNotExist):
		return err
	case strings.HasPrefix(path, "~") || strings.HasPrefix(path, "$"):
		return fmt.Errorf("~ and variables are not expanded in %s: set the full path", path)
	default:
		return fmt.Errorf("the folder %s does not exist: create it first", folder)
	}
}

// take returns the token that an earlier process left for a sub-account. It returns each
// token only once, so that a token that the server refuses is not used again. If take
// returns no token, the caller must make a token exchange and call keep.
func (c *tokenCache) take(locationID string) (Token, bool) {
	if c == nil {
		return Token{}, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	held, ok := c.found[locationID]
	delete(c.found, locationID)
	if !ok || !c.lasts(held) {
		c.underWay++
		return Token{}, false
	}
	return Token{Value: held.Token, Expires: held.Expires, Credential: ExchangedToken, isCached: true}, true
}

func (c *tokenCache) lasts(t cachedToken) bool {
	return t.Expires.After(c.clock.Now().Add(renewBefore))
}

// keep stores the token of an exchange. The token is empty if the exchange failed. keep
// saves all tokens when no other exchange is in progress, and otherwise at most once a
// second. If the file cannot be written, keep only logs a warning, because later runs can
// exchange the tokens again.
func (c *tokenCache) keep(ctx context.Context, locationID string, token Token) {
	if c == nil {
		return
	}
	if err := c.add(locationID, token); err != nil {
		c.logger.LogAttrs(ctx, slog.LevelWarn, "unable to write the token cache: later runs will exchange the tokens again", slog.String("error", err.Error()))
	}
}

func (c *tokenCache) add(locationID string, token Token) (err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.underWay--
	if token.Value != "" {
		c.exchanged[locationID] = cachedToken{token.Value, token.Expires.UTC().Round(0)}
		c.unsaved = true
	}
	now := c.clock.Now()
	if !c.unsaved || c.failed || c.underWay > 0 && now.Sub(c.savedAt) < savingEvery {
		return nil
	}
	c.unsaved, c.savedAt = false, now
	err = c.save()
	c.failed = err != nil
	return err
}

// save adds the tokens of this process to the tokens that other processes have written in
// the meantime. If two processes write at the same time, the latest tokens of one process
// are lost, and the next run exchanges them again.
func (c *tokenCache) save() error {
	held, err := c.read()
	if err != nil {
		return err
	}
	for locationID, ours := range c.exchanged {
		if theirs := held[locationID]; ours.Expires.After(theirs.Expires) {
			held[locationID] = ours
		}
	}
	// Tokens without an expiry are also dropped, because their time is zero.
	maps.DeleteFunc(held, func(_ string, t cachedToken) bool { return !c.lasts(t) })
	text, err := json.Marshal(held)
	if err != nil {
		return err
	}
	sealed := c.seal.Seal([]byte(cacheHeading), nil, text, []byte(cacheHeading)) //nolint:gosec // Seal generates the nonce
	return replaceFile(c.path, sealed)
}

// replaceFile replaces a file atomically with one that only its owner may use.
func replaceFile(path string, content []byte) error {
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*") // with mode 0600
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		_ = os.Remove(file.Name())
	}
	return err
}

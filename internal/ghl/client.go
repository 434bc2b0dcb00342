// Package ghl is a client of the HighLevel (GoHighLevel, GHL) API for associations and
// their relations, custom objects, custom fields and custom values.
//
// Each method calls one endpoint. Two more endpoints let an agency find its sub-accounts
// and act in them. Each method takes the id of the sub-account (location), retries what is
// safe to retry, and fails with an *Error.
package ghl

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// Config configures a Client. The comments give the meaning of zero values.
//
// A call uses the first credential available for its sub-account: its entry in
// LocationAccessTokens, a token exchanged for AgencyAccessToken, AccessToken. At least one
// of them is required.
type Config struct {
	BaseURL        string            // "" = DefaultBaseURL; https only, except to loopback
	APIVersion     string            // the Version header; "" = DefaultAPIVersion
	UserAgent      string            // required: the edge refuses clients without one
	AccessToken    string            // a sub-account's token
	MaxRetries     int               // retries of a call that may be retried, 0 = none; waits for a 429 do not count
	RequestTimeout time.Duration     // for one round trip, body included; 0 = DefaultRequestTimeout
	MostRequests   int               // in 10 seconds, for each sub-account; 0 = DefaultMostRequests
	Transport      http.RoundTripper // nil = a pooled transport that honours HTTPS_PROXY and similar variables
	Clock          Clock             // zero = SystemClock
	Logger         *slog.Logger      // nil = silent; neither headers nor bodies are ever logged

	LocationAccessTokens map[string]string // sub-account id → its own token
	AgencyAccessToken    string            // OAuth access token of an agency; needs its CompanyID
	CompanyID            string
	TokenCache           string // file that keeps exchanged tokens for the next process; "" = none

	AllowedLocationIDs []string // the only sub-accounts that requests may be about; nil = all
}

// Defaults of Config.
const (
	DefaultBaseURL        = "https://services.leadconnectorhq.com"
	DefaultAPIVersion     = "2021-07-28"
	DefaultMaxRetries     = 6
	DefaultMostRequests   = 100 // HighLevel's own limit for one app and sub-account
	DefaultRequestTimeout = 60 * time.Second
)

// Client calls the API. It is safe for concurrent use.
type Client struct {
	baseURL     string
	do          handler
	limiters    *rateLimiters
	credentials *credentials
	totals      totals
}

// ErrBaseURL and ErrAccessToken name the setting that New refused.
var (
	ErrBaseURL     = errors.New("invalid base URL")
	ErrAccessToken = errors.New("invalid access token")
)

// New returns a client, or an error that says what is wrong. An error about the base URL
// wraps ErrBaseURL; about a token, ErrAccessToken and a *TokenError; about the token cache,
// ErrTokenCache. New makes no call.
func New(config Config) (*Client, error) {
	config.BaseURL = cmp.Or(config.BaseURL, DefaultBaseURL)
	if err := checkBaseURL(config.BaseURL); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBaseURL, err)
	}
	if err := config.checkTokens(); err != nil {
		return nil, err
	}
	config.APIVersion = cmp.Or(config.APIVersion, DefaultAPIVersion)
	config.MostRequests = cmp.Or(config.MostRequests, DefaultMostRequests)
	config.RequestTimeout = cmp.Or(config.RequestTimeout, DefaultRequestTimeout)
	config.Logger = cmp.Or(config.Logger, slog.New(slog.DiscardHandler))
	config.Clock = config.Clock.OrSystem()
	if config.Transport == nil {
		if err := checkProxies(os.Getenv); err != nil {
			return nil, err
		}
		config.Transport = newConnections(transportTo(config.BaseURL))
	}
	client := &Client{baseURL: strings.TrimRight(config.BaseURL, "/"), limiters: newRateLimiters(config)}
	cache, err := openTokenCache(config)
	if err != nil {
		return nil, err
	}
	client.credentials = newCredentials(config, cache, client.exchangeToken)
	client.do = newChain(config, client.limiters, client.credentials)
	return client, nil
}

// checkBaseURL refuses a URL that would send the token in the clear or to an unintended
// place.
func checkBaseURL(base string) error {
	u, err := url.Parse(base)
	switch {
	case err != nil:
		return errors.New("it is not a URL")
	case u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http":
		return errors.New("it must look like " + DefaultBaseURL)
	case u.User != nil || strings.ContainsAny(base, "?#"):
		return errors.New("it must hold neither user information, nor a query, nor a fragment")
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return errors.New("plain http would send the token in the clear; use https (http is allowed to loopback addresses only)")
	}
	return nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

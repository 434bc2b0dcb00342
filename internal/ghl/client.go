// Package ghl is a client for the HighLevel (GoHighLevel, GHL) API: for associations and
// their relations, custom objects, custom fields and custom values.
//
// Each method calls one endpoint. Two more endpoints let an agency list its sub-accounts
// and exchange its token for the token of a sub-account. Each method takes the id of the
// sub-account (location), retries what is safe to retry, and fails with an *Error.
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

// Config configures a Client. The comments explain what a zero value means.
//
// A call uses the first of these credentials that is available for its sub-account: its
// entry in LocationAccessTokens, a token obtained in exchange for AgencyAccessToken, or
// AccessToken. At least one credential is required.
type Config struct {
	BaseURL        string            // "" = DefaultBaseURL; must be https, except for loopback
	APIVersion     string            // the Version header; "" = DefaultAPIVersion
	UserAgent      string            // required: HighLevel's edge refuses requests without it
	AccessToken    string            // a sub-account's token
	MaxRetries     int               // retries of a call that may be retried, 0 = none; waits for a 429 do not count
	RequestTimeout time.Duration     // limit for one round trip, body included; 0 = DefaultRequestTimeout
	MostRequests   int               // requests per 10 seconds and sub-account; 0 = DefaultMostRequests
	Transport      http.RoundTripper // nil = a pooled transport that honours HTTPS_PROXY and similar variables
	Clock          Clock             // zero = SystemClock
	Logger         *slog.Logger      // nil = silent; neither headers nor bodies are ever logged

	LocationAccessTokens map[string]string // sub-account id → its own token
	AgencyAccessToken    string            // OAuth access token of an agency; requires CompanyID
	CompanyID            string
	TokenCache           string // file that stores exchanged tokens for later processes; "" = none

	AllowedLocationIDs []string // the only sub-accounts for which calls are allowed; nil = all
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

// ErrBaseURL and ErrAccessToken identify the setting that New rejected.
var (
	ErrBaseURL     = errors.New("invalid base URL")
	ErrAccessToken = errors.New("invalid access token")
)

// New returns a client. An error about the base URL wraps ErrBaseURL, an error about a
// token wraps ErrAccessToken and a *TokenError, and an error about the token cache wraps
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

// checkBaseURL rejects a URL that would send the token in the clear or to an unintended
// place.
func checkBaseURL(base string) error {
	u, err := url.Parse(base)
	switch {
	case err != nil:
		return errors.New("it is not a URL")
	case u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http":
		return errors.New("it must look like " + DefaultBaseURL)
	case u.User != nil || strings.ContainsAny(base, "?#"):
		return errors.New("it must not contain user information, a query or a fragment")
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return errors.New("plain http would send the token in the clear; use https (http is allowed to loopback addresses only)")
	}
	return nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

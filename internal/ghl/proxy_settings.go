package ghl

import (
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
)

// checkProxies returns an error for proxy settings that net/http would ignore, because the
// requests would then bypass the proxy. Its errors do not quote the value, which may
// contain a password.
func checkProxies(getenv func(string) string) error {
	for _, name := range []string{"HTTPS_PROXY", "HTTP_PROXY"} {
		if name, value := setting(getenv, name); !isProxy(value) {
			return fmt.Errorf("invalid proxy setting: the variable %s is not the address of a proxy; correct it to look like http://proxy.example.com:3128, or unset it", name)
		}
	}
	name, value := setting(getenv, "NO_PROXY")
	for i, entry := range strings.Split(value, ",") {
		if !isException(strings.TrimSpace(entry)) {
			return fmt.Errorf("invalid proxy setting: entry %d of the variable %s is not a host, an address or a network; correct it to look like example.com or 10.0.0.0/8, and separate entries by commas", i+1, name)
		}
	}
	return nil
}

// setting returns the name and the value of a variable. Like net/http, it prefers the name
// in upper case.
func setting(getenv func(string) string, upper string) (name, value string) {
	if value := getenv(upper); value != "" {
		return upper, value
	}
	lower := strings.ToLower(upper)
	return lower, getenv(lower)
}

// isProxy reports whether net/http would accept the value as a proxy. The scheme may be
// missing, and an empty value is valid.
func isProxy(value string) bool {
	u, err := url.Parse(value)
	if err != nil || u.Scheme == "" || u.Host == "" {
		u, err = url.Parse("http://" + value)
	}
	return value == "" || err == nil && u.Hostname() != "" && !strings.HasSuffix(u.Host, ":") &&
		slices.Contains([]string{"http", "https", "socks5", "socks5h"}, u.Scheme)
}

// isException reports whether net/http would accept an entry of NO_PROXY.
func isException(entry string) bool {
	if strings.Contains(entry, "/") {
		_, _, err := net.ParseCIDR(entry)
		return err == nil
	}
	host, _, err := net.SplitHostPort(entry)
	return len(strings.Fields(entry)) <= 1 && (err != nil || host != "")
}

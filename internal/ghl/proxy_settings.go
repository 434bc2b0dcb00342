package ghl

import (
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
)

// checkProxies refuses settings that net/http would ignore, because the requests would not
// go where the user wants. Its errors do not repeat the value, which may contain a
// password.
func checkProxies(getenv func(string) string) error {
	for _, name := range []string{"HTTPS_PROXY", "HTTP_PROXY"} {
		if name, value := setting(getenv, name); !isProxy(value) {
			return fmt.Errorf("invalid proxy setting: the variable %s is not the address of a proxy; correct it to look like http://proxy.example.com:3128, or unset it", name)
		}
	}
	name, value := setting(getenv, "NO_PROXY")
	for i, entry := range strings.Split(value, ",") {
		if !isException(strings.TrimSpace(entry)) {
			return fmt.Errorf("invalid proxy setting: entry %d of the variable %s is neither a host, nor an address, nor a network; correct it to look like example.com or 10.0.0.0/8, and separate entries by commas", i+1, name)
		}
	}
	return nil
}

// setting reads a variable in the order in which net/http does.
func setting(getenv func(string) string, upper string) (name, value string) {
	if value := getenv(upper); value != "" {
		return upper, value
	}
	lower := strings.ToLower(upper)
	return lower, getenv(lower)
}

// isProxy reports whether net/http would use the value as a proxy, or the value is empty.
// The scheme may be missing.
func isProxy(value string) bool {
	u, err := url.Parse(value)
	if err != nil || u.Scheme == "" || u.Host == "" {
		u, err = url.Parse("http://" + value)
	}
	return value == "" || err == nil && u.Hostname() != "" && !strings.HasSuffix(u.Host, ":") &&
		slices.Contains([]string{"http", "https", "socks5", "socks5h"}, u.Scheme)
}

// isException reports whether net/http would understand an entry of NO_PROXY.
func isException(entry string) bool {
	if strings.Contains(entry, "/") {
		_, _, err := net.ParseCIDR(entry)
		return err == nil
	}
	host, _, err := net.SplitHostPort(entry)
	return len(strings.Fields(entry)) <= 1 && (err != nil || host != "")
}

package provider

import "testing"

func TestReadKeys(t *testing.T) {
	t.Parallel()
	var keys readKeys
	assert := func(step, location, key string, wantProtected, wantRead bool) {
		t.Helper()
		if isProtected, wasRead := keys.lookUp(location, key); isProtected != wantProtected || wasRead != wantRead {
			t.Errorf("%s: protected %t, read %t; want %t, %t", step, isProtected, wasRead, wantProtected, wantRead)
		}
	}
	keys.forget("loc", "k")
	assert("nothing read", "loc", "k", false, false)
	keys.note("loc", "Mixed_Case", true)
	assert("protected", "loc", "mixed_CASE", true, true)
	assert("another sub-account", "other", "mixed_case", false, false)
	keys.note("loc", "mixed_case", false)
	assert("no longer protected", "loc", "Mixed_Case", false, true)
	keys.forget("loc", "MIXED_CASE")
	assert("gone", "loc", "mixed_case", false, false)
}

// Package hostile has a corpus of hostile answers and settings as data. It has only
// tests, and no code of the provider.
//
// Each entry of the corpus is an answer that a server, a proxy or an attacker in between
// could give, or a setting that a user could have got from somebody. The tests pass it to
// the real provider through the plugin protocol, in one process and in virtual time, while
// an engine reads, imports, creates, updates, deletes and lists. After every operation,
// they make the same checks for every entry; see checks_test.go.
package hostile

// Package hostile contains a corpus of hostile answers and settings as data. It consists of tests only, and contains no
// code of the provider.
//
// Each entry of the corpus is an answer that a server, a proxy or an attacker on the network could send, or a setting
// that somebody could have given to a user. The tests pass each entry to the real provider through the plugin protocol,
// in one process and in virtual time, while an engine reads, imports, creates, updates, deletes and lists. After every
// operation, the tests make the same checks for every entry; see checks_test.go.
package hostile

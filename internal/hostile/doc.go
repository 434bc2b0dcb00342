// Package hostile holds a corpus of hostile answers and settings as data: tests alone,
// and no code of the provider's.
//
// Each entry of the corpus is an answer that a server, a proxy or a thief in between
// could give, or a setting that a user could have got from somebody. It is given to the
// real provider through the plugin protocol, in one process and in virtual time, while
// an engine does what it does: reads, imports, creates, updates, deletes, lists. After
// every operation the same checks are made, whatever the entry; see checks_test.go.
package hostile

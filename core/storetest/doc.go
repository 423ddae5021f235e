// Package storetest holds stores to the rules of package core. Whoever writes
// a store or a wrapper tests it with this package, and needs nothing else.
//
//   - [Run] is the test of a store: one subtest for each case.
//   - [RunWrapper] is the test of what a wrapper adds to it.
//   - [Check] is Run outside of a test, on a store in use.
//   - [Bench] and [Fuzz] measure a store, and look for what no case knows.
//   - [FuzzPassword] holds the opening of stores by URL to errors without secrets.
//   - [Faulty] and [Recorder] are stores to put under what is to be tested.
//
// # Cases
//
// A case has a name and the numbers of the rules that it checks; a failure
// prints both, and the rules in full. A case whose capability is not declared
// in [Options] does not run, except that it is tested that the store does not
// offer it either. What a store documents as its limits is declared there too,
// and tested from both sides: up to the limit everything is taken, and nothing
// beyond. To leave out a case, give its name and the reason in Options.Skip.
//
// In messages, collection stands for the collection that the case works in.
// It is new, unguessable, and removed in the end. The names of others are
// printed as they are.
//
// # Time
//
// Cases on expiry run on the fake clock of [testing/synctest] where the store
// says that it works in this process alone, and wait otherwise. The ExpiresAt
// that a store answers is what it is held to, not the clock of its server.
//
// # What is not tested
//
// A test from outside cannot break a connection, so what rules 8, 12, 14 and
// 16 say of failing servers is tested as far as that goes without. That a
// borrowed client stays open is for the backend's own test.
package storetest

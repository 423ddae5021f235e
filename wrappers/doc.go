// Package wrappers has stores that stand before other stores and change what
// goes through: they compress, encrypt, prefix, bound, retry, cache, count.
//
//	store, err := wrappers.NewStatistics(inner, nil)
//	store, err = …
//
// Each constructor takes the store inside and options, of which nil and the
// zero value are the documented defaults unless it says otherwise. The result
// implements [core.Full]: every call of the protocol and every capability goes
// through it translated, and bulk calls stay bulk calls. What the store inside
// cannot do is [errors.ErrUnsupported], and [core.Supports] tells it ahead.
//
// # Kinds
//
// A transparent wrapper keeps keys, values, collections and permissions, and at
// most refuses or delays a call: [Logging], [Statistics], [Retry], [Timeout],
// [CircuitBreaker], [Bulkhead], [RateLimit]. It has a method Unwrap, through
// which [core.As] reaches the store inside. All others are transforming and
// have none.
//
// # Order
//
// The last one made is the outermost: it sees the call first.
//
//   - Compression goes outside of encryption, since what is encrypted does not
//     shrink.
//   - [Retry] goes outside of [Timeout], which then bounds each attempt, and
//     outside of [CircuitBreaker], which then counts each.
//   - [Statistics] and [Logging] count what their caller sees: outermost, the
//     retried call as one; innermost, each attempt.
//   - [DefaultCollection] goes outermost, or outside of all that tell
//     collections apart: see there.
//   - A prefix goes inside of a cache if the cache is to hold the caller's names.
//
// # Closing
//
// Closing a wrapper closes every store under it; give it [core.KeepOpen] of a
// store that is not to be closed. Closing twice gives the same answer.
//
// # Errors
//
// They are those of the store inside, with the caller's names. What a wrapper
// itself refuses is a [core.Error] whose Store is the wrapper's name, such as
// "read only". No error, log line or text of a key holds a value or a secret.
package wrappers

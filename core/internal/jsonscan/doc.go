// Package jsonscan validates JSON text and finds where its parts begin and
// end, without building anything from it.
//
// It accepts exactly what [encoding/json.Valid] accepts, except for text that
// is not valid UTF-8 and text nested deeper than the caller allows. The escape
// of a lone surrogate, such as \ud800, is accepted. NaN, Infinity and a byte
// order mark are not.
//
// # Cost
//
// Nothing is allocated, except for an error. Strings are read eight bytes at a
// time. Nesting costs one bit of stack per level and no recursion, so hostile
// text cannot exhaust the stack.
//
// # Offsets
//
// Functions take the whole text and an offset into it, and return offsets into
// it, so that an error can say where in the whole text it is.
//
// # Errors
//
// Every error is a [*SyntaxError]. It names an offset and a reason, never the
// text: the text is a user's data and errors end up in logs.
package jsonscan

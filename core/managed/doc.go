// Package managed reads and writes the managed entry: one JSON object that
// holds a value together with its names and times. It is what most stores
// keep, and what Go and Python programs that share a database exchange.
//
//	{"collection":"users","created_at":"2025-01-01T00:00:00.000000+00:00",
//	 "expires_at":"2025-01-01T00:00:10.500000+00:00","key":"42",
//	 "value":{"name":"Ada"},"version":1}
//
// The format is that of the Python library py-key-value-aio, measured at
// version 0.5.0. The outputs measured are in testdata.
//
// # Writing
//
// [Append] writes what the library reads on any Python 3. The value stands
// in it byte for byte as it was given. [AppendCanonical] writes the bytes that
// the library itself would write: members sorted, text in ASCII, numbers as
// Python prints them. It is for those who compare or sign entries.
//
// Both write created_at truncated and expires_at rounded up to a microsecond,
// so that no entry is gone before its time. The times are UTC. Those that do
// not fit into the years 1 to 9999 become the nearest that does; the very first
// instant of year 1 becomes the microsecond after it, for it would mean no time.
//
// # Reading
//
// [Decode] validates the whole text and splits it in one pass. It builds
// nothing: the value and the names it returns are parts of the bytes it was
// given, and it allocates only for an error and for the unusual forms below.
//
//   - Members may come in any order. The last of several with one name counts.
//   - Members it does not know are skipped, and version is not looked at.
//   - A member name may contain escapes.
//   - The value may be a string whose text is one JSON object.
//   - A time may have any form that datetime.fromisoformat of CPython 3.11
//     takes: all of ISO 8601 that it knows, and what it lets pass besides.
//   - A time that is the empty string is absent.
//   - Names that are no strings are absent, as Python never looks at them.
//
// # Differences from Python
//
// On reading:
//
//	input                         Python                 here
//	NaN, Infinity, -Infinity      a float                ErrCorrupt: not JSON
//	1e400                         the float inf          kept as text
//	escape of a lone surrogate    a string that cannot   kept as escape
//	                              be encoded
//	string value that holds a     a string that cannot   ErrCorrupt
//	lone surrogate itself         be encoded
//	integer over 4300 digits      ValueError             kept as text
//	invalid UTF-8                 UnicodeDecodeError     ErrCorrupt
//	UTF-16, UTF-32                decoded                ErrCorrupt
//	time without offset           naive: not comparable  read as UTC
//	time null                     TypeError              absent
//	time a number, list, object   TypeError              ErrCorrupt
//	time 0001-01-01T00:00:00Z     that instant           a microsecond later:
//	                                                     zero means no time
//	nested over about 1000 deep   RecursionError         read up to 10000
//
// On writing with [AppendCanonical]:
//
//	input                         Python                 here
//	1e400 and what is not JSON    writes NaN, Infinity   ErrInvalidValue
//	time with another offset      keeps the offset       written as UTC
//	time without offset           writes it so           cannot occur
//	empty collection or key       writes ""              left out
//	nested deeper than            written up to          ErrInvalidValue
//	core.MaxDepth                 about 1000 deep
//
// # Sharing
//
// What Decode returns is valid as long as the bytes it was given are not
// changed. The capacity of the value ends where the value ends, so appending
// to it cannot overwrite its neighbours.
package managed

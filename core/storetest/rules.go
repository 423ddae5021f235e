package storetest

// rules are the numbered rules of package core, word for word; a test compares
// them with its documentation. rules[0] is unused.
var rules = [...]string{
	1:  "Default collection. An empty collection is DefaultCollection, everywhere, and is not configurable.",
	2:  "Names. A key is any non-empty valid UTF-8 string, a collection any valid UTF-8 string. Each is legal on every backend, or is refused with ErrInvalidKey before anything is written. Two different pairs of collection and key never touch each other's entry, whatever they contain and whatever wrapper is in between.",
	3:  "Values. A value is one JSON object in valid UTF-8, nested at most MaxDepth deep. Anything else is ErrInvalidValue and nothing is written. What comes back is equal as JSON, numbers and all; a value that a backend would change is refused, not altered.",
	4:  "Time to live. NoTTL never expires, a negative time to live is ErrInvalidTTL, the largest is legal, and less than a second works. An entry is never visible at or after its ExpiresAt and never gone before it, save by the eviction that a bounded store documents.",
	5:  "Overwriting. Put replaces value, creation time and expiry; without a time to live the old expiry is gone.",
	6:  "Deleting. Delete reports whether a live entry was there. Of several racing deletes one is told true, unless the backend documents best effort.",
	7:  "Batches. Results keep the order of the keys. A key that comes twice is answered at each place; the last duplicate of a put wins; a deleted duplicate counts once. An empty batch does nothing.",
	8:  "Partial failure. A bulk write checks all of its arguments before it writes anything. It is not atomic unless the backend documents that: when some keys fail the rest is done, and the error joins one Error for each failed key. GetMany returns nil and an error, or one entry for each key and an error that joins the failed ones.",
	9:  "Ownership. A store keeps no slice that it was given and hands out none that it keeps.",
	10: "Contexts. Checks come in this order: context, closed, arguments, where a wrapper may refuse an argument first. A context that is done does no work, not even for an empty batch. A deadline bounds every call. After either, the outcome of a write is unknown.",
	11: "Concurrency. Every store and every wrapper is safe for concurrent use.",
	12: "Corruption. An entry that cannot be decoded is ErrCorrupt: never a miss, never deleted by a read, and it hides no other entry of a batch or a listing. Put replaces it, Delete removes it, and Insert answers false with ErrCorrupt. A lost connection is an error, never a miss.",
	13: "Closing. After Close every call is ErrClosed. Closing twice gives the same answer. A borrowed client stays open.",
	14: "Setup. What a store needs is made by the first write, once, and shared by concurrent first calls. A failed attempt is repeated by the next call. Reads create nothing. A destroyed collection can be used again.",
	15: "Enumeration. A listing has each live key exactly once when nothing changes meanwhile, without a cap. Breaking out releases what it holds. The body of the loop may call anything on the same store, Close included.",
	16: "Lost replies. What a driver may have repeated never reports the opposite of what happened: of racing inserts exactly one is told true, and an Insert that won is not told false. After a lost reply Delete may answer an error, never false.",
	17: "Expired entries. Reads remove nothing. An expired entry is removed only under the lock that writers take, or by a conditional delete, so that an acknowledged write is never lost to a sweep.",
	18: "Errors. An error is a bare ErrNotFound, a bare errors.ErrUnsupported, an Error, or a join of those. It names the operation and the collection and key as the caller gave them, matches its cause with errors.Is, and never holds a value.",
	19: "Capabilities. Supports says what calling does. What a store cannot do is a bare errors.ErrUnsupported, and nothing is done in part.",
}

package names

// compound joins as the reference's stores do.
var compound = Joiner{"::"}

// Compound returns `collection::key`, the name of an entry in a backend that
// has no collections.
//
// It differs from the reference's only where that one is ambiguous: a
// collection that contains `::`, ends in `:` or starts with [Marker] is the
// marker followed by the collection with `%3a` for `:` and `%25` for `%`.
// So no two pairs of collection and key have the same compound key. The empty
// collection is taken as it is: call core.CollectionName first.
func Compound(collection, key string) string {
	return compound.Join(collection, key)
}

// AppendCompound appends what [Compound] returns to dst.
func AppendCompound(dst []byte, collection, key string) []byte {
	return compound.Append(dst, collection, key)
}

// CompoundPrefix returns what [Compound] puts before the key. The compound
// keys that begin with it are exactly those of that collection, and in byte
// order they lie next to each other.
func CompoundPrefix(collection string) string {
	return compound.Head(collection)
}

// SplitCompound undoes [Compound]. It reports true only if Compound of what it
// returns is s itself; otherwise s is not a name that this package made, and
// both strings are empty.
//
// For a name without the marker that is the reference's rule: the collection
// ends at the first `::`. A collection that contains one, written by a Python
// program, is therefore read as a shorter collection and a longer key, here as
// there. The entry itself says which it is.
func SplitCompound(s string) (collection, key string, ok bool) {
	return compound.Split(s)
}

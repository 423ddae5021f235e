package memory

// index finds the positions of items by their hashes. It is a hash table with
// open addressing and linear probing. A slot holds 32 bits of the hash and a
// position, so that it grows without a look at the keys, and a key is compared
// only where all of those bits agree.
type index struct {
	slots []uint64 // a power of two of them; empty ones are zero
	count int
}

const smallestIndex = 4

// slot packs a hash and a position. No slot in use is zero.
func slot(hash, position uint32) uint64 { return uint64(hash)<<32 | uint64(position+1) }

func slotHash(slot uint64) uint32     { return uint32(slot >> 32) }
func slotPosition(slot uint64) uint32 { return uint32(slot) - 1 }

// next returns the first place at or after the given one whose slot has the
// hash, and the position in it, or -1 if there is none. The first place to ask
// for is the hash itself, the following are the last answer plus one.
func (x *index) next(hash uint32, place int) (int, uint32) {
	for mask := len(x.slots) - 1; ; place++ {
		s := x.slots[place&mask]
		if s == 0 {
			return -1, 0
		}
		if slotHash(s) == hash {
			return place & mask, slotPosition(s)
		}
	}
}

// add adds a position that is not there yet.
func (x *index) add(hash, position uint32) {
	if (x.count+1)*4 > len(x.slots)*3 {
		x.resize(len(x.slots) * 2)
	}
	x.place(slot(hash, position))
	x.count++
}

// place puts a slot where a search for it comes by.
func (x *index) place(s uint64) {
	mask := len(x.slots) - 1
	i := int(slotHash(s)) & mask
	for x.slots[i] != 0 {
		i = (i + 1) & mask
	}
	x.slots[i] = s
}

// remove removes a position, which must be there, and moves up what was behind
// it, so that no search stops at the gap.
func (x *index) remove(hash, position uint32) {
	mask := len(x.slots) - 1
	gap := int(hash) & mask
	for wanted := slot(hash, position); x.slots[gap] != wanted; {
		gap = (gap + 1) & mask
	}
	for i := (gap + 1) & mask; x.slots[i] != 0; i = (i + 1) & mask {
		// A slot may move up to the gap unless its search begins behind that.
		home := int(slotHash(x.slots[i])) & mask
		if (i-home)&mask >= (i-gap)&mask {
			x.slots[gap] = x.slots[i]
			gap = i
		}
	}
	x.slots[gap] = 0
	x.count--
	if x.count*8 < len(x.slots) {
		x.resize(len(x.slots) / 4)
	}
}

func (x *index) resize(size int) {
	old := x.slots
	x.slots = make([]uint64, max(smallestIndex, size))
	for _, s := range old {
		if s != 0 {
			x.place(s)
		}
	}
}

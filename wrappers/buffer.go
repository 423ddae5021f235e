package wrappers

import "sync"

// maxPooled is the capacity in bytes up to which a buffer is kept for the next
// call: one huge value must not stay in memory for good.
const maxPooled = 256 << 10

// buffer is memory that calls borrow for what they read and do not hand on.
type buffer struct{ bytes []byte }

var buffers = sync.Pool{New: func() any { return &buffer{bytes: make([]byte, 0, 2<<10)} }}

func takeBuffer() *buffer { return buffers.Get().(*buffer) }

// free gives the buffer back. Nothing may refer to its bytes afterwards.
func (b *buffer) free() {
	if cap(b.bytes) <= maxPooled {
		buffers.Put(b)
	}
}

package wrappers

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/klauspost/compress/gzip"

	"github.com/go-keyvalue/keyvalue/core"
)

// gzipWriter is a writer with the slice that it appends to.
type gzipWriter struct {
	gzip *gzip.Writer
	dst  []byte
}

func (w *gzipWriter) Write(p []byte) (int, error) {
	w.dst = append(w.dst, p...)
	return len(p), nil
}

// The level is that of the Python library.
var gzipWriters = sync.Pool{New: func() any {
	w := &gzipWriter{}
	w.gzip, _ = gzip.NewWriterLevel(w, gzip.BestSpeed)
	return w
}}

// gzipDeflate appends the value compressed to dst.
func gzipDeflate(dst, value []byte) ([]byte, error) {
	w := gzipWriters.Get().(*gzipWriter)
	w.dst = dst
	w.gzip.Reset(w)
	_, err := w.gzip.Write(value)
	if closed := w.gzip.Close(); err == nil {
		err = closed
	}
	dst, w.dst = w.dst, nil
	gzipWriters.Put(w)
	return dst, err
}

// gzipReader is a reader with what it reads from.
type gzipReader struct {
	gzip gzip.Reader
	from bytes.Reader
}

var gzipReaders = sync.Pool{New: func() any { return new(gzipReader) }}

// gzipInflate appends what the payload inflates to to dst: no more than limit
// bytes.
func gzipInflate(dst, payload []byte, limit int) ([]byte, error) {
	r := gzipReaders.Get().(*gzipReader)
	defer gzipReaders.Put(r)
	r.from.Reset(payload)
	if err := r.gzip.Reset(&r.from); err != nil {
		return nil, corrupt("the payload is not gzip")
	}
	start := len(dst)
	dst = slices.Grow(dst, min(gzipSize(payload), limit)+1) // one more, to find the end there
	for {
		if len(dst)-start > limit {
			return nil, tooMuch(limit)
		}
		if len(dst) == cap(dst) {
			dst = append(dst, 0)[:len(dst)]
		}
		n, err := r.gzip.Read(dst[len(dst):min(cap(dst), start+limit+1)])
		dst = dst[:len(dst)+n]
		switch {
		case len(dst)-start > limit:
			return nil, tooMuch(limit)
		case err == io.EOF:
			return dst, nil
		case err != nil:
			return nil, corrupt("the payload is damaged gzip")
		}
	}
}

// maxDeflateRatio is by what deflate shrinks at most.
const maxDeflateRatio = 1032

// gzipSize returns the size that the payload says it inflates to, by its last
// four bytes, where that is possible at all. It is no more than a hint.
func gzipSize(payload []byte) int {
	if len(payload) < 4 {
		return 0
	}
	size := binary.LittleEndian.Uint32(payload[len(payload)-4:])
	return int(min(uint64(size), maxDeflateRatio*uint64(len(payload))))
}

// tooMuch returns the error of a payload that inflates to more than limit.
func tooMuch(limit int) error {
	return fmt.Errorf("%w: the payload inflates to more than %d bytes", core.ErrCorrupt, limit)
}

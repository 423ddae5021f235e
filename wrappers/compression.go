package wrappers

import (
	"encoding/json"
	"fmt"

	"github.com/go-keyvalue/keyvalue/core"
)

// CompressionAlgorithm says how a [Compression] compresses.
type CompressionAlgorithm string

// The algorithms, by the name that is stored with each value.
const (
	// Gzip is what the Python library writes and reads.
	Gzip CompressionAlgorithm = "gzip"

	// Zstd is faster and compresses better. The Python library cannot read it.
	Zstd CompressionAlgorithm = "zstd"
)

// CompressionOptions configure a [Compression]. Nil and the zero value are
// valid.
type CompressionOptions struct {
	// Algorithm is how values are compressed. Empty means Gzip. Reading
	// understands all of them.
	Algorithm CompressionAlgorithm

	// MinSize is the size in bytes of the text of the smallest value to
	// compress. Zero means 1024.
	MinSize int

	// MaxSize is the largest size in bytes that a value may have once it is
	// inflated. A larger one is [core.ErrCorrupt] on reading, and
	// [core.ErrTooLarge] on writing. Zero means 64 MiB.
	MaxSize int
}

// Compression keeps values compressed, in the envelope of the Python library:
//
//	{"__compressed_data__":"<base64>","__compression_version__":1,"__compression_algorithm__":"gzip"}
//
// Small values, and those that would not become smaller, stay as they are, and
// what lies there uncompressed is read as it is. A value that itself looks like
// an envelope is always wrapped in one, and so comes back unchanged.
//
// A payload that cannot be inflated, that inflates to more than MaxSize or to
// something else than a legal value is [core.ErrCorrupt]: it is never handed
// out as it is.
//
// Put it outside of a wrapper that encrypts: what is encrypted does not shrink.
type Compression struct{ recoded }

var _ core.Full = (*Compression)(nil)

// NewCompression returns a Compression around the store. An unknown algorithm
// and a negative size are [core.ErrInvalidOptions].
func NewCompression(inner core.Store, options *CompressionOptions) (*Compression, error) {
	var o CompressionOptions
	if options != nil {
		o = *options
	}
	if o.Algorithm == "" {
		o.Algorithm = Gzip
	}
	if o.MinSize == 0 {
		o.MinSize = 1024
	}
	if o.MaxSize == 0 {
		o.MaxSize = 64 << 20
	}
	switch {
	case inner == nil:
		return nil, refuseOptions("compression", "the store inside is nil")
	case o.Algorithm != Gzip && o.Algorithm != Zstd:
		return nil, refuseOptions("compression", fmt.Sprintf("no algorithm %.32q", string(o.Algorithm)))
	case o.MinSize < 0, o.MaxSize < 0:
		return nil, refuseOptions("compression", "MinSize or MaxSize is negative")
	}
	return &Compression{newRecoded("compression", inner, newCompressor(o))}, nil
}

// compressor is the codec of Compression.
type compressor struct {
	CompressionOptions
	zstd *zstdCodec
}

func newCompressor(o CompressionOptions) *compressor {
	return &compressor{CompressionOptions: o, zstd: newZstdCodec(o.MaxSize)}
}

func (c *compressor) encode(_, _ string, value json.RawMessage) (json.RawMessage, error) {
	if len(value) > c.MaxSize {
		return nil, core.CheckSize(len(value), c.MaxSize)
	}
	wanted := looksCompressed(value)
	if len(value) < c.MinSize && !wanted {
		return value, nil
	}
	buffer := takeBuffer()
	defer buffer.free()
	var err error
	if c.Algorithm == Zstd {
		buffer.bytes, err = c.zstd.deflate(buffer.bytes[:0], value)
	} else {
		buffer.bytes, err = gzipDeflate(buffer.bytes[:0], value)
	}
	if err != nil {
		return nil, err
	}
	if !wanted && compressedSize(len(buffer.bytes), c.Algorithm) >= len(value) {
		return value, nil
	}
	return appendCompressed(buffer.bytes, c.Algorithm), nil
}

func (c *compressor) decode(dst []byte, _, _ string, stored json.RawMessage) ([]byte, error) {
	if !looksCompressed(stored) {
		if dst == nil {
			return stored, nil
		}
		return append(dst, stored...), nil
	}
	buffer := takeBuffer()
	defer buffer.free()
	payload, algorithm, err := parseCompressed(buffer.bytes[:0], stored)
	if err != nil {
		return nil, err
	}
	buffer.bytes = payload
	start := len(dst)
	var inflated []byte
	if algorithm == Zstd {
		inflated, err = c.zstd.inflate(dst, payload)
	} else {
		inflated, err = gzipInflate(dst, payload, c.MaxSize)
	}
	if err != nil {
		return nil, err
	}
	if core.CheckValue(inflated[start:]) != nil {
		return nil, corrupt("the payload is not a JSON object")
	}
	return inflated, nil
}

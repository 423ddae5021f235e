package wrappers

import (
	"errors"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// zstdCodec compresses with zstd, bounded in memory. Encoder and decoder are
// made when they are first needed, and have no goroutines of their own.
type zstdCodec struct {
	limit   int
	encoder func() (*zstd.Encoder, error)
	decoder func() (*zstd.Decoder, error)
}

func newZstdCodec(limit int) *zstdCodec {
	return &zstdCodec{
		limit: limit,
		encoder: sync.OnceValues(func() (*zstd.Encoder, error) {
			return zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest))
		}),
		decoder: sync.OnceValues(func() (*zstd.Decoder, error) {
			return zstd.NewReader(nil, zstd.WithDecoderConcurrency(0),
				zstd.WithDecoderMaxMemory(uint64(limit)), zstd.WithDecodeAllCapLimit(false))
		}),
	}
}

// deflate appends the value compressed to dst.
func (z *zstdCodec) deflate(dst, value []byte) ([]byte, error) {
	encoder, err := z.encoder()
	if err != nil {
		return nil, err
	}
	return encoder.EncodeAll(value, dst), nil
}

// inflate appends what the payload inflates to to dst.
func (z *zstdCodec) inflate(dst, payload []byte) ([]byte, error) {
	decoder, err := z.decoder()
	if err != nil {
		return nil, err
	}
	if len(dst) > 0 { // which the decoder would count with what is inflated
		inflated, err := z.inflate(dst[len(dst):], payload)
		return append(dst, inflated...), err
	}
	inflated, err := decoder.DecodeAll(payload, dst)
	switch {
	case errors.Is(err, zstd.ErrDecoderSizeExceeded), errors.Is(err, zstd.ErrWindowSizeExceeded):
		return nil, tooMuch(z.limit)
	case err != nil:
		return nil, corrupt("the payload is damaged zstd")
	case len(inflated) > z.limit:
		return nil, tooMuch(z.limit)
	}
	return inflated, nil
}

package wrappers

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// FernetOptions configure a [Fernet] wrapper.
type FernetOptions struct {
	// Keys are the keys; at least one is required. The first encrypts, and
	// each decrypts. To rotate, put the new key first, run [Fernet.Rewrap] on
	// every collection, and take the old one away.
	Keys []FernetKey

	// AllowPlaintext permits reads of values that were stored without
	// encryption, for the time of a migration: Fernet.Rewrap encrypts them.
	// Whoever can write to the store below can then plant any value. By
	// default such a value is core.ErrCorrupt.
	AllowPlaintext bool
}

// Fernet is a wrapper that encrypts values as the FernetEncryptionWrapper of
// py-key-value does, so that programs in Python read what it writes, and the
// other way round: with AES-128-CBC and HMAC-SHA256. Without Python use
// [Encryption], which is faster, smaller and binds values to their keys.
//
// Stored is {"__encrypted_data__": base64 of the token,
// "__encryption_version__": 1}. The names of keys and collections, the times
// and about the size of a value stay readable. A value can be moved to another
// key by whoever can write to the store below: nothing binds it to its own.
//
// A read of what was changed, was encrypted with another key or is no value
// is [core.ErrCorrupt]. The age of a token does not matter. Version and data
// must both be there, as they are in all that Python writes; the Python wrapper
// also takes versions below 1.
type Fernet struct{ sealed }

var _ core.Full = (*Fernet)(nil)

// NewFernet returns a wrapper that encrypts the values of inner. The error is
// core.ErrInvalidOptions without a key.
func NewFernet(inner core.Store, options *FernetOptions) (*Fernet, error) {
	const name = "fernet"
	if inner == nil {
		return nil, refuseOptions(name, "the store inside is nil")
	}
	if options == nil || len(options.Keys) == 0 {
		return nil, refuseOptions(name, "Keys is empty")
	}
	c := &fernetCodec{allowPlaintext: options.AllowPlaintext}
	for _, key := range options.Keys {
		if key.secret == nil {
			return nil, refuseOptions(name, "Keys has the zero FernetKey")
		}
		c.keys = append(c.keys, key.secret().cipher)
	}
	return &Fernet{newSealed(name, inner, c)}, nil
}

// fernetCodec encodes values as Fernet tokens in envelopes.
type fernetCodec struct {
	keys           []*fernetCipher
	allowPlaintext bool
}

var _ sealer = (*fernetCodec)(nil)

// The text of an envelope around its data.
const (
	fernetPrefix = `{"` + memberData + `":"`
	fernetSuffix = `","` + memberVersion + `":1}`
)

func (c *fernetCodec) encode(_, _ string, value json.RawMessage) (json.RawMessage, error) {
	buffer := takeBuffer()
	defer buffer.free()
	size := fernetTokenSize(len(value))
	buffer.bytes = slices.Grow(buffer.bytes[:0], size+urlBase64.EncodedLen(size))
	token := c.keys[0].seal(buffer.bytes, time.Now(), value)
	// The token is text in base64, and is encoded once more as bytes are.
	buffer.bytes = urlBase64.AppendEncode(token, token)
	text := buffer.bytes[len(token):]
	size = len(fernetPrefix) + stdBase64.EncodedLen(len(text)) + len(fernetSuffix)
	stored := append(make([]byte, 0, size), fernetPrefix...)
	stored = stdBase64.AppendEncode(stored, text)
	return append(stored, fernetSuffix...), nil
}

func (c *fernetCodec) decode(dst []byte, _, _ string, stored json.RawMessage) ([]byte, error) {
	buffer := takeBuffer()
	defer buffer.free()
	value, _, err := c.open(buffer, stored)
	if err != nil {
		return nil, err
	}
	return append(dst, value...), nil
}

// renew implements sealer.
func (c *fernetCodec) renew(collection, key string, stored json.RawMessage) (json.RawMessage, error) {
	buffer := takeBuffer()
	defer buffer.free()
	value, under, err := c.open(buffer, stored)
	if err != nil || under == c.keys[0] {
		return nil, err
	}
	return c.encode(collection, key, value)
}

// open returns the value, and the key that it is encrypted with, or nil if it
// is not. The value lies in the buffer or is stored itself.
func (c *fernetCodec) open(buffer *buffer, stored json.RawMessage) ([]byte, *fernetCipher, error) {
	e, err := parseEnvelope(stored)
	if err != nil {
		return nil, nil, err
	}
	if e.data == nil {
		if !c.allowPlaintext {
			return nil, nil, corrupt("not encrypted")
		}
		return stored, nil, nil
	}
	switch {
	case e.version == nil:
		return nil, nil, corrupt("no encryption version")
	case string(e.version) != "1":
		return nil, nil, corrupt("encrypted by something else than version 1 of Fernet")
	}
	data, ok := unquote(e.data)
	if !ok {
		return nil, nil, corrupt("the encrypted data is not a string")
	}
	size := stdBase64.DecodedLen(len(data))
	buffer.bytes = slices.Grow(buffer.bytes[:0], size+urlBase64.DecodedLen(size))
	text, ok := appendBase64(buffer.bytes, stdBase64, data)
	if !ok {
		return nil, nil, corrupt("the encrypted data is not base64")
	}
	decoded, ok := appendBase64(text, urlBase64, text)
	if !ok {
		return nil, nil, corrupt("the token is not URL-safe base64")
	}
	buffer.bytes = decoded
	token := decoded[len(text):]
	for _, key := range c.keys {
		if value, ok := key.open(token); ok {
			return value, key, checkDecrypted(value)
		}
	}
	return nil, nil, corrupt("altered, or encrypted with another key")
}

package wrappers

import (
	"encoding/binary"
	"encoding/json"
	"slices"
	"strconv"

	"github.com/go-keyvalue/keyvalue/core"
)

// EncryptionOptions configure an [Encryption] wrapper.
type EncryptionOptions struct {
	// Keys are the keys, each with another id; at least one is required. The
	// first encrypts, and each decrypts what names its id. To rotate, put the
	// new key first, run [Encryption.Rewrap] on every collection, and take the
	// old one away.
	Keys []EncryptionKey

	// AllowPlaintext permits reads of values that were stored without
	// encryption, for the time of a migration: Encryption.Rewrap encrypts
	// them. Whoever can write to the store below can then plant any value. By
	// default such a value is core.ErrCorrupt.
	AllowPlaintext bool
}

// Encryption is a wrapper that encrypts values with AES-256-GCM and binds each
// to its collection and key: moved to another one it does not open. The
// programs of py-key-value cannot read them; see [Fernet] for those.
//
// Stored is {"__encrypted_data__": base64, "__encryption_algorithm__":
// "aes-256-gcm", "__encryption_key_id__": id, "__encryption_version__": 2}. The
// data is a random nonce of 12 bytes, the ciphertext and a tag of 16 bytes. The
// names of keys and collections, the times and the size of a value stay
// readable. An older value of the same key can be put back by whoever can write
// to the store below: it is as authentic as the newer.
//
// A read of what was changed in any bit, or whose key is not among the
// options, is [core.ErrCorrupt].
//
// Use a key for at most 2^32 writes: beyond, random nonces may meet, and that
// would give values away. At a thousand writes a second that is seven weeks;
// rotate in time.
//
// Since the name is bound, place renaming wrappers with care: what was written
// through Encryption outside of PrefixKeys has the caller's name, and inside of
// it the name with the prefix.
type Encryption struct{ sealed }

var _ core.Full = (*Encryption)(nil)

// NewEncryption returns a wrapper that encrypts the values of inner. The error
// is core.ErrInvalidOptions without a key, or where two have the same id.
func NewEncryption(inner core.Store, options *EncryptionOptions) (*Encryption, error) {
	const name = "encryption"
	if inner == nil {
		return nil, refuseOptions(name, "the store inside is nil")
	}
	if options == nil || len(options.Keys) == 0 {
		return nil, refuseOptions(name, "Keys is empty")
	}
	c := &encryptionCodec{
		keys:           make(map[string]*encryptionSecret, len(options.Keys)),
		allowPlaintext: options.AllowPlaintext,
	}
	for i, key := range options.Keys {
		if key.secret == nil {
			return nil, refuseOptions(name, "Keys has the zero EncryptionKey")
		}
		secret := key.secret()
		if c.keys[secret.id] != nil {
			return nil, refuseOptions(name, "Keys has two of the id "+strconv.Quote(secret.id))
		}
		c.keys[secret.id] = secret
		if i == 0 {
			c.first = secret
		}
	}
	return &Encryption{newSealed(name, inner, c)}, nil
}

// encryptionCodec encodes values as AES-256-GCM in envelopes.
type encryptionCodec struct {
	first          *encryptionSecret
	keys           map[string]*encryptionSecret
	allowPlaintext bool
}

var _ sealer = (*encryptionCodec)(nil)

const (
	// encryptionVersion is not Fernet's, so that its readers refuse at sight.
	encryptionVersion   = "2"
	encryptionAlgorithm = "aes-256-gcm"
)

// The text of an envelope around its data and its key id.
const (
	encryptionPrefix = `{"` + memberData + `":"`
	encryptionMiddle = `","` + memberAlgorithm + `":"` + encryptionAlgorithm + `","` + memberKeyID + `":"`
	encryptionSuffix = `","` + memberVersion + `":` + encryptionVersion + `}`
)

// appendBound appends what a ciphertext is bound to: each part after its
// length, so that no two lists of parts are alike.
func appendBound(dst []byte, keyID, collection, key string) []byte {
	for _, part := range [...]string{encryptionVersion, encryptionAlgorithm, keyID, collection, key} {
		dst = binary.AppendUvarint(dst, uint64(len(part)))
		dst = append(dst, part...)
	}
	return dst
}

func (c *encryptionCodec) encode(collection, key string, value json.RawMessage) (json.RawMessage, error) {
	buffer := takeBuffer()
	defer buffer.free()
	id := c.first.id
	bound := appendBound(buffer.bytes[:0], id, collection, key)
	buffer.bytes = c.first.aead.Seal(bound, nil, value, bound)
	data := buffer.bytes[len(bound):]
	size := len(encryptionPrefix) + stdBase64.EncodedLen(len(data)) + len(encryptionMiddle) + len(id) + len(encryptionSuffix)
	stored := append(make([]byte, 0, size), encryptionPrefix...)
	stored = stdBase64.AppendEncode(stored, data)
	stored = append(stored, encryptionMiddle...)
	stored = append(stored, id...)
	return append(stored, encryptionSuffix...), nil
}

func (c *encryptionCodec) decode(dst []byte, collection, key string, stored json.RawMessage) ([]byte, error) {
	buffer := takeBuffer()
	defer buffer.free()
	value, _, err := c.open(buffer, collection, key, stored)
	if err != nil {
		return nil, err
	}
	return append(dst, value...), nil
}

// renew implements sealer.
func (c *encryptionCodec) renew(collection, key string, stored json.RawMessage) (json.RawMessage, error) {
	buffer := takeBuffer()
	defer buffer.free()
	value, secret, err := c.open(buffer, collection, key, stored)
	if err != nil || secret == c.first {
		return nil, err
	}
	return c.encode(collection, key, value)
}

// open returns the value, and the key that it is encrypted with, or nil if it
// is not. The value lies in the buffer or is stored itself.
func (c *encryptionCodec) open(buffer *buffer, collection, key string, stored json.RawMessage) ([]byte, *encryptionSecret, error) {
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
	secret, err := c.find(e)
	if err != nil {
		return nil, nil, err
	}
	text, ok := unquote(e.data)
	if !ok {
		return nil, nil, corrupt("the encrypted data is not a string")
	}
	bound := appendBound(buffer.bytes[:0], secret.id, collection, key)
	bound = slices.Grow(bound, 2*stdBase64.DecodedLen(len(text))) // for the value, too
	decoded, ok := appendBase64(bound, stdBase64, text)
	if !ok {
		return nil, nil, corrupt("the encrypted data is not base64")
	}
	buffer.bytes = decoded
	data := decoded[len(bound):]
	if len(data) < secret.aead.Overhead() {
		return nil, nil, corrupt("the encrypted data is too short")
	}
	opened, err := secret.aead.Open(decoded, nil, data, bound)
	if err != nil {
		return nil, nil, corrupt("altered, moved, or encrypted with another key of the same id")
	}
	buffer.bytes = opened
	value := opened[len(decoded):]
	return value, secret, checkDecrypted(value)
}

// find returns the key that the envelope names.
func (c *encryptionCodec) find(e envelope) (*encryptionSecret, error) {
	algorithm, _ := unquote(e.algorithm)
	if e.others || string(e.version) != encryptionVersion || string(algorithm) != encryptionAlgorithm {
		return nil, corrupt("encrypted by something else than version " + encryptionVersion + " of " + encryptionAlgorithm)
	}
	id, ok := unquote(e.keyID)
	if !ok || !legalKeyID(string(id)) {
		return nil, corrupt("no key id")
	}
	secret := c.keys[string(id)]
	if secret == nil {
		return nil, corrupt("encrypted with the unknown key " + strconv.Quote(string(id)))
	}
	return secret, nil
}

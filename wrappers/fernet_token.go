package wrappers

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"sync"
	"time"
)

// A Fernet token, before its base64, is
//
//	0x80 | seconds since 1970, 8 bytes | initial vector, 16 bytes |
//	AES-128-CBC with PKCS #7 padding | HMAC-SHA256 of all before, 32 bytes
//
// See https://github.com/fernet/spec/blob/master/Spec.md.
const (
	fernetVersion    = 0x80
	fernetHeaderSize = 1 + 8 + aes.BlockSize
	fernetOverhead   = fernetHeaderSize + sha256.Size
)

// fernetTokenSize returns the size of the token of size bytes.
func fernetTokenSize(size int) int {
	return fernetOverhead + size + aes.BlockSize - size%aes.BlockSize
}

// fernetCipher makes and opens tokens under one key.
type fernetCipher struct {
	block cipher.Block
	macs  sync.Pool // of *fernetMAC
}

// fernetMAC is what it takes to sign, for one call at a time.
type fernetMAC struct {
	hash hash.Hash
	sum  [sha256.Size]byte
}

// newFernetCipher returns the cipher of a key: its first half signs and its
// second half encrypts.
func newFernetCipher(secret [fernetKeySize]byte) *fernetCipher {
	signing, encrypting := secret[:fernetKeySize/2], secret[fernetKeySize/2:]
	block, err := aes.NewCipher(encrypting)
	if err != nil {
		panic(err) // of a key of 16 bytes there is none
	}
	c := &fernetCipher{block: block}
	c.macs.New = func() any { return &fernetMAC{hash: hmac.New(sha256.New, signing)} }
	return c
}

// sign appends the HMAC of data to dst.
func (c *fernetCipher) sign(dst, data []byte) []byte {
	mac := c.macs.Get().(*fernetMAC)
	defer c.macs.Put(mac)
	mac.hash.Reset()
	mac.hash.Write(data)
	return append(dst, mac.hash.Sum(mac.sum[:0])...)
}

// signed reports whether sum is the HMAC of data, in constant time.
func (c *fernetCipher) signed(data, sum []byte) bool {
	mac := c.macs.Get().(*fernetMAC)
	defer c.macs.Put(mac)
	mac.hash.Reset()
	mac.hash.Write(data)
	return hmac.Equal(mac.hash.Sum(mac.sum[:0]), sum)
}

// seal appends the token of plaintext to dst, with a random initial vector.
func (c *fernetCipher) seal(dst []byte, now time.Time, plaintext []byte) []byte {
	start := len(dst)
	dst = append(dst, fernetVersion)
	dst = binary.BigEndian.AppendUint64(dst, uint64(now.Unix()))
	vector := len(dst)
	dst = append(dst, make([]byte, aes.BlockSize)...)
	rand.Read(dst[vector:]) // never fails
	return c.complete(dst, start, plaintext)
}

// complete appends to the header, which begins at start, the rest of the token.
func (c *fernetCipher) complete(dst []byte, start int, plaintext []byte) []byte {
	payload := len(dst)
	dst = append(dst, plaintext...)
	padding := aes.BlockSize - len(plaintext)%aes.BlockSize
	for range padding {
		dst = append(dst, byte(padding))
	}
	vector := dst[payload-aes.BlockSize : payload]
	cipher.NewCBCEncrypter(c.block, vector).CryptBlocks(dst[payload:], dst[payload:])
	return c.sign(dst, dst[start:])
}

// open returns the plaintext of a token, which it decrypts in place, and
// whether it was one that is signed with this key. A token that was not stays
// as it is, for the next key. The age of a token does not matter.
func (c *fernetCipher) open(token []byte) ([]byte, bool) {
	size := len(token) - fernetOverhead
	if size <= 0 || size%aes.BlockSize != 0 || token[0] != fernetVersion {
		return nil, false
	}
	body, sum := token[:len(token)-sha256.Size], token[len(token)-sha256.Size:]
	if !c.signed(body, sum) {
		return nil, false
	}
	vector, payload := body[fernetHeaderSize-aes.BlockSize:fernetHeaderSize], body[fernetHeaderSize:]
	cipher.NewCBCDecrypter(c.block, vector).CryptBlocks(payload, payload)
	padding := int(payload[size-1])
	if padding == 0 || padding > aes.BlockSize {
		return nil, false
	}
	for _, b := range payload[size-padding:] {
		if int(b) != padding {
			return nil, false
		}
	}
	return payload[:size-padding], true
}

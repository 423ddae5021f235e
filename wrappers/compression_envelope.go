package wrappers

import (
	"bytes"
	"encoding/base64"
	"encoding/json"

	"github.com/go-keyvalue/keyvalue/core/managed"
)

const (
	compressedData      = "__compressed_data__"
	compressedVersion   = "__compression_version__"
	compressedAlgorithm = "__compression_algorithm__"

	compressedBegin  = `{"` + compressedData + `":"`
	compressedMiddle = `","` + compressedVersion + `":1,"` + compressedAlgorithm + `":"`
	compressedEnd    = `"}`
)

// compressedSize returns the size of the envelope of a payload.
func compressedSize(payload int, algorithm CompressionAlgorithm) int {
	return len(compressedBegin) + base64.StdEncoding.EncodedLen(payload) + len(compressedMiddle) + len(algorithm) + len(compressedEnd)
}

// appendCompressed returns the envelope of the payload.
func appendCompressed(payload []byte, algorithm CompressionAlgorithm) json.RawMessage {
	text := make([]byte, 0, compressedSize(len(payload), algorithm))
	text = append(text, compressedBegin...)
	text = base64.StdEncoding.AppendEncode(text, payload)
	text = append(text, compressedMiddle...)
	text = append(text, algorithm...)
	return append(text, compressedEnd...)
}

// looksCompressed reports whether the value, a legal one, has the member that
// makes it an envelope. Its name may be escaped, and the same text may stand
// elsewhere in the value.
func looksCompressed(value json.RawMessage) bool {
	if bytes.HasPrefix(value, []byte(compressedBegin)) {
		return true
	}
	if !bytes.Contains(value, []byte(compressedData)) && !bytes.Contains(value, []byte(`\u`)) {
		return false
	}
	found := false
	err := managed.Members(value, func(name []byte, _ json.RawMessage) { found = found || string(name) == compressedData })
	return found && err == nil
}

// parseCompressed returns the algorithm of the envelope, and its payload in the
// memory of dst. Other members are ignored, as the Python library does.
func parseCompressed(dst []byte, stored json.RawMessage) (payload []byte, algorithm CompressionAlgorithm, err error) {
	var data, version, named json.RawMessage
	err = managed.Members(stored, func(name []byte, member json.RawMessage) {
		switch string(name) { // of several with one name the last counts
		case compressedData:
			data = member
		case compressedVersion:
			version = member
		case compressedAlgorithm:
			named = member
		}
	})
	if err != nil {
		return nil, "", err
	}
	algorithm = Gzip // where it is not named
	if named != nil {
		switch name, _ := unquote(named); string(name) {
		case string(Gzip):
		case string(Zstd):
			algorithm = Zstd
		default:
			return nil, "", corrupt("unknown compression algorithm")
		}
	}
	if version != nil && string(version) != "1" {
		return nil, "", corrupt("unknown version of the compression")
	}
	text, ok := unquote(data)
	if !ok {
		return nil, "", corrupt("the compressed data is not a string")
	}
	payload, err = base64.StdEncoding.AppendDecode(dst, text)
	if err != nil {
		return nil, "", corrupt("the compressed data is not base64")
	}
	return payload, algorithm, nil
}

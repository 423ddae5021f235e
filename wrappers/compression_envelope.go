package wrappers

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"github.com/go-keyvalue/keyvalue/core"
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
	eachMember(value, func(name []byte, _ json.RawMessage) { found = found || string(name) == compressedData })
	return found
}

// parseCompressed returns the algorithm of the envelope, and its payload in the
// memory of dst. Other members are ignored, as the Python library does.
func parseCompressed(dst []byte, stored json.RawMessage) (payload []byte, algorithm CompressionAlgorithm, err error) {
	var data, version, named json.RawMessage
	eachMember(stored, func(name []byte, member json.RawMessage) {
		switch string(name) { // of several with one name the last counts
		case compressedData:
			data = member
		case compressedVersion:
			version = member
		case compressedAlgorithm:
			named = member
		}
	})
	algorithm = Gzip // where it is not named
	if named != nil {
		var name string
		if json.Unmarshal(named, &name) != nil || name != string(Gzip) && name != string(Zstd) {
			return nil, "", fmt.Errorf("%w: unknown compression algorithm", core.ErrCorrupt)
		}
		algorithm = CompressionAlgorithm(name)
	}
	if version != nil && string(version) != "1" {
		return nil, "", fmt.Errorf("%w: unknown version of the compression", core.ErrCorrupt)
	}
	text, ok := stringText(data)
	if !ok {
		return nil, "", fmt.Errorf("%w: the compressed data is not a string", core.ErrCorrupt)
	}
	payload, err = base64.StdEncoding.AppendDecode(dst, text)
	if err != nil {
		return nil, "", fmt.Errorf("%w: the compressed data is not base64", core.ErrCorrupt)
	}
	return payload, algorithm, nil
}

// stringText returns the text of a JSON string, without a copy where it has no
// escape.
func stringText(member json.RawMessage) ([]byte, bool) {
	if len(member) < 2 || member[0] != '"' {
		return nil, false
	}
	if bytes.IndexByte(member, '\\') < 0 {
		return member[1 : len(member)-1], true
	}
	var text string
	err := json.Unmarshal(member, &text)
	return []byte(text), err == nil
}

// eachMember visits the members of an object, which must be valid JSON.
func eachMember(object json.RawMessage, visit func(name []byte, member json.RawMessage)) {
	at := skipSpace(object, 0) + 1 // the brace
	for {
		at = skipSpace(object, at)
		if at >= len(object) || object[at] != '"' {
			return // the end
		}
		end := skipString(object, at)
		name, _ := stringText(object[at:end])
		at = skipSpace(object, skipSpace(object, end)+1) // the colon
		end = skipMember(object, at)
		visit(name, object[at:end])
		at = skipSpace(object, end) + 1 // the comma or the brace
	}
}

func skipSpace(text []byte, at int) int {
	for at < len(text) && (text[at] == ' ' || text[at] == '\n' || text[at] == '\t' || text[at] == '\r') {
		at++
	}
	return at
}

// skipString returns the place after the string that begins at the place.
func skipString(text []byte, at int) int {
	for at++; at < len(text) && text[at] != '"'; at++ {
		if text[at] == '\\' {
			at++
		}
	}
	return min(at+1, len(text))
}

// skipMember returns the place after the JSON value that begins at the place.
func skipMember(text []byte, at int) int {
	depth := 0
	for at < len(text) {
		switch text[at] {
		case '"':
			if at = skipString(text, at); depth == 0 {
				return at
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return at // of the object around
			}
			if depth--; depth == 0 {
				return at + 1
			}
		case ',', ' ', '\n', '\t', '\r':
			if depth == 0 {
				return at
			}
		}
		at++
	}
	return at
}

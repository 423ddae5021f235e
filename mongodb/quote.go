package mongodb

const lowerHexadecimal = "0123456789abcdef"

// appendQuoted appends valid UTF-8 as a JSON string. It escapes what JSON
// forbids, and no more.
func appendQuoted(dst, text []byte) []byte {
	dst = append(dst, '"')
	start := 0 // of what is still to be copied
	for i, c := range text {
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		dst = append(dst, text[start:i]...)
		start = i + 1
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', lowerHexadecimal[c>>4], lowerHexadecimal[c&15])
		}
	}
	dst = append(dst, text[start:]...)
	return append(dst, '"')
}

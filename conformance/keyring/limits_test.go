package keyring_test

import "strings"

// inEnvelope is the length of a name in JSON, where control characters, quotes
// and backslashes are longer.
func inEnvelope(name string) int {
	length := 0
	for _, r := range name {
		switch {
		case strings.ContainsRune("\b\f\n\r\t\"\\", r):
			length += 2
		case r < ' ' || strings.ContainsRune("<>&\u2028\u2029", r):
			length += 6
		default:
			length += len(string(r))
		}
	}
	return length
}

package driver

import (
	"strconv"
	"strings"
)

// UnknownParameter returns the words with which a backend refuses a parameter
// of a URL that it does not know; query is the part of the URL after its first
// question mark, as it was written. A parameter with a usual name is named.
// Others are not, and none is where an @ follows: there the question mark may
// have been one in a password, of which the "parameter" is the rest.
func UnknownParameter(query, name string) string {
	if strings.Contains(query, "@") {
		return "unknown parameter; in a password, %3F stands for a question mark"
	}
	if !isParameterName(name) {
		return "unknown parameter"
	}
	return "unknown parameter " + strconv.Quote(name)
}

// isParameterName reports whether a text looks like the name of a parameter.
func isParameterName(name string) bool {
	const longest, characters = 40, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-."
	return name != "" && len(name) <= longest && strings.Trim(name, characters) == ""
}

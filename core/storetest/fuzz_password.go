package storetest

import (
	"strings"
	"testing"
)

// FuzzPassword holds a function that opens stores by URL to what a backend
// promises of its errors: none repeats a part of a password. The passwords are
// such that nobody has escaped, which a parser takes for something else, as the
// rest of one behind its question mark for parameters.
//
// A password stands between before, such as "redis://user:", and after, such
// as "@localhost/". The function open returns the error for the URL, or nil, and
// closes what it has opened.
func FuzzPassword(f *testing.F, before, after string, open func(t *testing.T, url string) error) {
	for _, password := range awkwardPasswords {
		f.Add(password[0], password[1])
	}
	f.Fuzz(func(t *testing.T, left, right string) {
		url := before + left + canaryPassword + right + after
		checkPassword(t, url, open(t, url))
	})
}

// canaryPassword is the part of each password that no error may have.
const canaryPassword = "canary"

// awkwardPasswords are what stands before and behind the canary in passwords
// that mean something else in a URL.
var awkwardPasswords = [][2]string{
	{"", ""}, {"12?", ""}, {"12?", "=x"}, {"12?x=", "&y"}, {"12/", "?x"}, {"12#", ""}, {"%", "@"}, {"[", "]:"}, {"12?;", ","}, {"?", "&"},
}

func checkPassword(r reporter, url string, err error) {
	r.Helper()
	if err != nil && strings.Contains(err.Error(), canaryPassword) {
		r.Errorf("%q is refused with %v, which has a part of the password", url, err)
	}
}

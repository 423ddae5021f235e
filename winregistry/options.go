package winregistry

import (
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/go-keyvalue/keyvalue/core"
)

// DefaultPath is the path of the registry key that holds the collections where
// [Options].Path is empty. It is that of the Python library.
const DefaultPath = `Software\py-key-value`

// Options configure [New]. Nil and the zero value are valid: the key
// HKEY_CURRENT_USER\Software\py-key-value.
type Options struct {
	// Hive is the part of the registry that Path lies in. Zero means
	// [CurrentUser].
	Hive Hive

	// Path names the key that holds the collections: names between
	// backslashes, such as `Software\Company\Program`, up to 30 of them. Keys
	// of other programs may lie beside the collections. Empty means
	// [DefaultPath].
	Path string

	// View tells 32-bit and 64-bit programs which keys they see where Windows
	// keeps two of them, as below HKEY_LOCAL_MACHINE\Software. All programs
	// that share a store must agree on it. Zero means [NativeView].
	View View

	// NoCreate forbids to make keys, for Path and for collections, and keeps
	// those that are there when a collection is destroyed. A write to a
	// collection without a key is then core.ErrSetup. By default the first
	// write makes what is missing.
	NoCreate bool

	// Volatile makes the keys of collections such that Windows forgets them
	// when it shuts down, or when it unloads the hive of a user who logs off.
	// The key of Path is not volatile, and neither is a collection that was
	// there before.
	Volatile bool

	// Sync has each write wait until the hive is on disk. By default Windows
	// writes it after some seconds: what was written survives the end of the
	// program, but not the loss of power.
	Sync bool
}

// Hive is a part of the registry that can hold a store.
type Hive int

const (
	// CurrentUser is HKEY_CURRENT_USER.
	CurrentUser Hive = iota

	// LocalMachine is HKEY_LOCAL_MACHINE. Only administrators may write to
	// most of it.
	LocalMachine

	// Users is HKEY_USERS. The first name in the path is the security
	// identifier of a user.
	Users
)

// hiveNames are the names of the hives, long and short.
var hiveNames = [...][2]string{
	CurrentUser:  {"HKEY_CURRENT_USER", "HKCU"},
	LocalMachine: {"HKEY_LOCAL_MACHINE", "HKLM"},
	Users:        {"HKEY_USERS", "HKU"},
}

// String returns the name that Windows gives the hive, such as
// HKEY_CURRENT_USER.
func (h Hive) String() string {
	if !h.known() {
		return fmt.Sprintf("Hive(%d)", int(h))
	}
	return hiveNames[h][0]
}

func (h Hive) known() bool { return 0 <= h && int(h) < len(hiveNames) }

// View says which keys a program sees where there are two of a name.
type View int

const (
	// NativeView shows a 64-bit program the keys of 64-bit programs and a
	// 32-bit program those of 32-bit programs.
	NativeView View = iota

	// View64 shows the keys of 64-bit programs.
	View64

	// View32 shows the keys of 32-bit programs.
	View32
)

// maxLevels is how many names a path has at most: Windows makes up to 32 keys,
// one below the other, in one call.
const maxLevels = 30

// withDefaults returns the options with the default path. They may be nil.
func (o *Options) withDefaults() Options {
	var options Options
	if o != nil {
		options = *o
	}
	if options.Path == "" {
		options.Path = DefaultPath
	}
	return options
}

// check returns why the options are refused, or nil.
func (o *Options) check() error {
	switch {
	case !o.Hive.known():
		return invalidOptions("there is no such Hive")
	case o.View < NativeView || o.View > View32:
		return invalidOptions("there is no such View")
	case !utf8.ValidString(o.Path) || strings.Contains(o.Path, "\x00"):
		return invalidOptions("Path is not valid UTF-8 or contains a NUL")
	case strings.Count(o.Path, `\`) >= maxLevels:
		return invalidOptions(fmt.Sprintf("Path has more than %d names", maxLevels))
	}
	for name := range strings.SplitSeq(o.Path, `\`) {
		if name == "" {
			return invalidOptions("Path has an empty name: a backslash too many")
		}
		if len(utf16.Encode([]rune(name))) > maxKeyName {
			return invalidOptions(fmt.Sprintf("Path has a name of more than %d UTF-16 units", maxKeyName))
		}
	}
	return nil
}

func invalidOptions(reason string) error {
	return fmt.Errorf("%w: %s", core.ErrInvalidOptions, reason)
}

package names

import "strings"

// FileNames is the [Scheme] for names of files and directories that mean the
// same on Linux, macOS and Windows, with the options of [FileNameOptions]. A
// suffix of up to ten bytes may be added to an encoded name.
//
// Names of lower-case letters, digits, spaces and most punctuation stay as they
// are, so that the Python library's FileTree store finds its files.
var FileNames = MustScheme(FileNameOptions())

// FileNameOptions returns the options of [FileNames], for a store that has to
// change one of them: FoldCase, where the directory is known to tell upper from
// lower case and Python programs use upper-case names; MaxBytes, for another
// suffix; or Reserved, if more names are taken.
//
// A file name has at most 255 bytes, of which ten are left for the longest
// suffix of the FileTree store, `-info.json`.
func FileNameOptions() SchemeOptions {
	return SchemeOptions{
		// Graphic and the space, without what Windows forbids: " * / : < > ? \ |
		Allowed:  Digits + Lower + Upper + " !#$%&'()+,-.;=@[]^_`{}~",
		MaxBytes: 255 - len("-info.json"),
		FoldCase: true,
		Reserved: ReservedFileName,
	}
}

// ReservedFileName reports whether an operating system gives the name a
// meaning of its own, or would change it: names that begin with a dot, which
// are hidden (`.` and `..` among them), names that begin or end in a space or
// end in a dot, which Windows strips, its device names with and without a
// suffix (`con`, `nul.txt`), and what it may use as the short name of another
// file (`progra~1`).
//
// Forbidden characters and lengths are not its business.
func ReservedFileName(name string) bool {
	if name == "" || name[0] == '.' || name[0] == ' ' {
		return true
	}
	if last := name[len(name)-1]; last == '.' || last == ' ' {
		return true
	}
	base, _, _ := strings.Cut(name, ".")
	base = strings.TrimRight(base, " ")
	return windowsDevice(base) || windowsShortName(base)
}

// windowsDevice reports whether base, in any case, opens a device on Windows.
// The variants of COM and LPT with superscript digits are not ASCII, and so
// never a plain file name.
func windowsDevice(base string) bool {
	switch len(base) {
	case 3:
		return strings.EqualFold(base, "con") || strings.EqualFold(base, "prn") ||
			strings.EqualFold(base, "aux") || strings.EqualFold(base, "nul")
	case 4:
		return '0' <= base[3] && base[3] <= '9' &&
			(strings.EqualFold(base[:3], "com") || strings.EqualFold(base[:3], "lpt"))
	case 6:
		return strings.EqualFold(base, "conin$") || strings.EqualFold(base, "clock$")
	case 7:
		return strings.EqualFold(base, "conout$")
	}
	return false
}

// windowsShortName reports whether base has the form that Windows gives the
// second, short name of a file with a long one: up to eight characters, of
// which the last are `~` and a number.
func windowsShortName(base string) bool {
	if len(base) > 8 {
		return false
	}
	tilde := strings.LastIndexByte(base, '~')
	number := base[tilde+1:]
	return tilde >= 0 && number != "" && strings.Trim(number, Digits) == ""
}

package winregistry

import (
	"slices"
	"syscall"
	"unicode/utf16"
	"unsafe"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// What follows calls functions of Windows that package registry has not, or not
// with the arguments that are needed here.
var (
	advapi32 = windows.NewLazySystemDLL("advapi32.dll")
	ntdll    = windows.NewLazySystemDLL("ntdll.dll")

	regCreateKeyEx = advapi32.NewProc("RegCreateKeyExW")
	regSetValueEx  = advapi32.NewProc("RegSetValueExW")
	regDeleteValue = advapi32.NewProc("RegDeleteValueW")
	regEnumValue   = advapi32.NewProc("RegEnumValueW")
	regDeleteKeyEx = advapi32.NewProc("RegDeleteKeyExW")
	regFlushKey    = advapi32.NewProc("RegFlushKey")
	ntQueryKey     = ntdll.NewProc("NtQueryKey")
)

const (
	optionVolatile = 0x1
	optionOpenLink = 0x8
)

// errno returns what a function of the registry answered as an error.
func errno(status uintptr) error {
	if status == 0 {
		return nil
	}
	return syscall.Errno(status)
}

// openKey opens a key. A symbolic link at the end of the path is not followed.
func openKey(root registry.Key, path string, access uint32) (registry.Key, error) {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return 0, err
	}
	var key syscall.Handle
	if err := syscall.RegOpenKeyEx(syscall.Handle(root), name, optionOpenLink, access, &key); err != nil {
		return 0, err
	}
	return registry.Key(key), nil
}

// createKey makes a key and those above it, where they are missing.
func createKey(root registry.Key, path string, options, access uint32) error {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return err
	}
	var key registry.Key
	status, _, _ := syscall.SyscallN(regCreateKeyEx.Addr(), uintptr(root), uintptr(unsafe.Pointer(name)), 0, 0,
		uintptr(options|optionOpenLink), uintptr(access), 0, uintptr(unsafe.Pointer(&key)), 0)
	if err := errno(status); err != nil {
		return err
	}
	return key.Close()
}

// deleteKey removes a key below another, with all its values. It fails if there
// are keys in it.
func deleteKey(parent registry.Key, name string, view uint32) error {
	pointer, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return err
	}
	status, _, _ := syscall.SyscallN(regDeleteKeyEx.Addr(), uintptr(parent), uintptr(unsafe.Pointer(pointer)), uintptr(view), 0)
	return errno(status)
}

// flushKey waits until the hive of the key is on disk.
func flushKey(key registry.Key) error {
	status, _, _ := syscall.SyscallN(regFlushKey.Addr(), uintptr(key))
	return errno(status)
}

// setString sets a value to a string. Name and data end in NUL.
func setString(key registry.Key, name, data []uint16) error {
	status, _, _ := syscall.SyscallN(regSetValueEx.Addr(), uintptr(key), uintptr(unsafe.Pointer(&name[0])), 0,
		typeString, uintptr(unsafe.Pointer(&data[0])), uintptr(2*len(data)))
	return errno(status)
}

// deleteValue removes a value, whose name ends in NUL.
func deleteValue(key registry.Key, name []uint16) error {
	status, _, _ := syscall.SyscallN(regDeleteValue.Addr(), uintptr(key), uintptr(unsafe.Pointer(&name[0])))
	return errno(status)
}

// valueNamesIn returns the names of all values in the key. It leaves out names
// with a NUL, which only the kernel's own interface can make and read.
func valueNamesIn(key registry.Key) ([]string, error) {
	buffer := make([]uint16, maxValueName+1)
	return enumerate(buffer, func(index uint32, size *uint32) error {
		status, _, _ := syscall.SyscallN(regEnumValue.Addr(), uintptr(key), uintptr(index),
			uintptr(unsafe.Pointer(&buffer[0])), uintptr(unsafe.Pointer(size)), 0, 0, 0, 0)
		return errno(status)
	})
}

// keyNamesIn returns the names of all keys in the key, without those with a NUL.
func keyNamesIn(key registry.Key) ([]string, error) {
	buffer := make([]uint16, maxKeyName+1)
	return enumerate(buffer, func(index uint32, size *uint32) error {
		return syscall.RegEnumKeyEx(syscall.Handle(key), index, &buffer[0], size, nil, nil, nil, nil)
	})
}

// enumerate collects names, of which next puts one after the other into the
// buffer. It must not be called while names go away.
func enumerate(buffer []uint16, next func(index uint32, size *uint32) error) ([]string, error) {
	var found []string
	for index := uint32(0); ; index++ {
		size := uint32(len(buffer))
		switch err := next(index, &size); err {
		case nil:
			if name := buffer[:size]; !slices.Contains(name, 0) {
				found = append(found, string(utf16.Decode(name)))
			}
		case windows.ERROR_NO_MORE_ITEMS:
			return found, nil
		case windows.ERROR_MORE_DATA:
			// Longer than the documentation allows: not made by this package.
		default:
			return nil, err
		}
	}
}

// kernelPath returns the name that the kernel has for the key, such as
// \REGISTRY\USER\S-1-5-21-1-2-3-1000\Software\py-key-value.
func kernelPath(key registry.Key) (string, error) {
	const keyNameInformation = 3
	// The size of the name in bytes, and the name, which may have more levels
	// than that of a path.
	buffer := make([]uint32, 1+64*(maxKeyName+1)/2)
	var size uint32
	status, _, _ := syscall.SyscallN(ntQueryKey.Addr(), uintptr(key), keyNameInformation,
		uintptr(unsafe.Pointer(&buffer[0])), uintptr(4*len(buffer)), uintptr(unsafe.Pointer(&size)))
	if status != 0 {
		return "", windows.NTStatus(status)
	}
	units := unsafe.Slice((*uint16)(unsafe.Pointer(&buffer[1])), buffer[0]/2)
	return string(utf16.Decode(units)), nil
}

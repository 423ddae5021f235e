package winregistry_test

import (
	"encoding/json"
	"errors"
	"slices"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"

	"github.com/go-keyvalue/keyvalue/core"
)

var (
	regCreateKeyEx = windows.NewLazySystemDLL("advapi32.dll").NewProc("RegCreateKeyExW")
	regSetValueEx  = windows.NewLazySystemDLL("advapi32.dll").NewProc("RegSetValueExW")
	ntDeleteKey    = windows.NewLazySystemDLL("ntdll.dll").NewProc("NtDeleteKey")
	ntQueryKey     = windows.NewLazySystemDLL("ntdll.dll").NewProc("NtQueryKey")
)

const (
	createLink = 0x2 // an option of RegCreateKeyEx
	openLink   = 0x8 // the same, and of RegOpenKeyEx
	mayDelete  = 0x10000
)

// makeLink makes a symbolic link to the target.
func makeLink(t *testing.T, path string, target registry.Key) {
	t.Helper()
	name, err := windows.UTF16PtrFromString(path)
	must(t, err)
	var link registry.Key
	status, _, _ := syscall.SyscallN(regCreateKeyEx.Addr(), uintptr(registry.CURRENT_USER), uintptr(unsafe.Pointer(name)), 0, 0,
		createLink, registry.ALL_ACCESS|registry.CREATE_LINK, 0, uintptr(unsafe.Pointer(&link)), 0)
	if status != 0 {
		t.Fatal(syscall.Errno(status))
	}
	defer link.Close()
	value, err := windows.UTF16PtrFromString("SymbolicLinkValue")
	must(t, err)
	to := kernelName(t, target)
	status, _, _ = syscall.SyscallN(regSetValueEx.Addr(), uintptr(link), uintptr(unsafe.Pointer(value)), 0,
		registry.LINK, uintptr(unsafe.Pointer(&to[0])), uintptr(2*len(to)))
	if status != 0 {
		t.Fatal(syscall.Errno(status))
	}
}

// kernelName returns the name that the kernel has for the key.
func kernelName(t *testing.T, key registry.Key) []uint16 {
	t.Helper()
	buffer := make([]uint32, 1024)
	var size uint32
	status, _, _ := syscall.SyscallN(ntQueryKey.Addr(), uintptr(key), 3,
		uintptr(unsafe.Pointer(&buffer[0])), uintptr(4*len(buffer)), uintptr(unsafe.Pointer(&size)))
	if status != 0 {
		t.Fatal(windows.NTStatus(status))
	}
	return unsafe.Slice((*uint16)(unsafe.Pointer(&buffer[1])), buffer[0]/2)
}

// openAsLink opens a key without following a link at the end of the path.
func openAsLink(parent registry.Key, path string) (registry.Key, error) {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return 0, err
	}
	var key syscall.Handle
	err = syscall.RegOpenKeyEx(syscall.Handle(parent), name, openLink, registry.READ|mayDelete|view(parent), &key)
	return registry.Key(key), err
}

// isLink reports whether a key that was opened so is a link.
func isLink(key registry.Key) bool {
	_, valueType, err := key.GetValue("SymbolicLinkValue", nil)
	return err == nil && valueType == registry.LINK
}

// removeOpen removes the key. What a link leads to stays.
func removeOpen(key registry.Key) error {
	status, _, _ := syscall.SyscallN(ntDeleteKey.Addr(), uintptr(key))
	if status != 0 {
		return windows.NTStatus(status)
	}
	return nil
}

// Nobody gets out of the path by a symbolic link in the place of a collection.
func TestSymbolicLink(t *testing.T) {
	store, path := newStore(t)
	elsewhere, other := newStore(t)
	ctx := t.Context()
	past := json.RawMessage(`{"there":true}`)
	must(t, elsewhere.Put(ctx, "c", "live", past, core.NoTTL))
	must(t, elsewhere.Put(ctx, "c", "expired", past, 1))
	must(t, store.Put(ctx, "good", "k", past, core.NoTTL))
	target, err := registry.OpenKey(registry.CURRENT_USER, other+`\c`, registry.READ)
	must(t, err)
	defer target.Close()
	makeLink(t, path+`\c`, target)
	if _, err := registry.OpenKey(registry.CURRENT_USER, path+`\c`, registry.READ); err != nil {
		t.Fatalf("the link does not lead anywhere: %v", err)
	}

	_, getErr := store.Get(ctx, "c", "live")
	_, manyErr := store.GetMany(ctx, "c", []string{"live"})
	_, deleteErr := store.Delete(ctx, "c", "live")
	_, insertErr := store.Insert(ctx, "c", "new", past, core.NoTTL)
	_, destroyErr := store.DestroyCollection(ctx, "c")
	for call, err := range map[string]error{
		"Get": getErr, "GetMany": manyErr, "Delete": deleteErr, "Insert": insertErr, "DestroyCollection": destroyErr,
		"Put": store.Put(ctx, "c", "new", past, core.NoTTL), "Keys": firstError(store.Keys(ctx, "c")),
	} {
		if !errors.Is(err, core.ErrCorrupt) {
			t.Errorf("%s in a symbolic link = %v, want ErrCorrupt", call, err)
		}
	}
	if got := names(t, store.Collections(ctx)); !slices.Equal(got, []string{"good"}) {
		t.Errorf("Collections() = %q, want only \"good\"", got)
	}
	if count, err := store.Cull(ctx); count != 0 || err != nil {
		t.Errorf("Cull() = %d, %v; want 0, nil", count, err)
	}
	must(t, store.Destroy(ctx))

	k, err := openAsLink(registry.CURRENT_USER, path+`\c`)
	must(t, err)
	defer k.Close()
	if !isLink(k) {
		t.Error("the link is gone")
	}
	info, err := target.Stat()
	must(t, err)
	if info.ValueCount != 2 {
		t.Errorf("where the link leads to there are %d values, want 2", info.ValueCount)
	}
}

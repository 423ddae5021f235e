package winregistry_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/winregistry"
)

var object = json.RawMessage(`{"a":1}`)

// Reads make no keys; a write makes that of its collection, which goes with it.
func TestKeysAreMadeAndRemoved(t *testing.T) {
	store, path := newStore(t)
	ctx := t.Context()
	if _, err := store.Get(ctx, "c", "k"); err != core.ErrNotFound {
		t.Error(err)
	}
	if live, err := store.Delete(ctx, "c", "k"); live || err != nil {
		t.Error(live, err)
	}
	names(t, store.Keys(ctx, "c"))
	names(t, store.Collections(ctx))
	must(t, store.Ping(ctx))
	must(t, store.Destroy(ctx))
	_, err := store.Cull(ctx)
	must(t, err)
	if valueCount(t, path) != -1 {
		t.Error("reading has made the key of the path")
	}
	must(t, store.Setup(ctx))
	if valueCount(t, path) != 0 || valueCount(t, path+`\c`) != -1 {
		t.Error("Setup has not made the key of the path, or more")
	}
	must(t, store.Put(ctx, "c", "k", object, core.NoTTL))
	if valueCount(t, path+`\c`) != 1 {
		t.Error("Put has not made the key of the collection")
	}
	_, err = store.DestroyCollection(ctx, "c")
	must(t, err)
	if valueCount(t, path) != 0 || valueCount(t, path+`\c`) != -1 {
		t.Error("DestroyCollection has not removed the key of the collection, or more")
	}
	must(t, store.PutMany(ctx, "c", []core.Item{{Key: "k", Value: object}}))
	must(t, store.Destroy(ctx))
	if valueCount(t, path) != 0 || valueCount(t, path+`\c`) != -1 {
		t.Error("Destroy has not removed the key of the collection, or more")
	}
}

func TestNoCreate(t *testing.T) {
	_, path := newStore(t)
	store := open(t, &winregistry.Options{Path: path, NoCreate: true})
	ctx := t.Context()
	for call, err := range map[string]error{
		"Setup": store.Setup(ctx), "Ping": store.Ping(ctx), "Put": store.Put(ctx, "c", "k", object, core.NoTTL),
	} {
		if err == nil || call != "Ping" && !errors.Is(err, core.ErrSetup) {
			t.Errorf("%s without a key = %v, want ErrSetup", call, err)
		}
	}
	if valueCount(t, path) != -1 {
		t.Fatal("there is a key")
	}
	k, _, err := registry.CreateKey(registry.CURRENT_USER, path+`\c`, registry.READ)
	must(t, err)
	k.Close()
	must(t, store.Setup(ctx, "c"))
	must(t, store.Ping(ctx))
	for range 2 {
		must(t, store.Put(ctx, "c", "k", object, core.NoTTL))
		existed, err := store.DestroyCollection(ctx, "c")
		if !existed || err != nil || valueCount(t, path+`\c`) != 0 {
			t.Errorf("DestroyCollection = %v, %v with %d values left; want the key alone", existed, err, valueCount(t, path+`\c`))
		}
		must(t, store.Put(ctx, "c", "k", object, core.NoTTL))
		must(t, store.Destroy(ctx))
	}
	if err := store.Put(ctx, "other", "k", object, core.NoTTL); !errors.Is(err, core.ErrSetup) {
		t.Errorf("Put without a key of the collection = %v, want ErrSetup", err)
	}
}

func TestVolatile(t *testing.T) {
	_, path := newStore(t)
	store := open(t, &winregistry.Options{Path: path, Volatile: true})
	must(t, store.Put(t.Context(), "c", "k", object, core.NoTTL))
	// Only a volatile key can be below a volatile one.
	for below, want := range map[string]bool{path: false, path + `\c`: true} {
		k, _, err := registry.CreateKey(registry.CURRENT_USER, below+`\x`, registry.READ)
		if err == nil {
			k.Close()
			must(t, registry.DeleteKey(registry.CURRENT_USER, below+`\x`))
		}
		if volatile := err == windows.ERROR_CHILD_MUST_BE_VOLATILE; volatile != want {
			t.Errorf("that %s is volatile is %v (%v), want %v", below, volatile, err, want)
		}
	}
}

// The views of LocalMachine are two stores, and each program finds the one that
// it asks for.
func TestViews(t *testing.T) {
	path := newPath(t, registry.LOCAL_MACHINE) // in the view of 32-bit programs
	wide := open(t, &winregistry.Options{Hive: winregistry.LocalMachine, Path: path, View: winregistry.View64})
	narrow := open(t, &winregistry.Options{Hive: winregistry.LocalMachine, Path: path, View: winregistry.View32})
	ctx := t.Context()
	must(t, narrow.Put(ctx, "c", "k", object, core.NoTTL))
	if _, err := wide.Get(ctx, "c", "k"); err != core.ErrNotFound {
		t.Errorf("Get in the other view = %v, want a miss", err)
	}
	key, err := registry.OpenKey(registry.LOCAL_MACHINE, strings.Replace(path, `Software\`, `Software\Wow6432Node\`, 1)+`\c`, registry.READ)
	must(t, err)
	must(t, key.Close())
	_, err = narrow.DestroyCollection(ctx, "c")
	must(t, err)
	if got := names(t, narrow.Collections(ctx)); len(got) != 0 {
		t.Errorf("Collections() = %q after it was destroyed", got)
	}
}

// With Sync all writes work as without; that the hive is on disk cannot be seen
// from here.
func TestSync(t *testing.T) {
	_, path := newStore(t)
	store := open(t, &winregistry.Options{Path: path, Sync: true})
	ctx := t.Context()
	must(t, store.Put(ctx, "c", "k", object, core.NoTTL))
	must(t, store.PutMany(ctx, "c", []core.Item{{Key: "a", Value: object}, {Key: "b", Value: object, TTL: 1}}))
	if inserted, err := store.Insert(ctx, "c", "i", object, core.NoTTL); !inserted || err != nil {
		t.Error(inserted, err)
	}
	if live, err := store.Delete(ctx, "c", "k"); !live || err != nil {
		t.Error(live, err)
	}
	if count, err := store.Cull(ctx); count != 1 || err != nil {
		t.Error(count, err)
	}
	if existed, err := store.DestroyCollection(ctx, "c"); !existed || err != nil {
		t.Error(existed, err)
	}
}

// The user's own key below HKEY_USERS is the one that HKEY_CURRENT_USER shows.
func TestUsers(t *testing.T) {
	store, path := newStore(t)
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	must(t, err)
	same := open(t, &winregistry.Options{Hive: winregistry.Users, Path: user.User.Sid.String() + `\` + path})
	ctx := t.Context()
	must(t, store.Put(ctx, "c", "k", object, core.NoTTL))
	if inserted, err := same.Insert(ctx, "c", "k", object, core.NoTTL); inserted || err != nil {
		t.Errorf("Insert = %v, %v; want false, nil", inserted, err)
	}
}

// What is not allowed is an error, and no miss.
func TestAccessDenied(t *testing.T) {
	store, path := newStore(t)
	ctx := t.Context()
	must(t, store.Put(ctx, "c", "k", object, core.NoTTL))
	must(t, store.Close())
	key, err := registry.OpenKey(registry.CURRENT_USER, path+`\c`, registry.ALL_ACCESS)
	must(t, err)
	defer key.Close()
	deny := func(rights string) {
		t.Helper()
		descriptor, err := windows.SecurityDescriptorFromString(rights)
		must(t, err)
		must(t, setSecurity(key, descriptor))
	}
	defer deny("D:P(A;;KA;;;WD)")

	deny("D:P(D;;KA;;;WD)")
	other := open(t, &winregistry.Options{Path: path})
	_, getErr := other.Get(ctx, "c", "k")
	_, manyErr := other.GetMany(ctx, "c", []string{"k"})
	_, insertErr := other.Insert(ctx, "c", "k", object, core.NoTTL)
	_, deleteErr := other.Delete(ctx, "c", "k")
	_, destroyErr := other.DestroyCollection(ctx, "c")
	_, cullErr := other.Cull(ctx)
	for call, err := range map[string]error{
		"Get": getErr, "GetMany": manyErr, "Insert": insertErr, "Delete": deleteErr, "DestroyCollection": destroyErr,
		"Cull": cullErr, "Destroy": other.Destroy(ctx), "Put": other.Put(ctx, "c", "k", object, core.NoTTL),
		"Keys": firstError(other.Keys(ctx, "c")), "Collections": firstError(other.Collections(ctx)),
	} {
		if !errors.Is(err, fs.ErrPermission) || errors.Is(err, core.ErrNotFound) {
			t.Errorf("%s without rights = %v, want an error that matches fs.ErrPermission", call, err)
		}
	}

	deny("D:P(A;;KR;;;WD)") // to read and no more
	if entry, err := other.Get(ctx, "c", "k"); err != nil || string(entry.Value) != string(object) {
		t.Errorf("Get with the right to read = %s, %v", entry.Value, err)
	}
	if got := names(t, other.Keys(ctx, "c")); len(got) != 1 {
		t.Errorf("Keys() with the right to read = %q", got)
	}
	if err := other.Put(ctx, "c", "k", object, core.NoTTL); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("Put with the right to read = %v, want an error that matches fs.ErrPermission", err)
	}
}

// setSecurity sets who may do what with the key.
func setSecurity(key registry.Key, descriptor *windows.SECURITY_DESCRIPTOR) error {
	status, _, _ := syscall.SyscallN(regSetKeySecurity.Addr(), uintptr(key), windows.DACL_SECURITY_INFORMATION, uintptr(unsafe.Pointer(descriptor)))
	if status != 0 {
		return syscall.Errno(status)
	}
	return nil
}

var regSetKeySecurity = windows.NewLazySystemDLL("advapi32.dll").NewProc("RegSetKeySecurity")

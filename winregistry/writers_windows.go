package winregistry

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// writers has one writer at a time in all processes that use the same key: the
// registry can neither write a value only where there is none, nor remove it
// only if it is still the same.
//
// It is a mutex of Windows. When a process ends while it has it, the next one
// gets it, and finds whole values, as each is set at once.
type writers struct {
	open func(access uint32) (registry.Key, error)

	// turn is full while a goroutine of this store has the turn or waits for
	// the other processes.
	turn chan struct{}

	once   sync.Mutex
	handle windows.Handle
}

// patience is how long a writer waits until it looks whether its context is
// done.
const patience = 20 * time.Millisecond

func (w *writers) init(open func(access uint32) (registry.Key, error)) {
	w.open = open
	w.turn = make(chan struct{}, 1)
}

func (w *writers) close() error {
	if w.handle == 0 {
		return nil
	}
	return windows.CloseHandle(w.handle)
}

// inTurn calls the function while nobody else writes.
func (w *writers) inTurn(ctx context.Context, call func() error) error {
	mutex, err := w.mutex()
	if err != nil {
		return err
	}
	select {
	case w.turn <- struct{}{}:
		defer func() { <-w.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	// The mutex belongs to a thread.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := wait(ctx, mutex); err != nil {
		return err
	}
	defer func() { _ = windows.ReleaseMutex(mutex) }() // it cannot fail: the thread has it
	return call()
}

// wait waits for the mutex.
func wait(ctx context.Context, mutex windows.Handle) error {
	for {
		event, err := windows.WaitForSingleObject(mutex, uint32(patience.Milliseconds()))
		switch event {
		case windows.WAIT_OBJECT_0, windows.WAIT_ABANDONED:
			return nil
		case uint32(windows.WAIT_TIMEOUT):
			if err := ctx.Err(); err != nil {
				return err
			}
		default:
			return fmt.Errorf("waiting for other writers: %w", err)
		}
	}
}

// mutex returns the mutex of the key. It is the same one whichever way leads to
// the key, since it has the kernel's name for it.
func (w *writers) mutex() (windows.Handle, error) {
	w.once.Lock()
	defer w.once.Unlock()
	if w.handle != 0 {
		return w.handle, nil
	}
	key, err := w.open(registry.QUERY_VALUE)
	if err != nil {
		return 0, err
	}
	defer key.Close()
	path, err := kernelPath(key)
	if err != nil {
		return 0, fmt.Errorf("asking for the full name of the key: %w", err)
	}
	w.handle, err = openMutex(path)
	if err != nil {
		return 0, fmt.Errorf("opening the mutex of all writers: %w", err)
	}
	return w.handle, nil
}

// openMutex opens or makes the mutex for the key of that name. It is in the
// namespace of all sessions: a user may have several.
func openMutex(path string) (windows.Handle, error) {
	sum := sha256.Sum256([]byte(strings.ToUpper(path)))
	name, err := windows.UTF16PtrFromString(`Global\keyvalue-winregistry-` + hex.EncodeToString(sum[:]))
	if err != nil {
		return 0, err
	}
	descriptor, err := windows.SecurityDescriptorFromString(mutexRights(path))
	if err != nil {
		return 0, err
	}
	attributes := &windows.SecurityAttributes{SecurityDescriptor: descriptor}
	attributes.Length = uint32(unsafe.Sizeof(*attributes))
	handle, err := windows.CreateMutexEx(attributes, name, 0, windows.SYNCHRONIZE|windows.MUTEX_MODIFY_STATE)
	if handle != 0 { // with an error that says that it was there already
		return handle, nil
	}
	return 0, err
}

// mutexRights returns who may wait for the mutex, in the language of security
// descriptors. Without it that would be those who have the rights of its maker,
// and a program could not wait for one that an administrator runs.
func mutexRights(path string) string {
	who := "AU" // every user who has logged on
	if names := strings.Split(path, `\`); len(names) > 3 && strings.EqualFold(names[2], "USER") {
		user := strings.TrimSuffix(names[3], "_Classes")
		if _, err := windows.StringToSid(user); err == nil {
			who = user
		}
	}
	return fmt.Sprintf("D:P(A;;%#x;;;%s)(A;;GA;;;SY)(A;;GA;;;BA)", windows.SYNCHRONIZE|windows.MUTEX_MODIFY_STATE, who)
}

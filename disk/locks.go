package disk

import (
	"context"
	"errors"
	"hash/fnv"
	"io/fs"
	"os"
	"strconv"
	"time"
)

// stripes is how many locks the keys share. The number is part of the layout:
// all processes must agree on who locks what.
const stripes = 64

// locks are what writers hold, each for the keys of one stripe: a mutex in this
// process, and the lock of a file in .lock among processes.
type locks struct {
	options *Options
	all     [stripes]stripe
}

type stripe struct {
	held chan struct{} // has room for one: who puts something in has the lock
	file *os.File      // nil until it was needed
	root *os.Root      // that the file is in
}

func newLocks(options *Options) *locks {
	l := &locks{options: options}
	for i := range l.all {
		l.all[i].held = make(chan struct{}, 1)
	}
	return l
}

// lock locks the key with that file, and returns what unlocks it. It ends with
// the context.
func (l *locks) lock(ctx context.Context, root *os.Root, file string) (unlock func(), err error) {
	number := stripeOf(file)
	s := &l.all[number]
	select {
	case s.held <- struct{}{}:
	default:
		select {
		case s.held <- struct{}{}:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if err := s.lockFile(ctx, root, number, l.options); err != nil {
		<-s.held
		return nil, err
	}
	return s.unlock, nil
}

// stripeOf returns the number of the lock of a file.
func stripeOf(file string) int {
	hash := fnv.New32a()
	hash.Write([]byte(file))
	return int(hash.Sum32() % stripes)
}

func (s *stripe) unlock() {
	if s.file != nil {
		unlockFile(s.file)
	}
	<-s.held
}

// lockFile locks the stripe among processes. It tries again and again rather
// than to wait, so that the context can end it: the process that has the lock
// may be stopped.
func (s *stripe) lockFile(ctx context.Context, root *os.Root, number int, options *Options) error {
	if s.file != nil && s.root != root {
		s.forget()
	}
	pause := 20 * time.Microsecond
	for {
		if s.file == nil {
			file, err := openLock(root, number, options)
			if err != nil {
				return err
			}
			s.file, s.root = file, root
		}
		err := tryLockFile(s.file)
		switch {
		case err == nil, errors.Is(err, errors.ErrUnsupported):
			return nil
		case errors.Is(err, errRemoved):
			s.forget()
			continue
		case !errors.Is(err, errLocked):
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
		pause = min(2*pause, 5*time.Millisecond)
	}
}

// forget closes the file, and with it gives up its lock.
func (s *stripe) forget() {
	s.file.Close()
	s.file = nil
}

// openLock opens the file of a lock. Python makes a directory without one.
// Whoever may write entries must be able to open it, and so has its mode.
func openLock(root *os.Root, number int, options *Options) (*os.File, error) {
	name := lockDirectory + "/" + strconv.Itoa(number/10) + strconv.Itoa(number%10)
	file, err := root.OpenFile(name, os.O_RDWR|os.O_CREATE, options.fileMode())
	if errors.Is(err, fs.ErrNotExist) {
		if err := root.Mkdir(lockDirectory, options.directoryMode()); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
		file, err = root.OpenFile(name, os.O_RDWR|os.O_CREATE, options.fileMode())
	}
	return file, err
}

var (
	// errLocked says that another process has the lock.
	errLocked = errors.New("locked by another process")

	// errRemoved says that the file is locked, and that others do not see it any
	// longer: somebody has removed it.
	errRemoved = errors.New("the file of the lock was removed")
)

// close closes the files. Those in use are closed by who uses them: nobody
// does once the layer has closed the backend.
func (l *locks) close() {
	for i := range l.all {
		s := &l.all[i]
		s.held <- struct{}{}
		if s.file != nil {
			s.forget()
		}
		<-s.held
	}
}

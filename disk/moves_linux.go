package disk

import (
	"os"
	"path"
	"syscall"
)

// moves renames with three system calls where os.Root needs six.
type moves struct{ root, temporary *os.File }

// openMoves returns nil if the directories cannot be opened.
func openMoves(root *os.Root) *moves {
	top, err := root.OpenFile(".", os.O_RDONLY|nonBlocking, 0)
	if err != nil {
		return nil
	}
	temporary, err := root.OpenFile(temporaryDirectory, os.O_RDONLY|nonBlocking, 0)
	if err != nil {
		top.Close()
		return nil
	}
	return &moves{top, temporary}
}

// rename moves a file of .tmp to its place, atomically, and reports whether it
// did. The place is a directory and a name, and a link in the place of either is
// not followed, so that it is within the root.
func (m *moves) rename(temporary, file string) (done bool) {
	if m == nil {
		return false
	}
	directory, name := path.Split(file)
	withDescriptor(m.root, func(root int) {
		withDescriptor(m.temporary, func(from int) {
			const openPath = 0x200000 // O_PATH: the directory need not be readable
			flags := openPath | syscall.O_DIRECTORY | syscall.O_NOFOLLOW | syscall.O_CLOEXEC
			to, err := syscall.Openat(root, path.Clean(directory), flags, 0)
			if err != nil {
				return
			}
			done = syscall.Renameat(from, path.Base(temporary), to, name) == nil
			_ = syscall.Close(to)
		})
	})
	return done
}

// withDescriptor calls do, unless the file is closed.
func withDescriptor(file *os.File, do func(descriptor int)) {
	if connection, err := file.SyscallConn(); err == nil {
		_ = connection.Control(func(descriptor uintptr) { do(int(descriptor)) })
	}
}

func (m *moves) close() {
	if m != nil {
		m.root.Close()
		m.temporary.Close()
	}
}

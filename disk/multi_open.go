package disk

import (
	"path/filepath"

	"github.com/go-keyvalue/keyvalue/core"
)

// maxOpen is how many directories stay open while nobody uses them. Each may
// have the files of 64 locks open, and names may come from anybody.
const maxOpen = 32

// opened is the backend of a collection, with how many calls use it.
type opened struct {
	*backend
	users int
}

// of returns the backend of a collection, which the caller must release.
func (m *multiBackend) of(collection string) (*opened, error) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if m.closed {
		return nil, core.ErrClosed
	}
	b := m.open[collection]
	if b == nil {
		m.closeIdle()
		b = &opened{backend: newBackend(m.directoryOf(collection), m.options)}
		if m.elsewhere[collection] == "" {
			b.parent = m.path
		}
		m.open[collection] = b
	}
	b.users++
	return b, nil
}

// directoryOf returns where a collection lies.
func (m *multiBackend) directoryOf(collection string) string {
	if directory := m.elsewhere[collection]; directory != "" {
		return directory
	}
	return filepath.Join(m.path, scheme.Encode(collection))
}

func (m *multiBackend) release(b *opened) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	b.users--
}

// closeIdle makes room for one more. Which of the idle ones go is left to chance,
// as the order of a map is. Closing loses nothing: the locks are held by nobody,
// and what was written since the last look at the sizes counts as a look that is
// due.
func (m *multiBackend) closeIdle() {
	for collection, b := range m.open {
		if len(m.open) < maxOpen {
			return
		}
		if b.users == 0 {
			_ = b.Close() // of what was read, or written and closed before
			delete(m.open, collection)
		}
	}
}

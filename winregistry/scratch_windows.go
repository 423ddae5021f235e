package winregistry

import (
	"fmt"
	"slices"
	"sync"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/managed"
)

// scratch is memory for one call: what Windows is given and gives is UTF-16.
type scratch struct {
	title []uint16 // the name of a value
	units []uint16 // its data
	text  []byte   // the same in UTF-8
}

// maxScratch is how many units a scratch that is kept has at most.
const maxScratch = 64 << 10

var scratches = sync.Pool{New: func() any { return &scratch{units: make([]uint16, 2048)} }}

func getScratch() *scratch { return scratches.Get().(*scratch) }

func putScratch(s *scratch) {
	if cap(s.units) <= maxScratch && cap(s.text) <= 2*maxScratch {
		scratches.Put(s)
	}
}

// name returns the name with a NUL, for as long as it is the last. It is of
// ASCII or comes from the registry, and so has no NUL in it.
func (s *scratch) name(name string) []uint16 {
	s.title = s.title[:0]
	for _, r := range name {
		if r >= 0x80 {
			s.title = appendUnits(s.title[:0], []byte(name))
			return s.title
		}
		s.title = append(s.title, uint16(r))
	}
	s.title = append(s.title, 0)
	return s.title
}

// query returns the text of a value, in UTF-16 and without the NUL. It is
// core.ErrNotFound if there is none, and an error that matches core.ErrCorrupt
// if it is no string.
func (s *scratch) query(key registry.Key, name string) ([]uint16, error) {
	title := s.name(name)
	s.units = s.units[:cap(s.units)]
	for {
		var valueType uint32
		size := uint32(2 * len(s.units))
		err := syscall.RegQueryValueEx(syscall.Handle(key), &title[0], nil, &valueType, (*byte)(unsafe.Pointer(&s.units[0])), &size)
		switch {
		case err == windows.ERROR_MORE_DATA:
			s.units = make([]uint16, max(int(size+1)/2, 2*len(s.units)))
		case err != nil:
			return nil, notFound(err, core.ErrNotFound)
		default:
			return stringUnits(valueType, s.units[:size/2], int(size))
		}
	}
}

// read is query in UTF-8, for as long as it is the last.
func (s *scratch) read(key registry.Key, name string) ([]byte, error) {
	units, err := s.query(key, name)
	if err != nil {
		return nil, err
	}
	s.text, err = appendText(s.text[:0], units)
	return s.text, err
}

// encode returns the data of the value that holds the record.
func (s *scratch) encode(record *driver.Record) ([]uint16, error) {
	s.text = managed.Append(s.text[:0], record)
	s.units = appendUnits(slices.Grow(s.units[:0], len(s.text)+1), s.text)
	if 2*len(s.units) > maxData {
		return nil, fmt.Errorf("%w: with its names the entry is larger than a value of the registry, %d bytes", core.ErrTooLarge, maxData)
	}
	return s.units, nil
}

package redis

import (
	"sync"
	"sync/atomic"

	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/managed"
)

// privacy knows whether the client is ours alone. Whoever else has it may have
// given it a hook, and a hook may keep what is sent, and keep or even invent
// what is answered. Then no buffer is used twice, and no reply handed out.
//
// It is asked after a command was performed: a hook that has seen the command
// was added before, by somebody who had been shown the client.
type privacy struct {
	owned bool        // the client was made for this store
	shown atomic.Bool // it was asked for since
}

func (p *privacy) private() bool { return p.owned && !p.shown.Load() }

// texts are buffers for records.
var texts = sync.Pool{New: func() any { return new([]byte) }}

// maxText is the capacity of the largest buffer that is kept.
const maxText = 64 << 10

// encode returns the text of a record. Give it to release in the end.
func (p *privacy) encode(record *driver.Record) *[]byte {
	if !p.private() {
		text := managed.Append(nil, record)
		return &text
	}
	text := texts.Get().(*[]byte)
	*text = managed.Append((*text)[:0], record)
	return text
}

// release lets a buffer be used again, unless the command that has it failed:
// then the driver may still be about to send it.
func (p *privacy) release(text *[]byte, err error) {
	if err == nil && p.private() && cap(*text) <= maxText {
		texts.Put(text)
	}
}

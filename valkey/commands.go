package valkey

import (
	"strconv"
	"time"

	"github.com/valkey-io/valkey-go"

	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/managed"
)

// All commands are marked ToPipe: they share connections even where the client
// was told to have one for each. There, a call that is given up while it waits
// for a connection may leave another waiting that could have it.

// get returns the command that reads what lies under the name.
func get(builder valkey.Builder, name string) valkey.Completed {
	return builder.Get().Key(name).Build().ToPipe()
}

// current is get from the master. GETEX without an option changes nothing, but
// counts as a write: a client that sends reads to replicas does not send it
// there.
func current(builder valkey.Builder, name string) valkey.Completed {
	return builder.Getex().Key(name).Build().ToPipe().ToRetryable()
}

// take returns the command that reads what lies under the name and removes it.
func take(builder valkey.Builder, name string) valkey.Completed {
	return builder.Getdel().Key(name).Build().ToPipe()
}

// set returns the command that writes a record. What it is made of is in the
// buffer.
func set(builder valkey.Builder, record *driver.Record, m *buffer) valkey.Completed {
	name, text := m.add(record)
	cmd := builder.Set().Key(name).Value(text)
	if lifetime := lifetime(record); lifetime > 0 {
		return cmd.PxMilliseconds(lifetime).Build().ToPipe()
	}
	return cmd.Build().ToPipe()
}

// setAbsent returns the command that writes a record where nothing is. Its
// answer is nil where something is.
func setAbsent(builder valkey.Builder, record *driver.Record) valkey.Completed {
	name, text := new(buffer).add(record)
	cmd := builder.Set().Key(name).Value(text).Nx()
	if lifetime := lifetime(record); lifetime > 0 {
		return cmd.PxMilliseconds(lifetime).Build().ToPipe()
	}
	return cmd.Build().ToPipe()
}

// remaining returns the command that tells how long what lies under the name
// has to live. It is not the driver's Pttl, which is marked as one that only
// reads: a client may be made to send those to replicas, which lag behind.
func remaining(builder valkey.Builder, name string) valkey.Completed {
	return builder.Arbitrary("PTTL").Keys(name).Build().ToPipe().ToRetryable()
}

// scanFrom returns the command that finds names of the kind. It is not the
// driver's Scan for the same reason.
func scanFrom(builder valkey.Builder, cursor uint64, pattern, kind string) valkey.Completed {
	cmd := builder.Arbitrary("SCAN", strconv.FormatUint(cursor, 10), "MATCH", pattern,
		"COUNT", strconv.Itoa(driver.PageSize))
	if kind != "" {
		cmd = cmd.Args("TYPE", kind)
	}
	return cmd.Build().ToPipe().ToRetryable()
}

// replacing returns the command that writes the record over what was read, if
// it is still the same. Its answer is 1 if it was.
func replacing(builder valkey.Builder, old content, record *driver.Record) valkey.Completed {
	cmd := builder.Eval().Script(replaceScript).Numkeys(1).Key(old.name).
		Arg(valkey.BinaryString(old.data), valkey.BinaryString(managed.Append(nil, record)))
	if lifetime := lifetime(record); lifetime > 0 {
		cmd = cmd.Arg(strconv.FormatInt(lifetime, 10))
	}
	return cmd.Build().ToPipe()
}

// removing returns the command that removes what was read, if it is still the
// same.
func removing(builder valkey.Builder, old content) valkey.Completed {
	return builder.Eval().Script(removeScript).Numkeys(1).Key(old.name).
		Arg(valkey.BinaryString(old.data)).Build().ToPipe()
}

// lifetime returns for how many milliseconds the server is to keep the record,
// rounded up, or zero for ever.
func lifetime(record *driver.Record) int64 {
	if record.ExpiresAt.IsZero() {
		return 0
	}
	ttl := record.ExpiresAt.Sub(record.CreatedAt)
	milliseconds := int64(ttl / time.Millisecond)
	if ttl%time.Millisecond > 0 {
		milliseconds++
	}
	return milliseconds
}

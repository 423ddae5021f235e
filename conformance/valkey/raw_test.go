package valkey_test

import (
	"strconv"
	"testing"
	"time"

	driver "github.com/valkey-io/valkey-go"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/managed"
)

// do sends a command past the store.
func do(t testing.TB, client driver.Client, words ...string) driver.ValkeyMessage {
	t.Helper()
	message, err := client.Do(t.Context(), client.B().Arbitrary(words[0]).Keys(words[1]).Args(words[2:]...).Build()).ToMessage()
	if err != nil && !driver.IsValkeyNil(err) {
		t.Fatalf("%q: %v", words, err)
	}
	return message
}

// text sends a command whose answer is text or a number, and empty for nil.
func text(t testing.TB, client driver.Client, words ...string) string {
	t.Helper()
	message := do(t, client, words...)
	if message.IsNil() {
		return ""
	}
	if number, err := message.ToInt64(); err == nil {
		return strconv.FormatInt(number, 10)
	}
	text, err := message.ToString()
	if err != nil {
		t.Fatalf("%q: %v", words, err)
	}
	return text
}

// remaining returns how many milliseconds the server keeps what is under a name.
func remaining(t testing.TB, client driver.Client, name string) int64 {
	t.Helper()
	message := do(t, client, "PTTL", name)
	milliseconds, err := message.AsInt64()
	if err != nil {
		t.Fatal(err)
	}
	return milliseconds
}

// size returns how many keys the database has.
func size(t testing.TB, client driver.Client) int64 {
	t.Helper()
	n, err := client.Do(t.Context(), client.B().Dbsize().Build()).AsInt64()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// envelope returns a managed entry as any writer may leave it.
func envelope(collection, key, value string, expires time.Time) string {
	return string(managed.Append(nil, &managed.Record{
		Collection: collection, Key: key, Entry: core.Entry{Value: []byte(value), CreatedAt: time.Now(), ExpiresAt: expires},
	}))
}

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// line is one record of the input.
type line struct {
	Collection string          `json:"collection"` // empty: the default collection
	Key        string          `json:"key"`
	Value      json.RawMessage `json:"value"` // an object
	TTL        string          `json:"ttl"`   // such as "90s"; empty: never expires
}

// load stores the records of a JSON-lines text and answers lookups of the
// keys in every collection that the records named. Without keys it lists all
// that is there.
func load(ctx context.Context, store core.Store, in *bufio.Reader, keys []string, out io.Writer) error {
	stored := 0
	var collections []string
	seen := make(map[string]bool)
	for number := 1; ; number++ {
		text, readErr := in.ReadBytes('\n')
		if text = bytes.TrimSpace(text); len(text) > 0 {
			record, err := storeLine(ctx, store, text)
			if err != nil {
				return fmt.Errorf("line %d: %w", number, err)
			}
			stored++
			if name := core.CollectionName(record.Collection); !seen[name] {
				seen[name] = true
				collections = append(collections, name)
			}
		}
		if errors.Is(readErr, io.EOF) {
			break
		}
		if readErr != nil {
			return readErr
		}
	}
	fmt.Fprintf(out, "stored %d records in %d collections\n", stored, len(collections))
	if len(keys) == 0 {
		return list(ctx, store, out)
	}
	return lookUp(ctx, store, collections, keys, out)
}

func storeLine(ctx context.Context, store core.Store, text []byte) (line, error) {
	var record line
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&record); err != nil {
		return record, err
	}
	var ttl time.Duration
	if record.TTL != "" {
		var err error
		if ttl, err = time.ParseDuration(record.TTL); err != nil {
			return record, err
		}
	}
	return record, store.Put(ctx, record.Collection, record.Key, record.Value, ttl)
}

// lookUp reads the keys from each collection with one call.
func lookUp(ctx context.Context, store core.Store, collections, keys []string, out io.Writer) error {
	for _, collection := range collections {
		entries, err := store.GetMany(ctx, collection, keys)
		if err != nil {
			return err
		}
		for i, entry := range entries {
			switch remaining, expires := entry.TTL(); {
			case !entry.Found():
				fmt.Fprintf(out, "%s/%s: not found\n", collection, keys[i])
			case expires:
				fmt.Fprintf(out, "%s/%s = %s (%v left)\n", collection, keys[i], entry.Value, remaining.Round(time.Second))
			default:
				fmt.Fprintf(out, "%s/%s = %s\n", collection, keys[i], entry.Value)
			}
		}
	}
	return nil
}

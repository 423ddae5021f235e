package memory

import (
	"context"

	"github.com/go-keyvalue/keyvalue/core"
)

// refuse returns the error for a call that did no work.
func refuse(op, collection, key string, cause error) error {
	return &core.Error{Op: op, Store: "memory", Collection: collection, Key: key, Err: cause}
}

// begin makes the checks that come before those of the arguments.
func begin(ctx context.Context, closed bool, op, collection, key string) error {
	if err := ctx.Err(); err != nil {
		return refuse(op, collection, key, err)
	}
	if closed {
		return refuse(op, collection, key, core.ErrClosed)
	}
	return nil
}

func checkName(collection, key string) error {
	if err := core.CheckCollection(collection); err != nil {
		return err
	}
	return core.CheckKey(key)
}

func checkItem(collection string, item core.Item) error {
	if err := core.CheckCollection(collection); err != nil {
		return err
	}
	return core.CheckItem(item)
}

// checkKeys refuses a batch for its collection or its first illegal key.
func checkKeys(op, collection string, keys []string) error {
	if err := core.CheckCollection(collection); err != nil {
		return refuse(op, collection, "", err)
	}
	for _, key := range keys {
		if err := core.CheckKey(key); err != nil {
			return refuse(op, collection, key, err)
		}
	}
	return nil
}

// checkItems refuses a batch for its collection or its first illegal item.
func checkItems(op, collection string, items []core.Item) error {
	if err := core.CheckCollection(collection); err != nil {
		return refuse(op, collection, "", err)
	}
	for _, item := range items {
		if err := core.CheckItem(item); err != nil {
			return refuse(op, collection, item.Key, err)
		}
	}
	return nil
}

func checkCollections(op string, collections []string) error {
	for _, collection := range collections {
		if err := core.CheckCollection(collection); err != nil {
			return refuse(op, collection, "", err)
		}
	}
	return nil
}

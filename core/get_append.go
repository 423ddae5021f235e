package core

import "context"

// GetAppender is implemented by stores that can read into a buffer.
type GetAppender interface {
	Store

	// GetAppend reads into a buffer. See the function GetAppend.
	GetAppend(ctx context.Context, collection, key string, dst []byte) (Entry, error)
}

// GetAppend is [Store.Get] into a buffer of the caller: it appends the value
// to dst, as the append built-in does, and returns the extended slice as the
// Value of the entry. With a buffer that is large enough it need not allocate.
//
//	entry, err := core.GetAppend(ctx, store, "users", "ada", buffer[:0])
//	...
//	buffer = entry.Value // for the next call
//
// With an error the entry is the zero Entry, and dst is as it was up to its
// length. A store that is not a [GetAppender] is read with Get.
func GetAppend(ctx context.Context, s Store, collection, key string, dst []byte) (Entry, error) {
	if s, ok := s.(GetAppender); ok {
		return s.GetAppend(ctx, collection, key, dst)
	}
	entry, err := s.Get(ctx, collection, key)
	if err != nil {
		return Entry{}, err
	}
	entry.Value = append(dst, entry.Value...)
	return entry, nil
}

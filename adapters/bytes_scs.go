package adapters

import (
	"context"
	"time"
)

// SCSStore satisfies Store, CtxStore, IterableStore and IterableCtxStore of
// the session manager SCS, v2. Get it from [Bytes.SCS].
type SCSStore struct {
	bytes   *Bytes
	timeout time.Duration
}

// SCS returns the bytes as a store for SCS. The methods that take no context
// are bounded by the timeout; zero means 5 seconds.
func (b *Bytes) SCS(timeout time.Duration) *SCSStore { return &SCSStore{b, timeoutOr(timeout)} }

// FindCtx returns the data of the session token, and whether there is any.
func (s *SCSStore) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	data, err = s.bytes.Get(ctx, token)
	if isMissing(err) { // the token is the client's: any text
		return nil, false, nil
	}
	return data, err == nil, err
}

// Find is FindCtx.
func (s *SCSStore) Find(token string) ([]byte, bool, error) {
	ctx, cancel := background(s.timeout)
	defer cancel()
	return s.FindCtx(ctx, token)
}

// CommitCtx stores the data until the expiry. One that is over removes the
// session.
func (s *SCSStore) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	ttl := time.Until(expiry)
	if ttl <= 0 {
		return s.DeleteCtx(ctx, token)
	}
	return s.bytes.Put(ctx, token, data, ttl)
}

// Commit is CommitCtx.
func (s *SCSStore) Commit(token string, data []byte, expiry time.Time) error {
	ctx, cancel := background(s.timeout)
	defer cancel()
	return s.CommitCtx(ctx, token, data, expiry)
}

// DeleteCtx removes the session, if there is one.
func (s *SCSStore) DeleteCtx(ctx context.Context, token string) error {
	return s.bytes.remove(ctx, token)
}

// Delete is DeleteCtx.
func (s *SCSStore) Delete(token string) error {
	ctx, cancel := background(s.timeout)
	defer cancel()
	return s.DeleteCtx(ctx, token)
}

// AllCtx returns the data of every session by its token, one read for each. It
// is errors.ErrUnsupported where the store cannot list keys.
func (s *SCSStore) AllCtx(ctx context.Context) (map[string][]byte, error) {
	all := make(map[string][]byte)
	for token, err := range s.bytes.Keys(ctx) {
		if err != nil {
			return nil, err
		}
		data, found, err := s.FindCtx(ctx, token)
		if err != nil {
			return nil, err
		}
		if found {
			all[token] = data
		}
	}
	return all, nil
}

// All is AllCtx.
func (s *SCSStore) All() (map[string][]byte, error) {
	ctx, cancel := background(s.timeout)
	defer cancel()
	return s.AllCtx(ctx)
}

package dynamodb

import (
	"context"
	"sync"
	"sync/atomic"
)

// concurrency is how many requests for single items a call has under way at
// once, and batches how many for several items.
const (
	concurrency = 16
	batches     = 8
)

// parallel does so many tasks, a bounded number at once, and returns the error
// of each. Once the context is done the remaining tasks fail with its error.
func parallel(ctx context.Context, tasks, limit int, do func(task int) error) []error {
	errs := make([]error, tasks)
	var next atomic.Int64
	work := func() {
		for {
			task := int(next.Add(1)) - 1
			if task >= tasks {
				return
			}
			if errs[task] = ctx.Err(); errs[task] == nil {
				errs[task] = do(task)
			}
		}
	}
	var workers sync.WaitGroup
	for range min(limit, tasks) - 1 {
		workers.Go(work)
	}
	work()
	workers.Wait()
	return errs
}

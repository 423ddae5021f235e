package disk_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/disk"
)

func init() { tasks["fill"] = fill }

const (
	evictionLimit  = 256 << 10
	evictionWrites = 300 // of about 2 KiB in each process: several times the limit
)

// fill writes more than there is room for. What is read back is whole. It may be
// gone already: others may have written more than the limit since.
func fill(store *disk.Store) error {
	ctx := context.Background()
	number := os.Getenv("KEYVALUE_TEST_DISK_NUMBER")
	value := json.RawMessage(fmt.Sprintf(`{"by":%q,"filler":%q}`, number, strings.Repeat(number, 2000)))
	for i := range evictionWrites {
		key := number + "-" + strconv.Itoa(i)
		if err := store.Put(ctx, "fill", key, value, core.NoTTL); err != nil {
			return err
		}
		if entry, err := store.Get(ctx, "fill", key); !errors.Is(err, core.ErrNotFound) && (err != nil || string(entry.Value) != string(value)) {
			return fmt.Errorf("%s was just written: %d bytes, %w", key, len(entry.Value), err)
		}
	}
	return nil
}

// Processes that share a limited directory remove the oldest entries of each
// other, and no more than need be.
func TestEvictionAmongProcesses(t *testing.T) {
	report(t)
	directory := filepath.Join(t.TempDir(), "data")
	var children []*child
	for i := range processes {
		children = append(children, startChild(t, "fill", directory,
			"KEYVALUE_TEST_DISK_NUMBER="+strconv.Itoa(i), sizeVariable+"="+strconv.Itoa(evictionLimit)))
	}
	for i, c := range children {
		if err := c.Wait(); err != nil {
			t.Errorf("process %d: %v", i, err)
		}
	}
	total := int64(0)
	files, err := os.ReadDir(filepath.Join(directory, "fill"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		info, err := file.Info()
		if err != nil {
			t.Fatal(err)
		}
		total += info.Size()
	}
	// A tenth more for each process, and a tenth less, and not what several that
	// look at the same moment would remove for each other.
	if most := int64(evictionLimit + processes*evictionLimit/10); total > most || total < evictionLimit*8/10 {
		t.Errorf("%d bytes are left of a limit of %d", total, evictionLimit)
	}
	t.Logf("%d entries of %d are left, %d bytes", len(files), processes*evictionWrites, total)
}

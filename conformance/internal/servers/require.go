package servers

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// Missing ends a test that cannot run for want of something: it is skipped, or
// failed if KEYVALUE_TEST_REQUIRE has the name.
func Missing(t testing.TB, name, format string, args ...any) {
	t.Helper()
	required := strings.Split(os.Getenv("KEYVALUE_TEST_REQUIRE"), ",")
	if slices.Contains(required, name) || slices.Contains(required, "all") {
		t.Fatalf("required by KEYVALUE_TEST_REQUIRE: "+format, args...)
	}
	t.Skipf(format, args...)
}

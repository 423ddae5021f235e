package winregistry_test

import (
	"fmt"
	"testing"

	"golang.org/x/sys/windows"
)

// reported notes for the table at the end of CI what the test runs on. Under
// Wine, whoever started this program does that.
func reported(t testing.TB) {
	if windows.NewLazySystemDLL("ntdll.dll").NewProc("wine_get_version").Find() == nil {
		return
	}
	v := windows.RtlGetVersion()
	t.Attr("backend", "winregistry")
	t.Attr("server", fmt.Sprintf("Windows %d.%d.%d", v.MajorVersion, v.MinorVersion, v.BuildNumber))
	t.Attr("origin", "this system")
}

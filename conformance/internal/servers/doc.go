// Package servers finds or starts the servers that tests need.
//
// A test that shares a server with others asks for its address with
// [Kind.URL]. It comes, in this order,
//
//   - from the environment, such as KEYVALUE_TEST_REDIS_URL,
//   - from a container of testcontainers-go,
//   - or not at all: then the test is skipped, and says what is missing.
//
// A test that stops its server, or needs it configured, starts one of its own
// with [Kind.Start]. The program comes from the environment, such as
// KEYVALUE_TEST_REDIS_SERVER, or from the PATH.
//
// KEYVALUE_TEST_REQUIRE names the kinds, separated by commas, or is "all":
// for those a test that cannot run fails.
//
// The package of a test that asks for a URL has
//
//	func TestMain(m *testing.M) { servers.Main(m) }
//
// All servers listen on the loopback interface.
package servers

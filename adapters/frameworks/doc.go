// Package frameworks shows that the byte views of adapters satisfy the storage
// interfaces of the frameworks that they name, and work with them. It is a
// module of its own, never tagged, so that no framework becomes a requirement
// of who uses the adapters.
package frameworks

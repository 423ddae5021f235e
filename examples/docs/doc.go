// Package docs has the code that the pages in the folder docs of the
// repository show, so that it is compiled and run.
package docs

// Package publish makes the directory of a module proxy out of the modules of
// a tree, each as the go command would get it once it is tagged: without
// testdata of other modules, with the repository's licence, and with its
// replace lines, which have no effect on those who require it.
//
// The form of the directory is that of the GOPROXY protocol, which
// https://go.dev/ref/mod#goproxy-protocol describes.
package publish

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

// A Proxy is a directory that the go command can use as a module proxy.
type Proxy struct{ Dir string }

// URL returns what GOPROXY wants to hear.
func (p Proxy) URL() string {
	path := filepath.ToSlash(p.Dir)
	if !strings.HasPrefix(path, "/") { // C:/…
		path = "/" + path
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}

// Publish adds a version of the module whose files are in the directory root/dir.
func (p Proxy) Publish(root, dir, path, version string) error {
	if err := p.publish(root, dir, module.Version{Path: path, Version: version}); err != nil {
		return fmt.Errorf("publishing %s@%s: %w", path, version, err)
	}
	return nil
}

func (p Proxy) publish(root, dir string, m module.Version) error {
	escaped, err := module.EscapePath(m.Path)
	if err != nil {
		return err
	}
	target := filepath.Join(p.Dir, filepath.FromSlash(escaped), "@v")
	if err := os.MkdirAll(target, 0o777); err != nil {
		return err
	}
	text, err := os.ReadFile(filepath.Join(root, dir, "go.mod"))
	if err != nil {
		return err
	}
	info, err := json.Marshal(struct {
		Version string
		Time    time.Time
	}{m.Version, time.Now().UTC()})
	if err != nil {
		return err
	}
	if err := archive(filepath.Join(target, m.Version+".zip"), root, dir, m); err != nil {
		return err
	}
	err = errors.Join(
		os.WriteFile(filepath.Join(target, m.Version+".mod"), text, 0o666),
		os.WriteFile(filepath.Join(target, m.Version+".info"), info, 0o666),
	)
	if err != nil {
		return err
	}
	list, err := os.OpenFile(filepath.Join(target, "list"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(list, m.Version)
	return errors.Join(err, list.Close())
}

// archive writes the module's zip.
func archive(name, root, dir string, m module.Version) error {
	full := filepath.Join(root, dir)
	checked, err := zip.CheckDir(full)
	if err != nil {
		return err
	}
	var files []zip.File
	licensed := false
	for _, path := range checked.Valid {
		relative, err := filepath.Rel(full, path)
		if err != nil {
			return err
		}
		relative = filepath.ToSlash(relative)
		files = append(files, file{relative, path})
		licensed = licensed || relative == "LICENSE"
	}
	if !licensed {
		files = append(files, file{"LICENSE", filepath.Join(root, "LICENSE")})
	}
	out, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(zip.Create(out, m, files), out.Close())
}

// Package live keeps the objects of a small cloud: DIRECTORY/KIND/NAME.json, which tests edit behind Terraform's back.
package live

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

type Cloud struct{ Directory string }

func (c Cloud) file(kind, name string) string {
	return filepath.Join(c.Directory, kind, name+".json")
}

// Read fills the object; false when there is none.
func (c Cloud) Read(kind, name string, object any) (bool, error) {
	text, err := os.ReadFile(c.file(kind, name))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, json.Unmarshal(text, object)
}

func (c Cloud) Write(kind, name string, object any) error {
	text, err := json.MarshalIndent(object, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(c.Directory, kind), 0o755); err != nil {
		return err
	}
	return os.WriteFile(c.file(kind, name), append(text, '\n'), 0o644)
}

func (c Cloud) Remove(kind, name string) error {
	err := os.Remove(c.file(kind, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Fingerprint is what the cloud computes from a content.
func Fingerprint(content string) string {
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:8])
}

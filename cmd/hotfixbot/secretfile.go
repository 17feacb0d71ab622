package main

import (
	"fmt"
	"os"
	"strings"
)

// secretFile is what stands in a file that a setting names, as containers are given
// secrets; without the line's end.
func secretFile(setting, path string) (string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return "", unread(setting, err)
	}
	secret := strings.TrimSpace(string(data))
	if secret == "" {
		return "", fmt.Errorf("%s: the file is empty", setting)
	}
	return secret, nil
}
